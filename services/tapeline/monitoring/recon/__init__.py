"""Stage: compares orders, fills, broker reports and positions."""
