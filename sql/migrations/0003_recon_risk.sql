-- Reconciliation and risk.

CREATE TABLE recon_runs (
  account text NOT NULL,
  run integer NOT NULL,
  at_ns bigint NOT NULL,
  breaks integer NOT NULL CHECK (breaks >= 0),
  detail text NOT NULL,
  PRIMARY KEY (account, run)
);

CREATE TABLE recon_breaks (
  account text NOT NULL,
  run integer NOT NULL,
  n integer NOT NULL,
  at_ns bigint NOT NULL,
  finding text NOT NULL,
  symbol text,
  order_id text,
  expected bigint NOT NULL,
  actual bigint NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (account, run, n)
);

CREATE TABLE risk_state (
  account text NOT NULL,
  at_ns bigint NOT NULL,
  command text NOT NULL CHECK (command IN ('KILL', 'REDUCE', 'RESUME', 'PAUSE', 'SET')),
  by_whom text NOT NULL,
  reason text NOT NULL,
  key text NOT NULL DEFAULT '',
  value bigint,
  PRIMARY KEY (account, at_ns, command, by_whom, key)
);
