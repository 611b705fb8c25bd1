"""Session time of a stream: through all phases of a market in so many lines."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.market.phases import Phase

GAPS_S = (2, 30, 61, 61, 301, 900)

GRIDS_NS = (1, 1, MS_NS, 250 * MS_NS, 500 * MS_NS)
"""On a coarse grid times often equal each other, and the edges of windows."""


class Pace:
    """Goes from phase to phase: mostly steadily, sometimes by a gap, sometimes back.

    Args:
        phases: of the market, in time order.
        count: lines of the stream.
        dice: everything random comes from here.
        rough: how often time does something odd, 0 to 1.
        first_ns: time of the first line, from the start of the first phase.
    """

    def __init__(
        self,
        phases: Sequence[Phase],
        count: int,
        dice: random.Random,
        rough: float,
        first_ns: int = -60 * SECOND_NS,
    ) -> None:
        self._phases = phases
        self._dice = dice
        self._rough = rough
        self._at = 0
        self._ns = phases[0].start_ns + first_ns
        self._grid_ns = dice.choice(GRIDS_NS)
        self._begun = False
        lasts_ns = sum(phase.end_ns - phase.start_ns + SECOND_NS for phase in phases)
        self._step_ns = 1.05 * lasts_ns / count
        """Some lines are left when the last phase ends."""
        self._factor = 1.0

    @property
    def now_ns(self) -> int:
        """The present, UTC nanoseconds."""
        return self._ns - self._ns % self._grid_ns

    @property
    def phase(self) -> Phase:
        """The phase of the present, or the last one before it."""
        return self._phases[self._at]

    @property
    def over(self) -> bool:
        """Whether the last phase has ended."""
        return self._ns >= self._phases[-1].end_ns

    def move(self) -> bool:
        """Time goes on, but for the first line; True when a new phase begins."""
        self._begun, is_first = True, not self._begun
        if is_first:
            return False
        roll = self._dice.random()
        if roll < 0.002:
            self._factor = self._dice.choice((0, 0.1, 0.5, 1, 1, 1, 3))
        if roll < 0.000_1 * self._rough:
            self._ns += self._dice.choice(GAPS_S) * SECOND_NS
        elif roll < 0.01 * self._rough:
            self._ns -= self._dice.randrange(3 * SECOND_NS)
        elif self.over:
            self._ns += self._dice.randrange(10 * MS_NS)
        else:
            self._ns += int(self._step_ns * self._factor * 2 * self._dice.random())
        return self._enter()

    def _enter(self) -> bool:
        """Shortly after its end a phase gives way to the next, often at its very beginning."""
        late_ns = self._dice.choice((0, SECOND_NS, 20 * SECOND_NS))
        if self._ns < self.phase.end_ns + late_ns or self._at + 1 == len(self._phases):
            return False
        self._at += 1
        self._factor = 1.0
        if self._ns < self.phase.start_ns:
            early_ns = self._dice.choice((0, 0, SECOND_NS, 120 * SECOND_NS))
            self._ns = max(self._ns, self.phase.start_ns - early_ns)
        return True
