"""One commit on Apache Kafka; see log.Transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException

from tapeline.runner.kafka_clients import COMMIT_TIMEOUT_S, AbortedError, translated
from tapeline.runner.log import Committed
from tapeline.runner.watchdog import Watchdog
from tapeline.runner.wiring import Place

if TYPE_CHECKING:
    from tapeline.runner.kafka import KafkaLog

RETRIES_MAX = 3
"""Two minutes of a commit in all: a broker that is away for longer is a case for the supervisor."""

WATCHDOG = Watchdog()
"""For a client that does not keep the time limit it was given."""

OFFSETS_TIMEOUT_S = 10.0
"""After this long without an answer the group has given the partitions to another member."""

OVERTIME_S = 5.0
"""Time that a client gets beyond its limit."""

HORIZON_KEY = "@horizon"
"""State entry of a task without inputs: how far it has come, in place of offsets."""


class KafkaTransaction:
    """See log.Transaction; begins at its first record, so that an empty one costs nothing."""

    def __init__(self, log: KafkaLog, producer_id: str) -> None:
        self._log = log
        self._id = producer_id
        self._producer = log.producer(producer_id)
        self._prefix = log.means.prefix + "."
        self._begun = False
        self._watermarks: dict[Place, int] = {}
        self._committed: Committed | None = None

    def produce(self, topic: str, partition: int, key: str, value: bytes) -> None:
        self._put(topic, partition, key, value)

    def advance(self, topic: str, partition: int, watermark_ns: int) -> None:
        if self._log.is_news(topic, partition, watermark_ns):
            self._watermarks[topic, partition] = watermark_ns

    def put_state(self, stage: str, key: str, value: bytes | None) -> None:
        name, _, task = stage.rpartition(".")
        self._put(f"state.{name}", int(task), key, value)

    def save(self, group: str, committed: Committed, retain_from: Committed | None) -> None:
        """Kafka keeps records by time: `retain_from` is not needed."""
        del retain_from
        if not committed.offsets:
            state = f"{group.split('.')[-2]}.{group.rsplit('.', maxsplit=1)[-1]}"
            self.put_state(state, HORIZON_KEY, str(committed.horizon_ns).encode())
            return
        self._committed = committed

    def commit(self) -> None:
        watermarks = self._log.take_postponed(self._id) | self._watermarks
        if not self._begun and self._committed is None and self._log.may_wait(watermarks):
            self._log.postpone(self._id, watermarks)
        else:
            self._write(watermarks)

    def _write(self, watermarks: dict[Place, int]) -> None:
        for (topic, partition), watermark_ns in watermarks.items():
            self._put(topic, partition, f"@{watermark_ns}", None)
        if self._committed is not None:
            self._begin()
        if not self._begun:
            return
        if self._committed is not None:
            committed = self._committed
            self._patiently(
                lambda limit_s: self._log.send_offsets(self._producer, committed, limit_s),
                OFFSETS_TIMEOUT_S,
            )
        self._patiently(self._producer.commit_transaction, COMMIT_TIMEOUT_S)
        self._log.written(watermarks)

    def commit_time(self) -> None:
        """Writes the watermarks that were put off."""
        self._write(self._log.take_postponed(self._id))

    def _patiently(self, act: Callable[[float], None], limit_s: float) -> None:
        """Repeats what the client says may be repeated: its outcome was not known in time."""
        for attempt in range(RETRIES_MAX + 1):
            try:
                with WATCHDOG.watching(self._id, limit_s + OVERTIME_S):
                    act(limit_s)
            except KafkaException as error:
                if attempt < RETRIES_MAX and error.args[0].retriable():
                    continue
                raise self._given_up(error) from error
            else:
                return

    def _begin(self) -> None:
        if not self._begun:
            try:
                self._producer.begin_transaction()
            except KafkaException as error:
                raise self._given_up(error) from error
            self._begun = True

    def _put(self, topic: str, partition: int, key: str, value: bytes | None) -> None:
        if not self._begun:
            self._begin()
        name = self._prefix + topic
        while True:
            try:
                self._producer.produce(name, value, key, partition)
            except BufferError:
                # The client's queue is full: back-pressure until the broker has taken some.
                self._producer.poll(0.01)
            except KafkaException as error:
                raise self._given_up(error) from error
            else:
                return

    def _given_up(self, raised: KafkaException) -> Exception:
        """Aborts; what was to be committed is unknown or lost, and is found out on recovery."""
        error = translated(raised, self._id)
        if isinstance(error, AbortedError):
            try:
                self._producer.abort_transaction(COMMIT_TIMEOUT_S)
            except KafkaException as again:
                error = translated(again, self._id)
        self._log.drop_producer(self._id)
        return error
