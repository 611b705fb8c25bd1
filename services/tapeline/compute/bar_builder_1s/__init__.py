"""Stage: ticks to 1-second bars."""
