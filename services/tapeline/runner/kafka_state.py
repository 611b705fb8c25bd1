"""Reads the saved state of a task from its compacted topic, and judges a consumer's errors."""

from __future__ import annotations

import structlog
from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from tapeline.runner.kafka_clients import KafkaMeans, KafkaSettingsError, sentence
from tapeline.runner.log import FencedError
from tapeline.runner.sink import TransientError

WAIT_S = 0.2
"""One wait for records that are known to exist."""

WAITS_MAX = 300
"""A minute without any of them: they are gone, or the broker is."""

log = structlog.get_logger()


def read_state(means: KafkaMeans, stage: str, task: int) -> dict[str, bytes]:
    """Last value of each key of a task's state.

    Args:
        means: how to reach the brokers.
        stage: name of the stage.
        task: number of the task: the partition of the state topic.

    Raises:
        TransientError: the topic cannot be read to its end.
    """
    place = TopicPartition(means.topic(f"state.{stage}"), task, 0)
    settings = means.consumer(f"{means.prefix}.{stage}.state")
    reader = {
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        # The last fetch says that this was the end, and need not wait for more.
        "fetch.wait.max.ms": 1,
    }
    consumer = Consumer({**settings, **reader})
    entries: dict[str, bytes] = {}
    try:
        consumer.assign([place])
        waits = 0
        while True:
            message = consumer.poll(WAIT_S)
            if message is None:
                waits += 1
                if waits > WAITS_MAX:
                    raise TransientError(f"{place.topic}: cannot be read to its end")
                continue
            error = message.error()
            if error is not None:
                if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - see kafka_clients.py
                    return entries
                refused(error)
                continue
            key, value = (message.key() or b"").decode(), message.value()
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
    finally:
        consumer.close()


def refused(error: KafkaError) -> str | None:
    """What an error of a consumer means.

    Returns:
        A sentence for the log when the consumer goes on by itself; None for mere retries.

    Raises:
        KafkaSettingsError: records were deleted before they were read.
        FencedError: another process has this replica's place.
    """
    if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - see kafka_clients.py
        raise KafkaSettingsError(
            f"{sentence(error)}: the records at the committed offsets are not there: they were "
            "deleted before this stage had read them (raise retention_hours in "
            "configs/pipeline.yaml), or the topic was made anew; start the session with --fresh"
        )
    # The client hands a fatal error out once, as a message with this code, then it is silent.
    if error.code() in (KafkaError._FATAL, KafkaError.FENCED_INSTANCE_ID):  # noqa: SLF001
        raise FencedError(f"another process has taken over this replica ({sentence(error)})")
    return None if error.retriable() else sentence(error)


def without_errors(messages: list[Message]) -> list[Message]:
    """The records among what a consumer handed out; see `refused` for the others."""
    good = []
    for message in messages:
        error = message.error()
        if error is None:
            good.append(message)
        elif (why := refused(error)) is not None:
            log.warning("consumer.trouble", why=why)
    return good
