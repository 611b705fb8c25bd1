"""Gathers what a session on Kafka left: topics as files, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from tapeline.runner.archive import Archive
from tapeline.runner.kafka_clients import REQUEST_TIMEOUT_S, KafkaMeans, sentence, translated
from tapeline.runner.kafka_queue import WATERMARK
from tapeline.runner.sink import TransientError
from tapeline.session.pipeline import Pipeline
from tapeline.session.summary import Tally, observers
from tapeline.session.topics import DEAD, JOURNAL, STATE

MESSAGES = 10_000
"""Messages of one step: a few MiB."""

SILENCE_S = 30.0
"""A broker that sends nothing for so long, although there is more, is away."""

QUIET = {"log_level": 0}
"""Failed connections are not written to standard error: the sentence of the error is enough."""

FOLLOW_S = 0.2
"""A wait for the next record: how soon a request to stop is seen."""

FILLS = "fills"


@dataclass(frozen=True)
class Collected:
    """What the topics of a session held."""

    tally: Tally
    counts: dict[str, int]
    """Records by topic; watermarks are none."""
    first_fill_ms: int | None
    """Wall clock at which the first fill was written, UTC milliseconds."""


def collect(means: KafkaMeans, pipeline: Pipeline, folder: Path | None) -> Collected:
    """Reads every topic of a session to its end.

    Each partition is read in its order, which for fills is the order of the session: they have one
    partition.

    Args:
        means: how to reach the brokers, and the prefix of the topics.
        pipeline: the topics that a session has.
        folder: receives `<topic>.ndjson`, as a run in one process writes them; None keeps none.

    Raises:
        TransientError: the brokers are away.
    """
    tally = Tally()
    known = observers(tally, pipeline.topics)
    first_fill_ms: int | None = None
    with Archive(folder, known) as archive:
        for topic, partition, records, first_ms in _pieces(
            means, _places(means, _topics(pipeline))
        ):
            if topic == FILLS and first_fill_ms is None:
                first_fill_ms = first_ms
            archive(topic, partition, records)
        return Collected(tally, dict(archive.counts), first_fill_ms)


def holds_records(means: KafkaMeans, pipeline: Pipeline) -> bool:
    """Whether an earlier run of the session has written anything.

    Raises:
        TransientError: the brokers are away.
    """
    states = {STATE.format(stage) for stage in pipeline.stages}
    consumer = Consumer({**means.consumer(f"{means.prefix}.collect"), **QUIET})
    try:
        ends = (
            consumer.get_watermark_offsets(place, REQUEST_TIMEOUT_S)
            for place in _places(means, _topics(pipeline) | states)
        )
        return any(end[1] > 0 for end in ends)
    except KafkaException as error:
        raise translated(error, f"brokers {means.brokers}") from error
    finally:
        consumer.close()


def _topics(pipeline: Pipeline) -> set[str]:
    """Topics with records: of the pipeline, dead letters and journals."""
    return {
        *pipeline.topics,
        *(DEAD.format(topic) for topic in pipeline.topics),
        *(JOURNAL.format(stage) for stage in pipeline.stages),
    }


def _places(means: KafkaMeans, wanted: set[str]) -> list[TopicPartition]:
    """Partitions of those topics that there are."""
    try:
        held = (
            AdminClient({**means.client(), **QUIET}).list_topics(timeout=REQUEST_TIMEOUT_S).topics
        )
    except KafkaException as error:
        raise translated(error, f"brokers {means.brokers}") from error
    return [
        TopicPartition(name, partition, OFFSET_BEGINNING)
        for name, metadata in sorted(held.items())
        if name.startswith(f"{means.prefix}.") and means.own(name) in wanted
        for partition in sorted(metadata.partitions)
    ]


Piece = tuple[str, int, list[tuple[str, bytes]], int]
"""Topic, partition, (key, value) of its next records, and when the first of them was written."""


def _pieces(means: KafkaMeans, places: list[TopicPartition]) -> Iterator[Piece]:
    """Records of all partitions, side by side, up to the end of each."""
    settings = means.consumer(f"{means.prefix}.collect")
    consumer = Consumer({**settings, "enable.partition.eof": True})
    unread = {(place.topic, place.partition) for place in places}
    try:
        consumer.assign(places)
        while unread:
            first = consumer.poll(SILENCE_S)
            if first is None:
                raise TransientError(
                    f"brokers {means.brokers}: sent nothing for {SILENCE_S:.0f} s, and "
                    f"{len(unread)} partitions are not read to their end"
                )
            messages = [first, *consumer.consume(MESSAGES, 0)]
            yield from _sorted(means, messages)
            unread -= _ended(messages)
    except KafkaException as error:
        raise translated(error, f"brokers {means.brokers}") from error
    finally:
        consumer.close()


def follow(
    means: KafkaMeans, topic: str, end_ns: int, keep_on: Callable[[], bool]
) -> Iterator[bytes]:
    """Values of a topic's records as they come, until it is complete.

    Dead letters and journals have no watermarks: of these only `keep_on` ends it.

    Args:
        means: how to reach the brokers, and the prefix of the topic.
        topic: name without prefix.
        end_ns: end of the session: a watermark there says that a partition is complete.
        keep_on: asked several times a second; false ends it.
    """
    places = _places(means, {topic})
    consumer = Consumer(means.consumer(f"{means.prefix}.follow"))
    unread = {(place.topic, place.partition) for place in places}
    try:
        consumer.assign(places)
        while unread and keep_on():
            message = consumer.poll(FOLLOW_S)
            if message is None or _ended([message]):
                continue
            value = message.value()
            if value is not None:
                yield value
            elif _watermark_ns(message) >= end_ns:
                unread.discard(_place(message))
    except KafkaException as error:
        raise translated(error, f"brokers {means.brokers}") from error
    finally:
        consumer.close()


def _watermark_ns(message: Message) -> int:
    """Session time of a watermark; -1 for a record without a value that is none."""
    digits = (message.key() or b"").removeprefix(WATERMARK)
    return int(digits) if digits.isdigit() else -1


def _sorted(means: KafkaMeans, messages: list[Message]) -> Iterator[Piece]:
    """Messages by partition, each in its order, without watermarks."""
    records: dict[tuple[str, int], list[tuple[str, bytes]]] = {}
    first_ms: dict[tuple[str, int], int] = {}
    for message in messages:
        value = message.value()
        if message.error() is None and value is not None:
            place = _place(message)
            first_ms.setdefault(place, message.timestamp()[1])
            records.setdefault(place, []).append(((message.key() or b"").decode(), value))
    for (topic, partition), found in records.items():
        yield means.own(topic), partition, found, first_ms[topic, partition]


def _ended(messages: list[Message]) -> set[tuple[str, int]]:
    """Partitions whose end is among the messages."""
    ended = set()
    for message in messages:
        error = message.error()
        if error is None:
            continue
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - see kafka_clients.py
            ended.add(_place(message))
        elif not error.retriable() and error.code() != KafkaError._ALL_BROKERS_DOWN:  # noqa: SLF001
            raise TransientError(f"{message.topic()} cannot be read: {sentence(error)}")
    return ended


def _place(message: Message) -> tuple[str, int]:
    topic, partition = message.topic(), message.partition()
    assert topic is not None
    assert partition is not None
    return topic, partition
