"""From raw columns to values, settled for the file as a whole."""
