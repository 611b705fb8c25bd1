"""Throughput of bar_builder_1s's core, without log, codec or runner.

Two feeds of 100 symbols with a beat a second, a million ticks each. Liquid: two ticks a second of
each symbol, the most that Kite sends (kite.trade/forum/discussion/2088). Sparse: one a second, so
that every tick opens a window, closes another and makes a bar; the worst case.
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
TICKS = 1_000_000
ROUNDS = 3
LIQUID_PER_S = 2
SPARSE_PER_S = 1
START_NS = 1_700_019_900 * SECOND_NS
DAY = START_NS // (86_400 * SECOND_NS)


def measure() -> dict[str, object]:
    """Ticks a second through `step`, best of three rounds, for both feeds."""
    return {
        "name": "bar_builder_1s core",
        "ticks": TICKS,
        "ticks_per_s": _ticks_per_s(LIQUID_PER_S),
        "sparse_ticks_per_s": _ticks_per_s(SPARSE_PER_S),
        "unit": "ticks/s, one core",
    }


def _ticks_per_s(per_s: int) -> int:
    config = settings()
    feed = events(per_s)
    gc.collect()
    gc.freeze()  # The feed is not the stage's memory: a collection need not walk over it.
    try:
        seconds = min(_round(config, feed, per_s) for _ in range(ROUNDS))
    finally:
        gc.unfreeze()
    return round(TICKS / seconds)


def settings() -> Settings:
    """One long continuous phase, all symbols of one class."""
    rules = SymbolRules(
        instrument_class="cash", has_volume=True, prev_close_e4=1_000_000, band_bp=2_500
    )
    phase = Phase(START_NS, START_NS + 2 * TICKS // SYMBOLS * SECOND_NS, CONTINUOUS, DAY)
    return Settings(
        symbols={f"SYM{n:03}": rules for n in range(SYMBOLS)},
        phases={"cash": (phase,)},
        clipped_days={"cash": ()},
        end_ns=phase.end_ns,
        latency_ns=100_000,
    )


def events(per_s: int) -> list[Event]:
    """A million ticks, spread over each second, received 120 ms later, and the beats."""
    feed: list[Event] = []
    gap_ns = SECOND_NS // per_s
    for n in range(TICKS // SYMBOLS):
        round_ns = START_NS + n * gap_ns
        if n % per_s == 0:
            beat = Heartbeat(at_ns=round_ns, complete_ns=round_ns, feed="live")
            feed.append(Event(round_ns, 4, BROADCAST, len(feed), "ticks", beat))
        feed += [
            _tick(f"SYM{symbol:03}", n, round_ns + symbol * gap_ns // SYMBOLS)
            for symbol in range(SYMBOLS)
        ]
    feed.sort(key=lambda event: (event.at_ns, event.rank, event.key, event.place))
    return feed


def _tick(symbol: str, n: int, event_ns: int) -> Event:
    at_ns = event_ns + 120 * MS_NS
    tick = Tick(
        at_ns=at_ns,
        symbol=symbol,
        seq=n,
        event_ns=event_ns,
        last_price_e4=1_000_000 + n * 37 % 500 * 100,
        last_qty=1 + n % 90,
        day_volume=n * 50,
        trade=True,
        bids=(999_900, 100),
        asks=(1_000_100, 100),
    )
    return Event(at_ns, 4, symbol, n, "ticks", tick)


def _round(config: Settings, feed: list[Event], per_s: int) -> float:
    state = State(config)
    outputs = 0
    started = perf_counter()
    for event in feed:
        outputs += len(step(state, event, config))
    seconds = perf_counter() - started
    assert outputs > (TICKS - 500 * per_s) // per_s, "each symbol must make a bar each second"
    return seconds


if __name__ == "__main__":
    print(measure())
