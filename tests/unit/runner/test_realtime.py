"""Real time: order of arrival, the journal, kills at every step, the queue, the clock, the end."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from sys import path as sys_path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

sys_path.insert(0, str(Path(__file__).parent))

import toy

from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Control, Journal
from tapeline.runner import loop
from tapeline.runner.log import FencedError
from tapeline.runner.memory import MemoryLog
from tapeline.runner.merge import Arrival
from tapeline.runner.pace import Pace
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.realtime import (
    QueueRunner,
    RealTimeRunner,
    SessionClock,
    replay_journal,
    run_until,
)
from tapeline.runner.stage import BROADCAST, Event, Output
from tapeline.runner.wiring import Input, Target, Wiring

TOPICS = ("control", "ticks")


class Crash(Exception):
    """Injected."""


class Hands:
    """A clock that a test moves."""

    def __init__(self, now_ns: int = 0) -> None:
        self.now_ns = now_ns

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def two_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the toy stage's messages travel in a second topic."""
    monkeypatch.setitem(codec._DECODERS, "ticks", codec._DECODERS["control"])


def step(state: toy.Adder, event: Event, settings: Any) -> list[Output]:
    """The toy's, with the key of the message: a journal knows only where the record lies."""
    key = "" if event.message is None else event.message.key
    return toy.step(state, replace(event, key=key), settings)


APP = dataclasses.replace(toy.app(), step=step)


def control(number: int, key: str = "A") -> tuple[str, Control]:
    return key, replace(toy.control(number, number), key=key)


def real_time(
    log: MemoryLog, clock: Hands, after_step: Any = None, topics: tuple[str, ...] = TOPICS
) -> RealTimeRunner:
    wired = toy.wiring(topics)
    return RealTimeRunner(APP, wired, log, Arrival(wired.inputs, clock), after_step)


def journal(log: MemoryLog) -> list[Journal]:
    return [codec.decode("journal.adder", value) for value in toy.values(log, "journal.adder")]


def replayed(log: MemoryLog, until_ns: int) -> list[bytes]:
    def fetch(topic: str, partition: int, offset: int) -> bytes:
        return log.held(topic, partition)[offset].value

    outputs = replay_journal(APP, journal(log), fetch, until_ns)
    return [codec.encode(output.message) for output in outputs]


def play(log: MemoryLog, after_step: Any, again: Callable[[], Any]) -> tuple[Any, int]:
    """Publishes to both topics bit by bit and runs the stage, which `again` may stop crashing.

    Returns:
        The last runner, and the number of crashes.
    """
    clock, chance, crashes = Hands(), random.Random(3), 0
    stage = real_time(log, clock, after_step)
    for n in range(60):
        clock.now_ns += chance.randint(1, 90)
        for topic in TOPICS:
            records = [control(n, f"K{chance.randint(0, 3)}") for _ in range(2)]
            toy.publish(log, topic, records, -1)
        try:
            stage.cycle()
        except Crash:
            crashes += 1
            stage = real_time(log, clock, again())
    clock.now_ns += 1_000
    while stage.cycle() is Progress.WORK:
        pass
    return stage, crashes


def quiet(state: toy.Adder, event: Event, settings: Any) -> list[Output]:
    """Causes something at every third record only."""
    caused = step(state, event, settings)
    return caused if event.topic != "" and event.message.value % 3 == 2 else []


@pytest.mark.usefixtures("two_topics")
@pytest.mark.parametrize("patience_s", [0.0, 3_600.0])
def test_events_that_caused_nothing_wait_for_one_that_does(patience_s: float) -> None:
    log, clock = MemoryLog({}), Hands()
    wired = toy.wiring(TOPICS)
    app = dataclasses.replace(APP, step=quiet)
    pace = Pace(50, 100, 50, patience_s)
    stage = RealTimeRunner(app, wired, log, Arrival(wired.inputs, clock), None, pace)
    commits = []
    for n in range(9):
        toy.publish(log, "control", [control(n)], -1)
        stage.cycle()
        commits.append(stage.stats.commits)

    assert commits == ([0, 0, 1, 1, 1, 2, 2, 2, 3] if patience_s else [*range(1, 10)])
    toy.publish(log, "control", [control(9)], -1)
    stage.cycle()
    assert len(journal(log)) == (9 if patience_s else 10)
    stage.snapshot()
    assert len(journal(log)) == 10
    assert real_time(log, clock).state_hash() == stage.state_hash()


@pytest.mark.usefixtures("two_topics")
@pytest.mark.parametrize("step", range(1, 8))
def test_a_kill_after_any_step_takes_every_input_once_and_the_journal_replays_it(step: int) -> None:
    log = MemoryLog({})
    turns = 0

    def crash(at: int) -> None:
        nonlocal turns
        turns += at == step
        if at == step and turns % 4 == 0:
            raise Crash

    stage, crashes = play(log, crash, lambda: crash if turns < 40 else None)

    assert crashes == 10
    taken = [(entry.topic, entry.offset) for entry in journal(log)]
    assert sorted(taken) == sorted((topic, n) for topic in TOPICS for n in range(120))
    for topic in TOPICS:
        offsets = [offset for name, offset in taken if name == topic]
        assert offsets == sorted(offsets), topic
    assert replayed(log, stage.horizon_ns) == toy.values(log)
    assert real_time(log, Hands()).state_hash() == stage.state_hash()


@pytest.mark.usefixtures("two_topics")
def test_with_several_inputs_what_changed_is_saved_with_each_commit_and_nothing_else() -> None:
    log = MemoryLog({})
    stage, _ = play(log, None, lambda: None)
    before = dict(log.state("adder.0"))

    toy.publish(log, "control", [control(1, "K1")], -1)
    stage.cycle()

    after = log.state("adder.0")
    assert loop.SNAPSHOT_KEY not in after
    assert [key for key in after if after[key] != before.get(key)] == ["K1"]
    assert real_time(log, Hands()).stats.replayed == 0


@pytest.mark.usefixtures("two_topics")
def test_bytes_that_fail_their_schema_are_buried_and_the_journal_goes_on() -> None:
    log, clock = MemoryLog({}), Hands(50)
    stage = real_time(log, clock)
    good = control(1)
    toy.publish(log, "control", [good, ("A", b"not json"), good], -1)
    toy.publish(log, "ticks", [("A", b"\xff"), good], -1)
    clock.now_ns = 70
    while stage.cycle() is Progress.WORK:
        pass

    assert sorted((e.topic, e.offset) for e in journal(log)) == [
        ("control", 0),
        ("control", 2),
        ("ticks", 1),
    ]
    assert stage.stats.dead == {"SCHEMA": 2}
    assert log.end("control.dead", 0) == log.end("ticks.dead", 0) == 1
    assert replayed(log, stage.horizon_ns) == toy.values(log)


def test_a_stage_with_one_input_needs_no_journal_and_ignores_the_clock() -> None:
    log = MemoryLog({})
    stage = real_time(log, Hands(10**15), topics=("control",))
    toy.publish(log, "control", [control(40), control(70)], -1)
    toy.drain(stage)

    assert journal(log) == []
    assert stage.horizon_ns == 70
    again = real_time(log, Hands(), topics=("control",))
    assert again.stats.replayed == 2
    assert again.state_hash() == stage.state_hash()


FEED = Wiring(
    "s",
    "ingestion",
    0,
    (),
    {"ticks": Target("ticks", 0, 2, (0, 1)), "control": Target("control", 0, 1, (0,))},
)


def queue_runner(log: MemoryLog, outputs: list[Output], clock: Hands) -> QueueRunner:
    def drain() -> list[Output]:
        taken = list(outputs)
        outputs.clear()
        return taken

    return QueueRunner(drain, FEED, log, clock)


def test_what_waits_in_the_queue_is_published_in_one_transaction() -> None:
    log, clock = MemoryLog({"ticks": 2}), Hands(123)
    message = toy.control(1, 1)
    queue = [
        Output("ticks", BROADCAST, message),
        Output("control", "A", message),
        Output("ticks.dead", "A", message),
    ]
    feed = queue_runner(log, queue, clock)

    assert feed.cycle() is Progress.WORK
    assert feed.cycle() is Progress.NONE

    assert {t: len(log.records(t)) for t in log.topics()} == {
        "control": 1,
        "ticks": 2,
        "ticks.dead": 1,
    }
    assert (feed.stats.events, feed.stats.commits, feed.horizon_ns) == (3, 1, 123)
    assert feed.stats.outputs == {"ticks": 1, "control": 1, "ticks.dead": 1}
    committed = log.committed("s.ingestion.0")
    assert committed is not None
    assert committed.horizon_ns == 123
    feed.lift(10**9)
    assert feed.next_ns() is None


def test_a_zombie_feed_is_fenced() -> None:
    log = MemoryLog({})
    zombie = queue_runner(log, [Output("control", "A", toy.control(1, 1))], Hands())
    queue_runner(log, [], Hands())

    with pytest.raises(FencedError):
        zombie.cycle()
    assert log.topics() == []


def test_the_session_clock_starts_where_it_is_told_and_follows_the_wall() -> None:
    wall = Hands(1_000)
    clock = SessionClock(50_000, wall)

    assert clock() == 50_000
    wall.now_ns += 77
    assert clock() == 50_077


def test_without_a_start_the_session_clock_is_the_wall_clock() -> None:
    wall = Hands(1_000)
    clock = SessionClock(None, wall)
    wall.now_ns += 5

    assert clock() == 1_005


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0])
def test_the_session_clock_may_run_faster_than_the_wall(speed: float) -> None:
    wall, start_ns = Hands(1_763_610_300 * SECOND_NS), 1_763_600_000 * SECOND_NS
    clock = SessionClock(start_ns, wall, speed)
    wall.now_ns += 6 * 3600 * SECOND_NS

    assert clock() == start_ns + int(6 * 3600 * speed) * SECOND_NS


def test_the_session_clock_sleeps_session_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("tapeline.runner.realtime.time.sleep", slept.append)
    SessionClock(0, Hands(), 20.0).sleep(5)
    SessionClock(0, Hands()).sleep(5)

    assert slept == [0.25, 5.0]


class Worker:
    """A replica with so much work."""

    def __init__(self, work: int, clock: Hands | None = None) -> None:
        self.name = "worker"
        self.horizon_ns = -1
        self.stats = Stats()
        self.left = work
        self.lifts: list[tuple[int, int]] = []
        """Time, and work that was left then."""
        self._clock = clock

    def cycle(self) -> Progress:
        if self._clock is not None:
            self._clock.now_ns += 10
        if self.left == 0:
            return Progress.NONE
        self.left -= 1
        self.stats.events += 1
        return Progress.WORK

    def next_ns(self) -> int | None:
        return None

    def lift(self, until_ns: int) -> None:
        self.lifts.append((until_ns, self.left))


def test_the_run_ends_with_the_clock_and_drains_what_has_arrived() -> None:
    clock = Hands()
    workers = [Worker(3, clock), Worker(500)]

    assert run_until(workers, clock, 100, lambda: True)

    assert [worker.left for worker in workers] == [0, 0]
    assert [worker.lifts for worker in workers] == [[(100, 0)], [(100, 0)]]
    assert clock.now_ns >= 100


def test_a_request_to_stop_ends_it_before_the_end_and_drains() -> None:
    clock, left = Hands(), [5]

    def keep_on() -> bool:
        left[0] -= 1
        return left[0] >= 0

    workers = [Worker(100, clock)]

    assert not run_until(workers, clock, 10**9, keep_on)
    assert workers[0].left == 0
    assert workers[0].lifts == []


def test_at_the_end_the_last_timers_of_a_stage_with_one_input_fire() -> None:
    """No record comes after the last one to bring its time there."""
    log, clock = MemoryLog({}), Hands(10**9)
    stage = real_time(log, clock, topics=("control",))
    toy.publish(log, "control", [control(40)], -1)
    stage.cycle()
    assert [msgspec.json.decode(v)["at_ns"] for v in toy.values(log)] == [40]

    assert run_until([stage], clock, 10**8, lambda: True)

    assert [msgspec.json.decode(v)["at_ns"] for v in toy.values(log)] == [40, 140]
    assert stage.horizon_ns == 10**8
    again = real_time(log, clock, topics=("control",))
    assert again.state_hash() == stage.state_hash()


def test_it_rests_only_when_no_stage_had_work() -> None:
    clock, naps = Hands(), []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.now_ns += 1_000

    assert run_until([Worker(7)], clock, 2_500, lambda: True, sleep)

    assert len(naps) == 4
    assert set(naps) == {0.001}


def test_the_toy_reads_two_topics() -> None:
    """The tests above lean on it: one input would need no journal."""
    assert toy.wiring(TOPICS).inputs == (
        Input("control", 0, (0,), feedback=False),
        Input("ticks", 1, (0,), feedback=False),
    )
