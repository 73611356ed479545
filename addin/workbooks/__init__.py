"""The workbooks with functions as reports: a reference to try things in, and a self-check."""
