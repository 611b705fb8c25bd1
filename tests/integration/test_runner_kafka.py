"""The Python runner on a real broker: the unit tests' toy stage killed, fenced, restarted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from sys import path as sys_path
from typing import Any

import pytest

sys_path.insert(0, str(Path(__file__).parents[1] / "unit" / "runner"))

import toy

from fault_kafka.compare import read_topics
from tapeline.local import LocalKafka
from tapeline.runner import loop
from tapeline.runner.kafka import KafkaLog
from tapeline.runner.kafka_clients import KafkaMeans
from tapeline.runner.kafka_topics import TopicSpec, create_topics
from tapeline.runner.log import FencedError
from tapeline.runner.loop import StageRunner
from tapeline.runner.memory import MemoryLog
from tapeline.runner.merge import Merge
from tapeline.runner.pace import Pace
from tapeline.runner.process import StageProcess
from tapeline.runner.wiring import Input, Target, Wiring

HOUR_MS = 3_600_000

SESSION_MS = 3_000
"""A static member that ends stays in its group for so long, and the group cannot be deleted."""

RECORDS = [(f"K{n % 5}", toy.control(n * 7, n)) for n in range(200)]

PACE = Pace(events_max=9, snapshot_events=31, portion=4)

CRASHES = 3
"""Lives that end after the step; the one after them reaches the end."""


class Crash(Exception):
    """A process that was killed: nothing is closed, nothing is said."""


class Desk:
    """The adder on the topics of one prefix.

    Args:
        kafka: the broker.
        prefix: of its topics and group.
        topics: its inputs.
    """

    def __init__(self, kafka: LocalKafka, prefix: str, topics: tuple[str, ...]) -> None:
        self.means = KafkaMeans(kafka.bootstrap, prefix, session_timeout_ms=SESSION_MS)
        inputs = tuple(Input(topic, rank, (0,), False) for rank, topic in enumerate(topics))
        self.wiring = Wiring(prefix, "adder", 0, inputs, {"recon": Target("recon", 0, 1, (0,))})
        self.abandoned: list[KafkaLog] = []
        """Logs of killed processes; they must not be closed, as theirs are not."""
        data = (*topics, *(f"{topic}.dead" for topic in topics), "recon")
        specs = [TopicSpec(name, 1, HOUR_MS) for name in data]
        create_topics(self.means.client(), prefix, [*specs, TopicSpec("state.adder", 1, None)])

    def publish(self, records: list[tuple[str, Any]] = RECORDS) -> None:
        """Writes the same records to every input, with the end of the session behind them."""
        log = KafkaLog(self.means, [], "feeder", 0)
        transaction = log.transaction("feeder", log.register("feeder"))
        for read in self.wiring.inputs:
            for key, message in records:
                value = message if isinstance(message, bytes) else loop.codec.encode(message)
                transaction.produce(read.topic, 0, key, value)
            transaction.advance(read.topic, 0, toy.END_NS)
        transaction.commit()
        log.close()

    def run(
        self,
        after_step: Callable[[int], None] | None = None,
        on_built: Callable[[StageRunner], None] = lambda _stage: None,
    ) -> StageRunner:
        """One life of the process: until the session's end, or until `after_step` raises."""
        log = KafkaLog(self.means, [self.wiring], f"{self.means.prefix}.adder.0", 1)
        self.abandoned.append(log)
        stages = []

        def build(wiring: Wiring) -> StageRunner:
            merge = Merge(wiring.inputs, 0, toy.END_NS)
            stages.append(StageRunner(toy.app(), wiring, log, merge, after_step, PACE))
            on_built(stages[-1])
            return stages[-1]

        def is_done(stage: Any) -> bool:
            return bool(stage.horizon_ns >= toy.END_NS)

        StageProcess(
            log, [self.wiring], build, is_done, lambda _wiring: False, keeps_time=False
        ).run()
        self.abandoned.remove(log)
        log.close()
        return stages[-1]

    def outputs(self) -> list[bytes]:
        """What was published, as any other reader sees it."""
        return read_topics(self.means.brokers, self.means.prefix)["recon", 0]


@pytest.fixture(params=[("control",), ("control", "ticks")], ids=["one input", "two inputs"])
def desk(
    kafka: LocalKafka, prefix: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.setitem(loop.codec._DECODERS, "ticks", loop.codec._DECODERS["control"])
    made = Desk(kafka, prefix, request.param)
    made.publish()
    return made


def undisturbed(desk: Desk) -> tuple[list[bytes], str]:
    """The same in memory."""
    topics = tuple(read.topic for read in desk.wiring.inputs)
    log = MemoryLog(dict.fromkeys(topics, 1))
    for topic in topics:
        toy.publish(log, topic, RECORDS, toy.END_NS)
    stage = toy.runner(log, toy.wiring(topics))
    toy.drain(stage)
    return toy.values(log), stage.state_hash()


def crash_after(step: int, count: int) -> Callable[[int], None]:
    """Raises after the step's count-th time."""
    left = count

    def after(done: int) -> None:
        nonlocal left
        if done == step:
            left -= 1
            if left == 0:
                raise Crash

    return after


@pytest.mark.parametrize("step", range(1, 8))
def test_on_a_broker_a_crash_after_a_step_loses_nothing_and_doubles_nothing(
    step: int, desk: Desk
) -> None:
    for life in range(CRASHES):
        with pytest.raises(Crash):
            desk.run(crash_after(step, 2 + life))

    stage = desk.run()

    expected, expected_hash = undisturbed(desk)
    assert desk.outputs() == expected
    assert stage.state_hash() == expected_hash


def test_on_a_broker_a_restart_replays_silently_from_the_snapshot(desk: Desk) -> None:
    with pytest.raises(Crash):
        desk.run(crash_after(7, 8))
    published = desk.outputs()
    seen = []

    def look(stage: StageRunner) -> None:
        seen.append((stage.stats.replayed, desk.outputs()))

    desk.run(on_built=look)

    ((replayed, after_replay),) = seen
    assert 0 < replayed < PACE.snapshot_events
    assert after_replay == published
    assert desk.outputs() == undisturbed(desk)[0]


def test_a_process_that_ends_in_order_leaves_nothing_to_replay(desk: Desk) -> None:
    desk.run()
    replayed = []

    desk.run(on_built=lambda stage: replayed.append(stage.stats.replayed))

    assert replayed == [0]
    assert desk.outputs() == undisturbed(desk)[0]


@pytest.mark.parametrize("step", [1, 4, 6])
def test_a_zombie_in_the_middle_of_a_commit_is_fenced_and_leaves_nothing(
    step: int, desk: Desk
) -> None:
    overtaken = []

    def overtake(done: int) -> None:
        if done == step and not overtaken:
            overtaken.append(desk.run())

    with pytest.raises(FencedError, match="another process has taken over"):
        desk.run(overtake)

    expected, expected_hash = undisturbed(desk)
    assert desk.outputs() == expected
    assert overtaken[0].state_hash() == expected_hash
    assert desk.run().state_hash() == expected_hash


def test_bytes_that_fail_their_schema_are_buried_once_over_crashes(
    kafka: LocalKafka, prefix: str
) -> None:
    desk = Desk(kafka, prefix, ("control",))
    bad = [b"not json", b'{"at_ns":-5}', b"\xff\xfe", b'"' + b"x" * 70_000 + b'"']
    desk.publish([("A", value) for value in bad] + [("A", toy.control(10, 4))])
    for step in (2, 4, 6):
        with pytest.raises(Crash):
            desk.run(crash_after(step, 1))

    desk.run()

    dead = read_topics(desk.means.brokers, prefix)["control.dead", 0]
    letters = [loop.codec.decode("control.dead", value) for value in dead]
    assert [letter.reason for letter in letters] == ["SCHEMA"] * 3 + ["OVERSIZED"]
    assert len(desk.outputs()) == 2
