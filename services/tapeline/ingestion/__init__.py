"""Sources of ticks: smoke (seeded) and replay (recorded)."""
