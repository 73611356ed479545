"""The report as plain data first, rendered last: the only layer that writes workbooks."""
