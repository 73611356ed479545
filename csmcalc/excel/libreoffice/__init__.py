"""The functions in LibreOffice Calc: Basic wrappers, a script beside them, a service behind."""
