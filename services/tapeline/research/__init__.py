"""Backtest, sweep, score, promote."""
