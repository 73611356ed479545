"""The ground floor: what an argument may be, how a formula is evaluated, how people are counted."""
