"""The topics of a session on Kafka: created, compared with what is there, deleted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined] # public, though not in __all__
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from tapeline.runner.sink import TransientError

ANSWER_S = 30.0
"""Longest wait for an answer: a hundred topics take a single broker about a second."""

GONE_S = 60.0
"""Longest wait until topics and groups are gone. A group is busy until its last member has left or
timed out, which takes 45 s by default."""

LOOK_S = 0.1
"""Between two looks at what is left."""

PREFIX = re.compile(r"[A-Za-z0-9_-]+")
"""Without a dot, so that no session's topics begin like those of another."""

STATE_SEGMENT_BYTES = 16 * 2**20
"""A restart reads the state to its end, and what is in the newest segment is never compacted:
16 MiB are read in well under a second."""

STATE_DIRTY_RATIO = "0.2"
"""Compacts once a fifth of the rest was replaced; the default is a half."""


class TopicsError(Exception):
    """The topics on the brokers are not those of the session; the message says what to do."""


@dataclass(frozen=True)
class TopicSpec:
    """What a topic must be.

    Args:
        name: without prefix.
        partitions: their number.
        retention_ms: how long a record is kept; None = compacted: the last one of each key.
    """

    name: str
    partitions: int
    retention_ms: int | None

    @property
    def config(self) -> dict[str, str]:
        """Settings of the topic.

        Times are those of the broker's clock: a session plays days of its own, and with the
        producer's times Kafka would refuse those of tomorrow and drop those of last year.
        """
        common = {"message.timestamp.type": "LogAppendTime"}
        if self.retention_ms is not None:
            return {**common, "cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}
        return {
            **common,
            "cleanup.policy": "compact",
            "segment.bytes": str(STATE_SEGMENT_BYTES),
            "min.cleanable.dirty.ratio": STATE_DIRTY_RATIO,
        }


def create_topics(client: Mapping[str, Any], prefix: str, topics: Sequence[TopicSpec]) -> int:
    """Creates the topics that are missing, once those that exist were found to fit.

    Args:
        client: settings of a Kafka client.
        prefix: stands before each name, with a dot.
        topics: all topics of the session.

    Returns:
        How many were created.

    Raises:
        TopicsError: a topic has another number of partitions or another kind of cleanup.
        TransientError: the brokers do not answer.
    """
    _check_prefix(prefix)
    admin = AdminClient(dict(client))
    specs = {f"{prefix}.{spec.name}": spec for spec in topics}
    held = _partitions(admin)
    present = {name: spec for name, spec in specs.items() if name in held}
    for name, spec in sorted(present.items()):
        if held[name] != spec.partitions:
            raise TopicsError(
                f"topic {name} has {held[name]} partitions, the session needs {spec.partitions}: "
                "start it with the --partitions it was created with, or anew with --fresh"
            )
    _check_cleanup(admin, present)
    missing = [
        NewTopic(name, spec.partitions, config=spec.config)
        for name, spec in specs.items()
        if name not in held
    ]
    if missing:
        made = admin.create_topics(missing, operation_timeout=ANSWER_S, request_timeout=ANSWER_S)
        for name, future in made.items():
            _done(future, f"topic {name}", ignore=KafkaError.TOPIC_ALREADY_EXISTS)
    ready = partial(_partitions, admin, ready=True)
    _wait(lambda: specs.keys() <= ready().keys(), f"the topics of {prefix} to be ready")
    return len(missing)


class Deleted(NamedTuple):
    """What was deleted."""

    topics: int
    groups: int
    left: tuple[str, ...]
    """Topics and groups that begin with the prefix, but are none of the session's: still there."""


def delete_session(
    client: Mapping[str, Any],
    prefix: str,
    topics: Collection[str] | None = None,
    groups: Collection[str] | None = None,
) -> Deleted:
    """Deletes the topics and consumer groups of a session, and waits until they are gone.

    Topics go first: whoever is interrupted between the two leaves positions without records, which
    the next run does not use, and never state without the positions that belong to it.

    Args:
        client: settings of a Kafka client.
        prefix: stands before each name, with a dot.
        topics: names without prefix that the session may have; None = all with the prefix.
        groups: the same for groups.

    Raises:
        TopicsError: a group still has members.
        TransientError: the brokers do not answer.
    """
    _check_prefix(prefix)
    admin = AdminClient(dict(client))
    _await_empty(admin, prefix, groups)
    found = _own(_partitions(admin), prefix, topics)
    if found:
        deleted = admin.delete_topics(found, operation_timeout=ANSWER_S, request_timeout=ANSWER_S)
        for name, future in deleted.items():
            _done(future, f"topic {name}", ignore=KafkaError.UNKNOWN_TOPIC_OR_PART)
        _wait(
            lambda: not _own(_partitions(admin), prefix, topics),
            f"the topics of {prefix} to be gone",
        )
    idle = _own(_groups(admin), prefix, groups)
    _delete_groups(admin, prefix, groups)
    left = {*_own(_partitions(admin), prefix), *_own(_groups(admin), prefix)}
    return Deleted(len(found), len(idle), tuple(sorted(left)))


def _await_empty(admin: AdminClient, prefix: str, groups: Collection[str] | None) -> None:
    """Waits until the groups of a session have no members, before anything is deleted."""
    end = time.monotonic() + GONE_S
    while busy := _own(_groups(admin, busy=True), prefix, groups):
        if time.monotonic() > end:
            raise _still_members(busy, prefix)
        time.sleep(LOOK_S)


def _still_members(groups: Sequence[str], prefix: str) -> TopicsError:
    return TopicsError(
        f"consumer groups {', '.join(groups)} still have members; stop the processes of {prefix}, "
        "then delete it again"
    )


def _check_prefix(prefix: str) -> None:
    if not PREFIX.fullmatch(prefix):
        raise TopicsError(
            f"prefix {prefix!r}: only letters, digits, - and _ are allowed; choose another"
        )


def _check_cleanup(admin: AdminClient, present: Mapping[str, TopicSpec]) -> None:
    """A compacted topic loses records that must be kept, any other loses state in time."""
    if not present:
        return
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in present]
    for resource, future in admin.describe_configs(resources).items():
        name = resource.name
        has = _done(future, f"topic {name}")["cleanup.policy"].value
        needs = present[name].config["cleanup.policy"]
        if has != needs:
            raise TopicsError(
                f"topic {name} has cleanup.policy {has}, the session needs {needs}: set it by "
                "kafka-configs, or start the session anew with --fresh"
            )


def _delete_groups(admin: AdminClient, prefix: str, groups: Collection[str] | None) -> None:
    found = _own(_groups(admin), prefix, groups)
    if not found:
        return
    for group, future in admin.delete_consumer_groups(found, request_timeout=ANSWER_S).items():
        try:
            future.result()
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.NON_EMPTY_GROUP:
                raise _still_members([group], prefix) from error
            if code != KafkaError.GROUP_ID_NOT_FOUND:
                raise TransientError(f"consumer group {group}: {error.args[0].str()}") from error


def _partitions(admin: AdminClient, *, ready: bool = False) -> dict[str, int]:
    """Number of partitions of each topic; if asked, only of those with a leader everywhere."""
    try:
        topics = admin.list_topics(timeout=ANSWER_S).topics
    except KafkaException as error:
        raise TransientError(f"the brokers do not answer: {error.args[0].str()}") from error
    return {
        name: len(topic.partitions)
        for name, topic in topics.items()
        if not ready or all(p.leader >= 0 for p in topic.partitions.values())
    }


def _groups(admin: AdminClient, *, busy: bool = False) -> list[str]:
    """Names of all consumer groups; if asked, only of those with members."""
    listed = _done(admin.list_consumer_groups(request_timeout=ANSWER_S), "consumer groups")
    idle = (ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD)
    return [g.group_id for g in listed.valid if not busy or g.state not in idle]


def _own(names: Iterable[str], prefix: str, only: Collection[str] | None = None) -> list[str]:
    """Those that begin with the prefix, and go on with one of `only` where it is given."""
    begin = f"{prefix}."
    mine = (name for name in names if name.startswith(begin))
    return sorted(name for name in mine if only is None or name.removeprefix(begin) in only)


def _wait(reached: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + GONE_S
    while not reached():
        if time.monotonic() > end:
            raise TransientError(f"waited {GONE_S:.0f} s for {what}; look at the broker's log")
        time.sleep(LOOK_S)


def _done(future: Future[Any], what: str, ignore: int | None = None) -> Any:
    try:
        return future.result(timeout=ANSWER_S)
    except KafkaException as error:
        if error.args[0].code() == ignore:
            return None
        raise TransientError(f"{what}: {error.args[0].str()}") from error
