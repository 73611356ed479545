"""The customer book and what can be said about it."""
