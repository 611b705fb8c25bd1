"""Tapeline: algorithmic trading sessions from one manifest, on a laptop or a cluster."""

__version__ = "0.1.0"
