"""The work of the side-by-side benchmark: ticks on a topic, the session they belong to, the bars
that must come of them.

100 symbols, five ticks a second each, received in order 120 ms after their exchange time, and a
beat a second. Every second of every symbol is one bar of five ticks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, time
from heapq import merge
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Producer

from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS, ist_ns
from tapeline.contracts.messages import Bar, Heartbeat, Tick
from tapeline.runner.log import END_OF_TIME_NS

ROOT = Path(__file__).resolve().parents[2]
SYMBOLS = [f"SYM{n:03}" for n in range(100)]
TICKS_PER_S = 5
DAY = date(2026, 11, 20)
START_NS = ist_ns(DAY, time(9, 15))
TRANSIT_NS = 120 * MS_NS
"""From the exchange to us."""

PREV_CLOSE_E4 = 1_000_000

MANIFEST = """\
apiVersion: tapeline.dev/v1alpha1
kind: TradingSession
metadata: {{name: bench}}
spec:
  mode: paper
  dates: [{day}]
  window: {{from: "09:15", to: "10:15"}}
  symbols: [{symbols}]
  source: {{type: smoke}}
  strategies: []
"""


class Key(NamedTuple):
    """What names a bar."""

    symbol: str
    start_ns: int


class Figures(NamedTuple):
    """What a bar says, but for when and why it was issued."""

    end_ns: int
    open_e4: int
    high_e4: int
    low_e4: int
    close_e4: int
    volume: int | None
    n_ticks: int
    cum_open: int | None
    cum_close: int | None
    first_ns: int
    last_ns: int
    rev: int
    partial: bool

    @classmethod
    def of(cls, bar: Bar) -> Figures:
        """Those of a bar."""
        return cls(*(getattr(bar, name) for name in cls._fields))


def write_session(folder: Path, manifest: str = MANIFEST) -> Path:
    """Writes a manifest with the 100 symbols, and the configs that know them. Returns the manifest.

    The configs are those of the project; only the list of instruments is another.

    Args:
        folder: is emptied.
        manifest: its text, with places for the day and the symbols.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "configs", folder / "configs")
    tokens = folder / "configs" / "tokens.csv"
    lines = [line for line in tokens.read_text().splitlines() if not line.startswith("#")]
    rows = [
        f"{symbol},NSE,{(n + 1) * 256 + 1},cash_fno,stock,1,100000,2000,100.00,10000000"
        for n, symbol in enumerate(SYMBOLS)
    ]
    tokens.write_text("\n".join([lines[0], *rows]) + "\n")
    path = folder / "configs" / "bench.yaml"
    path.write_text(manifest.format(day=DAY, symbols=", ".join(SYMBOLS)))
    return path


def _ticks(count: int) -> Iterator[Tick]:
    gap_ns = SECOND_NS // TICKS_PER_S
    for n in range(count // len(SYMBOLS)):
        for place, symbol in enumerate(SYMBOLS):
            event_ns = START_NS + n * gap_ns + place * gap_ns // len(SYMBOLS)
            yield Tick(
                at_ns=event_ns + TRANSIT_NS,
                symbol=symbol,
                seq=n,
                event_ns=event_ns,
                last_price_e4=PREV_CLOSE_E4 + (n * 37 + place * 11) % 500 * 100,
                last_qty=1 + n % 90,
                day_volume=n * 50,
                trade=True,
                bids=(999_900, 100),
                asks=(1_000_100, 100),
            )


def _beats(ticks: int) -> Iterator[Heartbeat]:
    for second in range(ticks // len(SYMBOLS) // TICKS_PER_S):
        at_ns = START_NS + second * SECOND_NS
        yield Heartbeat(at_ns=at_ns, complete_ns=at_ns, feed="live")


def feed(ticks: int) -> Iterator[Tick | Heartbeat]:
    """All records in the order of their arrival."""
    return merge(_beats(ticks), _ticks(ticks), key=lambda record: record.at_ns)


def write_feed(brokers: str, topic: str, ticks: int) -> float:
    """Writes the feed to partition 0 of a topic, and the watermark that ends it.

    Returns:
        Mean size of a tick, bytes.
    """
    producer = Producer(
        {
            "bootstrap.servers": brokers,
            "linger.ms": 20,
            "batch.size": 1_000_000,
            "queue.buffering.max.messages": 200_000,
        }
    )
    size = 0
    for record in feed(ticks):
        value = codec.encode(record)
        key = ""
        if isinstance(record, Tick):
            key = record.symbol
            size += len(value)
        while True:
            try:
                producer.produce(topic, value, key, 0)
                break
            except BufferError:
                producer.poll(0.05)
    producer.produce(topic, None, f"@{END_OF_TIME_NS}", 0)
    assert producer.flush(60) == 0, "the broker did not take the whole feed"
    return size / ticks


def expected(ticks: int) -> dict[Key, Figures]:
    """The bars that must come of it, by another way than any competitor's: second by second."""
    bars: dict[Key, Figures] = {}
    cumulative = dict.fromkeys(SYMBOLS, 0)
    windows: dict[Key, list[Tick]] = {}
    for tick in _ticks(ticks):
        start_ns = tick.event_ns // SECOND_NS * SECOND_NS
        windows.setdefault(Key(tick.symbol, start_ns), []).append(tick)
        if len(windows) > 2 * len(SYMBOLS):
            _close(windows, bars, cumulative, len(SYMBOLS))
    _close(windows, bars, cumulative, len(windows))
    return bars


def _close(
    windows: dict[Key, list[Tick]], bars: dict[Key, Figures], cumulative: dict[str, int], count: int
) -> None:
    for key in list(windows)[:count]:
        window = windows.pop(key)
        prices = [tick.last_price_e4 for tick in window]
        before, after = cumulative[key.symbol], window[-1].day_volume
        assert after is not None
        cumulative[key.symbol] = after
        bars[key] = Figures(
            end_ns=key.start_ns + SECOND_NS,
            open_e4=prices[0],
            high_e4=max(prices),
            low_e4=min(prices),
            close_e4=prices[-1],
            volume=after - before,
            n_ticks=len(window),
            cum_open=before,
            cum_close=after,
            first_ns=window[0].event_ns,
            last_ns=window[-1].event_ns,
            rev=0,
            partial=False,
        )
