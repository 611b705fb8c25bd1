"""Stage: allowed intents and broker reports to order events and fills."""
