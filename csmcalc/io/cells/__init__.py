"""What a single cell or header says: numbers, dates, words, currencies."""
