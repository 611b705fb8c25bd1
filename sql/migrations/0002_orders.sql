-- Intents with every decision on them, order events (append only), fills, positions.

CREATE TABLE orders (
  intent_id text NOT NULL,
  stage text NOT NULL CHECK (stage IN ('strategy', 'risk', 'budget')),
  at_ns bigint NOT NULL,
  strategy text NOT NULL,
  bucket text NOT NULL,
  action text NOT NULL CHECK (action IN ('ENTRY', 'EXIT')),
  decision text CHECK (decision IN ('APPROVED', 'REJECTED')),
  reason text NOT NULL,
  numbers jsonb NOT NULL,
  legs jsonb NOT NULL,
  signal jsonb NOT NULL,
  PRIMARY KEY (intent_id, stage)
);

CREATE TABLE order_events (
  account text NOT NULL,
  seq bigint NOT NULL,
  order_id text NOT NULL,
  n integer NOT NULL,
  at_ns bigint NOT NULL,
  intent_id text NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
  qty bigint NOT NULL CHECK (qty > 0),
  filled_qty bigint NOT NULL CHECK (filled_qty >= 0),
  event text NOT NULL,
  prev_state text NOT NULL,
  state text NOT NULL,
  command text NOT NULL,
  reason text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  payload jsonb NOT NULL,
  PRIMARY KEY (account, order_id, n),
  UNIQUE (account, hash)
);
CREATE INDEX order_events_in_order ON order_events (account, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP;
END
$$;
CREATE TRIGGER order_events_append_only
  BEFORE UPDATE OR DELETE ON order_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE fills (
  account text NOT NULL,
  fill_id text NOT NULL,
  at_ns bigint NOT NULL,
  order_id text NOT NULL,
  intent_id text NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
  product text NOT NULL,
  qty bigint NOT NULL CHECK (qty > 0),
  price numeric(18, 4) NOT NULL,
  trade_id text NOT NULL,
  broker_order_id text NOT NULL,
  event_ns bigint NOT NULL,
  charges numeric(18, 4) NOT NULL,
  charges_detail jsonb NOT NULL,
  PRIMARY KEY (account, fill_id),
  UNIQUE (account, broker_order_id, trade_id)
);

CREATE TABLE positions (
  account text NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL,
  qty bigint NOT NULL,
  bought_qty bigint NOT NULL,
  sold_qty bigint NOT NULL,
  bought_value numeric(20, 4) NOT NULL,
  sold_value numeric(20, 4) NOT NULL,
  charges numeric(20, 4) NOT NULL,
  at_ns bigint NOT NULL,
  PRIMARY KEY (account, strategy, symbol),
  CHECK (qty = bought_qty - sold_qty)
);

-- Positions must equal the sum of fills; every row of this view is a difference.
CREATE VIEW position_differences AS
SELECT
  coalesce(p.account, f.account) AS account,
  coalesce(p.strategy, f.strategy) AS strategy,
  coalesce(p.symbol, f.symbol) AS symbol,
  coalesce(p.qty, 0) AS position_qty,
  coalesce(f.qty, 0) AS fills_qty
FROM positions AS p
FULL JOIN (
  SELECT account, strategy, symbol, sum(CASE side WHEN 'BUY' THEN qty ELSE -qty END) AS qty
  FROM fills
  GROUP BY account, strategy, symbol
) AS f USING (account, strategy, symbol)
WHERE coalesce(p.qty, 0) <> coalesce(f.qty, 0);
