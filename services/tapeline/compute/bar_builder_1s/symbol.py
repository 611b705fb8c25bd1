"""Windows of one symbol: which are open, which are closed but may still be corrected.

A window is nothing but the set of its trade ticks; its bar is computed from that set and from the
window before it. So no order of arrival can show in a bar, and a correction is the same computation
over one more tick.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal

import msgspec

from tapeline.compute.bar_builder_1s.settings import Settings, SymbolRules
from tapeline.compute.windows import NO_VOLUME, traded, unpacked, window_of
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.contracts.messages import Bar
from tapeline.contracts.money import BP
from tapeline.contracts.states.bar_builder_1s import ClosedMinute, SymbolWindows
from tapeline.market.phases import CLOSING_AUCTION, PRE_OPEN, Phase, PhaseClock

WIDTH_NS = SECOND_NS

NEVER_NS = 2**63
"""Later than any time: nothing is open, so nothing is due."""

AUCTIONS = (PRE_OPEN, CLOSING_AUCTION)

Trades = list[int]
"""Trade ticks of a window, ascending, without repeats, at least one. Each is four integers, its
identity and its rank: event_ns - start_ns of the window, day_volume or NO_VOLUME, last_price_e4,
last_qty. The first is the open, the last the close. They stand in a saved state as they are here,
since every trade of a session is saved."""

FIELDS = 4
"""Integers of a trade."""

LAST_TIME, LAST_VOLUME, LAST_PRICE = -4, -3, -2
"""Places of the last trade's fields."""

Issue = tuple[int, Literal["WATERMARK", "FEED_END", "LATE_TICK"], bool]
"""What makes a revision of a bar: its at_ns, its cause, and whether it is final, that is, whether
the watermark has passed the window's end."""

_START = attrgetter("start_ns")


def minute_key(symbol: str, minute: int) -> str:
    """Key of the state entry of a symbol's closed windows that start in a UTC minute."""
    return f"{symbol}/{minute}"


class Window(msgspec.Struct, gc=False):
    """One window; open until its bar is issued, then closed.

    A Struct because one is made for nearly every tick: it is made three times as fast as a class
    of this language, and the garbage collector need not visit it (it is part of no cycle).
    """

    start_ns: int
    end_ns: int
    phase: Phase
    trades: Trades
    rev: int = 0

    def add(self, trade: Trades) -> bool:
        """Takes a trade; False when it holds it already."""
        # The exchange may send its time in whole seconds: then all of a window have the same.
        if trade > self.trades[-FIELDS:]:
            self.trades += trade
            return True
        held = [self.trades[at : at + FIELDS] for at in range(0, len(self.trades), FIELDS)]
        at = bisect_left(held, trade)
        if at < len(held) and held[at] == trade:
            return False
        self.trades[at * FIELDS : at * FIELDS] = trade
        return True


def bar_of(symbol: str, window: Window, cum_open: int, partial: bool, issue: Issue) -> Bar:
    """The present revision of a window's bar.

    Args:
        symbol: its symbol.
        window: the window.
        cum_open: cumulative volume of the day before it, shares; NO_VOLUME for an index.
        partial: whether `cum_open` is only an upper bound.
        issue: what made this revision.
    """
    trades, start_ns = window.trades, window.start_ns
    prices_e4 = trades[LAST_PRICE % FIELDS :: FIELDS]
    before, after = unpacked(cum_open), unpacked(trades[LAST_VOLUME])
    at_ns, cause, final = issue
    # By place, in the order of the schema: by name it takes half as long again as all the rest.
    return Bar(
        at_ns,
        symbol,
        "1s",
        start_ns,
        window.end_ns,
        window.phase.name,
        prices_e4[0],
        max(prices_e4),
        min(prices_e4),
        prices_e4[-1],
        traded(before, after),
        len(prices_e4),
        before,
        after,
        start_ns + trades[0],
        start_ns + trades[LAST_TIME],
        window.rev,
        final,
        partial,
        cause,
    )


class SymbolBars:
    """State of one symbol.

    Args:
        symbol: its name.
        rules: what is fixed for it.
        clock: phases of its class.
        settings: settings of the stage.
    """

    __slots__ = (
        "_clock",
        "_rules",
        "_seen_by_ns",
        "_settings",
        "base_e4",
        "base_high_e4",
        "base_low_e4",
        "closed",
        "day",
        "due_ns",
        "first_ns",
        "has_volume",
        "minute",
        "minute_key",
        "newest",
        "open",
        "symbol",
        "watermark_ns",
    )

    def __init__(
        self, symbol: str, rules: SymbolRules, clock: PhaseClock, settings: Settings
    ) -> None:
        self.symbol = symbol
        self.has_volume = rules.has_volume
        self.first_ns = NEVER_NS
        self.watermark_ns = 0
        self.day = -1
        self.open: list[Window] = []
        self.newest: Window | None = None
        """Last of `open`: where the next tick most likely belongs."""
        self.closed: list[Window] = []
        """Ascending; the first stays when its horizon has passed: it is the next one's baseline."""
        self.due_ns = NEVER_NS
        """End of the oldest open window."""
        self._rules = rules
        self._clock = clock
        self._settings = settings
        self._seen_by_ns = _seen_by(
            clock.phases,
            settings.clipped_days[rules.instrument_class],
            settings.baseline_wait_s,
        )
        self.minute = -1
        self.minute_key = ""
        """Key of the state entry that holds the newest closed window."""
        self._set_base(rules.prev_close_e4)

    def phase_at(self, event_ns: int) -> Phase | None:
        """Phase that holds a time; its day, when new, moves the centre of the price band."""
        phase = self._clock.at(event_ns)
        if phase is None:
            return None
        if phase.day > self.day:
            self.day = phase.day
            if self.closed:
                self._set_base(self.closed[-1].trades[LAST_PRICE])
        return phase

    def believes(self, price_e4: int, phase: Phase) -> bool:
        """Whether a price outside the band of the day's base lies in that of the last bar.

        In an auction, and before the day's first bar, the wide auction band holds. The last closed
        window is the reference, not the last tick, so that no order of arrival matters.
        """
        reference = self.closed[-1].trades[LAST_PRICE] if self.closed else self.base_e4
        discovers = not self.closed or self.closed[-1].phase.day != phase.day
        band_bp = self._rules.band_bp
        if discovers or phase.name in AUCTIONS:
            band_bp = max(band_bp, self._settings.auction_band_bp)
        return abs(price_e4 - reference) * BP <= reference * band_bp

    def place(self, window: Window) -> bool:
        """Adds a window of one trade to the open ones, or its trade to the one already there.

        Returns:
            False when the trade was there already.
        """
        windows = self.open
        if windows and window.start_ns > windows[-1].start_ns:
            windows.append(window)
            self.newest = window
            return True
        at = bisect_left(windows, window.start_ns, key=_START)
        if at < len(windows) and windows[at].start_ns == window.start_ns:
            return windows[at].add(window.trades)
        windows.insert(at, window)
        self.newest = windows[-1]
        self.due_ns = windows[0].end_ns
        return True

    def correct(self, late: Window, feed_first_ns: int) -> list[int]:
        """Adds a late window of one trade to the closed ones, or its trade to the one there.

        Args:
            late: the window with this trade alone.
            feed_first_ns: see `baseline`.

        Returns:
            Places in `closed` of the bars that changed, ascending: the window's, and the next one's
            when its baseline did. Empty when the trade was there already.
        """
        closed = self.closed
        at = bisect_left(closed, late.start_ns, key=_START)
        known = at < len(closed) and closed[at].start_ns == late.start_ns
        after = at + 1 if known else at
        before = self.baseline(after, feed_first_ns) if after < len(closed) else None
        if not known:
            closed.insert(at, late)
            self.turn_minute()
        elif closed[at].add(late.trades):
            closed[at].rev += 1
        else:
            return []
        if before is None or before == self.baseline(at + 1, feed_first_ns):
            return [at]
        closed[at + 1].rev += 1
        return [at, at + 1]

    def baseline(self, at: int, feed_first_ns: int) -> tuple[int, bool]:
        """Cumulative volume before `closed[at]` (NO_VOLUME for an index), and whether that is only
        an upper bound.

        Args:
            at: place in `closed`.
            feed_first_ns: when the first heartbeat was received. UTC nanoseconds.
        """
        window = self.closed[at]
        day = window.phase.day
        if at:
            previous = self.closed[at - 1]
            if previous.phase.day == day:
                return previous.trades[LAST_VOLUME], False
        if not self.has_volume:
            return NO_VOLUME, False
        if min(self.first_ns, feed_first_ns) <= self._seen_by_ns.get(day, -1):
            return 0, False
        return window.trades[1], True

    def turn_minute(self) -> None:
        """Notes in which minute the newest closed window starts."""
        self.minute = self.closed[-1].start_ns // MINUTE_NS
        self.minute_key = minute_key(self.symbol, self.minute)

    def prune(self, limit_ns: int) -> list[str]:
        """Forgets whole minutes of closed windows, but for the last, which is the baseline.

        Args:
            limit_ns: no window that ends at or before this can be corrected any more.

        Returns:
            Keys of the entries that no longer exist, ascending.
        """
        closed = self.closed
        gone = bisect_left(closed, (limit_ns - WIDTH_NS) // MINUTE_NS * MINUTE_NS, key=_START)
        if not gone:
            return []
        kept_minute = closed[gone - 1].start_ns // MINUTE_NS
        gone = bisect_left(closed, kept_minute * MINUTE_NS, key=_START)
        minutes = sorted({window.start_ns // MINUTE_NS for window in closed[:gone]})
        del closed[:gone]
        return [minute_key(self.symbol, minute) for minute in minutes]

    def minutes(self) -> list[int]:
        """UTC minutes that have closed windows, ascending."""
        return sorted({window.start_ns // MINUTE_NS for window in self.closed})

    def entry(self) -> SymbolWindows:
        """The symbol's own state entry."""
        numbers: list[int] = []
        for window in self.open:
            numbers.append(window.start_ns)
            _pack(window.trades, numbers)
        return SymbolWindows(
            first_ns=self.first_ns,
            watermark_ns=self.watermark_ns,
            day=self.day,
            base_e4=self.base_e4,
            open=tuple(numbers),
        )

    def load(self, entry: SymbolWindows) -> None:
        """Inverse of `entry`."""
        self.first_ns = entry.first_ns
        self.watermark_ns = entry.watermark_ns
        self.day = entry.day
        self._set_base(entry.base_e4)
        numbers, at = entry.open, 0
        while at < len(numbers):
            start_ns = numbers[at]
            trades, at = _unpacked(numbers, at + 1)
            self.open.append(Window(*self._bounds(start_ns), trades))
        if self.open:
            self.newest = self.open[-1]
            self.due_ns = self.open[0].end_ns

    def minute_entry(self, minute: int) -> ClosedMinute | None:
        """State entry of the closed windows that start in a UTC minute."""
        closed = self.closed
        first = bisect_left(closed, minute * MINUTE_NS, key=_START)
        last = bisect_left(closed, (minute + 1) * MINUTE_NS, key=_START)
        numbers: list[int] = []
        for window in closed[first:last]:
            numbers += (window.start_ns, window.rev)
            _pack(window.trades, numbers)
        return ClosedMinute(windows=tuple(numbers)) if numbers else None

    def load_minute(self, entry: ClosedMinute) -> None:
        """Inverse of `minute_entry`; minutes may come in any order."""
        numbers, at = entry.windows, 0
        while at < len(numbers):
            start_ns = numbers[at]
            trades, end = _unpacked(numbers, at + 2)
            window = Window(*self._bounds(start_ns), trades)
            window.rev = numbers[at + 1]
            self.closed.append(window)
            at = end
        self.closed.sort(key=_START)
        self.turn_minute()

    def _bounds(self, start_ns: int) -> tuple[int, int, Phase]:
        phase = self._clock.at(start_ns)
        assert phase is not None, f"{self.symbol}: saved window {start_ns} lies in no phase"
        return *window_of(phase, start_ns, WIDTH_NS), phase

    def _set_base(self, base_e4: int) -> None:
        """Precomputes the band around the day's base: most ticks need no more than that."""
        reach_e4 = base_e4 * self._rules.band_bp // BP
        self.base_e4 = base_e4
        self.base_low_e4 = base_e4 - reach_e4
        self.base_high_e4 = base_e4 + reach_e4


def _seen_by(phases: tuple[Phase, ...], clipped: tuple[int, ...], wait_s: int) -> dict[int, int]:
    """By day: the latest first event from which the day's volume is known to start at zero."""
    starts_ns: dict[int, int] = {}
    for phase in phases:
        starts_ns.setdefault(phase.day, phase.start_ns + wait_s * SECOND_NS)
    return {day: start for day, start in starts_ns.items() if day not in clipped}


def _pack(trades: Trades, numbers: list[int]) -> None:
    """Adds the trades of a window: their count, then the trades."""
    numbers.append(len(trades) // FIELDS)
    numbers += trades


def _unpacked(numbers: Sequence[int], at: int) -> tuple[Trades, int]:
    """Trades packed from place `at` on, and the place behind them."""
    first = at + 1
    end = first + FIELDS * numbers[at]
    assert end <= len(numbers), "a saved window lacks trades"
    return list(numbers[first:end]), end
