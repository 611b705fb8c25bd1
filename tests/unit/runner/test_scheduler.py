"""The scheduler: any order of the stages, jumps over idle time, and a stall that names stages."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tapeline.runner.progress import Progress, Stats
from tapeline.runner.scheduler import Scheduler, StalledError

FEEDBACK_NS = 100
END_NS = 10_000


class Worker:
    """A replica that handles events at given times, each once it has been lifted past it.

    Args:
        name: its name.
        times: when its events are, ascending.
        seen: (name, time) of each event that any worker handled, in order.
        needs_lift: whether an event waits for feedback; otherwise it is ready at once.
    """

    def __init__(
        self,
        name: str,
        times: list[int],
        seen: list[tuple[str, int]],
        *,
        needs_lift: bool = True,
    ) -> None:
        self.name = name
        self.stats = Stats()
        self.horizon_ns = -1
        self.lifts: list[int] = []
        self._times = list(times)
        self._seen = seen
        self._needs_lift = needs_lift

    def cycle(self) -> Progress:
        limit = self.lifts[-1] if self.lifts else -1
        if self._times and (not self._needs_lift or self._times[0] <= limit):
            self.horizon_ns = self._times.pop(0)
            self._seen.append((self.name, self.horizon_ns))
            return Progress.WORK
        if limit > self.horizon_ns:
            self.horizon_ns = limit
            return Progress.TIME
        return Progress.NONE

    def next_ns(self) -> int | None:
        return self._times[0] if self._times else None

    def lift(self, until_ns: int) -> None:
        self.lifts.append(until_ns)


def scheduler(
    workers: list[Worker],
    shuffle: random.Random | None = None,
    on_round: Callable[[], bool] = lambda: True,
) -> Scheduler:
    return Scheduler(workers, FEEDBACK_NS, END_NS, shuffle, on_round)


def test_a_lift_reaches_one_feedback_latency_past_the_earliest_event_that_waits() -> None:
    seen: list[tuple[str, int]] = []
    first, second = Worker("first", [50], seen), Worker("second", [70, 400], seen)

    assert scheduler([first, second]).run()

    assert first.lifts == second.lifts == [149, 499]
    assert seen == [("first", 50), ("second", 70), ("second", 400)]


def test_idle_time_is_jumped_over_in_one_lift() -> None:
    seen: list[tuple[str, int]] = []
    worker = Worker("worker", [9_000], seen)

    assert scheduler([worker]).run()

    assert worker.lifts == [9_099]


def test_what_waits_after_the_end_is_left() -> None:
    seen: list[tuple[str, int]] = []
    worker = Worker("worker", [END_NS + 1], seen)

    assert scheduler([worker]).run()

    assert (seen, worker.lifts) == ([], [])


def test_without_work_the_run_ends_at_once() -> None:
    rounds = []

    assert scheduler([], on_round=lambda: not rounds.append(1)).run()

    assert len(rounds) == 1


class Stuck(Worker):
    """Holds an event that it never handles."""

    def cycle(self) -> Progress:
        return Progress.NONE


def test_a_stall_names_every_stage_and_its_time() -> None:
    stuck, idle = Stuck("oms", [50], []), Worker("recon", [], [])
    idle.horizon_ns = 9_999

    with pytest.raises(StalledError) as caught:
        scheduler([stuck, idle]).run()

    assert str(caught.value) == (
        "an event at 50 waits and no stage advances: oms at -1, recon at 9999"
    )


def test_time_that_moves_is_no_stall() -> None:
    """A stage whose time moves by itself may yet release the event."""
    seen: list[tuple[str, int]] = []

    class Slow(Worker):
        turns = 0

        def cycle(self) -> Progress:
            self.turns += 1
            return Progress.TIME if self.turns < 5 else super().cycle()

    slow = Slow("slow", [50], seen)

    assert scheduler([slow]).run()
    assert (seen, slow.lifts) == ([("slow", 50)], [149])


@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_request_to_stop_ends_the_run_between_two_rounds(after: int) -> None:
    seen: list[tuple[str, int]] = []
    left = [after]

    def keep_on() -> bool:
        left[0] -= 1
        return left[0] >= 0

    worker = Worker("worker", list(range(100)), seen, needs_lift=False)

    assert not scheduler([worker], on_round=keep_on).run()
    assert len(seen) == after


def test_every_shuffle_handles_the_same_events() -> None:
    def run(shuffle: random.Random | None) -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []
        workers = [
            Worker("source", list(range(0, 3_000, 7)), seen, needs_lift=False),
            Worker("oms", list(range(5, 3_000, 31)), seen),
            Worker("guard", list(range(9, 3_000, 53)), seen),
        ]
        assert scheduler(workers, shuffle).run()
        return seen

    in_turn = run(None)
    orders = {tuple(run(random.Random(seed))) for seed in range(10)}

    assert all(sorted(order) == sorted(in_turn) for order in orders)
    assert len(orders) > 1, "the shuffles must try different orders"


def test_a_shuffled_round_ends_at_the_first_work() -> None:
    """So that a stage may fall behind the others by any number of turns."""
    seen: list[tuple[str, int]] = []
    workers = [Worker(name, list(range(50)), seen, needs_lift=False) for name in "ab"]
    rounds = []

    scheduler(workers, random.Random(1), lambda: not rounds.append(1)).run()

    assert len(seen) == 100
    assert len(rounds) == 101
