"""The log in memory: the embedded default, tests and the fault simulator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from tapeline.runner.log import Batch, Committed, FencedError, Record

Keyed = tuple[str, bytes]
"""Key and value of a record."""

Archive = Callable[[str, int, list[Keyed]], None]
"""Called with the records that become visible in a partition: topic, partition, records."""

TRIM_AT = 4_096
"""Consumed records are dropped this many at a time: one list deletion costs about as much as
appending as many, so trimming stays a small part of the work, and memory stays flat."""

NOBODY: set[str] = set()

NOTHING_HELD = 2**62
"""Offset of a group that does not read the partition: it holds no record back."""


class _Partition:
    __slots__ = ("base", "records", "watermark_ns")

    def __init__(self) -> None:
        self.base = 0
        self.records: list[Record] = []
        self.watermark_ns = -1

    @property
    def end(self) -> int:
        return self.base + len(self.records)


class MemoryLog:
    """Log of one process.

    Args:
        partitions: number of partitions of each topic that is not created on first use with one.
        groups: consumer groups of each topic; records that all of them have passed are dropped.
            None keeps everything.
        archive: sees each record as it becomes visible (files of `tapeline run --out`, counts).
    """

    def __init__(
        self,
        partitions: Mapping[str, int],
        groups: Mapping[str, tuple[str, ...]] | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._partitions = dict(partitions)
        self._groups = groups
        self._archive = archive
        self._topics: dict[tuple[str, int], _Partition] = defaultdict(_Partition)
        self._states: dict[str, dict[str, bytes]] = defaultdict(dict)
        self._committed: dict[str, Committed] = {}
        self._retain: dict[str, Committed] = {}
        self._epochs: dict[str, int] = {}
        self._readers: dict[str, set[str]] = {t: set(g) for t, g in (groups or {}).items()}
        self._news: set[str] = {group for readers in self._readers.values() for group in readers}

    def partitions(self, topic: str) -> int:
        """Number of partitions of a topic."""
        return self._partitions.get(topic, 1)

    def register(self, producer_id: str) -> int:
        epoch = self._epochs.get(producer_id, -1) + 1
        self._epochs[producer_id] = epoch
        return epoch

    def transaction(self, producer_id: str, epoch: int) -> MemoryTransaction:
        return MemoryTransaction(self, producer_id, epoch)

    def news(self, group: str) -> bool:
        if self._groups is None:
            return True
        if group in self._news:
            self._news.discard(group)
            return True
        return False

    def poll(self, topic: str, partition: int, offset: int, records_max: int) -> Batch:
        part = self._topics[topic, partition]
        start = offset - part.base
        assert start >= 0, f"{topic}/{partition}: offset {offset} was dropped (base {part.base})"
        stop = start + records_max
        records = part.records[start:stop]
        complete_ns = part.watermark_ns if stop >= len(part.records) else -1
        return Batch(records, complete_ns, offset + len(records))

    def start(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Every offset that is held can be polled at any time."""

    def wait(self, topic: str, partition: int) -> bool:
        del topic, partition
        return False

    def end(self, topic: str, partition: int) -> int:
        return self._topics[topic, partition].end

    def committed(self, group: str) -> Committed | None:
        return self._committed.get(group)

    def state(self, stage: str) -> Mapping[str, bytes]:
        return dict(self._states[stage])

    def backlog(self, topic: str) -> int:
        """Records of a topic that are held in memory."""
        return sum(
            len(self._topics[topic, partition].records)
            for partition in range(self.partitions(topic))
        )

    def records(self, topic: str) -> list[Record]:
        """Every record held of a topic, partition by partition."""
        return [r for n in range(self.partitions(topic)) for r in self.held(topic, n)]

    def held(self, topic: str, partition: int) -> list[Record]:
        """Every record held of a partition."""
        return list(self._topics[topic, partition].records)

    def topics(self) -> list[str]:
        """Topics that hold or held records."""
        return sorted({topic for (topic, _), part in self._topics.items() if part.end})

    def apply(self, transaction: MemoryTransaction) -> None:
        """Makes a transaction visible: the only way anything enters the log."""
        if self._epochs.get(transaction.producer_id) != transaction.epoch:
            raise FencedError(f"{transaction.producer_id} has a newer owner")
        for (topic, partition), produced in transaction.produced.items():
            part = self._topics[topic, partition]
            if self._archive is not None:
                self._archive(topic, partition, produced)
            if self._groups is None or topic in self._groups:
                end = part.end
                part.records += [Record(end + n, k, v) for n, (k, v) in enumerate(produced)]
            else:
                part.base += len(produced)
        for (topic, partition), watermark_ns in transaction.watermarks.items():
            part = self._topics[topic, partition]
            if watermark_ns > part.watermark_ns:
                part.watermark_ns = watermark_ns
                self._news |= self._readers.get(topic, NOBODY)
        for stage, key, state in transaction.states:
            if state is None:
                self._states[stage].pop(key, None)
            else:
                self._states[stage][key] = state
        for group, committed, retain_from in transaction.saved:
            # A sink confirms only the partitions it has just written.
            kept = self._committed.get(group)
            offsets = {**kept.offsets, **committed.offsets} if kept else committed.offsets
            self._committed[group] = committed._replace(offsets=offsets)
            self._retain[group] = retain_from or self._committed[group]
            self._trim(committed)

    def _trim(self, committed: Committed) -> None:
        if self._groups is None:
            return
        for topic, partition in committed.offsets:
            part = self._topics[topic, partition]
            if len(part.records) < TRIM_AT:
                continue
            low = min(self._low(group, topic, partition) for group in self._groups[topic])
            if low - part.base >= TRIM_AT:
                del part.records[: low - part.base]
                part.base = low

    def _low(self, group: str, topic: str, partition: int) -> int:
        retained = self._retain.get(group)
        if retained is None:
            return 0
        return retained.offsets.get((topic, partition), NOTHING_HELD)


class MemoryTransaction:
    """See log.Transaction."""

    __slots__ = ("_log", "epoch", "produced", "producer_id", "saved", "states", "watermarks")

    def __init__(self, log: MemoryLog, producer_id: str, epoch: int) -> None:
        self._log = log
        self.producer_id = producer_id
        self.epoch = epoch
        self.produced: dict[tuple[str, int], list[Keyed]] = {}
        self.watermarks: dict[tuple[str, int], int] = {}
        self.states: list[tuple[str, str, bytes | None]] = []
        self.saved: list[tuple[str, Committed, Committed | None]] = []

    def produce(self, topic: str, partition: int, key: str, value: bytes) -> None:
        place = topic, partition
        produced = self.produced.get(place)
        if produced is None:
            self.produced[place] = [(key, value)]
        else:
            produced.append((key, value))

    def advance(self, topic: str, partition: int, watermark_ns: int) -> None:
        self.watermarks[topic, partition] = watermark_ns

    def put_state(self, stage: str, key: str, value: bytes | None) -> None:
        self.states.append((stage, key, value))

    def save(self, group: str, committed: Committed, retain_from: Committed | None) -> None:
        self.saved.append((group, committed, retain_from))

    def commit(self) -> None:
        self._log.apply(self)
