"""Feeds and brute-force bars for the tests of the two bar stages.

The brute force goes straight from all ticks to the bars of one timeframe; it shares no code with
the stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from tapeline.compute.bar_aggregator_multi import logic as aggregator
from tapeline.compute.bar_aggregator_multi.app import entry_type as aggregator_entry_type
from tapeline.compute.bar_aggregator_multi.settings import Settings as AggregatorSettings
from tapeline.compute.bar_builder_1s import logic as builder
from tapeline.compute.bar_builder_1s.app import entry_type as builder_entry_type
from tapeline.compute.bar_builder_1s.settings import Settings, SymbolRules
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Bar, Heartbeat, Tick
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, PRE_OPEN, Phase
from tapeline.runner.stage import BROADCAST, TIMER, Event, Output

DAY = 19_675
OPEN_NS = (DAY * 86_400 + 13_500) * SECOND_NS
"""09:15 IST of 2023-11-14."""
END_NS = OPEN_NS + 2_400 * SECOND_NS
GRACE_MS = 1_500

PHASES = (
    Phase(OPEN_NS - 900 * SECOND_NS, OPEN_NS - 600 * SECOND_NS, PRE_OPEN, DAY),
    Phase(OPEN_NS, OPEN_NS + 1_290 * SECOND_NS + 500 * MS_NS, CONTINUOUS, DAY),
    Phase(OPEN_NS + 1_320 * SECOND_NS, OPEN_NS + 1_500 * SECOND_NS, CLOSING_AUCTION, DAY),
)
"""The continuous phase ends within a second, a minute and a quarter of an hour."""

TRADED = ("AAA", "BBB")
INDEX = "IDX"
SYMBOLS = (*TRADED, INDEX)
PRICE_E4 = 1_000_000


def rules(**changes: Any) -> SymbolRules:
    fields = {
        "instrument_class": "cash",
        "has_volume": True,
        "prev_close_e4": PRICE_E4,
        "band_bp": 2_500,
    }
    return SymbolRules(**(fields | changes))


def builder_settings(**changes: Any) -> Settings:
    fields: dict[str, Any] = {
        "symbols": {
            "AAA": rules(),
            "BBB": rules(),
            "IDX": rules(instrument_class="index", has_volume=False),
        },
        "phases": {"cash": PHASES, "index": PHASES},
        "clipped_days": {"cash": (), "index": ()},
        "end_ns": END_NS,
        "latency_ns": 100_000,
    }
    return Settings(**(fields | changes))


def aggregator_settings(**changes: Any) -> AggregatorSettings:
    fields: dict[str, Any] = {
        "symbols": {"AAA": "cash", "BBB": "cash", "IDX": "index"},
        "phases": {"cash": PHASES, "index": PHASES},
        "end_ns": END_NS + SECOND_NS,
        "latency_ns": 100_000,
    }
    return AggregatorSettings(**(fields | changes))


def tick(offset_s: float, **changes: Any) -> Tick:
    """A tick of AAA, received at once, `offset_s` after the open."""
    event_ns = OPEN_NS + round(offset_s * 1_000) * MS_NS
    fields: dict[str, Any] = {
        "at_ns": event_ns,
        "symbol": "AAA",
        "seq": 0,
        "event_ns": event_ns,
        "last_price_e4": PRICE_E4,
        "last_qty": 10,
        "day_volume": 100,
        "trade": True,
        "bids": (),
        "asks": (),
    }
    return Tick(**(fields | changes))


def received(message: Tick, offset_s: float) -> Tick:
    """The same tick, received `offset_s` after the open."""
    return msgspec.structs.replace(message, at_ns=OPEN_NS + round(offset_s * 1_000) * MS_NS)


def beat(offset_s: float, feed: Any = "live") -> Heartbeat:
    at_ns = OPEN_NS + round(offset_s * 1_000) * MS_NS
    return Heartbeat(at_ns=at_ns, complete_ns=at_ns, feed=feed)


def timer(at_ns: int = END_NS) -> Event:
    return Event(at_ns, -1, "", 0, TIMER, None)


def merged(topic: str, messages: Iterable[Any]) -> list[Event]:
    """Events of one topic in the order of the runner's merge."""
    events = [
        Event(m.at_ns, 0, getattr(m, "symbol", BROADCAST), getattr(m, "seq", position), topic, m)
        for position, m in enumerate(messages)
    ]
    return sorted(events, key=lambda event: (event.at_ns, event.rank, event.key, event.place))


def run(module: Any, settings: Any, events: Iterable[Event], state: Any = None) -> list[Output]:
    """Drives a stage as the runner does: timers that are due come before an event."""
    state = module.State(settings) if state is None else state
    outputs: list[Output] = []
    for event in events:
        due = state.timer_ns()
        while event.topic != TIMER and due is not None and due <= event.at_ns:
            outputs += module.step(state, timer(due), settings)
            due = state.timer_ns()
        outputs += module.step(state, event, settings)
    return outputs


def build(messages: Iterable[Any], settings: Settings | None = None) -> list[Output]:
    """Outputs of bar_builder_1s for ticks and beats."""
    return run(builder, settings or builder_settings(), merged("ticks", messages))


def aggregate(
    outputs: Iterable[Output], settings: AggregatorSettings | None = None
) -> list[Output]:
    """Outputs of bar_aggregator_multi for outputs of bar_builder_1s, and a second thereafter."""
    messages = [output.message for output in outputs if output.topic == "bars.1s"]
    if messages:
        end_ns = max(message.at_ns for message in messages) + SECOND_NS
        messages.append(Heartbeat(at_ns=end_ns, complete_ns=0, feed="stale"))
    return run(aggregator, settings or aggregator_settings(), merged("bars.1s", messages))


def beats(until_s: int = 1_600, start_s: int = -900) -> list[Heartbeat]:
    return [beat(second) for second in range(start_s, until_s)]


def bars(outputs: Sequence[Output], topic: str = "bars.1s") -> list[Bar]:
    return [o.message for o in outputs if o.topic == topic and isinstance(o.message, Bar)]


def reasons(outputs: Sequence[Output]) -> list[str]:
    return [o.message.reason for o in outputs if o.topic.endswith(".dead")]


def latest(issued: Iterable[Bar]) -> dict[tuple[str, int], Bar]:
    """Last revision of each bar; revisions must come in order, without a gap."""
    found: dict[tuple[str, int], Bar] = {}
    for bar in issued:
        before = found.get((bar.symbol, bar.start_ns))
        assert bar.rev == (0 if before is None else before.rev + 1), (before, bar)
        found[bar.symbol, bar.start_ns] = bar
    return found


ISSUE = {"at_ns", "tf", "rev", "cause"}
"""Fields that say how and when a bar was issued, not what it says of the market."""


def values(bar: Bar) -> dict[str, Any]:
    """What a bar says of the market."""
    return {name: v for name, v in msgspec.structs.asdict(bar).items() if name not in ISSUE}


def brute_force(ticks: Iterable[Tick], width_s: int) -> dict[tuple[str, int], dict[str, Any]]:
    """Bars of one timeframe straight from ticks."""
    groups: dict[tuple[str, int, int, str], set[Any]] = {}
    for t in ticks:
        (phase,) = [p for p in PHASES if p.start_ns <= t.event_ns < p.end_ns]
        n = (t.event_ns - phase.start_ns) // (width_s * SECOND_NS)
        start_ns = phase.start_ns + n * width_s * SECOND_NS
        end_ns = min(start_ns + width_s * SECOND_NS, phase.end_ns)
        key = (t.symbol, start_ns, end_ns, phase.name)
        trade = (t.event_ns, t.day_volume, t.last_price_e4, t.last_qty)
        groups.setdefault(key, set()).add(trade)
    result = {}
    cums: dict[str, int | None] = {}
    for (symbol, start_ns, end_ns, phase_name), trades in sorted(groups.items()):
        ranked = sorted(trades)
        prices = [trade[2] for trade in ranked]
        index = symbol == INDEX
        cum_open = None if index else cums.get(symbol, 0)
        cums[symbol] = cum_close = ranked[-1][1]
        result[symbol, start_ns] = {
            "symbol": symbol,
            "start_ns": start_ns,
            "end_ns": end_ns,
            "phase": phase_name,
            "open_e4": prices[0],
            "high_e4": max(prices),
            "low_e4": min(prices),
            "close_e4": prices[-1],
            "volume": None if index else max(0, cum_close - cum_open),
            "n_ticks": len(ranked),
            "cum_open": cum_open,
            "cum_close": cum_close,
            "first_ns": ranked[0][0],
            "last_ns": ranked[-1][0],
            "partial": False,
            "final": True,
        }
    return result


def restored(module: Any, settings: Any, state: Any, entry_type: Any) -> Any:
    """A new state from the JSON of all entries of another."""
    saved = {key: msgspec.json.encode(state.entry(key)) for key in sorted(state.keys())}
    fresh = module.State(settings)
    for key in sorted(saved, reverse=True):
        fresh.load(key, msgspec.json.decode(saved[key], type=entry_type(key)))
    assert {key: msgspec.json.encode(fresh.entry(key)) for key in sorted(fresh.keys())} == saved
    return fresh


def restored_builder(settings: Settings, state: Any) -> Any:
    return restored(builder, settings, state, builder_entry_type)


@st.composite
def trades(draw: st.DrawFn, *, delay_ms_max: int = GRACE_MS, seconds: int = 200) -> list[Tick]:
    """Ticks of all symbols in order of exchange time, received up to a delay later (or earlier).

    They lie around the end of the continuous phase, so that gaps, cut windows and a new phase show.
    """
    start_s = 1_290 - seconds * 2 // 3
    ticks: list[Tick] = []
    for symbol in SYMBOLS:
        moves = draw(
            st.lists(
                st.tuples(
                    st.integers(0, seconds * 4),
                    st.integers(-1_000, 1_000),
                    st.integers(0, 300),
                    st.integers(-500, delay_ms_max),
                ),
                max_size=40,
            )
        )
        volume = 0
        for quarter_s, move, traded_qty, delay_ms in sorted(moves):
            offset_s = start_s + quarter_s / 4
            event_ns = OPEN_NS + round(offset_s * 1_000) * MS_NS
            if not any(p.start_ns <= event_ns < p.end_ns for p in PHASES):
                continue
            volume += traded_qty
            at_ns = event_ns + delay_ms * MS_NS
            ticks.append(
                tick(
                    offset_s,
                    symbol=symbol,
                    seq=len(ticks),
                    at_ns=at_ns,
                    last_price_e4=PRICE_E4 + move * 100,
                    last_qty=traded_qty,
                    day_volume=None if symbol == INDEX else volume,
                )
            )
    return ticks


def restored_aggregator(settings: AggregatorSettings, state: Any) -> Any:
    return restored(aggregator, settings, state, aggregator_entry_type)
