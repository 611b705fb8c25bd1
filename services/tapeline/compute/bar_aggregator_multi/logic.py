"""1-second bars to 1, 3, 5 and 15 minutes: what a bar, a heartbeat and the session's end do.

What happens to a symbol depends only on its own bars and on the heartbeats. Rules and their
reasons: README.md beside this file.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from tapeline.compute.bar_aggregator_multi.part import part_of
from tapeline.compute.bar_aggregator_multi.settings import STAGE, Settings
from tapeline.compute.bar_aggregator_multi.symbol import (
    FRAMES,
    NEVER_NS,
    Cause,
    SymbolFrames,
    Window,
)
from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Bar, Dead, Heartbeat
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.bar_aggregator_multi import BarsFeed, MinuteWindow, SymbolProgress
from tapeline.market.phases import PhaseClock
from tapeline.runner.stage import TIMER, Event, Output

BARS = "bars.1s"
FEED_KEY = "feed"
TOPICS = tuple(f"bars.{timeframe}" for timeframe, _ in FRAMES)


class State:
    """State of the stage: one `SymbolFrames` for each symbol that has bars, and the feed's time."""

    __slots__ = (
        "_by_name",
        "_clocks",
        "complete_ns",
        "dirty",
        "due_ns",
        "ended",
        "horizon_ns",
        "settings",
        "symbols",
    )

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.symbols: dict[str, SymbolFrames] = {}
        self.complete_ns = 0
        """By heartbeats: windows that end at or before this are closed for every symbol."""
        self.due_ns = NEVER_NS
        """No open window of any symbol ends before this."""
        self.ended = False
        self.horizon_ns = settings.correction_horizon_s * SECOND_NS
        self.settings = settings
        self._clocks = {name: PhaseClock(phases) for name, phases in settings.phases.items()}
        self._by_name: list[SymbolFrames] = []

    def add(self, symbol: str) -> SymbolFrames:
        """Begins the state of a symbol of the session."""
        clock = self._clocks[self.settings.symbols[symbol]]
        frames = SymbolFrames(symbol, clock, self.horizon_ns)
        self.symbols[symbol] = frames
        self._by_name = sorted(self.symbols.values(), key=lambda frames: frames.symbol)
        return frames

    def in_order(self) -> list[SymbolFrames]:
        """Symbols that have bars, ascending by name."""
        return self._by_name

    def closed_ns(self, frames: SymbolFrames) -> int:
        """Windows of a symbol that end at or before this are closed. UTC nanoseconds."""
        return NEVER_NS if self.ended else max(self.complete_ns, frames.complete_ns)

    def entry(self, key: str) -> msgspec.Struct | None:
        """See State in runner/stage.py; keys: `feed`, a symbol, or symbol/start_ns of a minute."""
        if key == FEED_KEY:
            return BarsFeed(complete_ns=self.complete_ns, ended=self.ended)
        symbol, _, start_ns = key.partition("/")
        frames = self.symbols.get(symbol)
        if frames is None:
            return None
        return frames.minute_entry(int(start_ns)) if start_ns else frames.entry()

    def load(self, key: str, entry: Any) -> None:
        """See State in runner/stage.py."""
        if isinstance(entry, BarsFeed):
            self.complete_ns = entry.complete_ns
            self.ended = entry.ended
            return
        symbol, _, start_ns = key.partition("/")
        frames = self.symbols.get(symbol) or self.add(symbol)
        if isinstance(entry, MinuteWindow):
            frames.load_minute(int(start_ns), entry)
        else:
            assert isinstance(entry, SymbolProgress), key
            frames.load(entry)
        self.due_ns = min(self.due_ns, frames.due_ns)

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield FEED_KEY
        for frames in self._by_name:
            yield frames.symbol
            yield from (minute_key(frames, window) for window in frames.windows[0])

    def timer_ns(self) -> int | None:
        """The session's end, once; all other time comes with the bars."""
        return None if self.ended else self.settings.end_ns


def minute_key(frames: SymbolFrames, window: Window) -> str:
    """Key of the state entry of a minute."""
    return f"{frames.symbol}/{window.start_ns}"


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """What one bar, heartbeat or timer causes."""
    if type(event.message) is Bar:
        return _bar(state, event, settings)
    return _end(state, event) if event.topic == TIMER else _beat(state, event)


def _bar(state: State, event: Event, settings: Settings) -> list[Output]:
    """A 1s bar joins its minute, then closes what ends with it or before."""
    bar: Bar = event.message
    frames = state.symbols.get(bar.symbol)
    if frames is None:
        if bar.symbol not in settings.symbols:
            return _dead(state, event, Reason.UNKNOWN_SYMBOL, f"{bar.symbol} is not traded here")
        frames = state.add(bar.symbol)
    phase = frames.phase_of(bar)
    if phase is None:
        return _dead(state, event, Reason.BAR_OUTSIDE_SESSION, f"start_ns {bar.start_ns}")
    state.dirty.add(bar.symbol)
    if bar.end_ns <= max(state.complete_ns, frames.complete_ns) - state.horizon_ns:
        return _dead(state, event, Reason.BAR_TOO_LATE, f"start_ns {bar.start_ns}")
    minute = frames.minute_at(bar.start_ns, phase)
    held = minute.held(bar.start_ns)
    if held is not None and held.rev >= bar.rev:
        detail = f"revision {bar.rev} after {held.rev}"
        return _dead(state, event, Reason.STALE_REVISION, detail)
    state.dirty.add(minute_key(frames, minute))
    changed = frames.take(minute, part_of(bar), state.closed_ns(frames))
    outputs = _issue(state, frames, event, changed) if changed else []
    if bar.final and bar.end_ns > frames.complete_ns:
        frames.complete_ns = bar.end_ns
        if frames.due_ns <= bar.end_ns:
            outputs += _close(state, frames, event, bar.end_ns, "WATERMARK")
    state.due_ns = min(state.due_ns, frames.due_ns)
    return outputs


def _beat(state: State, event: Event) -> list[Output]:
    """A heartbeat closes what it completes: the bars that it speaks of came before it."""
    beat = event.message
    assert isinstance(beat, Heartbeat), f"{BARS} holds a {type(beat).__name__}"
    outputs: list[Output] = []
    if beat.complete_ns <= state.complete_ns:
        return outputs
    state.complete_ns = beat.complete_ns
    state.dirty.add(FEED_KEY)
    if state.due_ns <= state.complete_ns:
        for frames in state.in_order():
            if frames.due_ns <= state.complete_ns:
                outputs += _close(state, frames, event, state.complete_ns, "WATERMARK")
        state.due_ns = min(frames.due_ns for frames in state.in_order())
    return outputs


def _end(state: State, event: Event) -> list[Output]:
    """The session ends: whatever no watermark has closed goes out, marked as not final."""
    assert not state.ended, "the session ended twice"
    outputs: list[Output] = []
    for frames in state.in_order():
        outputs += _close(state, frames, event, NEVER_NS - 1, "FEED_END")
    state.due_ns = NEVER_NS
    state.ended = True
    state.dirty.add(FEED_KEY)
    return outputs


def _close(
    state: State, frames: SymbolFrames, event: Event, limit_ns: int, cause: Cause
) -> list[Output]:
    """Issues what ends at or before a limit, then forgets what is beyond correction."""
    outputs = _issue(state, frames, event, frames.close(limit_ns, cause))
    for minute in frames.prune(max(state.complete_ns, frames.complete_ns)):
        state.dirty.add(minute_key(frames, minute))
    return outputs


def _issue(
    state: State, frames: SymbolFrames, event: Event, changed: Sequence[tuple[Window, Cause]]
) -> list[Output]:
    """Bars of windows that closed or changed, in their order."""
    at_ns = event.at_ns + state.settings.latency_ns
    outputs: list[Output] = []
    for window, cause in changed:
        if window.frame == 0:
            state.dirty.add(minute_key(frames, window))
        bar = frames.bar(window, at_ns, cause)
        outputs.append(Output(TOPICS[window.frame], frames.symbol, bar))
    if changed:
        state.dirty.add(frames.symbol)
    return outputs


def _dead(state: State, event: Event, reason: Reason, detail: str) -> list[Output]:
    """A bar that cannot be used goes to `bars.1s.dead` with its bytes and the reason."""
    dead = Dead(
        at_ns=event.at_ns + state.settings.latency_ns,
        topic=BARS,
        partition=event.partition,
        offset=event.position,
        stage=STAGE,
        reason=reason,
        detail=detail,
        payload_b64=base64.b64encode(codec.encode(event.message)).decode(),
    )
    return [Output(f"{BARS}.dead", event.message.symbol, dead)]
