"""The value view: the sheets of the optimum and of what is judged about service."""
