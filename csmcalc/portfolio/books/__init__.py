"""Who owns whom: the team, the rules, the books, and what proves them."""
