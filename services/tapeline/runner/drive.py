"""Drives a stage's logic over events in a given order, with its timers: no log, no commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tapeline.runner.loop import TIMERS_IN_A_ROW_MAX
from tapeline.runner.stage import TIMER, Event, Output, StageApp


class Drive:
    """A stage and its present.

    Args:
        app: the stage; its state is new.
    """

    def __init__(self, app: StageApp) -> None:
        self.state: Any = app.new_state()
        self._app = app
        self._now_ns = -1

    def take(self, event: Event) -> Iterator[Output]:
        """Outputs of the timers that are due by then, and of an event."""
        yield from self.timers(event.at_ns)
        self._now_ns = event.at_ns
        yield from self._app.step(self.state, event, self._app.settings)

    def timers(self, until_ns: int) -> Iterator[Output]:
        """Fires what is due up to a time, as StageRunner does: never before the present."""
        for _ in range(TIMERS_IN_A_ROW_MAX):
            due = self.state.timer_ns()
            if due is None or due > until_ns:
                return
            self._now_ns = max(due, self._now_ns)
            timer = Event(self._now_ns, -1, "", 0, TIMER, None)
            yield from self._app.step(self.state, timer, self._app.settings)
        raise AssertionError(f"{self._app.name}: timers do not advance past {self._now_ns}")


def drive(app: StageApp, events: Iterable[Event], until_ns: int) -> Iterator[Output]:
    """What a stage with a new state publishes for events, and for its timers up to a time."""
    driven = Drive(app)
    for event in events:
        yield from driven.take(event)
    yield from driven.timers(until_ns)
