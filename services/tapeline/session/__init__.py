"""The TradingSession manifest and what it resolves to; composition of its stages."""
