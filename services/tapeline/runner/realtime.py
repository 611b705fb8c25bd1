"""Real time: stages take inputs as they arrive, and write down the order, so that a day replays.

A stage with several inputs publishes to journal.<stage> the place and time of each input it took,
in the transaction of its outputs. Timers need no entry: they fire before the first input whose time
reaches them. Feeding the journal to the stage again gives its outputs byte for byte.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from tapeline.contracts import codec
from tapeline.contracts.messages import Journal
from tapeline.runner.drive import drive
from tapeline.runner.log import END_OF_TIME_NS, Committed, Log, Transaction
from tapeline.runner.loop import StageRunner
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.publish import publish
from tapeline.runner.scheduler import Runnable
from tapeline.runner.stage import Event, Output, StageApp
from tapeline.runner.wiring import Wiring

IDLE_S = 0.001
"""Pause when no stage had work: bounds idle CPU at a few percent and adds at most 1 ms latency."""


class SessionClock:
    """Session time that runs at the speed of the wall clock, or at a multiple of it.

    Args:
        start_ns: session time at the first reading; None = the wall clock itself.
        wall_ns: wall clock, UTC nanoseconds.
        speed: session seconds in a wall second; a live feed needs 1.
        first_ns: wall time of the session's start, shared by its processes; None = now.
    """

    def __init__(
        self,
        start_ns: int | None,
        wall_ns: Callable[[], int] = time.time_ns,
        speed: float = 1.0,
        first_ns: int | None = None,
    ) -> None:
        assert speed > 0
        self._wall_ns = wall_ns
        self._speed = speed
        self._first_ns = wall_ns() if first_ns is None else first_ns
        self._start_ns = self._first_ns if start_ns is None else start_ns

    def __call__(self) -> int:
        """Present session time, UTC nanoseconds."""
        return self._start_ns + int((self._wall_ns() - self._first_ns) * self._speed)

    def sleep(self, session_s: float) -> None:
        """Waits so many seconds of session time."""
        time.sleep(session_s / self._speed)


class RealTimeRunner(StageRunner):
    """One replica of a stage in real time; same commit steps, order of arrival."""

    def _journal(self, events: list[Event], transaction: Transaction) -> None:
        if len(self._merge.buffers) == 1:
            return
        topic = f"journal.{self.app.name}"
        for event in events:
            entry = Journal(
                at_ns=event.at_ns,
                topic=event.topic,
                partition=event.partition,
                offset=event.position,
            )
            transaction.produce(topic, 0, "", codec.encode(entry))

    def finish(self, end_ns: int) -> None:
        """The session has ended and nothing waits: the last timers fire, and the outputs end."""
        self.flush()
        self.lift(end_ns)
        self.cycle()
        self.flush()
        transaction = self._log.transaction(self.wiring.group, self._epoch)
        end(self.wiring, transaction)
        transaction.commit()


def end(wiring: Wiring, transaction: Transaction) -> None:
    """Says that nothing more will come in the outputs of a replica."""
    for target in wiring.targets.values():
        for partition in target.own:
            transaction.advance(target.topic, partition, END_OF_TIME_NS)


class QueueRunner:
    """Publishes what a real-time source has put into its queue.

    Args:
        drain: takes what waits in the queue, oldest first.
        wiring: outputs of ingestion.
        log: the log that joins the stages.
        clock_ns: session clock.
    """

    name = "ingestion"

    def __init__(
        self,
        drain: Callable[[], Sequence[Output]],
        wiring: Wiring,
        log: Log,
        clock_ns: Callable[[], int],
    ) -> None:
        self.stats = Stats()
        self.horizon_ns = -1
        self._drain = drain
        self._wiring = wiring
        self._log = log
        self._clock_ns = clock_ns
        self._epoch = log.register(wiring.group)

    def cycle(self) -> Progress:
        """Publishes what waits."""
        outputs = self._drain()
        if not outputs:
            return Progress.NONE
        transaction = self._log.transaction(self._wiring.group, self._epoch)
        publish(outputs, self._wiring, transaction, self.stats.outputs)
        self.horizon_ns = self._clock_ns()
        transaction.save(self._wiring.group, Committed({}, self.horizon_ns), None)
        transaction.commit()
        self.stats.events += len(outputs)
        self.stats.commits += 1
        return Progress.WORK

    def finish(self, end_ns: int) -> None:
        """The session has ended: publishes what waits, and the end."""
        self.cycle()
        transaction = self._log.transaction(self._wiring.group, self._epoch)
        end(self._wiring, transaction)
        transaction.commit()
        self.horizon_ns = end_ns

    def close(self) -> None:
        """Holds nothing but memory."""

    def snapshot(self) -> None:
        """Publishes what waits."""
        self.cycle()

    def next_ns(self) -> int | None:
        """Real time does not wait."""
        return None

    def lift(self, until_ns: int) -> None:
        """No feedback edges."""


def run_until(
    runners: Sequence[Runnable],
    clock_ns: Callable[[], int],
    end_ns: int,
    keep_on: Callable[[], bool],
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Runs stages as their inputs arrive, until the session's end; then drains them.

    A stage with one input takes its time from its records, so that its last timers would wait for
    a record that never comes: at the end each stage's time is moved there, in the order of the
    flow, once everything before it has been handled.

    Returns:
        False when `keep_on` stopped it before the end.
    """
    ended = False
    while not ended and keep_on():
        ended = clock_ns() >= end_ns
        if max(runner.cycle() for runner in runners) is Progress.NONE:
            sleep(IDLE_S)
    _drain(runners)
    if ended:
        for runner in runners:
            runner.lift(end_ns)
            _drain(runners)
    return ended


def _drain(runners: Sequence[Runnable]) -> None:
    while sum(_has_work(runner) for runner in runners):
        pass


def _has_work(runner: Runnable) -> bool:
    before = runner.stats.events
    runner.cycle()
    return runner.stats.events > before


def replay_journal(
    app: StageApp,
    journal: Iterable[Journal],
    fetch: Callable[[str, int, int], bytes],
    until_ns: int,
) -> Iterator[Output]:
    """What a stage publishes when it takes the same inputs in the same order again.

    Args:
        app: the stage, with a new state.
        journal: its journal, in order.
        fetch: bytes of a record: (topic, partition, offset).
        until_ns: timers fire up to here after the last input.
    """
    events = (
        Event(
            entry.at_ns,
            0,
            "",
            entry.offset,
            entry.topic,
            codec.decode(entry.topic, fetch(entry.topic, entry.partition, entry.offset)),
        )
        for entry in journal
    )
    return drive(app, events, until_ns)
