"""The functions in cells: what Excel and LibreOffice hand in, and what they get back."""
