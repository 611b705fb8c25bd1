"""Runs the stages of a session as processes: start, watch, restart, stop in order."""
