"""The sheets of books: who owns whom."""
