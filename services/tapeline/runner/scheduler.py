"""Runs the stages of a session in one process until virtual time has reached its end.

Any order of the stages gives the same result; `--shuffle` shows it by picking the next stage at
random. When no stage can advance, feedback edges are all that holds time back. Let t be the time of
the earliest event or timer that waits anywhere. Whatever is still to come is caused by an event at
or after t, and needs the feedback latency L to cross a feedback edge: so each of them is complete
up to t + L - 1. Lifting them there lets the event at t go ahead, and jumps over idle time; on Kafka
the stages' watermarks establish the same step by step.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Protocol

from tapeline.runner.progress import Progress, Stats


class Runnable(Protocol):
    """A replica of a stage, as the scheduler sees it."""

    horizon_ns: int
    stats: Stats

    @property
    def name(self) -> str: ...
    def cycle(self) -> Progress: ...
    def next_ns(self) -> int | None: ...
    def lift(self, until_ns: int) -> None: ...


class StalledError(Exception):
    """Time stands still although work waits: a bug in the wiring or in a stage."""


class Scheduler:
    """Round robin in the order of the flow, or random.

    Args:
        runners: replicas in the order of the flow.
        feedback_ns: latency of feedback edges.
        end_ns: session time at which the session ends.
        shuffle: picks the next stage; None = in turn.
        on_round: called once a round; returns False to stop early.
    """

    def __init__(
        self,
        runners: Sequence[Runnable],
        feedback_ns: int,
        end_ns: int,
        shuffle: random.Random | None = None,
        on_round: Callable[[], bool] = lambda: True,
    ) -> None:
        self.runners = list(runners)
        self._feedback_ns = feedback_ns
        self._end_ns = end_ns
        self._shuffle = shuffle
        self._on_round = on_round

    def run(self) -> bool:
        """Runs to the end. Returns False when `on_round` stopped it.

        Raises:
            StalledError: naming each stage and its time.
        """
        lifted_ns = -1
        while self._on_round():
            progress = self._round()
            if progress is Progress.WORK:
                continue
            waiting = self.next_ns()
            if waiting is None or waiting > self._end_ns:
                return True
            if waiting + self._feedback_ns - 1 > lifted_ns:
                lifted_ns = waiting + self._feedback_ns - 1
                for runner in self.runners:
                    runner.lift(lifted_ns)
            elif progress is Progress.NONE:
                times = ", ".join(f"{r.name} at {r.horizon_ns}" for r in self.runners)
                raise StalledError(f"an event at {waiting} waits and no stage advances: {times}")
        return False

    def next_ns(self) -> int | None:
        """Time of the earliest event or timer that waits anywhere."""
        times = (runner.next_ns() for runner in self.runners)
        return min((t for t in times if t is not None), default=None)

    def _round(self) -> Progress:
        """Lets each stage run once; at random, until one has worked.

        When none has worked, every stage has seen every record, so that `next_ns` is the truth.
        """
        runners = self.runners
        if self._shuffle is not None:
            runners = self._shuffle.sample(runners, len(runners))
        most = Progress.NONE
        for runner in runners:
            progress = runner.cycle()
            if progress > most:
                most = progress
                if most is Progress.WORK and self._shuffle is not None:
                    break
        return most
