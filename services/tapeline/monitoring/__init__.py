"""Reconciliation, persistence and exported metrics."""
