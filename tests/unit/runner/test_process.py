"""The tasks of a process: built when granted, dropped when revoked, built again after a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import structlog

from tapeline.runner import process as module
from tapeline.runner.kafka_clients import AbortedError
from tapeline.runner.log import FencedError
from tapeline.runner.process import REBUILDS_MAX, StageProcess
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.wiring import Input, Wiring

END_NS = 100


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "sleep", lambda _s: None)
    monkeypatch.setattr(module, "ASK_S", 0.0)
    monkeypatch.setattr(module, "log", structlog.wrap_logger(structlog.ReturnLogger()))


class Kafka:
    """Grants what a script says, one step with each fetch."""

    reads = True

    def __init__(self, *grants: set[int]) -> None:
        self._grants = list(grants)
        self.last = grants[-1]
        self.granted: set[tuple[str, int]] = set()
        self.granted_changed = True
        self.left: list[str] = []
        self.torn: set[tuple[str, int]] = set()
        self.silent = False
        self.failing: list[Exception] = []

    def holds(self, wiring: Wiring) -> bool:
        return set(wiring.input_places()) <= self.granted - self.torn

    def catch_up(self, producer_id: str) -> None:
        if self.failing:
            raise self.failing.pop()

    def fetch(self, timeout_s: float) -> bool:
        if self._grants:
            self.granted = {("ticks", lane) for lane in self._grants.pop(0)}
            self.granted_changed = True
        return not self.silent

    def leave(self, wiring: Wiring) -> None:
        self.left.append(wiring.group)


class Task:
    """Goes 25 ns further with each cycle."""

    def __init__(self, wiring: Wiring, act: Callable[[], None] = lambda: None) -> None:
        self.name = wiring.stage
        self.wiring = wiring
        self.stats = Stats()
        self.horizon_ns = 0
        self.saved = 0
        self._act = act

    def cycle(self) -> Progress:
        self._act()
        self.horizon_ns += 25
        self.stats.commits += 1
        return Progress.WORK

    def snapshot(self) -> None:
        self.saved += 1

    def close(self) -> None:
        self.closed = True

    def next_ns(self) -> int | None:
        return None

    def lift(self, until_ns: int) -> None: ...


def wiring(lane: int) -> Wiring:
    return Wiring("s", "bars", lane, (Input("ticks", 0, (lane,), feedback=False),), {})


def run(kafka: Kafka, build: Callable[[Wiring], Task], **more: Any) -> tuple[bool, StageProcess]:
    process = StageProcess(
        kafka,  # type: ignore[arg-type]
        [wiring(0), wiring(1)],
        build,  # type: ignore[arg-type]
        lambda task: task.horizon_ns >= END_NS,
        more.pop("has_ended", lambda of: of.replica not in kafka.last),
        keeps_time=False,
        **more,
    )
    return process.run(), process


def test_it_runs_what_it_was_granted_to_the_end_and_saves_the_state() -> None:
    ended, process = run(Kafka(set(), {1}), Task)

    assert ended
    assert list(process.tasks) == ["s.bars.1"]
    (task,) = process.tasks.values()
    assert (task.horizon_ns, task.saved) == (END_NS, 1)
    assert process.why_not_ready() is None


def test_a_task_that_was_taken_away_is_dropped_without_a_last_word() -> None:
    built: list[Task] = []

    def build(of: Wiring) -> Task:
        built.append(Task(of))
        return built[-1]

    kafka = Kafka({0, 1}, {1})
    ended, process = run(kafka, build)

    assert ended
    assert list(process.tasks) == ["s.bars.1"]
    assert kafka.left == ["s.bars.0"]
    assert [task.saved for task in built if task.wiring.replica == 0] == [0]


def test_it_stays_until_the_tasks_of_other_replicas_have_ended_and_takes_them_over() -> None:
    """The other one was stopped in the middle: the group grants its task to this one."""
    ended, process = run(Kafka({0}, {0}, {0}, {0}, {0}, {0, 1}), Task, has_ended=lambda _w: False)

    assert ended
    assert [task.horizon_ns for task in process.tasks.values()] == [END_NS + 125, END_NS]


def test_a_task_whose_partition_was_taken_away_and_granted_again_is_built_again() -> None:
    built: list[Task] = []
    kafka = Kafka({0})

    def build(of: Wiring) -> Task:
        def act() -> None:
            if len(built) == 1:
                kafka.torn = {("ticks", 0)}
                kafka.granted_changed = True

        kafka.torn = set()
        built.append(Task(of, act))
        return built[-1]

    ended, _ = run(kafka, build)

    assert ended
    assert len(built) == 2
    assert kafka.left == ["s.bars.0"]


def test_a_commit_that_was_given_up_builds_the_task_again() -> None:
    built: list[Task] = []

    def build(of: Wiring) -> Task:
        def act() -> None:
            if len(built) < 4:
                raise AbortedError("a rebalance in the middle")

        built.append(Task(of, act))
        return built[-1]

    kafka = Kafka({0})
    ended, process = run(kafka, build)

    assert ended
    assert len(built) == 4
    assert kafka.left == ["s.bars.0"] * 3
    assert process.why_not_ready() is None


def test_watermarks_that_cannot_be_written_build_the_task_again() -> None:
    built: list[Task] = []

    def build(of: Wiring) -> Task:
        built.append(Task(of))
        return built[-1]

    kafka = Kafka({0})
    kafka.silent = True
    kafka.failing = [AbortedError("the broker went away")]
    ended, _ = run(kafka, build)

    assert ended
    assert len(built) == 2
    assert kafka.left == ["s.bars.0"]


def test_one_that_always_fails_ends_the_process() -> None:
    def build(of: Wiring) -> Task:
        raise AbortedError("no coordinator")

    kafka = Kafka({0})
    with pytest.raises(AbortedError, match="no coordinator"):
        run(kafka, build)
    assert len(kafka.left) == REBUILDS_MAX


def test_who_was_fenced_does_not_try_again() -> None:
    def act() -> None:
        raise FencedError("s.bars.0 has a newer owner")

    with pytest.raises(FencedError):
        run(Kafka({0}), lambda of: Task(of, act))


def test_asked_to_stop_it_saves_the_state_and_says_that_the_end_was_not_reached() -> None:
    process = stopped(Kafka({0}), lambda of: Task(of, lambda: setattr(process, "stopping", True)))

    assert process.why_not_ready() == "no partition granted yet; another replica may hold them"
    assert not process.run()
    (task,) = process.tasks.values()
    assert task.saved == 1  # type: ignore[attr-defined]


def test_a_last_commit_that_was_given_up_is_followed_by_one_that_saves_the_state() -> None:
    built: list[Task] = []

    class Torn(Task):
        def snapshot(self) -> None:
            if len(built) < 3:
                raise AbortedError("a rebalance in the middle")
            super().snapshot()

    def build(of: Wiring) -> Task:
        built.append(Torn(of, lambda: setattr(process, "stopping", True)))
        return built[-1]

    process = stopped(Kafka({0}), build)

    assert not process.run()
    assert [task.saved for task in built] == [0, 0, 1]


def test_a_state_that_another_replica_has_taken_is_left_to_it() -> None:
    def act() -> None:
        process.stopping = True
        raise AbortedError("a rebalance in the middle")

    process = stopped(Kafka({0}, {1}), lambda of: Task(of, act))

    assert not process.run()
    assert process.tasks == {}


def test_a_state_that_cannot_be_saved_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def act() -> None:
        process.stopping = True
        raise AbortedError("a rebalance in the middle")

    class Unsaved(Task):
        def snapshot(self) -> None:
            act()

    monkeypatch.setattr(module, "SAVE_S", -1.0)
    process = stopped(Kafka({0}), lambda of: Unsaved(of, act))

    with pytest.raises(AbortedError, match=r"the state of s\.bars\.0 was not saved"):
        process.run()


def stopped(kafka: Kafka, build: Callable[[Wiring], Task]) -> StageProcess:
    """A process of one task, to be asked to stop while it runs."""
    return StageProcess(
        kafka,  # type: ignore[arg-type]
        [wiring(0)],
        build,  # type: ignore[arg-type]
        lambda _task: False,
        lambda _wiring: False,
        keeps_time=False,
    )
