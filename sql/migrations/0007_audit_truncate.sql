-- The audit trail is append-only: TRUNCATE is no DELETE, so it needs a trigger of its own.

CREATE TRIGGER order_events_never_truncated
  BEFORE TRUNCATE ON order_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
