"""The plan over time: months of customers and ARR, the team they need, and whom to hire when."""
