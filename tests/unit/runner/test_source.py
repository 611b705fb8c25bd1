"""The source's runner: slices, watermarks, back-pressure, and a restart that skips what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Control, Dead, Heartbeat
from tapeline.runner.log import END_OF_TIME_NS, FencedError
from tapeline.runner.memory import MemoryLog
from tapeline.runner.progress import Progress
from tapeline.runner.source import SLICE_NS, SourceRunner
from tapeline.runner.stage import BROADCAST, Output
from tapeline.runner.wiring import Target, Wiring

END_NS = 100 * SECOND_NS
WIRING = Wiring(
    "s",
    "ingestion",
    0,
    (),
    {
        "ticks": Target("ticks", 0, 2, (0, 1)),
        "control": Target("control", 1, 1, (1,)),
    },
)


class Crash(Exception):
    """Injected."""


class Script:
    """A source that plays given records."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._left = list(outputs)

    def slice(self, until_ns: int) -> list[Output]:
        found = [o for o in self._left if at_ns(o) <= until_ns]
        self._left = self._left[len(found) :]
        return found

    def next_ns(self) -> int | None:
        return at_ns(self._left[0]) if self._left else None


def at_ns(output: Output) -> int:
    message: Any = output.message
    return int(message.at_ns)


def control(second: int, key: str = "A") -> Output:
    message = Control(
        at_ns=second * SECOND_NS, command="SET", by="test", reason="OK", key="k", value=second
    )
    return Output("control", key, message)


def beat(second: int) -> Output:
    now_ns = second * SECOND_NS
    return Output("ticks", BROADCAST, Heartbeat(at_ns=now_ns, complete_ns=now_ns, feed="live"))


RECORDS = [record for s in range(0, 95, 3) for record in (beat(s), control(s))]


def log_of_two() -> MemoryLog:
    return MemoryLog({"ticks": 2, "control": 2})


def runner(
    log: MemoryLog,
    records: Sequence[Output] = RECORDS,
    *,
    after_step: Any = None,
    may_read_ahead: Any = lambda _horizon_ns: True,
) -> SourceRunner:
    return SourceRunner(Script(records), WIRING, log, END_NS, may_read_ahead, after_step)


def drain(source: SourceRunner) -> None:
    while source.cycle():
        pass


def contents(log: MemoryLog) -> dict[tuple[str, int], list[bytes]]:
    return {
        (topic, n): [r.value for r in log.held(topic, n)]
        for topic in ("ticks", "control")
        for n in range(2)
    }


def test_every_record_goes_to_its_partition_and_a_broadcast_to_all_of_them() -> None:
    log = log_of_two()
    source = runner(log)
    drain(source)

    beats = [codec.encode(o.message) for o in RECORDS if o.topic == "ticks"]
    controls = [codec.encode(o.message) for o in RECORDS if o.topic == "control"]
    assert contents(log) == {
        ("ticks", 0): beats,
        ("ticks", 1): beats,
        ("control", 0): [],
        ("control", 1): controls,
    }
    assert source.stats.events == len(RECORDS)
    assert source.stats.outputs == {"ticks": len(beats), "control": len(controls)}


def test_a_slice_is_published_with_its_watermark_and_the_last_one_ends_time() -> None:
    log = log_of_two()
    source = runner(log)

    assert source.cycle() is Progress.WORK
    assert log.poll("ticks", 1, 0, 99).watermark_ns == SLICE_NS == source.horizon_ns
    assert source.next_ns() == 12 * SECOND_NS

    drain(source)
    assert source.horizon_ns == END_NS
    assert source.next_ns() is None
    assert source.cycle() is Progress.NONE
    watermarks = [log.poll(topic, n, 0, 99).watermark_ns for topic, n in contents(log)]
    assert watermarks == [END_OF_TIME_NS, END_OF_TIME_NS, -1, END_OF_TIME_NS]


def test_a_gap_in_the_records_is_one_slice() -> None:
    log = log_of_two()
    source = runner(log, [control(1), control(80)])
    source.cycle()
    source.cycle()

    assert source.stats.events == 2
    assert source.horizon_ns == 90 * SECOND_NS


def test_an_exhausted_source_moves_to_the_end() -> None:
    log = log_of_two()
    source = runner(log, [])

    assert source.cycle() is Progress.WORK
    assert source.horizon_ns == END_NS


def test_it_waits_for_stages_that_are_too_far_behind() -> None:
    log = log_of_two()
    asked: list[int] = []
    allowed = [True]

    def may_read_ahead(horizon_ns: int) -> bool:
        asked.append(horizon_ns)
        return allowed[0]

    source = runner(log, may_read_ahead=may_read_ahead)
    source.cycle()
    allowed[0] = False

    assert source.cycle() is Progress.NONE
    assert asked == [-1, SLICE_NS]
    source.lift(END_NS)
    assert source.horizon_ns == SLICE_NS


def test_a_dead_letter_goes_to_partition_0_of_its_topic() -> None:
    log = log_of_two()
    dead = Dead(
        at_ns=5,
        topic="ticks",
        partition=0,
        offset=1,
        stage="ingestion",
        reason="SCHEMA",
        detail="",
        payload_b64="",
    )
    drain(runner(log, [Output("ticks.dead", "file", dead)]))

    assert [r.value for r in log.held("ticks.dead", 0)] == [codec.encode(dead)]


@pytest.mark.parametrize("step", [3, 4, 6, 7])
def test_a_restart_after_any_step_skips_what_was_committed_and_nothing_else(step: int) -> None:
    expected = log_of_two()
    drain(runner(expected))
    log = log_of_two()
    crashes = 0
    turns = 0

    def crash(at: int) -> None:
        nonlocal turns
        turns += at == step
        if at == step and turns % 2 == 0:
            raise Crash

    while True:
        source = runner(log, after_step=crash if crashes < 4 else None)
        try:
            drain(source)
        except Crash:
            crashes += 1
            continue
        break

    assert crashes == 4
    assert contents(log) == contents(expected)


def test_a_zombie_source_is_fenced() -> None:
    log = log_of_two()
    zombie = runner(log)
    runner(log)

    with pytest.raises(FencedError, match=r"s\.ingestion\.0"):
        zombie.cycle()
    assert contents(log)["ticks", 0] == []
