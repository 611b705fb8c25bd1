-- Research: configurations, backtests, promotions. Filled by the research commands.

CREATE TABLE strategy_configs (
  content_hash text PRIMARY KEY,
  strategy text NOT NULL,
  config jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE backtest_runs (
  run_hash text PRIMARY KEY,
  content_hash text NOT NULL REFERENCES strategy_configs,
  first_day date NOT NULL,
  last_day date NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK (first_day <= last_day)
);

CREATE TABLE backtest_results (
  run_hash text NOT NULL REFERENCES backtest_runs,
  metric text NOT NULL,
  value double precision NOT NULL,
  PRIMARY KEY (run_hash, metric)
);

CREATE TABLE promotions (
  content_hash text NOT NULL REFERENCES strategy_configs,
  trading_day date NOT NULL,
  gate_report_hash text NOT NULL,
  promoted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (content_hash, trading_day)
);
