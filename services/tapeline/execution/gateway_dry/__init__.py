"""Stage: the dry gateway, which validates and sends nothing."""
