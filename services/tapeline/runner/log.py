"""The log that joins stages: ordered partitions, transactions, committed offsets, compacted state.

One interface, two implementations: in memory (memory.py) and Apache Kafka. A transaction makes
records, watermarks, state and offsets visible at once or not at all.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

END_OF_TIME_NS = 2**63 - 1
"""Watermark of an input that will never hold another record."""


class FencedError(Exception):
    """A newer producer with the same transactional id exists: this one must stop at once."""


class Record(msgspec.Struct, gc=False):
    """One record of a partition."""

    offset: int
    key: str
    value: bytes
    message: Any = None
    """The decoded value, once a reader in this process has validated it: it is immutable, so that
    the next reader need not decode it again."""


class Batch(NamedTuple):
    """What a poll returned."""

    records: list[Record]
    watermark_ns: int
    """With these records the partition is complete up to this session time; -1 = not known yet."""
    next_offset: int
    """Where the next poll goes on; offsets need not be dense."""
    marked_at: int = -1
    """Offset of that watermark when no record is behind it; -1 otherwise, or in memory."""


class Committed(NamedTuple):
    """How far a replica of a stage has come."""

    offsets: Mapping[tuple[str, int], int]
    """Next offset to read, by (topic, partition)."""
    horizon_ns: int
    """Every event and timer up to this session time has been handled."""


class Transaction(Protocol):
    """Everything a commit makes visible; abandoned unless committed."""

    def produce(self, topic: str, partition: int, key: str, value: bytes) -> None: ...
    def advance(self, topic: str, partition: int, watermark_ns: int) -> None: ...
    def put_state(self, stage: str, key: str, value: bytes | None) -> None: ...
    def save(self, group: str, committed: Committed, retain_from: Committed | None) -> None:
        """Offsets of the input; records from `retain_from` on are kept for a silent replay."""
        ...

    def commit(self) -> None:
        """Raises FencedError when a newer producer with the same id exists."""
        ...


class Log(Protocol):
    """An ordered, partitioned log."""

    def register(self, producer_id: str) -> int:
        """Takes over a transactional id: its earlier owner is fenced. Returns the new epoch."""
        ...

    def transaction(self, producer_id: str, epoch: int) -> Transaction: ...

    def news(self, group: str) -> bool:
        """Whether an input of a group may have changed since it last asked. May say so in vain."""
        ...

    def start(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Reading begins at these offsets, by (topic, partition)."""
        ...

    def poll(self, topic: str, partition: int, offset: int, records_max: int) -> Batch:
        """What has arrived from an offset on; offsets of one reader only go forward."""
        ...

    def wait(self, topic: str, partition: int) -> bool:
        """Waits until more of a partition has arrived; False when nothing will."""
        ...

    def end(self, topic: str, partition: int) -> int:
        """Offset that the next record will get."""
        ...

    def committed(self, group: str) -> Committed | None: ...

    def state(self, stage: str) -> Mapping[str, bytes]:
        """Compacted state of a stage: last value of each key."""
        ...


def lane_of(key: str, lanes: int) -> int:
    """Partition of a key among `lanes`: CRC-32, as librdkafka's `consistent` partitioner."""
    return zlib.crc32(key.encode()) % lanes if lanes > 1 else 0
