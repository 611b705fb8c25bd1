-- 1m bars rebuilt from the stored 1s bars, and where they differ from the stored 1m bars.
-- Windows are anchored at the start of a market phase. Phases start on whole minutes in India, and
-- India is 5:30 h ahead of UTC, so that every 1m window starts on a whole minute since 1970-01-01.

-- name: golden_bars_1m
-- One row for each minute of a symbol that has 1s bars; end_ns is the end of its last 1s bar.
CREATE OR REPLACE VIEW golden_bars_1m AS
SELECT
  symbol,
  start_ns / 60000000000 * 60000000000 AS start_ns,
  max(end_ns) AS last_end_ns,
  min(phase) AS phase,
  count(DISTINCT phase) AS phases,
  (array_agg(open ORDER BY start_ns))[1] AS open,
  max(high) AS high,
  min(low) AS low,
  (array_agg(close ORDER BY start_ns DESC))[1] AS close,
  -- Null for an index: greatest() skips nulls, a difference does not.
  greatest(
    (array_agg(cum_close ORDER BY start_ns DESC))[1], (array_agg(cum_open ORDER BY start_ns))[1]
  ) - (array_agg(cum_open ORDER BY start_ns))[1] AS volume,
  sum(n_ticks)::integer AS n_ticks,
  (array_agg(cum_open ORDER BY start_ns))[1] AS cum_open,
  (array_agg(cum_close ORDER BY start_ns DESC))[1] AS cum_close,
  min(first_ns) AS first_ns,
  max(last_ns) AS last_ns,
  bool_and(final) AS final,
  bool_or(partial) AS partial
FROM bars_1s
GROUP BY symbol, start_ns / 60000000000;

-- name: golden_bars_1m_differences
-- Minutes that are missing on one side or differ in any value; no row means that all agree.
CREATE OR REPLACE VIEW golden_bars_1m_differences AS
SELECT
  coalesce(golden.symbol, stored.symbol) AS symbol,
  coalesce(golden.start_ns, stored.start_ns) AS start_ns,
  CASE
    WHEN stored.symbol IS NULL THEN 'no 1m bar'
    WHEN golden.symbol IS NULL THEN 'no 1s bars'
    WHEN golden.phases > 1 OR golden.phase <> stored.phase THEN 'phase'
    WHEN golden.last_end_ns > stored.end_ns THEN 'a 1s bar lies outside'
    ELSE 'values'
  END AS difference,
  golden.open AS golden_open, stored.open AS stored_open,
  golden.high AS golden_high, stored.high AS stored_high,
  golden.low AS golden_low, stored.low AS stored_low,
  golden.close AS golden_close, stored.close AS stored_close,
  golden.volume AS golden_volume, stored.volume AS stored_volume,
  golden.n_ticks AS golden_n_ticks, stored.n_ticks AS stored_n_ticks,
  stored.rev AS stored_rev
FROM golden_bars_1m AS golden
FULL JOIN bars_1m AS stored ON stored.symbol = golden.symbol AND stored.start_ns = golden.start_ns
WHERE
  golden.symbol IS NULL
  OR stored.symbol IS NULL
  OR golden.phases > 1
  OR golden.last_end_ns > stored.end_ns
  OR (
    golden.phase, golden.open, golden.high, golden.low, golden.close, golden.volume,
    golden.n_ticks, golden.cum_open, golden.cum_close, golden.first_ns, golden.last_ns,
    golden.partial
  ) IS DISTINCT FROM (
    stored.phase, stored.open, stored.high, stored.low, stored.close, stored.volume,
    stored.n_ticks, stored.cum_open, stored.cum_close, stored.first_ns, stored.last_ns,
    stored.partial
  )
  OR (stored.final AND NOT golden.final)
ORDER BY symbol, start_ns;
