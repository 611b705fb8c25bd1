"""Market phases: the half-open intervals of a day in which a class of instruments trades."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

PRE_OPEN = "pre_open"
CONTINUOUS = "continuous"
CLOSING_AUCTION = "closing_auction"
CLOSING_PRICE = "closing_price"
"""The exchange computes the close: no orders, but prints stamped in the first seconds after the end
of continuous trading lie here."""
POST_CLOSE = "post_close"


class Phase(NamedTuple):
    """One phase of one trading day: [start_ns, end_ns), UTC nanoseconds."""

    start_ns: int
    end_ns: int
    name: str
    """pre_open, continuous, closing_auction, closing_price or post_close."""
    day: int
    """Indian calendar day, days since 1970-01-01; cumulative volume restarts when it changes."""


class PhaseClock:
    """Finds the phase that holds a time, fast when times mostly advance.

    Args:
        phases: in time order, without overlap; all days of the session.
    """

    __slots__ = ("_at", "phases")

    def __init__(self, phases: tuple[Phase, ...]) -> None:
        for before, after in pairwise(phases):
            assert before.start_ns < before.end_ns <= after.start_ns, (before, after)
        self.phases = phases
        self._at = 0

    def at(self, ns: int) -> Phase | None:
        """Phase that holds `ns`, None when the market is closed then."""
        phases = self.phases
        if not phases:
            return None
        phase = phases[self._at]
        if phase.start_ns <= ns < phase.end_ns:
            return phase
        for index, candidate in enumerate(phases):
            if candidate.start_ns <= ns < candidate.end_ns:
                self._at = index
                return candidate
        return None
