"""The planning workbook: put together from sheets, filled, and brought up to date."""
