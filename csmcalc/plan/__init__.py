"""The plan: settings and a book in, every view of the headcount out."""
