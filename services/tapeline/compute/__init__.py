"""Ticks to bars."""
