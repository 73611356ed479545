"""The planning workbook as a door: filled from a list, read back, brought up to date."""

SUFFIXES = (".xlsx", ".xlsm")
"""How the names of planning workbooks end."""
