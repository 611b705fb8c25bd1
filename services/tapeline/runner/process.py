"""Runs the tasks of one stage in a process of their own, on a log that outlives it.

The consumer group decides which tasks run here. A task is built when all its partitions are
granted: it fences its predecessor, restores its state and goes on behind the last commit. When a
commit is given up (a rebalance in its middle, a broker that went away) the task is built again.
"""

from __future__ import annotations

import time
from collections import Counter
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

LIVE_REST_S = 0.015
"""Pause of a live source behind each commit: it then commits some 50 times a second instead of 120.
The brokers spend 40 % less processor time on the session, and orders come no later."""

BUSY_WAIT_S = 0.001
"""Wait while a source has nothing to publish."""

CLOCK_WAIT_S = 0.005
"""Longest wait for a message in real time: how late a timer may be."""

ASK_S = 0.5
"""Between two looks at what other replicas have committed."""

REBUILD_PAUSE_S = 0.2
REBUILDS_MAX = 20
"""Failures in a row, without a commit between them, after which the process gives up; its
supervisor starts it again with longer pauses."""

SAVE_S = 8.0
"""A process that is asked to stop is killed after 10 s; to save its state takes well under one."""

log = structlog.get_logger()


class Task(Runnable, Protocol):
    """A replica of a stage that can be asked to save its state."""

    def snapshot(self) -> None: ...
    def close(self) -> None:
        """Frees what the task holds; nothing is saved."""
        ...


class StageProcess:
    """The tasks of a stage that run in this process.

    Args:
        kafka: the log.
        wirings: every task of the stage.
        build: makes a task that goes on behind its last commit.
        is_done: whether a task of this process has reached the session's end.
        has_ended: whether a task of another replica has, by what it has committed.
        keeps_time: whether a task has work without new records: sources, clocks.
    """

    def __init__(
        self,
        kafka: KafkaLog,
        wirings: Sequence[Wiring],
        build: Callable[[Wiring], Task],
        is_done: Callable[[Task], bool],
        has_ended: Callable[[Wiring], bool],
        *,
        keeps_time: bool,
    ) -> None:
        self.tasks: dict[str, Task] = {}
        self.stopping = False
        """Set from a signal handler: the present commit is finished, the state is saved."""
        self.rest_s = 0.0
        """Pause behind a turn that did work."""
        self._kafka = kafka
        self._wirings = list(wirings)
        self._build = build
        self._is_done = is_done
        self._has_ended = has_ended
        self._ask_s = 0.0
        self._keeps_time = keeps_time
        self._failures: Counter[str] = Counter()
        """By task: failures since its last commit."""
        self._commits: dict[str, int] = {}
        self._ready = False
        self._ended: set[str] = set()

    def why_not_ready(self) -> str | None:
        """None once every task that this process was granted runs."""
        if self._ready:
            return None
        if self._failures.total():
            return "a task is being built again after a failure; the log says why"
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
            if worked and self.rest_s:
                time.sleep(self.rest_s)
            for name, task in list(self.tasks.items()):
                self._look(name, task)
            if self._ended >= set(self.tasks) and self._all_ended():
                break
        ended = not self.stopping
        self._save()
        for task in self.tasks.values():
            task.close()
        return ended

    def _save(self) -> None:
        """Saves the state of every task, so that a successor has nothing to replay.

        A task whose last commit was given up is built again and saved then.

        Raises:
            AbortedError: that was not done within SAVE_S; a successor replays what is missing.
        """
        left, until_s = {*self.tasks, *self._failures} - self._ended, time.monotonic() + SAVE_S
        # To build a task again is to wait for records.
        self._kafka.stopping = False
        while left:
            for name in sorted(left & self.tasks.keys()):
                if self._attempt(name, self.tasks[name].snapshot):
                    left.remove(name)
            if left:
                self._kafka.fetch(CLOCK_WAIT_S)
                self._arrange()
                left &= {w.group for w in self._wirings if self._is_granted(w)}
            if left and time.monotonic() > until_s:
                raise AbortedError(f"the state of {', '.join(sorted(left))} was not saved")

    def _is_granted(self, wiring: Wiring) -> bool:
        return set(wiring.input_places()) <= self._kafka.granted

    def _all_ended(self) -> bool:
        """Whether the tasks of other replicas have ended too: they may yet come to this one."""
        others = [w for w in self._wirings if w.group not in self._ended]
        if not others:
            return True
        now_s = time.monotonic()
        if not self._kafka.reads or now_s < self._ask_s:
            return False
        self._ask_s = now_s + ASK_S
        return all(self._has_ended(wiring) for wiring in others)

    def _patience_s(self) -> float:
        if not self._keeps_time:
            return FETCH_WAIT_S
        if not self._kafka.reads:
            time.sleep(BUSY_WAIT_S)
        return CLOCK_WAIT_S

    def _turn(self, name: str, task: Task) -> bool:
        progress = Progress.NONE

        def cycle() -> None:
            nonlocal progress
            progress = task.cycle()

        if not self._attempt(name, cycle):
            return False
        if task.stats.commits > self._commits[name]:
            self._commits[name] = task.stats.commits
            self._failures.pop(name, None)
        return progress is Progress.WORK

    def _look(self, name: str, task: Task) -> None:
        """Saves the state of a task that has ended."""
        done = False

        def look() -> None:
            nonlocal done
            done = self._is_done(task)
            if done:
                task.snapshot()

        if name not in self._ended and self._attempt(name, look) and done:
            self._ended.add(name)
            log.info("task.ended", task=name, horizon_ns=task.horizon_ns)

    def _arrange(self) -> None:
        """Builds tasks whose partitions were granted, drops those whose were taken away."""
        if not self._kafka.granted_changed:
            return
        self._kafka.granted_changed = False
        for wiring in self._wirings:
            name, granted = wiring.group, self._is_granted(wiring)
            # Partitions may be taken away and granted again between two looks.
            if name in self.tasks and not self._kafka.holds(wiring):
                log.info("task.revoked", task=name)
                self._drop(wiring)
            if granted and name not in self.tasks:
                self._start(wiring)
        self._ready = bool(self.tasks) and not self._kafka.granted_changed

    def _start(self, wiring: Wiring) -> None:
        task = None

        def build() -> None:
            nonlocal task
            task = self._build(wiring)

        if self._attempt(wiring.group, build) and task is not None:
            self.tasks[wiring.group] = task
            self._commits[wiring.group] = 0
            log.info(
                "task.started",
                task=wiring.group,
                horizon_ns=task.horizon_ns,
                replayed=task.stats.replayed,
            )

    def _drop(self, wiring: Wiring) -> None:
        task = self.tasks.pop(wiring.group, None)
        if task is not None:
            task.close()
        self._kafka.leave(wiring)

    def _attempt(self, name: str, act: Callable[[], None]) -> bool:
        """Runs a step of a task; what can be mended by building it again, is."""
        try:
            act()
        except (AbortedError, TransientError) as error:
            self._failures[name] += 1
            if self._failures[name] > REBUILDS_MAX:
                raise
            log.warning("task.rebuilt", task=name, why=str(error), failures=self._failures[name])
            self._ready = False
            self._drop(next(w for w in self._wirings if w.group == name))
            self._kafka.granted_changed = True
            time.sleep(REBUILD_PAUSE_S)
            return False
        return True
