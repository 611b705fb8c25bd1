"""Stage: the paper broker, a seeded matcher over live ticks."""
