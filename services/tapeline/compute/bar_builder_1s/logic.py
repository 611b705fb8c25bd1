"""Ticks to 1-second bars: what a tick, a heartbeat and the session's end do.

What happens to a symbol depends only on its own ticks and on the heartbeats, so that neither the
batches nor the partitions that a replica happens to get show in the result. Event time advances by
the receive times of a symbol's own ticks and of live heartbeats, less the grace; a stale feed stops
it. Rules and their reasons: README.md beside this file.
"""

from __future__ import annotations

import base64
from bisect import insort
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from tapeline.compute.bar_builder_1s.settings import STAGE, Settings
from tapeline.compute.bar_builder_1s.symbol import (
    LAST_TIME,
    LAST_VOLUME,
    NEVER_NS,
    WIDTH_NS,
    Issue,
    SymbolBars,
    Window,
    bar_of,
    minute_key,
)
from tapeline.compute.windows import NO_VOLUME
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, MS_NS, SECOND_NS
from tapeline.contracts.messages import Dead, Heartbeat, Tick
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.bar_builder_1s import ClosedMinute, Feed, SymbolWindows
from tapeline.market.phases import Phase, PhaseClock
from tapeline.runner.stage import BROADCAST, TIMER, Event, Output

TICKS = "ticks"
LATE = "ticks.late"
BARS = "bars.1s"
FEED_KEY = "feed"


class State:
    """State of the stage: one `SymbolBars` for each symbol that traded, and the feed's time."""

    __slots__ = (
        "_by_name",
        "_clocks",
        "_settings",
        "beat_ns",
        "dirty",
        "ended",
        "feed_first_ns",
        "grace_ns",
        "horizon_ns",
        "latency_ns",
        "max_ahead_ns",
        "symbols",
        "watermark_ns",
    )

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.symbols: dict[str, SymbolBars] = {}
        self.feed_first_ns = NEVER_NS
        self.watermark_ns = 0
        """By live heartbeats; a symbol's own ticks may be further."""
        self.beat_ns = 0
        """at_ns of the last heartbeat that was passed on: no bar is issued before it."""
        self.ended = False
        self.grace_ns = settings.grace_ms * MS_NS
        self.max_ahead_ns = settings.max_ahead_ms * MS_NS
        self.horizon_ns = settings.correction_horizon_s * SECOND_NS
        self.latency_ns = settings.latency_ns
        self._settings = settings
        self._clocks = {name: PhaseClock(phases) for name, phases in settings.phases.items()}
        self._by_name: list[SymbolBars] = []

    def add(self, symbol: str) -> SymbolBars:
        """Begins the state of a symbol of the session."""
        rules = self._settings.symbols[symbol]
        clock = self._clocks[rules.instrument_class]
        bars = SymbolBars(symbol, rules, clock, self._settings)
        self.symbols[symbol] = bars
        insort(self._by_name, bars, key=attrgetter("symbol"))
        return bars

    def in_order(self) -> list[SymbolBars]:
        """Symbols that traded, ascending by name."""
        return self._by_name

    def entry(self, key: str) -> msgspec.Struct | None:
        """See State in runner/stage.py; keys: `feed`, a symbol, or symbol/minute."""
        if key == FEED_KEY:
            first_ns = None if self.feed_first_ns == NEVER_NS else self.feed_first_ns
            return Feed(
                first_ns=first_ns,
                watermark_ns=self.watermark_ns,
                beat_ns=self.beat_ns,
                ended=self.ended,
            )
        symbol, _, minute = key.partition("/")
        bars = self.symbols.get(symbol)
        if bars is None:
            return None
        return bars.minute_entry(int(minute)) if minute else bars.entry()

    def load(self, key: str, entry: Any) -> None:
        """See State in runner/stage.py."""
        if isinstance(entry, Feed):
            self.feed_first_ns = NEVER_NS if entry.first_ns is None else entry.first_ns
            self.watermark_ns = entry.watermark_ns
            self.beat_ns = entry.beat_ns
            self.ended = entry.ended
            return
        symbol = key.partition("/")[0]
        bars = self.symbols.get(symbol) or self.add(symbol)
        if isinstance(entry, ClosedMinute):
            bars.load_minute(entry)
        else:
            assert isinstance(entry, SymbolWindows), key
            bars.load(entry)

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield FEED_KEY
        for bars in self._by_name:
            yield bars.symbol
            yield from (minute_key(bars.symbol, minute) for minute in bars.minutes())

    def issue_ns(self, event: Event) -> int:
        """at_ns of the bars that an event causes. UTC nanoseconds.

        A heartbeat is passed on a nanosecond after its bars; what comes at its own time comes then.
        """
        return max(event.at_ns + self.latency_ns, self.beat_ns)

    def timer_ns(self) -> int | None:
        """The session's end, once; all other time comes with the ticks."""
        return None if self.ended else self._settings.end_ns


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """What one tick, heartbeat or timer causes."""
    return steps(state, (event,), settings)


def steps(  # noqa: C901, PLR0912 - without calls for a good tick it is a third faster
    state: State, events: Sequence[Event], settings: Settings
) -> list[Output]:
    """What several events cause, one after the other.

    The hottest code of the whole flow, and therefore one loop: the common case, a good trade tick,
    calls next to nothing. It closes what is due of its symbol, then joins its window.
    """
    outputs: list[Output] = []
    symbols, dirty = state.symbols, state.dirty
    grace_ns, max_ahead_ns = state.grace_ns, state.max_ahead_ns
    for event in events:
        at_ns, tick = event.at_ns, event.message
        if type(tick) is not Tick:
            outputs += _end(state, event) if event.topic == TIMER else _beat(state, event)
            continue
        bars = symbols.get(tick.symbol)
        if bars is None or not tick.trade:
            bars = _first(state, event, settings, outputs)
            if bars is None:
                continue
        dirty.add(bars.symbol)
        event_ns, volume, price_e4 = tick.event_ns, tick.day_volume, tick.last_price_e4
        if event_ns > at_ns + max_ahead_ns or (volume is None and bars.has_volume):
            outputs += _unusable(state, event)
            continue
        if volume is None or not bars.has_volume:
            volume = NO_VOLUME
        watermark_ns = at_ns - grace_ns
        if watermark_ns < bars.watermark_ns:
            watermark_ns = bars.watermark_ns
        else:
            bars.watermark_ns = watermark_ns
        if bars.due_ns <= watermark_ns:
            _close(state, bars, watermark_ns, (state.issue_ns(event), "WATERMARK", True), outputs)
        window = bars.newest
        if window is not None and window.start_ns <= event_ns < window.end_ns:
            phase: Phase | None = window.phase
        else:
            window, phase = None, bars.phase_at(event_ns)
        if phase is None or not (
            bars.base_low_e4 <= price_e4 <= bars.base_high_e4 or bars.believes(price_e4, phase)
        ):
            outputs += _impossible(state, event, phase)
            continue
        if window is not None:
            trades, since_ns = window.trades, event_ns - window.start_ns
            if since_ns > trades[LAST_TIME]:
                trades += (since_ns, volume, price_e4, tick.last_qty)
            elif not window.add([since_ns, volume, price_e4, tick.last_qty]):
                outputs += _double(state, event)
            continue
        # window_of(), without the call.
        since_ns = (event_ns - phase.start_ns) % WIDTH_NS
        start_ns = event_ns - since_ns
        end_ns = min(start_ns + WIDTH_NS, phase.end_ns)
        window = Window(start_ns, end_ns, phase, [since_ns, volume, price_e4, tick.last_qty])
        if end_ns <= watermark_ns or end_ns <= state.watermark_ns or state.ended:
            outputs += _late(state, bars, event, window)
        elif not bars.place(window):
            outputs += _double(state, event)
    return outputs


def _first(
    state: State, event: Event, settings: Settings, outputs: list[Output]
) -> SymbolBars | None:
    """The new state of a symbol, by its first trade; None for a quote, or a strange symbol."""
    tick = event.message
    if tick.symbol not in settings.symbols:
        detail = f"{tick.symbol} is not traded here"
        outputs += _dead(state, event, Reason.UNKNOWN_SYMBOL, detail)
        return None
    if not tick.trade:
        return None
    bars = state.add(tick.symbol)
    bars.first_ns = event.at_ns
    return bars


def _close(
    state: State, bars: SymbolBars, limit_ns: int, issue: Issue, outputs: list[Output]
) -> None:
    """Issues the open windows of a symbol that end at or before a limit, oldest first."""
    windows, closed = bars.open, bars.closed
    while windows and windows[0].end_ns <= limit_ns:
        window = windows.pop(0)
        previous = closed[-1] if closed else None
        closed.append(window)
        if previous is not None and previous.phase is window.phase:
            cum_open, partial = previous.trades[LAST_VOLUME], False
        else:
            cum_open, partial = bars.baseline(len(closed) - 1, state.feed_first_ns)
        bar = bar_of(bars.symbol, window, cum_open, partial, issue)
        outputs.append(Output(BARS, bars.symbol, bar))
        if window.start_ns // MINUTE_NS != bars.minute:
            bars.turn_minute()
            state.dirty.update(bars.prune(_watermark_ns(state, bars) - state.horizon_ns))
        state.dirty.add(bars.minute_key)
    if windows:
        bars.due_ns = windows[0].end_ns
    else:
        bars.due_ns = NEVER_NS
        bars.newest = None


def _late(state: State, bars: SymbolBars, event: Event, late: Window) -> list[Output]:
    """A trade of a closed window: a revision within the horizon, `ticks.late` beyond it.

    The window's bar is issued again (or for the first time), and so is the next one when the volume
    before it changed.
    """
    watermark_ns = _watermark_ns(state, bars)
    if late.end_ns <= watermark_ns - state.horizon_ns:
        at_ns = event.at_ns + state.latency_ns
        return [Output(LATE, bars.symbol, msgspec.structs.replace(event.message, at_ns=at_ns))]
    changed = bars.correct(late, state.feed_first_ns)
    if not changed:
        return _double(state, event)
    outputs = []
    at_ns = state.issue_ns(event)
    for at in changed:
        window = bars.closed[at]
        issue: Issue = (at_ns, "LATE_TICK", window.end_ns <= watermark_ns)
        cum_open, partial = bars.baseline(at, state.feed_first_ns)
        bar = bar_of(bars.symbol, window, cum_open, partial, issue)
        outputs.append(Output(BARS, bars.symbol, bar))
        state.dirty.add(minute_key(bars.symbol, window.start_ns // MINUTE_NS))
    return outputs


def _beat(state: State, event: Event) -> list[Output]:
    """A live beat closes what is due of every symbol; a stale one only passes on.

    The beat that is passed on says that every bar up to its `complete_ns` has been issued. It comes
    a nanosecond after the bars that it closed: of records with one at_ns a broadcast is the first.
    """
    beat = event.message
    assert isinstance(beat, Heartbeat), f"ticks holds a {type(beat).__name__}"
    at_ns = state.issue_ns(event)
    if state.feed_first_ns == NEVER_NS:
        state.feed_first_ns = event.at_ns
    outputs: list[Output] = []
    if beat.feed == "live":
        limit_ns = max(state.watermark_ns, event.at_ns - state.grace_ns)
        state.watermark_ns = limit_ns
        issue: Issue = (at_ns, "WATERMARK", True)
        for bars in state.in_order():
            if bars.due_ns <= limit_ns:
                state.dirty.add(bars.symbol)
                _close(state, bars, limit_ns, issue, outputs)
    state.beat_ns = at_ns + 1
    state.dirty.add(FEED_KEY)
    passed_on = Heartbeat(at_ns=state.beat_ns, complete_ns=state.watermark_ns, feed=beat.feed)
    outputs.append(Output(BARS, BROADCAST, passed_on))
    return outputs


def _end(state: State, event: Event) -> list[Output]:
    """The session ends: whatever no watermark has closed goes out, marked as not final."""
    assert not state.ended, "the session ended twice"
    issue: Issue = (state.issue_ns(event), "FEED_END", False)
    outputs: list[Output] = []
    for bars in state.in_order():
        if bars.open:
            state.dirty.add(bars.symbol)
            _close(state, bars, bars.open[-1].end_ns, issue, outputs)
    state.ended = True
    state.dirty.add(FEED_KEY)
    return outputs


def _watermark_ns(state: State, bars: SymbolBars) -> int:
    return max(bars.watermark_ns, state.watermark_ns)


def _unusable(state: State, event: Event) -> list[Output]:
    """A tick from the future, or one without the volume that it should have."""
    ahead_ns = event.message.event_ns - event.at_ns
    if ahead_ns > state.max_ahead_ns:
        detail = f"{ahead_ns // MS_NS} ms ahead of its receipt"
        return _dead(state, event, Reason.TICK_FROM_FUTURE, detail)
    return _dead(state, event, Reason.TICK_WITHOUT_VOLUME, "day_volume is null")


def _impossible(state: State, event: Event, phase: Phase | None) -> list[Output]:
    """A tick at a time at which nothing trades, or at a price that nobody believes."""
    tick = event.message
    if phase is None:
        detail = f"event_ns {tick.event_ns}"
        return _dead(state, event, Reason.TICK_OUTSIDE_SESSION, detail)
    return _dead(state, event, Reason.PRICE_OUT_OF_BAND, f"price {tick.last_price_e4} e4")


def _double(state: State, event: Event) -> list[Output]:
    return _dead(state, event, Reason.DUPLICATE_TICK, f"event_ns {event.message.event_ns}")


def _dead(state: State, event: Event, reason: Reason, detail: str) -> list[Output]:
    """A tick that cannot be used goes to `ticks.dead` with its bytes and the reason."""
    dead = Dead(
        at_ns=event.at_ns + state.latency_ns,
        topic=TICKS,
        partition=event.partition,
        offset=event.position,
        stage=STAGE,
        reason=reason,
        detail=detail,
        payload_b64=base64.b64encode(codec.encode(event.message)).decode(),
    )
    return [Output(f"{TICKS}.dead", event.message.symbol, dead)]
