"""Windows of one symbol in all timeframes, and how a bar cascades through them.

A window of a minute holds its 1s bars; a wider one is summed up from the minutes in it. A bar that
changes a closed minute issues that minute again, and with it each wider window that is closed too;
an open one sees the change when it closes.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from operator import attrgetter
from typing import Literal

from tapeline.compute.bar_aggregator_multi.part import Part, pack, sum_of, unpack
from tapeline.compute.windows import traded, window_of
from tapeline.contracts.clock import MINUTE_NS
from tapeline.contracts.messages import Bar
from tapeline.contracts.states.bar_aggregator_multi import MinuteWindow, SymbolProgress
from tapeline.market.phases import Phase, PhaseClock

Timeframe = Literal["1m", "3m", "5m", "15m"]
Cause = Literal["WATERMARK", "FEED_END", "LATE_TICK"]

FRAMES: tuple[tuple[Timeframe, int], ...] = (("1m", 1), ("3m", 3), ("5m", 5), ("15m", 15))
"""(timeframe, minutes), in the order in which bars of one time are issued."""

NEVER_NS = 2**63
"""Later than any time: nothing is open, so nothing is due."""

OPEN = -1
"""Revision of a window that was not issued yet."""

_START = attrgetter("start_ns")


class Window:
    """One window of one timeframe."""

    __slots__ = ("end_ns", "frame", "issued", "phase", "rev", "seconds", "start_ns")

    def __init__(self, frame: int, start_ns: int, end_ns: int, phase: Phase) -> None:
        self.frame = frame
        """Place in FRAMES."""
        self.start_ns = start_ns
        self.end_ns = end_ns
        self.phase = phase
        self.seconds: list[Part] = []
        """Of a minute: its 1s bars, ascending; none when they cannot be corrected any more."""
        self.rev = OPEN
        self.issued: Part | None = None
        """What was last issued; None while open."""

    def held(self, start_ns: int) -> Part | None:
        """The 1s bar with this start."""
        seconds = self.seconds
        if not seconds or seconds[-1].start_ns < start_ns:
            return None
        second = seconds[bisect_left(seconds, start_ns, key=_START)]
        return second if second.start_ns == start_ns else None

    def put(self, part: Part) -> None:
        """Takes a 1s bar, in place of an older revision of it."""
        seconds = self.seconds
        if not seconds or seconds[-1].start_ns < part.start_ns:
            seconds.append(part)
            return
        at = bisect_left(seconds, part.start_ns, key=_START)
        replaces = seconds[at].start_ns == part.start_ns
        seconds[at : at + replaces] = [part]


class SymbolFrames:
    """State of one symbol.

    Args:
        symbol: its name.
        clock: phases of its class.
        horizon_ns: how long after its end a window takes revisions, nanoseconds.
    """

    __slots__ = ("_clock", "_horizon_ns", "complete_ns", "due_ns", "symbol", "windows")

    def __init__(self, symbol: str, clock: PhaseClock, horizon_ns: int) -> None:
        self.symbol = symbol
        self.complete_ns = 0
        """End of the newest final 1s bar: windows that end at or before it are closed."""
        self.due_ns = NEVER_NS
        """End of the open window that ends first."""
        self.windows: list[list[Window]] = [[] for _ in FRAMES]
        """By place in FRAMES; ascending."""
        self._clock = clock
        self._horizon_ns = horizon_ns

    def phase_of(self, bar: Bar) -> Phase | None:
        """Phase that holds a whole bar."""
        phase = self._clock.at(bar.start_ns)
        return phase if phase is not None and bar.end_ns <= phase.end_ns else None

    def minute_at(self, ns: int, phase: Phase) -> Window:
        """Window of a minute that holds a time, made when there is none."""
        minutes = self.windows[0]
        if minutes and minutes[-1].start_ns <= ns < minutes[-1].end_ns:
            return minutes[-1]
        return self._window_at(0, ns, phase)

    def take(self, window: Window, second: Part, closed_ns: int) -> list[tuple[Window, Cause]]:
        """Adds a 1s bar.

        Args:
            window: its minute.
            second: the bar.
            closed_ns: windows that end at or before this are closed.

        Returns:
            Closed windows that this changes, narrow before wide: they must be issued again.
        """
        window.put(second)
        if window.rev == OPEN and window.end_ns > closed_ns:
            return []
        changed = [(window, self._issue(window, "LATE_TICK"))]
        changed += [
            (wider, self._issue(wider, "LATE_TICK"))
            for wider in self._wider(window)
            if wider.rev != OPEN or wider.end_ns <= closed_ns
        ]
        self._find_due()
        return changed

    def close(self, limit_ns: int, cause: Cause) -> list[tuple[Window, Cause]]:
        """Closes the open windows that end at or before a limit, by end and width.

        Returns:
            Them: they must be issued.
        """
        closed: list[tuple[Window, Cause]] = []
        while self.due_ns <= limit_ns:
            window = min(self._open(), key=lambda window: (window.end_ns, window.frame))
            closed.append((window, self._issue(window, cause)))
            if window.frame == 0:
                self._wider(window)
            self._find_due()
        return closed

    def prune(self, closed_ns: int) -> list[Window]:
        """Forgets what cannot be corrected any more.

        Args:
            closed_ns: windows that end at or before this are closed.

        Returns:
            Minutes that are gone or have lost their 1s bars.
        """
        oldest_ns = closed_ns - self._horizon_ns
        minutes = self.windows[0]
        changed = [minute for minute in minutes if minute.seconds and minute.end_ns <= oldest_ns]
        for minute in changed:
            minute.seconds = []
        gone = [minute for minute in minutes if self._wide_end_ns(minute) <= oldest_ns]
        self.windows[0] = minutes[len(gone) :]
        for frame in range(1, len(FRAMES)):
            self.windows[frame] = [w for w in self.windows[frame] if w.end_ns > oldest_ns]
        return [*gone, *(minute for minute in changed if minute not in gone)]

    def bar(self, window: Window, at_ns: int, cause: Cause) -> Bar:
        """Bar of a window as issued last."""
        part = window.issued
        assert part is not None
        return Bar(
            at_ns=at_ns,
            symbol=self.symbol,
            tf=FRAMES[window.frame][0],
            start_ns=part.start_ns,
            end_ns=part.end_ns,
            phase=window.phase.name,
            open_e4=part.open_e4,
            high_e4=part.high_e4,
            low_e4=part.low_e4,
            close_e4=part.close_e4,
            volume=traded(part.cum_open, part.cum_close),
            n_ticks=part.n_ticks,
            cum_open=part.cum_open,
            cum_close=part.cum_close,
            first_ns=part.first_ns,
            last_ns=part.last_ns,
            rev=part.rev,
            final=part.final,
            partial=part.partial,
            cause=cause,
        )

    def entry(self) -> SymbolProgress:
        """The symbol's own state entry."""
        numbers: list[int] = []
        for frame in range(1, len(FRAMES)):
            for window in self.windows[frame]:
                numbers += (FRAMES[frame][1], window.start_ns, window.rev)
        return SymbolProgress(complete_ns=self.complete_ns, windows=tuple(numbers))

    def load(self, entry: SymbolProgress) -> None:
        """Inverse of `entry`."""
        self.complete_ns = entry.complete_ns
        frames = {minutes: frame for frame, (_, minutes) in enumerate(FRAMES)}
        numbers = iter(entry.windows)
        for minutes, start_ns, rev in zip(numbers, numbers, numbers, strict=True):
            self._make(frames[minutes], start_ns, self._phase_at(start_ns)).rev = rev
        self._find_due()

    def minute_entry(self, start_ns: int) -> MinuteWindow | None:
        """State entry of one minute."""
        for window in self.windows[0]:
            if window.start_ns == start_ns:
                return MinuteWindow(
                    rev=window.rev,
                    issued=tuple(pack([window.issued] if window.issued else [], start_ns)),
                    seconds=tuple(pack(window.seconds, start_ns)),
                )
        return None

    def load_minute(self, start_ns: int, entry: MinuteWindow) -> None:
        """Inverse of `minute_entry`."""
        window = self._make(0, start_ns, self._phase_at(start_ns))
        window.rev = entry.rev
        window.issued = next(iter(unpack(entry.issued, start_ns)), None)
        window.seconds = unpack(entry.seconds, start_ns)
        self._find_due()

    def _issue(self, window: Window, cause: Cause) -> Cause:
        """Sums a window up as its next revision."""
        parts = window.seconds
        if window.frame:
            within = (m for m in self.windows[0] if window.start_ns <= m.start_ns < window.end_ns)
            parts = [minute.issued for minute in within if minute.issued is not None]
        window.rev += 1
        bounds = (window.start_ns, window.end_ns)
        window.issued = sum_of(parts, bounds, window.rev, closed=cause != "FEED_END")
        return cause

    def _wider(self, minute: Window) -> list[Window]:
        """The wider windows of a minute, made when there are none, narrow before wide."""
        frames = range(1, len(FRAMES))
        return [self._window_at(frame, minute.start_ns, minute.phase) for frame in frames]

    def _window_at(self, frame: int, ns: int, phase: Phase) -> Window:
        """The window of a timeframe that holds a time, made when there is none."""
        windows = self.windows[frame]
        start_ns, _ = window_of(phase, ns, FRAMES[frame][1] * MINUTE_NS)
        at = bisect_left(windows, start_ns, key=_START)
        if at < len(windows) and windows[at].start_ns == start_ns:
            return windows[at]
        return self._make(frame, ns, phase)

    def _make(self, frame: int, ns: int, phase: Phase) -> Window:
        """A new open window around a time."""
        window = Window(frame, *window_of(phase, ns, FRAMES[frame][1] * MINUTE_NS), phase)
        insort(self.windows[frame], window, key=_START)
        self.due_ns = min(self.due_ns, window.end_ns)
        return window

    def _open(self) -> Iterator[Window]:
        return (w for windows in self.windows for w in windows if w.rev == OPEN)

    def _find_due(self) -> None:
        self.due_ns = min((window.end_ns for window in self._open()), default=NEVER_NS)

    def _phase_at(self, ns: int) -> Phase:
        phase = self._clock.at(ns)
        assert phase is not None, f"{self.symbol}: saved window {ns} lies in no phase"
        return phase

    def _wide_end_ns(self, minute: Window) -> int:
        """End of the widest window that a minute is part of."""
        return window_of(minute.phase, minute.start_ns, FRAMES[-1][1] * MINUTE_NS)[1]
