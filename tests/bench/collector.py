"""Notes when records become visible to a reader of committed records."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import NamedTuple

from confluent_kafka import Consumer, TopicPartition


class Arrival(NamedTuple):
    """A record that has become visible."""

    topic: str
    at_ns: int
    """Wall clock, UTC nanoseconds."""
    value: bytes


class Collector:
    """Reads partition 0 of some topics in a thread, from the beginning.

    Args:
        brokers: host:port.
        topics: names on the broker.
    """

    def __init__(self, brokers: str, topics: list[str]) -> None:
        self.arrivals: list[Arrival] = []
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": "bench.collector",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 10,
                "fetch.queue.backoff.ms": 1,
            }
        )
        self._consumer.assign([TopicPartition(topic, 0, 0) for topic in topics])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            message = self._consumer.poll(0.1)
            if message is None or message.error() is not None:
                continue
            value = message.value()
            if value is not None:
                self.arrivals.append(Arrival(str(message.topic()), time.time_ns(), value))
