"""The functions in Excel for Windows: put in place, taken away, looked after."""
