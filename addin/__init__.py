"""Builds the Excel add-in from the catalogue."""
