"""What has arrived of a partition and waits for its task: records and, between them, watermarks."""

from __future__ import annotations

from collections import deque

from confluent_kafka import Message

from tapeline.runner.log import Batch, Record

WATERMARK = b"@"
"""First byte of a watermark's key; its value is null."""


TEXTS_MAX = 10_000
"""Keys that are remembered: more than a desk trades; strange ones must not fill memory."""


class Queue:
    """Records of a partition in order, and the watermarks with the place at which they came.

    Args:
        start: offset at which reading begins.
    """

    __slots__ = ("_marked_at", "_marks", "_records", "_taken", "_texts", "end", "watermark_ns")

    def __init__(self, start: int = 0) -> None:
        self.end = start
        """Offset behind what has arrived."""
        self.watermark_ns = -1
        """Newest watermark behind everything that was taken."""
        self._records: list[Record] = []
        self._marks: deque[tuple[int, int, int]] = deque()
        self._taken = 0
        self._marked_at = -1
        self._texts: dict[bytes | None, str] = {}

    def __len__(self) -> int:
        return len(self._records)

    def put(self, messages: list[Message]) -> None:
        """Adds messages; one without a value that is no watermark is a bad record."""
        records, append, texts = self._records, self._records.append, self._texts
        for message in messages:
            offset, key, value = message.offset(), message.key(), message.value()
            assert offset is not None
            assert offset >= self.end, f"offset {offset} came after {self.end - 1}"
            self.end = offset + 1
            if value is None:
                watermark_ns = _watermark_ns(key)
                if watermark_ns is not None:
                    self._marks.append((self._taken + len(records), watermark_ns, offset))
                    continue
                value = b""
            append(Record(offset, texts.get(key) or self._text(key), value))

    def _text(self, key: bytes | None) -> str:
        """Key as text, remembered: a partition has few keys."""
        try:
            text = "" if key is None else key.decode()
        except UnicodeDecodeError:
            # The key only routes; the record itself says whom it is of.
            return ""
        if len(self._texts) < TEXTS_MAX:
            self._texts[key] = text
        return text

    def take(self, offset: int, records_max: int) -> Batch:
        """The next records, the watermark behind them, and where to go on.

        Args:
            offset: where the reader is; returned when nothing has come.
            records_max: most records to take.
        """
        if len(self._records) <= records_max:
            records, self._records = self._records, []
        else:
            records = self._records[:records_max]
            del self._records[:records_max]
        self._taken += len(records)
        next_offset = records[-1].offset + 1 if records else offset
        behind = next_offset
        marks = self._marks
        while marks and marks[0][0] <= self._taken:
            _, watermark_ns, at = marks.popleft()
            next_offset = max(next_offset, at + 1)
            if watermark_ns >= self.watermark_ns:
                self.watermark_ns, self._marked_at = watermark_ns, at
        if records and self._marked_at < behind:
            self._marked_at = -1
        return Batch(records, self.watermark_ns, next_offset, self._marked_at)


def _watermark_ns(key: bytes | None) -> int | None:
    if key is None or not key.startswith(WATERMARK) or not key[1:].isdigit():
        return None
    return int(key[1:])


Lots = dict[tuple[str | None, int | None], list[Message]]
"""Messages by the names of their topic and partition on the brokers."""


def one_lot(messages: list[Message]) -> Lots:
    """Messages that are all of one partition."""
    return {(messages[-1].topic(), messages[-1].partition()): messages} if messages else {}


def by_partition(messages: list[Message]) -> Lots:
    """Messages of any partitions, in order."""
    lots: Lots = {}
    for message in messages:
        name = message.topic(), message.partition()
        lot = lots.get(name)
        if lot is None:
            lots[name] = [message]
        else:
            lot.append(message)
    return lots
