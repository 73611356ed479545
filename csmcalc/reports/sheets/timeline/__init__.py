"""The sheets of the plan over time."""
