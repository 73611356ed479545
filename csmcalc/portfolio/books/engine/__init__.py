"""The assignment engine: items to agents under hard limits and priced loads, with a bound."""
