"""Streaming indicators: float64, one bar at a time, equal to the batch value after warm-up."""
