"""Risk: sizing and budget."""
