"""One link of a chain of bare transactional loops: the yardstick of latency.

A source sends messages in transactions, each loop forwards them in transactions of its own, with
the offsets. Each process is tuned for latency: no linger, short fetches, whatever waits is one
commit. Nothing is decoded but the mark that says which messages go the whole way.
"""

from __future__ import annotations

import argparse
import gc
import signal
import time

from confluent_kafka import Consumer, Producer, TopicPartition

MARKED = b"+"
"""Begins a message that goes the whole way; any other ends after the first loop."""

SIZE = 210
"""Bytes of a message, those of a tick."""

NAP_S = 0.001
GATHER_MAX = 1_000


def message(marked: bool) -> bytes:
    """A message that knows when it was sent."""
    return (MARKED if marked else b"-") + str(time.time_ns()).encode().ljust(SIZE)


def sent_ns(value: bytes) -> int:
    """When a message was sent, UTC nanoseconds."""
    return int(value[1:])


def main() -> None:
    """Runs until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--hop", type=int, required=True, help="0 = the source")
    parser.add_argument("--per-s", type=float, default=1_000, help="messages of the source")
    parser.add_argument("--marked", type=int, default=1, help="one message of so many is marked")
    options = parser.parse_args()
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    gc.disable()
    producer = Producer(
        {
            "bootstrap.servers": options.kafka,
            "transactional.id": f"{options.prefix}.chain.{options.hop}",
            "linger.ms": 0,
            # A transaction that begins while the markers of the one before are still being written
            # is told to try again; the default pause, 100 ms, would be most of the latency.
            "retry.backoff.ms": 2,
        }
    )
    producer.init_transactions(30)
    if options.hop:
        _forward(options, producer, stopping)
    else:
        _send(options, producer, stopping)


def _send(options: argparse.Namespace, producer: Producer, stopping: list[int]) -> None:
    topic, begin, count = f"{options.prefix}.hop.1", time.monotonic(), 0
    while not stopping:
        due = int((time.monotonic() - begin) * options.per_s)
        if due == count:
            time.sleep(NAP_S)
            continue
        producer.begin_transaction()
        for number in range(count, due):
            producer.produce(topic, message(number % options.marked == 0), partition=0)
        producer.commit_transaction()
        count = due


def _forward(options: argparse.Namespace, producer: Producer, stopping: list[int]) -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": options.kafka,
            "group.id": f"{options.prefix}.chain.{options.hop}",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 10,
            "fetch.queue.backoff.ms": 1,
        }
    )
    place = TopicPartition(f"{options.prefix}.hop.{options.hop}", 0, 0)
    consumer.assign([place])
    topic = f"{options.prefix}.hop.{options.hop + 1}"
    while not stopping:
        first = consumer.poll(0.1)
        if first is None:
            continue
        producer.begin_transaction()
        for each in (first, *consumer.consume(GATHER_MAX, 0)):
            value = each.value() or b""
            if options.hop == 1 or value.startswith(MARKED):
                producer.produce(topic, value, partition=0)
        positions = consumer.position([place])
        producer.send_offsets_to_transaction(positions, consumer.consumer_group_metadata())
        producer.commit_transaction()
    consumer.close()


if __name__ == "__main__":
    main()
