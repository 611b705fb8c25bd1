"""Throughput of bar_builder_1s's core, without log, codec or runner.

The worst case of a real feed: Kite sends a snapshot a second for each instrument, so that nearly
every tick opens a window and closes another. Beats come once a second, as in a session.
"""

from __future__ import annotations

import gc
from time import perf_counter

from tapeline.compute.bar_builder_1s.logic import State, step
from tapeline.compute.bar_builder_1s.settings import Settings, SymbolRules
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Heartbeat, Tick
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.runner.stage import BROADCAST, Event

SYMBOLS = 100
SECONDS = 10_000
ROUNDS = 3
START_NS = 1_700_019_900 * SECOND_NS
DAY = START_NS // (86_400 * SECOND_NS)


def measure() -> dict[str, object]:
    """Ticks a second through `step`, best of three rounds over a million ticks."""
    config = settings()
    feed = events()
    seconds = min(_round(config, feed) for _ in range(ROUNDS))
    ticks = SYMBOLS * SECONDS
    return {
        "name": "bar_builder_1s core",
        "ticks": ticks,
        "ticks_per_s": round(ticks / seconds),
        "unit": "ticks/s, one core",
    }


def settings() -> Settings:
    """One long continuous phase, all symbols of one class."""
    rules = SymbolRules(
        instrument_class="cash", has_volume=True, prev_close_e4=1_000_000, band_bp=2_500
    )
    phase = Phase(START_NS, START_NS + 2 * SECONDS * SECOND_NS, CONTINUOUS, DAY)
    return Settings(
        symbols={f"SYM{n:03}": rules for n in range(SYMBOLS)},
        phases={"cash": (phase,)},
        clipped_days={"cash": ()},
        end_ns=phase.end_ns,
        latency_ns=100_000,
    )


def events() -> list[Event]:
    """A tick a second of each symbol, spread over the second, and a beat at its start."""
    feed: list[Event] = []
    spread_ns = SECOND_NS // SYMBOLS
    for second in range(SECONDS):
        beat_ns = START_NS + second * SECOND_NS
        beat = Heartbeat(at_ns=beat_ns, complete_ns=beat_ns, feed="live")
        feed.append(Event(beat_ns, 4, BROADCAST, len(feed), "ticks", beat))
        for n in range(SYMBOLS):
            event_ns = beat_ns + n * spread_ns
            at_ns = event_ns + 120 * MS_NS if n < SYMBOLS - 20 else event_ns
            feed.append(_tick(f"SYM{n:03}", second, event_ns, at_ns))
    feed.sort(key=lambda event: event[:4])
    return feed


def _tick(symbol: str, second: int, event_ns: int, at_ns: int) -> Event:
    tick = Tick(
        at_ns=at_ns,
        symbol=symbol,
        seq=second,
        event_ns=event_ns,
        last_price_e4=1_000_000 + second * 37 % 500 * 100,
        last_qty=1 + second % 90,
        day_volume=second * 50,
        trade=True,
        bids=(999_900, 100),
        asks=(1_000_100, 100),
    )
    return Event(at_ns, 4, symbol, second, "ticks", tick)


def _round(config: Settings, feed: list[Event]) -> float:
    state = State(config)
    outputs = 0
    gc.collect()
    started = perf_counter()
    for event in feed:
        outputs += len(step(state, event, config))
    seconds = perf_counter() - started
    assert outputs > SYMBOLS * (SECONDS - 5), "the feed must make a bar of nearly every tick"
    return seconds


if __name__ == "__main__":
    print(measure())
