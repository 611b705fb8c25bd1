"""Stage: intents to sized intents."""
