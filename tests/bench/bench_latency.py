"""From the tick that closes a bar to the order and to its fill: a real-time session on a real
broker, each stage a process, against a chain of bare transactional loops.

The session gets 1,000 ticks in a wall second, at random moments. It runs at five times the speed of
the wall, so that its minutes close, and its strategy trades, five times as often; a tick still
travels at the speed of the machine. The broker that it simulates answers at once. A sample begins
when the tick, or the beat, that closed a 1m bar of its symbol reaches ingestion, and ends when the
record can be read by a reader of committed records. The chain gets the same number of messages a
second; its second loop passes on one of fifty, as the bars of a minute are few beside those of a
second.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import chain_loop
import yaml
from broker import fresh_broker
from collector import Arrival, Collector
from kafka_feed import PREV_CLOSE_E4, ROOT, START_NS, SYMBOLS, TRANSIT_NS, write_session

from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Allowed, Fill, Heartbeat, Signal, Tick
from tapeline.local import LocalKafka
from tapeline.runner.kafka_topics import TopicSpec, create_topics, delete_session
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.supervisor.session import ProcessOptions, Running, run_processes
from tapeline.supervisor.state_file import read_state

PREFIX = "bench-latency"
SPEED = 5
TICKS_PER_S = 1_000
"""In a wall second."""

MINUTES = 24
"""Of the session; its averages are warm after five."""

IDLE_PER_S, BUSY_PER_S, BUSY_MARKED = 15.0, 1_000.0, 50
CHAIN_S = 25
CHAIN_SETTLE_S = 5
"""The first messages find caches cold and are left out."""

HOPS = {"orders.allowed": 6, "fills": 9}
"""Commits on the way: ingestion, both bar stages, strategy, risk, budget; OMS, gateway, OMS."""

MANIFEST = """\
apiVersion: tapeline.dev/v1alpha1
kind: TradingSession
metadata: {{name: bench-latency}}
spec:
  mode: paper
  clock: real
  dates: [{day}]
  window: {{from: "09:15", to: "09:39"}}
  symbols: [{symbols}]
  source: {{type: replay, format: ticks, files: {{ticks: ../ticks.ndjson}}}}
  strategies: [sma_cross]
"""


def measure(broker: LocalKafka) -> dict[str, Any]:
    """Runs the session and the chains."""
    with_load, alone = (
        _chain(broker.bootstrap, per_s, marked)
        for per_s, marked in ((BUSY_PER_S, BUSY_MARKED), (IDLE_PER_S, 1))
    )
    session = _session(broker.bootstrap)
    rows: list[dict[str, Any]] = [
        {
            "to": topic,
            "hops": hops,
            "session": _spread(session[topic]),
            "chain": _spread(with_load[topic]),
            "chain_idle": _spread(alone[topic]),
        }
        for topic, hops in HOPS.items()
    ]
    for row in rows:
        row["ratio_p50"], row["ratio_p99"] = (
            round(row["session"][p] / row["chain"][p], 2) for p in ("p50_ms", "p99_ms")
        )
    return {"name": "latency", "ticks_per_wall_s": session["rate"], "rows": rows, "demanded": 1.5}


def _spread(samples_ns: Sequence[int]) -> dict[str, float]:
    """Median and 99th percentile of some hundred samples, milliseconds."""
    if len(samples_ns) < 100:
        raise SystemExit(f"only {len(samples_ns)} samples: the 99th percentile needs 100")
    hundredths = quantiles(samples_ns, n=100)
    return {
        "samples": len(samples_ns),
        "p50_ms": round(hundredths[49] / MS_NS, 1),
        "p99_ms": round(hundredths[98] / MS_NS, 1),
    }


# The chain


def _chain(brokers: str, per_s: float, marked: int) -> dict[str, list[int]]:
    """Latencies of marked messages behind so many commits as the session's have, nanoseconds."""
    count = max(HOPS.values())
    client = {"bootstrap.servers": brokers}
    delete_session(client, PREFIX)
    topics = [TopicSpec(f"hop.{n}", 1, 3_600_000) for n in range(1, count + 1)]
    create_topics(client, PREFIX, topics)
    link = [sys.executable, chain_loop.__file__, "--kafka", brokers, "--prefix", PREFIX]
    ends = {f"{PREFIX}.hop.{hops}": topic for topic, hops in HOPS.items()}
    with ExitStack() as stack:
        collector = stack.enter_context(Collector(brokers, list(ends)))
        # Loops first, the source last: nothing waits for them when it begins.
        for hop in [*range(1, count), 0]:
            source = [] if hop else ["--per-s", str(per_s), "--marked", str(marked)]
            child = subprocess.Popen([*link, "--hop", str(hop), *source])
            stack.callback(_end, child)
        time.sleep(CHAIN_S)
    found: dict[str, list[int]] = {topic: [] for topic in HOPS}
    begun_ns = min(chain_loop.sent_ns(arrival.value) for arrival in collector.arrivals)
    for arrival in collector.arrivals:
        sent_ns = chain_loop.sent_ns(arrival.value)
        if sent_ns > begun_ns + CHAIN_SETTLE_S * SECOND_NS:
            found[ends[arrival.topic]].append(arrival.at_ns - sent_ns)
    delete_session(client, PREFIX)
    return found


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    child.wait(30)


# The session


def _session(brokers: str) -> dict[str, Any]:
    folder = ROOT / "build" / "bench" / "latency"
    manifest = write_session(folder, MANIFEST)
    _trade_often(manifest.parent)
    _record(folder / "ticks.ndjson")
    context = load_session(manifest)
    out = folder / "run"
    options = ProcessOptions(
        manifest,
        out,
        brokers,
        prefix=PREFIX,
        fresh=True,
        speed=SPEED,
        data_dir=ROOT / "build" / "bench" / "postgres",
    )
    collector: Collector | None = None
    with ExitStack() as stack:

        def begin(_running: Running) -> bool:
            nonlocal collector
            if collector is None:
                ends = [f"{PREFIX}.{topic}" for topic in HOPS]
                collector = stack.enter_context(Collector(brokers, ends))
            return True

        run_processes(context, options, begin)
    assert collector is not None
    started_ns = int(read_state(out).options["--started-ns"])
    trail = _Trail(context, out / "topics", started_ns)
    delete_session({"bootstrap.servers": brokers}, PREFIX)
    found = trail.latencies(collector.arrivals)
    return {**found, "rate": round(trail.ticks_per_s())}


def _trade_often(configs: Path) -> None:
    """Changes the configs so that the strategy trades whenever it can, and fills come at once."""
    registry = yaml.safe_load((configs / "registry.yaml").read_text())
    registry["orders"] |= {"entry_cutoff_s": 0, "exit_before_end_s": 0, "allowance_bp": 100}
    entry = registry["strategies"]["sma_cross"]
    entry |= {"max_holding_bars": 1, "entries_per_day_max": 1_000}
    entry["parameters"] |= {"fast": "ema_5", "slow": "sma_5", "band_bp": 0}
    _write(configs / "registry.yaml", registry)
    broker = yaml.safe_load((configs / "paper_broker.yaml").read_text())
    broker |= {"base_latency_ms": 0, "jitter_ms": 0, "lost_request_bp": 0, "lost_ack_bp": 0}
    _write(configs / "paper_broker.yaml", broker)
    risk = yaml.safe_load((configs / "risk_budget.yaml").read_text())
    limits = risk["profiles"]["default"]
    limits["capital_e4"] = 10**14
    limits["buckets"] = {name: {"max_notional_e4": 10**14} for name in ("default", "trend")}
    limits["sizing"]["risk_per_trade_e4"] = 1_000_000
    limits["cost"]["edge_multiple_bp"] = 0
    limits["price"] |= {"max_age_s": 3_600, "max_deviation_bp": 10_000}
    limits["hours"]["no_entry_before_close_s"] = limits["square_off"]["lead_s"] = 0
    limits["budget"] |= {"daily_e4": 10**14, "max_open_orders": 1_000, "duplicate_window_ms": 0}
    _write(configs / "risk_budget.yaml", risk)


def _write(path: Path, document: Any) -> None:
    path.write_text(yaml.safe_dump(document, sort_keys=False))


def _record(path: Path) -> None:
    """Ticks of a seeded walk, and a beat in each session second."""
    rng = Random(7)
    prices = dict.fromkeys(SYMBOLS, PREV_CLOSE_E4)
    volumes = dict.fromkeys(SYMBOLS, 0)
    with path.open("wb") as file:
        for second in range(MINUTES * 60):
            for record in _second(second, rng, prices, volumes):
                file.write(codec.encode(record) + b"\n")


def _second(
    second: int, rng: Random, prices: dict[str, int], volumes: dict[str, int]
) -> Iterator[Heartbeat | Tick]:
    begin_ns = START_NS + second * SECOND_NS
    yield Heartbeat(at_ns=begin_ns + TRANSIT_NS, complete_ns=begin_ns, feed="live")
    per_symbol = TICKS_PER_S // SPEED // len(SYMBOLS)
    times_ns = sorted(rng.sample(range(SECOND_NS), per_symbol * len(SYMBOLS)))
    symbols = rng.sample(SYMBOLS * per_symbol, len(times_ns))
    for number, (offset_ns, symbol) in enumerate(zip(times_ns, symbols, strict=True)):
        event_ns = begin_ns + offset_ns
        price_e4 = prices[symbol] + rng.randint(-8, 8) * 100
        prices[symbol] = price_e4 = min(max(price_e4, 900_000), 1_100_000)
        volumes[symbol] += 500
        yield Tick(
            at_ns=event_ns + TRANSIT_NS,
            symbol=symbol,
            seq=second * len(times_ns) + number,
            event_ns=event_ns,
            last_price_e4=price_e4,
            last_qty=500,
            day_volume=volumes[symbol],
            trade=True,
            bids=(price_e4 - 100, 100_000),
            asks=(price_e4 + 100, 100_000),
        )


class _Trail:
    """Finds the tick behind an order.

    A stage with one input stamps what it writes with its cause's time and its own modelled latency,
    so that the 1m bar's time says when the tick came that closed it.
    """

    def __init__(self, context: SessionContext, topics: Path, started_ns: int) -> None:
        self._started_ns = started_ns
        self._start_ns = context.start_ns
        stages = ("bar_builder_1s", "bar_aggregator_multi")
        modelled_ns = sum(context.latency_ns(stage) for stage in stages)
        self._ticks_ns: list[int] = []
        came_ns = set()
        for record in _records(topics, "ticks"):
            came_ns.add(record.at_ns)
            if isinstance(record, Tick):
                self._ticks_ns.append(record.at_ns)
        self._causes: dict[tuple[str, int, int], int] = {}
        for bar in _records(topics, "bars.1m"):
            # A beat is passed on a nanosecond behind the bars that it closed.
            for cause_ns in (bar.at_ns - modelled_ns, bar.at_ns - modelled_ns - 1):
                if cause_ns in came_ns:
                    self._causes[bar.symbol, bar.start_ns, bar.rev] = cause_ns

    def ticks_per_s(self) -> float:
        """Ticks in a wall second."""
        session_s = (self._ticks_ns[-1] - self._ticks_ns[0]) / SECOND_NS
        return len(self._ticks_ns) / session_s * SPEED

    def latencies(self, arrivals: Sequence[Arrival]) -> dict[str, list[int]]:
        """From the tick to the arrival of the first record of each intent, nanoseconds."""
        began: dict[str, int] = {}
        found: dict[str, list[int]] = {topic: [] for topic in HOPS}
        filled: set[str] = set()
        for arrival in sorted(arrivals, key=lambda each: each.at_ns):
            topic = arrival.topic.removeprefix(f"{PREFIX}.")
            record = codec.decode(topic, arrival.value)
            if isinstance(record, Allowed):
                tick_ns = self._tick_ns(record)
                if tick_ns is not None:
                    began[record.intent_id] = tick_ns
                    found[topic].append(arrival.at_ns - tick_ns)
            elif isinstance(record, Fill) and record.intent_id in began.keys() - filled:
                filled.add(record.intent_id)
                found[topic].append(arrival.at_ns - began[record.intent_id])
        return found

    def _tick_ns(self, record: Allowed) -> int | None:
        """Wall time at which the tick behind an order reached ingestion; None = there is none."""
        why = record.order.extra.signal
        if not isinstance(why, Signal):
            return None
        cause_ns = self._causes.get((why.symbol, why.bar_start_ns, why.bar_rev))
        if cause_ns is None:
            return None
        return self._started_ns + int(cause_ns - self._start_ns) // SPEED


def _records(topics: Path, topic: str) -> Iterator[Any]:
    with (topics / f"{topic}.ndjson").open("rb") as file:
        for line in file:
            yield codec.decode(topic, line)


def main() -> None:
    """Measures alone, with a broker of its own."""
    with fresh_broker() as broker:
        print(json.dumps(measure(broker), indent=1))


if __name__ == "__main__":
    main()
