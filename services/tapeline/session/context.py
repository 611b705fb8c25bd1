"""What a manifest resolves to: everything that a stage's settings are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.market.charges import ChargeTable
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.session.manifest import SessionSpec
from tapeline.session.pipeline import Pipeline

DRAIN_NS = 120 * SECOND_NS
"""Session time after the last phase: the matcher expires day orders, reports cross the feedback
edges (1 s each), reconciliation makes its last run. Each takes seconds; 120 s is ample."""


@dataclass(frozen=True)
class SessionContext:
    """A resolved session; frozen, and the same for every stage."""

    name: str
    spec: SessionSpec
    seed: int
    pipeline: Pipeline
    instruments: dict[str, Instrument]
    """By symbol, in symbol order."""
    phases: dict[str, tuple[Phase, ...]]
    """By instrument class: the phases of all days of the session, clipped to its window."""
    charges: ChargeTable
    configs: dict[str, Any]
    """Parsed YAML by file name without suffix: registry, indicators, ensemble, risk_budget."""
    base_dir: Path
    """Folder of the manifest, against which replay files resolve."""
    square_off_ns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By instrument class: when the calendar has intraday positions closed, ascending; days without
    such a time are left out. UTC nanoseconds."""

    @property
    def start_ns(self) -> int:
        """Start of the first phase, UTC nanoseconds."""
        return min(p[0].start_ns for p in self.phases.values() if p)

    @property
    def end_ns(self) -> int:
        """End of the session: the last phase's end and the time to drain. UTC nanoseconds."""
        return max(p[-1].end_ns for p in self.phases.values() if p) + DRAIN_NS

    @property
    def spans_ns(self) -> tuple[tuple[int, int], ...]:
        """For each trading day: from its first phase to its last one's end and the time to drain.

        Nothing happens between them. UTC nanoseconds.
        """
        days: dict[int, tuple[int, int]] = {}
        for phase in (phase for phases in self.phases.values() for phase in phases):
            start, end = days.get(phase.day, (phase.start_ns, 0))
            days[phase.day] = min(start, phase.start_ns), max(end, phase.end_ns + DRAIN_NS)
        return tuple(sorted(days.values()))

    def phases_of(self, symbol: str) -> tuple[Phase, ...]:
        """Phases of a symbol's instrument class."""
        return self.phases[self.instruments[symbol].instrument_class]

    def square_off_of(self, symbol: str) -> tuple[int, ...]:
        """Calendar's square-off times of a symbol's instrument class, UTC nanoseconds."""
        return self.square_off_ns.get(self.instruments[symbol].instrument_class, ())

    def latency_ns(self, stage: str) -> int:
        """Modelled processing time of a stage, nanoseconds."""
        return self.pipeline.stages[stage].latency_us * 1_000

    def drills_ns(self) -> tuple[tuple[int, Any], ...]:
        """Planned control commands with their session times, ascending."""
        planned = [
            (ist_ns(day, drill.at), drill) for day in self.spec.dates for drill in self.spec.drills
        ]
        return tuple(sorted(planned, key=lambda pair: pair[0]))
