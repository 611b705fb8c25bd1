"""The commit loop: whatever happens between two steps, the output is that of an undisturbed run."""

from __future__ import annotations

import random
from pathlib import Path
from sys import path as sys_path

import msgspec
import pytest

sys_path.insert(0, str(Path(__file__).parent))

import toy

from tapeline.contracts.messages import Dead
from tapeline.runner import loop, pace
from tapeline.runner.log import FencedError
from tapeline.runner.memory import MemoryLog
from tapeline.runner.pace import Pace
from tapeline.runner.snapshot import SNAPSHOT_KEY, StateError, StateVersionError


class Crash(Exception):
    """Injected."""


RECORDS = [(f"K{n % 5}", toy.control(n * 7, n)) for n in range(200)]


def undisturbed(
    topics: tuple[str, ...] = ("control",), partitions: int = 1
) -> tuple[list[bytes], str]:
    log = filled(topics, partitions)
    stage = toy.runner(log, toy.wiring(topics, partitions))
    toy.drain(stage)
    return toy.values(log), stage.state_hash()


def filled(topics: tuple[str, ...] = ("control",), partitions: int = 1) -> MemoryLog:
    log = MemoryLog(dict.fromkeys(topics, partitions))
    for topic in topics:
        toy.publish(log, topic, RECORDS, toy.END_NS)
    return log


@pytest.mark.parametrize("step", range(1, 8))
@pytest.mark.parametrize("topics", [("control",), ("control", "recon_in")], ids=["one", "two"])
def test_a_crash_after_a_step_loses_nothing_and_doubles_nothing(
    step: int, topics: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if len(topics) == 2:
        topics = ("control", "ticks")
        monkeypatch.setitem(loop.codec._DECODERS, "ticks", loop.codec._DECODERS["control"])
    monkeypatch.setattr(pace, "MEMORY_PACE", Pace(9, 31, 4))
    expected, expected_hash = undisturbed(topics)
    log = filled(topics)
    crashes = 0
    commits_left = 3

    def crash(at: int) -> None:
        nonlocal commits_left, crashes
        if at == step:
            commits_left -= 1
            if commits_left <= 0:
                commits_left = 3
                crashes += 1
                raise Crash

    while True:
        stage = toy.runner(log, toy.wiring(topics), crash if crashes < 6 else None)
        try:
            toy.drain(stage)
        except Crash:
            continue
        break

    assert crashes == 6
    assert toy.values(log) == expected
    assert stage.state_hash() == expected_hash


def test_batch_size_does_not_show_in_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = undisturbed()
    for size in (1, 2, 3, 50):
        monkeypatch.setattr(pace, "MEMORY_PACE", Pace(50 // size, 1_000, size))

        assert undisturbed() == expected


def test_the_number_of_partitions_does_not_show_in_the_output() -> None:
    one, _ = undisturbed(partitions=1)
    four, _ = undisturbed(partitions=4)

    assert four == one


def test_an_event_waits_until_every_input_is_complete_to_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(loop.codec._DECODERS, "ticks", loop.codec._DECODERS["control"])
    log = MemoryLog({})
    stage = toy.runner(log, toy.wiring(("control", "ticks")))
    toy.publish(log, "control", [("A", toy.control(50, 1))], 1_000)
    toy.drain(stage)

    assert toy.values(log) == []

    toy.publish(log, "ticks", [("A", toy.control(40, 2))], 60)
    toy.drain(stage)

    details = [msgspec.json.decode(v)["detail"] for v in toy.values(log)]
    assert details == ["ticks", "control"]


def test_records_of_one_time_merge_by_rank_then_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(loop.codec._DECODERS, "ticks", loop.codec._DECODERS["control"])
    log = MemoryLog({})
    stage = toy.runner(log, toy.wiring(("control", "ticks")))
    toy.publish(log, "ticks", [("B", toy.control(50, 1)), ("A", toy.control(50, 1))], 90)
    toy.publish(log, "control", [("Z", toy.control(50, 1))], 90)
    toy.drain(stage)

    order = [(r.key, msgspec.json.decode(r.value)["detail"]) for r in log.records("recon")]
    assert order == [("Z", "control"), ("A", "ticks"), ("B", "ticks")]


def test_bytes_that_fail_their_schema_go_to_the_dead_letter_topic_and_the_rest_goes_on() -> None:
    log = MemoryLog({})
    stage = toy.runner(log, toy.wiring())
    good = toy.control(10, 4)
    deep = msgspec.json.encode(good)[:-1] + b',"x":' + b"[" * 9_999 + b"]" * 9_999 + b"}"
    bad = [b"not json", b'{"at_ns":-5}', b"\xff\xfe", deep, b'"' + b"x" * 70_000 + b'"']
    toy.publish(log, "control", [("A", b) for b in bad] + [("A", good)], toy.END_NS)
    toy.drain(stage)

    dead = [msgspec.json.decode(v, type=Dead) for v in toy.values(log, "control.dead")]
    assert [d.reason for d in dead] == ["SCHEMA"] * 4 + ["OVERSIZED"]
    assert [d.offset for d in dead] == [0, 1, 2, 3, 4]
    assert len(toy.values(log)) == 2
    assert stage.stats.dead == {"SCHEMA": 4, "OVERSIZED": 1}


def test_a_zombie_is_fenced_and_leaves_nothing() -> None:
    log = filled()
    zombie = toy.runner(log, toy.wiring())
    toy.runner(log, toy.wiring())

    with pytest.raises(FencedError, match=r"s\.adder\.0"):
        zombie.cycle()

    assert toy.values(log) == []


@pytest.mark.parametrize(
    ("version", "total", "kind", "remedy"),
    [
        (2, 1, StateVersionError, "start the newer release or reset the stage"),
        (1, "one", StateError, r"entry A: Expected `int`.*start the session anew with --fresh"),
    ],
)
def test_state_of_other_code_stops_the_stage_with_a_remedy(
    version: int, total: object, kind: type[StateError], remedy: str
) -> None:
    log = filled()
    content = {"total": total, "alarm_ns": None}
    entry = {"stage": "adder", "key": "A", "version": version, "entry": content}
    transaction = log.transaction("x", log.register("x"))
    transaction.put_state("adder.0", "A", msgspec.json.encode(entry))
    transaction.commit()

    with pytest.raises(kind, match=remedy):
        toy.runner(log, toy.wiring())


def test_silent_replay_starts_at_the_snapshot_and_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "MEMORY_PACE", Pace(10, 70, 10))
    expected, expected_hash = undisturbed()
    log = filled()
    first = toy.runner(log, toy.wiring())
    for _ in range(12):
        first.cycle()
    published = len(toy.values(log))

    second = toy.runner(log, toy.wiring())

    assert SNAPSHOT_KEY in log.state("adder.0")
    assert 0 < second.stats.replayed < 150
    assert second.state_hash() == first.state_hash()
    assert len(toy.values(log)) == published
    toy.drain(second)
    assert toy.values(log) == expected
    assert second.state_hash() == expected_hash


def test_consumed_records_are_dropped_but_not_what_a_replay_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tapeline.runner.memory.TRIM_AT", 8)
    monkeypatch.setattr(pace, "MEMORY_PACE", Pace(10, 70, 10))
    log = MemoryLog({}, {"control": ("s.adder.0",)})
    toy.publish(log, "control", RECORDS, toy.END_NS)
    stage = toy.runner(log, toy.wiring())
    for _ in range(15):
        stage.cycle()

    assert log.backlog("control") <= 200 - 70
    assert toy.runner(log, toy.wiring()).state_hash() == stage.state_hash()


def test_a_timer_that_never_advances_is_a_bug_that_stops_the_stage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "TIMERS_IN_A_ROW_MAX", 5)
    monkeypatch.setattr(toy.Adder, "timer_ns", lambda self: 1)
    log = filled()

    with pytest.raises(AssertionError, match="timers do not advance"):
        toy.runner(log, toy.wiring()).cycle()


def test_a_stage_may_not_write_a_topic_that_is_not_its_own() -> None:
    log = filled()
    wired = toy.wiring()
    stage = toy.runner(log, toy.wiring())
    stage.wiring.targets.clear()

    with pytest.raises(AssertionError, match="adder may not write recon"):
        stage.cycle()
    assert wired.group == "s.adder.0"


def test_restarts_at_random_places_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    expected, _ = undisturbed()
    chooser = random.Random(5)
    for _ in range(20):
        own = Pace(chooser.randint(1, 80), 23, chooser.randint(1, 40))
        monkeypatch.setattr(pace, "MEMORY_PACE", own)
        log = filled()
        stage = toy.runner(log, toy.wiring())
        while stage.cycle():
            if chooser.random() < 0.3:
                stage = toy.runner(log, toy.wiring())

        assert toy.values(log) == expected
