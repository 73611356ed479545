"""What comes in: customer lists, subscriptions and settings files."""
