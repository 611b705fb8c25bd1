-- Statements of the stage `store`. Rows arrive by COPY in a temporary table batch_<table>; one merge
-- statement each moves them. Every statement may run again after a crash: rows are keyed.

-- name: own_epoch
-- Takes over the writer's place: a zombie's epoch no longer matches.
INSERT INTO stage_epochs (stage, epoch) VALUES (%(stage)s, 0)
ON CONFLICT (stage) DO UPDATE SET epoch = stage_epochs.epoch + 1
RETURNING epoch;

-- name: hold_epoch
-- First statement of each write: locks the place and finds out whether it is still ours.
SELECT epoch FROM stage_epochs WHERE stage = %(stage)s AND epoch = %(epoch)s FOR UPDATE;

-- name: read_offsets
-- Where the writer goes on.
SELECT topic, partition, next_offset FROM stage_offsets WHERE stage = %(stage)s;

-- name: save_offset
-- How far the data of this transaction reaches.
INSERT INTO stage_offsets (stage, topic, partition, next_offset)
VALUES (%(stage)s, %(topic)s, %(partition)s, %(next_offset)s)
ON CONFLICT (stage, topic, partition) DO UPDATE SET next_offset = excluded.next_offset;

-- name: outbox_add
-- A record to publish once this transaction is committed.
INSERT INTO outbox (topic, key, payload) VALUES (%(topic)s, %(key)s, %(payload)s);

-- name: outbox_read
-- Records that were not published yet, in order.
SELECT id, topic, key, payload FROM outbox WHERE id > %(after)s ORDER BY id LIMIT %(limit)s;

-- name: order_events_of
-- The chain of an account, for `tapeline audit verify`.
SELECT payload FROM order_events WHERE account = %(account)s ORDER BY seq;

-- name: merge_bars_1s
-- Only a higher rev replaces a bar.
INSERT INTO bars_1s (
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns)
SELECT DISTINCT ON (symbol, start_ns)
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns
FROM batch_bars_1s
ORDER BY symbol, start_ns, rev DESC
ON CONFLICT (symbol, start_ns) DO UPDATE SET
  (end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns) = (
  excluded.end_ns, excluded.phase, excluded.open, excluded.high, excluded.low, excluded.close,
  excluded.volume, excluded.n_ticks, excluded.cum_open, excluded.cum_close,
  excluded.first_ns, excluded.last_ns, excluded.rev, excluded.final, excluded.partial,
  excluded.at_ns)
WHERE excluded.rev > bars_1s.rev;

-- name: merge_bars_1m
-- Only a higher rev replaces a bar.
INSERT INTO bars_1m (
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns)
SELECT DISTINCT ON (symbol, start_ns)
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns
FROM batch_bars_1m
ORDER BY symbol, start_ns, rev DESC
ON CONFLICT (symbol, start_ns) DO UPDATE SET
  (end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns) = (
  excluded.end_ns, excluded.phase, excluded.open, excluded.high, excluded.low, excluded.close,
  excluded.volume, excluded.n_ticks, excluded.cum_open, excluded.cum_close,
  excluded.first_ns, excluded.last_ns, excluded.rev, excluded.final, excluded.partial,
  excluded.at_ns)
WHERE excluded.rev > bars_1m.rev;

-- name: merge_bars_3m
-- Only a higher rev replaces a bar.
INSERT INTO bars_3m (
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns)
SELECT DISTINCT ON (symbol, start_ns)
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns
FROM batch_bars_3m
ORDER BY symbol, start_ns, rev DESC
ON CONFLICT (symbol, start_ns) DO UPDATE SET
  (end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns) = (
  excluded.end_ns, excluded.phase, excluded.open, excluded.high, excluded.low, excluded.close,
  excluded.volume, excluded.n_ticks, excluded.cum_open, excluded.cum_close,
  excluded.first_ns, excluded.last_ns, excluded.rev, excluded.final, excluded.partial,
  excluded.at_ns)
WHERE excluded.rev > bars_3m.rev;

-- name: merge_bars_5m
-- Only a higher rev replaces a bar.
INSERT INTO bars_5m (
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns)
SELECT DISTINCT ON (symbol, start_ns)
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns
FROM batch_bars_5m
ORDER BY symbol, start_ns, rev DESC
ON CONFLICT (symbol, start_ns) DO UPDATE SET
  (end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns) = (
  excluded.end_ns, excluded.phase, excluded.open, excluded.high, excluded.low, excluded.close,
  excluded.volume, excluded.n_ticks, excluded.cum_open, excluded.cum_close,
  excluded.first_ns, excluded.last_ns, excluded.rev, excluded.final, excluded.partial,
  excluded.at_ns)
WHERE excluded.rev > bars_5m.rev;

-- name: merge_bars_15m
-- Only a higher rev replaces a bar.
INSERT INTO bars_15m (
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns)
SELECT DISTINCT ON (symbol, start_ns)
  symbol, start_ns, end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns
FROM batch_bars_15m
ORDER BY symbol, start_ns, rev DESC
ON CONFLICT (symbol, start_ns) DO UPDATE SET
  (end_ns, phase, open, high, low, close, volume, n_ticks, cum_open, cum_close,
  first_ns, last_ns, rev, final, partial, at_ns) = (
  excluded.end_ns, excluded.phase, excluded.open, excluded.high, excluded.low, excluded.close,
  excluded.volume, excluded.n_ticks, excluded.cum_open, excluded.cum_close,
  excluded.first_ns, excluded.last_ns, excluded.rev, excluded.final, excluded.partial,
  excluded.at_ns)
WHERE excluded.rev > bars_15m.rev;

-- name: merge_orders
-- A decision is written once.
INSERT INTO orders (
  intent_id, stage, at_ns, strategy, bucket, action, decision, reason, numbers, legs, signal)
SELECT
  intent_id, stage, at_ns, strategy, bucket, action, decision, reason, numbers, legs, signal
FROM batch_orders
ON CONFLICT DO NOTHING;

-- name: merge_order_events
-- An event is written once.
INSERT INTO order_events (
  account, seq, order_id, n, at_ns, intent_id, strategy, symbol, side, qty, filled_qty, event,
  prev_state, state, command, reason, prev_hash, hash, payload)
SELECT
  account, seq, order_id, n, at_ns, intent_id, strategy, symbol, side, qty, filled_qty, event,
  prev_state, state, command, reason, prev_hash, hash, payload
FROM batch_order_events
ON CONFLICT DO NOTHING;

-- name: merge_recon_runs
-- A run is written once.
INSERT INTO recon_runs (
  account, run, at_ns, breaks, detail)
SELECT
  account, run, at_ns, breaks, detail
FROM batch_recon_runs
ON CONFLICT DO NOTHING;

-- name: merge_recon_breaks
-- A break is written once.
INSERT INTO recon_breaks (
  account, run, n, at_ns, finding, symbol, order_id, expected, actual, detail)
SELECT
  account, run, n, at_ns, finding, symbol, order_id, expected, actual, detail
FROM batch_recon_breaks
ON CONFLICT DO NOTHING;

-- name: merge_risk_state
-- A command is written once.
INSERT INTO risk_state (
  account, at_ns, command, by_whom, reason, key, value)
SELECT
  account, at_ns, command, by_whom, reason, key, value
FROM batch_risk_state
ON CONFLICT DO NOTHING;

-- name: merge_fills
-- A fill is written once, and moves its position in the same statement.
WITH new_fills AS (
  INSERT INTO fills (
    account, fill_id, at_ns, order_id, intent_id, strategy, symbol, side, product, qty, price,
    trade_id, broker_order_id, event_ns, charges, charges_detail)
  SELECT
    account, fill_id, at_ns, order_id, intent_id, strategy, symbol, side, product, qty, price,
    trade_id, broker_order_id, event_ns, charges, charges_detail
  FROM batch_fills
  ON CONFLICT DO NOTHING
  RETURNING account, strategy, symbol, side, qty, price, charges, at_ns
)
INSERT INTO positions (
  account, strategy, symbol, qty, bought_qty, sold_qty, bought_value, sold_value, charges, at_ns)
SELECT
  account, strategy, symbol,
  sum(CASE side WHEN 'BUY' THEN qty ELSE -qty END),
  coalesce(sum(qty) FILTER (WHERE side = 'BUY'), 0),
  coalesce(sum(qty) FILTER (WHERE side = 'SELL'), 0),
  coalesce(sum(qty * price) FILTER (WHERE side = 'BUY'), 0),
  coalesce(sum(qty * price) FILTER (WHERE side = 'SELL'), 0),
  sum(charges),
  max(at_ns)
FROM new_fills
GROUP BY account, strategy, symbol
ON CONFLICT (account, strategy, symbol) DO UPDATE SET
  qty = positions.qty + excluded.qty,
  bought_qty = positions.bought_qty + excluded.bought_qty,
  sold_qty = positions.sold_qty + excluded.sold_qty,
  bought_value = positions.bought_value + excluded.bought_value,
  sold_value = positions.sold_value + excluded.sold_value,
  charges = positions.charges + excluded.charges,
  at_ns = greatest(positions.at_ns, excluded.at_ns);
