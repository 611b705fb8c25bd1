"""Stage: bars to intents; indicators, strategies, ensemble."""
