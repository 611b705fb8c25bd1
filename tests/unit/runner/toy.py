"""Toy stages over real topics, small enough to compute their output by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tapeline.contracts.messages import Control, Recon
from tapeline.runner.log import Committed, lane_of
from tapeline.runner.loop import StageRunner
from tapeline.runner.memory import MemoryLog
from tapeline.runner.merge import Merge
from tapeline.runner.stage import TIMER, Event, Output, StageApp
from tapeline.runner.wiring import Input, Target, Wiring

END_NS = 10_000


class Total(msgspec.Struct, frozen=True):
    """State entry of the adder."""

    total: int
    alarm_ns: int | None


class Adder:
    """Sums control values by key; 100 ns after each it publishes the sum again by a timer."""

    def __init__(self) -> None:
        self.dirty: set[str] = set()
        self.totals: dict[str, Total] = {}

    def entry(self, key: str) -> Total | None:
        return self.totals.get(key)

    def load(self, key: str, entry: Total) -> None:
        self.totals[key] = entry

    def keys(self) -> Iterator[str]:
        return iter(self.totals)

    def timer_ns(self) -> int | None:
        return min(
            (t.alarm_ns for t in self.totals.values() if t.alarm_ns is not None), default=None
        )


def step(state: Adder, event: Event, settings: Any) -> list[Output]:
    if event.topic == TIMER:
        due = [
            k
            for k, t in state.totals.items()
            if t.alarm_ns is not None and t.alarm_ns <= event.at_ns
        ]
        for key in sorted(due):
            state.totals[key] = Total(state.totals[key].total, None)
            state.dirty.add(key)
        return [_sum(event, key, state.totals[key].total, "alarm") for key in sorted(due)]
    key = event.key
    before = state.totals.get(key, Total(0, None))
    state.totals[key] = Total(before.total * 3 + event.message.value, event.at_ns + 100)
    state.dirty.add(key)
    return [_sum(event, key, state.totals[key].total, event.topic)]


def _sum(event: Event, key: str, total: int, detail: str) -> Output:
    message = Recon(
        at_ns=event.at_ns,
        account=key,
        run=0,
        finding="SUMMARY",
        symbol=None,
        order_id=None,
        expected=total % 1_000_003,
        actual=0,
        breaks=0,
        detail=detail,
    )
    return Output("recon", key, message)


def app(latency_ns: int = 0) -> StageApp:
    return StageApp("adder", None, Adder, step, lambda _key: Total, latency_ns=latency_ns)


def control(at_ns: int, value: int) -> Control:
    return Control(at_ns=at_ns, command="SET", by="test", reason="OK", key="k", value=value)


def wiring(topics: tuple[str, ...] = ("control",), partitions: int = 1) -> Wiring:
    inputs = tuple(Input(t, rank, tuple(range(partitions)), False) for rank, t in enumerate(topics))
    return Wiring("s", "adder", 0, inputs, {"recon": Target("recon", 0, 1, (0,))})


def runner(
    log: MemoryLog, wired: Wiring, after_step: Any = None, feedback_ns: int = 0
) -> StageRunner:
    return StageRunner(app(), wired, log, Merge(wired.inputs, feedback_ns, END_NS), after_step)


def publish(log: MemoryLog, topic: str, records: list[tuple[str, Any]], watermark_ns: int) -> None:
    """Appends records to the partition of their key, and advances every partition."""
    transaction = log.transaction("test", log.register("test"))
    for key, message in records:
        value = message if isinstance(message, bytes) else msgspec.json.encode(message)
        lanes = log.partitions(topic)
        partition = lane_of(key, lanes)
        transaction.produce(topic, partition, key, value)
    for partition in range(log.partitions(topic)):
        transaction.advance(topic, partition, watermark_ns)
    transaction.save("test", Committed({}, 0), None)
    transaction.commit()


def values(log: MemoryLog, topic: str = "recon") -> list[bytes]:
    return [record.value for record in log.records(topic)]


def drain(stage: StageRunner) -> None:
    while stage.cycle():
        pass
