"""Settings of the Kafka clients, and what their errors mean; the one file of librdkafka's names."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from tapeline.runner.log import FencedError
from tapeline.runner.sink import TransientError
from tapeline.runner.wiring import Wiring

REQUEST_TIMEOUT_S = 10.0
"""Longest wait for one answer of a broker that is there."""

COMMIT_TIMEOUT_S = 30.0
"""A commit that takes longer is of unknown outcome; the process stops and its successor finds out
from the committed offsets."""

CONNECTED_MAX = 4
"""Tasks whose producers a process connects before it knows which tasks it gets: each costs some
threads, and whoever has more tasks than this does not mind some milliseconds."""

SECRETS = {
    "security.protocol": "KAFKA_SECURITY_PROTOCOL",
    "sasl.mechanism": "KAFKA_SASL_MECHANISM",
    "sasl.username": "KAFKA_USERNAME",
    "sasl.password": "KAFKA_PASSWORD",
    "ssl.ca.location": "KAFKA_CA",
}
"""Settings that come from the environment only, so that they are in no command line or file."""

FENCED = frozenset(
    {
        KafkaError._FENCED,  # noqa: SLF001 - the client's public name of a local error code
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.PRODUCER_FENCED,
    }
)


class KafkaSettingsError(Exception):
    """The brokers do not hold what the session needs; the message says what to do."""


class AbortedError(Exception):
    """A transaction was given up: the task must be built again from its last commit."""


@dataclass(frozen=True)
class KafkaMeans:
    """How a process reaches the brokers.

    Args:
        brokers: host:port, several with commas.
        prefix: first part of every topic's name: the session's name unless asked otherwise.
        environment: where secrets come from.
    """

    brokers: str
    prefix: str
    session_timeout_ms: int = 10_000
    """A member that is silent for this long loses its partitions. Three heartbeats of 3 s and one
    second to spare."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def topic(self, topic: str) -> str:
        """Name on the brokers."""
        return f"{self.prefix}.{topic}"

    def own(self, name: str) -> str:
        """Topic of the pipeline behind a name on the brokers."""
        return name.removeprefix(f"{self.prefix}.")

    def client(self) -> dict[str, Any]:
        """Settings of every client."""
        secrets = {k: self.environment[v] for k, v in SECRETS.items() if self.environment.get(v)}
        return {
            "bootstrap.servers": self.brokers,
            "socket.keepalive.enable": True,
            "reconnect.backoff.ms": 50,
            "reconnect.backoff.max.ms": 1_000,
            "topic.metadata.refresh.interval.ms": 30_000,
            "allow.auto.create.topics": False,
            **secrets,
        }

    def consumer(self, group: str) -> dict[str, Any]:
        """Settings of every consumer."""
        return {
            **self.client(),
            "group.id": group,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            # A full queue makes librdkafka pause fetching for this long; its default, a second,
            # costs a busy consumer four fifths of its throughput.
            "fetch.queue.backoff.ms": 1,
            "queued.min.messages": 10_000,
            "queued.max.messages.kbytes": 4_096,
            "fetch.message.max.bytes": 1_048_576,
            "fetch.wait.max.ms": 100,
        }

    def member(self, group: str, instance: str) -> dict[str, Any]:
        """Settings of a consumer that shares a stage's partitions with its other replicas.

        A static member that comes back within the session timeout keeps its partitions, so that a
        restart costs no rebalance; a second process with the same id fences the first.
        """
        return {
            **self.consumer(group),
            "group.instance.id": instance,
            "partition.assignment.strategy": "cooperative-sticky",
            "session.timeout.ms": self.session_timeout_ms,
            "heartbeat.interval.ms": max(self.session_timeout_ms * 3 // 10, 1),
        }

    def producer(self, transactional_id: str) -> dict[str, Any]:
        """Settings of a task's producer."""
        return {
            **self.client(),
            "transactional.id": transactional_id,
            # A transaction that was left open blocks its readers for this long at most. A commit
            # takes milliseconds; a broker's restart takes seconds.
            "transaction.timeout.ms": 30_000,
            "acks": "all",
            # A commit sends what is left at once. What was sent before it, record by record, kept
            # the client's thread awake all the time, a third of a busy stage's processor time.
            "linger.ms": 1_000,
            "batch.size": 1_000_000,
            # Until the markers of the last commit are written the broker asks to try again; with
            # the default of 100 ms a chain of stages would stand still most of the time.
            "retry.backoff.ms": 2,
            "queue.buffering.max.messages": 200_000,
            "queue.buffering.max.kbytes": 32_768,
        }


def sentence(error: KafkaError) -> str:
    """What a person reads of a client's error."""
    return f"{error.name()}: {error.str()}"


def translated(raised: KafkaException, what: str) -> Exception:
    """The runner's error for one of the client's: fenced, abortable, or a broker that is away."""
    error: KafkaError = raised.args[0]
    if error.code() in FENCED or (error.fatal() and _is_fencing(error)):
        return FencedError(f"{what}: another process has taken over ({sentence(error)})")
    if error.txn_requires_abort():
        return AbortedError(f"{what}: {sentence(error)}")
    return TransientError(f"{what}: {sentence(error)}")


def _is_fencing(error: KafkaError) -> bool:
    return "fenced" in error.str().lower()


def check_partitions(means: KafkaMeans, needed: Mapping[str, int]) -> None:
    """Compares the partitions of topics with what a session needs.

    Raises:
        KafkaSettingsError: a topic is missing or has another number of partitions.
        TransientError: no broker answers.
    """
    try:
        held = AdminClient(means.client()).list_topics(timeout=REQUEST_TIMEOUT_S).topics
    except KafkaException as error:
        raise translated(error, f"brokers {means.brokers}") from error
    for topic, count in sorted(needed.items()):
        name = means.topic(topic)
        if name not in held:
            raise KafkaSettingsError(
                f"topic {name} does not exist; `tapeline run` creates a session's topics, or "
                f"create it with {count} partitions"
            )
        has = len(held[name].partitions)
        if has != count:
            raise KafkaSettingsError(
                f"topic {name} has {has} partitions, the session needs {count}: start it with the "
                "--partitions it was created with, or anew with --fresh"
            )


def wait_for_brokers(
    means: KafkaMeans, needed: Mapping[str, int], keep_on: Callable[[str], bool]
) -> bool:
    """Waits until the brokers answer and hold the topics.

    Args:
        means: how to reach them.
        needed: see `check_partitions`.
        keep_on: called with the reason after each try that failed; False gives up.

    Returns:
        False when `keep_on` gave up.

    Raises:
        KafkaSettingsError: see `check_partitions`.
    """
    while True:
        try:
            check_partitions(means, needed)
        except TransientError as error:
            if not keep_on(str(error)):
                return False
        else:
            return True


def connect(
    means: KafkaMeans, wirings: Sequence[Wiring], consumer: Consumer | None
) -> dict[str, Producer]:
    """Connects to the brokers and coordinators of tasks; joins no group and fences nobody.

    Returns:
        Producers by their transactional ids, of the first CONNECTED_MAX tasks.
    """
    found = {}
    try:
        for wiring in wirings[:CONNECTED_MAX]:
            if consumer is not None:
                places = [TopicPartition(means.topic(t), p) for t, p in wiring.input_places()]
                consumer.committed(places, REQUEST_TIMEOUT_S)
            producer = Producer(means.producer(wiring.group))
            producer.list_topics(means.topic(f"state.{wiring.stage}"), REQUEST_TIMEOUT_S)
            found[wiring.group] = producer
    except KafkaException as error:
        raise translated(error, "connecting") from error
    return found
