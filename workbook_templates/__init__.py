"""The planning workbook as it ships: what writes it."""
