-- What each kind of process may do. A login that a process uses is granted one of these roles; the
-- tables belong to whoever migrates, which no process needs to be.
--
-- Roles belong to the whole server. Databases that migrate at the same time meet here: the second
-- one waits for the first, and then finds the role.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tapeline_store', 'tapeline_relay', 'tapeline_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
      END;
    END IF;
  END LOOP;
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO tapeline_store', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tapeline_store, tapeline_relay, tapeline_reader;

-- The store writes rows and its own position. What is written once it may not change. It reads what
-- it merges into; LIKE, for its batches, asks for that too.
GRANT SELECT, INSERT, UPDATE ON
  bars_1s, bars_1m, bars_3m, bars_5m, bars_15m, positions, stage_offsets, stage_epochs
  TO tapeline_store;
GRANT SELECT, INSERT ON
  orders, order_events, fills, recon_runs, recon_breaks, risk_state
  TO tapeline_store;
GRANT INSERT ON outbox TO tapeline_store;

-- The relay reads what waits to be published; how far it has come is saved in the log.
GRANT SELECT ON outbox TO tapeline_relay;

-- Reports and people read everything, tables to come included.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO tapeline_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO tapeline_reader;
