"""What a session with handovers left on its broker, against its stages in one process."""

from __future__ import annotations

import hashlib
import math
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from confluent_kafka import Consumer, TopicPartition

from fault_kafka.compare import Difference, Place, compare_topics
from tapeline.contracts import codec
from tapeline.runner.drive import Drive
from tapeline.runner.snapshot import state_hash
from tapeline.runner.stage import PARTITION_SHIFT, Event, Output
from tapeline.runner.wiring import Wiring
from tapeline.session.compose import Lanes, stage_app
from tapeline.session.context import SessionContext
from tapeline.session.plan import tasks
from tapeline.supervisor.handover import Handover

ANSWER_S = 30.0

COMMITS = "__consumer_offsets"
"""The broker's own topic: one record for each offset that a group commits, with its time."""


class Row(NamedTuple):
    """One record; a watermark has no value."""

    offset: int
    written_ms: int
    """Wall clock when it was written."""
    key: bytes
    value: bytes | None


@dataclass(frozen=True)
class Took:
    """One handover, and when it was on its way by the wall clock."""

    handover: Handover
    from_ms: int
    to_ms: int


@dataclass
class Checked:
    """What the comparison found."""

    ticks: int = 0
    ticks_by_s: Counter[int] = field(default_factory=Counter)
    """By wall second."""
    outputs: int = 0
    differences: list[Difference] = field(default_factory=list)
    hashes: int = 0
    """Handed-over states that are those of the stage in one process, at the same offset."""
    wrong_hashes: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Records that one process makes of the same ticks and the session did not."""
        return sum(difference.lost for difference in self.differences)

    @property
    def doubled(self) -> int:
        """Records that are there too often, or changed."""
        return sum(difference.doubled for difference in self.differences)


class Topics:
    """Reads the topics of a session; shares no code with the product's reader.

    Args:
        brokers: where they are.
        prefix: of the session.
    """

    def __init__(self, brokers: str, prefix: str) -> None:
        self._brokers = brokers
        self._prefix = prefix

    def rows(self, topic: str, partition: int) -> Iterator[Row]:
        """Committed records of a partition, from its first to its last."""
        return self._rows(f"{self._prefix}.{topic}", partition, "read_committed")

    def values(self, topic: str, partition: int) -> list[bytes]:
        """The same without watermarks."""
        return [row.value for row in self.rows(topic, partition) if row.value is not None]

    def committed(self, stage: str, places: Iterable[Place]) -> dict[Place, int]:
        """Offsets that a stage has committed."""
        consumer = Consumer(self._settings(f"{self._prefix}.{stage}", "read_committed"))
        asked = [TopicPartition(f"{self._prefix}.{t}", p) for t, p in places]
        try:
            found = consumer.committed(asked, ANSWER_S)
        finally:
            consumer.close()
        return {(p.topic.removeprefix(f"{self._prefix}."), p.partition): p.offset for p in found}

    def commit_times_ms(self) -> dict[str, list[int]]:
        """When each group has committed, ascending."""
        consumer = Consumer(self._settings(f"{self._prefix}.check", "read_uncommitted"))
        partitions = len(consumer.list_topics(COMMITS, ANSWER_S).topics[COMMITS].partitions)
        consumer.close()
        found: dict[str, list[int]] = {}
        for partition in range(partitions):
            for row in self._rows(COMMITS, partition, "read_uncommitted"):
                group = _group_of(row.key)
                if group is not None:
                    found.setdefault(group, []).append(row.written_ms)
        return {group: sorted(times) for group, times in found.items()}

    def _settings(self, group: str, isolation: str) -> dict[str, str | bool]:
        return {
            "bootstrap.servers": self._brokers,
            "group.id": group,
            "isolation.level": isolation,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "log_level": "0",
        }

    def _rows(self, name: str, partition: int, isolation: str) -> Iterator[Row]:
        consumer = Consumer(self._settings(f"{self._prefix}.check", isolation))
        try:
            place = TopicPartition(name, partition, 0)
            low, high = consumer.get_watermark_offsets(place, ANSWER_S)
            assert low == 0, f"{name}: records were deleted, nothing can be compared"
            consumer.assign([place])
            position = 0
            while position < high:
                for message in consumer.consume(10_000, 0.2):
                    error, offset = message.error(), message.offset()
                    assert error is None or error.retriable(), f"{name}: {error}"
                    if error is None and offset is not None:
                        yield Row(
                            offset, message.timestamp()[1], message.key() or b"", message.value()
                        )
                position = max(position, consumer.position([place])[0].offset)
        finally:
            consumer.close()


def _group_of(key: bytes) -> str | None:
    """Group of a record of COMMITS: version 0 or 1, then group, topic and partition."""
    if len(key) < 4 or struct.unpack_from(">h", key)[0] > 1:
        return None
    (length,) = struct.unpack_from(">h", key, 2)
    return key[4 : 4 + length].decode()


def check(
    context: SessionContext,
    lanes: Lanes,
    topics: Topics,
    stages: Sequence[str],
    handovers: Sequence[Handover],
) -> Checked:
    """Compares what stages wrote with what they make, in one process, of what they read."""
    checked = Checked()
    for stage in stages:
        expected: dict[Place, list[bytes]] = {}
        for wiring in tasks(lanes, stage):
            handed = [h for h in handovers if h.stage == stage]
            _play(context, topics, wiring, handed, checked, expected)
        checked.outputs += sum(len(values) for values in expected.values())
        found = {place: topics.values(*place) for place in expected}
        checked.differences += compare_topics(found, expected)
    return checked


NOTHING_SAVED = hashlib.sha256().hexdigest()
"""Hash of a task that has handled nothing, and so has saved no entry."""


def _play(
    context: SessionContext,
    topics: Topics,
    wiring: Wiring,
    handovers: Sequence[Handover],
    checked: Checked,
    expected: dict[Place, list[bytes]],
) -> None:
    """Plays a task up to its last commit; adds what it publishes to `expected`."""
    app = stage_app(context, wiring.stage)
    drive = Drive(app)
    (place,) = wiring.input_places()
    topic, partition = place
    stop = topics.committed(wiring.stage, [place])[place]
    handed = [h.tasks[wiring.replica] for h in handovers]
    marks = sorted((t.offsets[f"{topic}/{partition}"], t.state_hash) for t in handed)
    for target in wiring.targets.values():
        for own in target.own:
            expected[target.topic, own] = []
    now_ns = -1
    for row in topics.rows(topic, partition):
        while marks and row.offset >= marks[0][0]:
            hash_ = state_hash(app, drive.state) if now_ns >= 0 else NOTHING_SAVED
            _compare_hash(hash_, *marks.pop(0), wiring, checked)
        if row.value is None:
            continue
        if topic == "ticks":
            checked.ticks_by_s[row.written_ms // 1000] += 1
        if row.offset >= stop:
            continue
        checked.ticks += topic == "ticks"
        message = codec.decode(topic, row.value)
        # At the time of its arrival, as the runner has it.
        now_ns = max(now_ns, message.at_ns)
        at = (partition << PARTITION_SHIFT) + row.offset
        event = Event(now_ns, 0, row.key.decode(), at, topic, message)
        for output in drive.take(event):
            _publish(output, wiring, expected)
    for offset, wanted in marks:
        _compare_hash(state_hash(app, drive.state), offset, wanted, wiring, checked)


def _compare_hash(hash_: str, offset: int, wanted: str, wiring: Wiring, checked: Checked) -> None:
    if hash_ == wanted:
        checked.hashes += 1
    else:
        checked.wrong_hashes.append(f"{wiring.group} at offset {offset}: {wanted}, not {hash_}")


def _publish(output: Output, wiring: Wiring, expected: dict[Place, list[bytes]]) -> None:
    target = wiring.targets.get(output.topic)
    partitions = (0,) if target is None else target.partitions(output.key)
    for partition in partitions:
        expected.setdefault((output.topic, partition), []).append(codec.encode(output.message))


def longest_gap_ms(times_ms: Sequence[int], from_ms: int, to_ms: int) -> int:
    """Longest time between two neighbours of which a part lies in a span; 0 = there is none."""
    gaps = (b - a for a, b in pairwise(times_ms) if b >= from_ms and a <= to_ms)
    return max(gaps, default=0)


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed: the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else math.nan


def rates(ticks_by_s: Mapping[int, int], took: Sequence[Took]) -> list[float]:
    """Ticks a second around each handover, of the whole seconds that it touches."""
    found = []
    for each in took:
        seconds = range(each.from_ms // 1000 - 1, each.to_ms // 1000 + 2)
        found.append(sum(ticks_by_s.get(s, 0) for s in seconds) / len(seconds))
    return found
