"""Runs the ingestion source of a virtual-time session as a stage without inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from tapeline.contracts.clock import SECOND_NS
from tapeline.runner.log import END_OF_TIME_NS, Committed, Log
from tapeline.runner.loop import AfterStep
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.publish import publish
from tapeline.runner.stage import Output
from tapeline.runner.wiring import Wiring

SLICE_NS = 10 * SECOND_NS
"""Session time of one commit: some hundred ticks, so that the first results show at once."""


class Source(Protocol):
    """See ingestion/source.py."""

    def slice(self, until_ns: int) -> Sequence[Output]: ...
    def next_ns(self) -> int | None: ...


class SourceRunner:
    """Publishes a source slice by slice; a restart skips what was committed.

    Args:
        source: pure function of settings and seed.
        wiring: its outputs; no inputs.
        log: the log that joins the stages.
        end_ns: session time at which the session ends.
        may_read_ahead: back-pressure: false while a stage is too far behind this time.
    """

    name = "ingestion"

    def __init__(
        self,
        source: Source,
        wiring: Wiring,
        log: Log,
        end_ns: int,
        may_read_ahead: Callable[[int], bool],
        after_step: AfterStep | None = None,
    ) -> None:
        self.wiring = wiring
        self.stats = Stats()
        self.horizon_ns = -1
        self._source = source
        self._log = log
        self._end_ns = end_ns
        self._may_read_ahead = may_read_ahead
        self._after = after_step or (lambda _step: None)
        self._epoch = log.register(wiring.group)
        committed = log.committed(wiring.group)
        if committed is not None:
            source.slice(committed.horizon_ns)
            self.horizon_ns = committed.horizon_ns

    def cycle(self) -> Progress:
        """Publishes the next slice."""
        if self.horizon_ns >= self._end_ns or not self._may_read_ahead(self.horizon_ns):
            return Progress.NONE
        started = perf_counter()
        next_ns = self._source.next_ns()
        until_ns = self._end_ns if next_ns is None else min(next_ns + SLICE_NS, self._end_ns)
        transaction = self._log.transaction(self.wiring.group, self._epoch)
        outputs = self._source.slice(until_ns)
        self._after(3)
        publish(outputs, self.wiring, transaction, self.stats.outputs)
        self._after(4)
        done = END_OF_TIME_NS if until_ns >= self._end_ns else until_ns
        for target in self.wiring.targets.values():
            for partition in target.own:
                transaction.advance(target.topic, partition, done)
        transaction.save(self.wiring.group, Committed({}, until_ns), None)
        self._after(6)
        transaction.commit()
        self._after(7)
        self.horizon_ns = until_ns
        self.stats.events += len(outputs)
        self.stats.commits += 1
        self.stats.horizon_ns = until_ns
        self.stats.busy_s += perf_counter() - started
        return Progress.WORK

    def next_ns(self) -> int | None:
        """Time of the next record; None when the source is exhausted."""
        return None if self.horizon_ns >= self._end_ns else self._source.next_ns()

    def lift(self, until_ns: int) -> None:
        """A source has no feedback edges."""

    def close(self) -> None:
        """Holds nothing but memory."""

    def snapshot(self) -> None:
        """A source has no state but its position, which each commit holds."""
