"""Stage: 1-second bars to 1, 3, 5 and 15 minutes."""
