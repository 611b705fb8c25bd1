"""Stage: sized intents to allowed intents."""
