"""Runs the tasks of one stage in a process of their own, on a log that outlives it.

The consumer group decides which tasks run here. A task is built when all its partitions are
granted: it fences its predecessor, restores its state and goes on behind the last commit. When a
commit is given up (a rebalance in its middle, a broker that went away) the task is built again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import structlog

from tapeline.runner.kafka import KafkaLog
from tapeline.runner.kafka_clients import AbortedError
from tapeline.runner.progress import Progress
from tapeline.runner.scheduler import Runnable
from tapeline.runner.sink import TransientError
from tapeline.runner.wiring import Wiring

FETCH_WAIT_S = 0.1
"""Longest wait for a message: how soon a request to stop is seen."""

BUSY_WAIT_S = 0.001
"""Wait while a task has work of its own, such as a source or a clock."""

REBUILD_PAUSE_S = 0.2
REBUILDS_MAX = 20
"""Failures in a row, without a commit between them, after which the process gives up; its
supervisor starts it again with longer pauses."""

log = structlog.get_logger()


class Task(Runnable, Protocol):
    """A replica of a stage that can be asked to save its state."""

    def snapshot(self) -> None: ...


class StageProcess:
    """The tasks of a stage that run in this process.

    Args:
        kafka: the log.
        wirings: every task of the stage.
        build: makes a task that goes on behind its last commit.
        is_done: whether a task has reached the session's end.
        keeps_time: whether a task has work without new records: sources, clocks.
    """

    def __init__(
        self,
        kafka: KafkaLog,
        wirings: Sequence[Wiring],
        build: Callable[[Wiring], Task],
        is_done: Callable[[Task], bool],
        *,
        keeps_time: bool,
    ) -> None:
        self.tasks: dict[str, Task] = {}
        self.stopping = False
        """Set from a signal handler: the present commit is finished, the state is saved."""
        self._kafka = kafka
        self._wirings = list(wirings)
        self._build = build
        self._is_done = is_done
        self._keeps_time = keeps_time
        self._failures = 0
        self._ready = False
        self._ended: set[str] = set()

    def why_not_ready(self) -> str | None:
        """None once every task that this process was granted runs."""
        if self._failures:
            return "a task is being built again after a failure; the log says why"
        if self._ready:
            return None
        return "no partition granted yet; another replica may hold them"

    def run(self) -> bool:
        """Runs until every task of this process has ended, or until it is asked to stop.

        Returns:
            Whether the session's end was reached.
        """
        worked = False
        while not self.stopping:
            fetched = self._kafka.fetch(0.0 if worked else self._patience_s())
            self._arrange()
            for name in [] if fetched else list(self.tasks):
                self._attempt(name, partial(self._kafka.catch_up, name))
            worked = False
            for name, task in list(self.tasks.items()):
                worked |= self._turn(name, task)
            if self.tasks and all(self._finished(n, t) for n, t in self.tasks.items()):
                break
        ended = not self.stopping
        for name, task in list(self.tasks.items()):
            self._attempt(name, task.snapshot)
        return ended

    def _patience_s(self) -> float:
        if not self._keeps_time:
            return FETCH_WAIT_S
        if not self._kafka.reads:
            time.sleep(BUSY_WAIT_S)
        return BUSY_WAIT_S

    def _turn(self, name: str, task: Task) -> bool:
        progress = Progress.NONE

        def cycle() -> None:
            nonlocal progress
            progress = task.cycle()

        if self._attempt(name, cycle) and progress is not Progress.NONE:
            self._failures = 0
            return progress is Progress.WORK
        return False

    def _finished(self, name: str, task: Task) -> bool:
        if self._is_done(task) and name not in self._ended:
            self._ended.add(name)
            log.info("task.ended", task=name, horizon_ns=task.horizon_ns)
        return name in self._ended

    def _arrange(self) -> None:
        """Builds tasks whose partitions were granted, drops those whose were taken away."""
        if not self._kafka.granted_changed:
            return
        self._kafka.granted_changed = False
        for wiring in self._wirings:
            name, granted = wiring.group, set(wiring.input_places()) <= self._kafka.granted
            if granted and name not in self.tasks:
                self._start(wiring)
            elif not granted and self.tasks.pop(name, None) is not None:
                log.info("task.revoked", task=name)
                self._kafka.leave(wiring)
        self._ready = bool(self.tasks)

    def _start(self, wiring: Wiring) -> None:
        task = None

        def build() -> None:
            nonlocal task
            task = self._build(wiring)

        if self._attempt(wiring.group, build) and task is not None:
            self.tasks[wiring.group] = task
            log.info(
                "task.started",
                task=wiring.group,
                horizon_ns=task.horizon_ns,
                replayed=task.stats.replayed,
            )

    def _attempt(self, name: str, act: Callable[[], None]) -> bool:
        """Runs a step of a task; what can be mended by building it again, is."""
        try:
            act()
        except (AbortedError, TransientError) as error:
            self._failures += 1
            if self._failures > REBUILDS_MAX:
                raise
            log.warning("task.rebuilt", task=name, why=str(error), failures=self._failures)
            self.tasks.pop(name, None)
            self._kafka.leave(next(w for w in self._wirings if w.group == name))
            self._kafka.granted_changed = True
            time.sleep(REBUILD_PAUSE_S)
            return False
        return True
