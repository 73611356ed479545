"""The planning workbook as a door: filled, edited by people, read back, brought up to date."""
