"""Stage: writes bars, orders, events, fills and findings to PostgreSQL."""
