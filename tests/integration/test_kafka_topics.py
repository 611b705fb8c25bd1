"""A session's topics on a real broker: created once, compared, deleted with their groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from tapeline.local import LocalKafka
from tapeline.runner import kafka_topics
from tapeline.runner.kafka_topics import TopicsError, TopicSpec, create_topics, delete_session
from tapeline.runner.sink import TransientError

DATA = TopicSpec("ticks", 4, 3_600_000)
STATE = TopicSpec("state.bars", 2, None)


def client(kafka: LocalKafka) -> dict[str, str]:
    return {"bootstrap.servers": kafka.bootstrap}


def partitions(kafka: LocalKafka, prefix: str) -> dict[str, int]:
    held = AdminClient(client(kafka)).list_topics(timeout=10).topics
    return {n: len(t.partitions) for n, t in held.items() if n.startswith(prefix)}


def config(kafka: LocalKafka, topic: str) -> dict[str, str]:
    resource = ConfigResource(ResourceType.TOPIC, topic)
    admin = AdminClient(client(kafka))
    (future,) = admin.describe_configs([resource]).values()
    return {name: entry.value for name, entry in future.result().items()}


def test_topics_are_created_once_as_specified(kafka: LocalKafka, prefix: str) -> None:
    assert create_topics(client(kafka), prefix, [DATA]) == 1
    assert create_topics(client(kafka), prefix, [DATA, STATE]) == 1
    assert create_topics(client(kafka), prefix, [DATA, STATE]) == 0

    assert partitions(kafka, prefix) == {f"{prefix}.ticks": 4, f"{prefix}.state.bars": 2}
    assert config(kafka, f"{prefix}.ticks")["retention.ms"] == "3600000"
    assert config(kafka, f"{prefix}.state.bars")["cleanup.policy"] == "compact"


@pytest.mark.parametrize("partitions", [1, 8])
def test_another_number_of_partitions_is_named_with_what_to_do(
    kafka: LocalKafka, prefix: str, partitions: int
) -> None:
    create_topics(client(kafka), prefix, [DATA])

    with pytest.raises(
        TopicsError,
        match=rf"topic {prefix}.ticks has 4 partitions, the session needs {partitions}: start it",
    ):
        create_topics(client(kafka), prefix, [STATE, replace(DATA, partitions=partitions)])
    assert f"{prefix}.state.bars" not in AdminClient(client(kafka)).list_topics(timeout=10).topics


def test_state_that_is_not_compacted_is_refused(kafka: LocalKafka, prefix: str) -> None:
    create_topics(client(kafka), prefix, [replace(STATE, retention_ms=1_000)])

    with pytest.raises(TopicsError, match=r"cleanup\.policy delete, the session needs compact"):
        create_topics(client(kafka), prefix, [STATE])


def test_a_record_of_another_year_is_accepted_and_has_the_brokers_time(
    kafka: LocalKafka, prefix: str
) -> None:
    create_topics(client(kafka), prefix, [DATA])
    failed = []
    producer = Producer(client(kafka))
    for timestamp in (1_000, 4_000_000_000_000):
        producer.produce(
            f"{prefix}.ticks", b"x", timestamp=timestamp, on_delivery=lambda e, _: failed.append(e)
        )
    producer.flush(10)

    assert failed == [None, None]


def joined(kafka: LocalKafka, prefix: str) -> Consumer:
    """A member of a group, with a committed offset."""
    settings = {"group.id": f"{prefix}.bars", "session.timeout.ms": 6_000}
    consumer = Consumer({**client(kafka), **settings, "auto.offset.reset": "earliest"})
    consumer.subscribe([f"{prefix}.ticks"])
    while not consumer.assignment():
        consumer.poll(0.1)
    return consumer


def groups(kafka: LocalKafka, prefix: str) -> list[str]:
    admin = AdminClient(client(kafka))
    listed = admin.list_consumer_groups().result()
    return [g.group_id for g in listed.valid if g.group_id.startswith(prefix)]


def test_a_session_is_deleted_with_its_groups_and_nothing_else(
    kafka: LocalKafka, prefix: str
) -> None:
    other = f"{prefix}-2"
    create_topics(client(kafka), prefix, [DATA, STATE])
    create_topics(client(kafka), other, [DATA])
    joined(kafka, prefix).close()
    assert groups(kafka, prefix) == [f"{prefix}.bars"]

    assert delete_session(client(kafka), prefix) == (2, 1, ())
    assert delete_session(client(kafka), prefix) == (0, 0, ())

    assert groups(kafka, prefix) == []
    assert partitions(kafka, prefix) == {f"{other}.ticks": 4}
    assert create_topics(client(kafka), prefix, [DATA]) == 1
    delete_session(client(kafka), other)


def test_topics_and_groups_of_others_stay_and_are_named(kafka: LocalKafka, prefix: str) -> None:
    foreign = TopicSpec("audit", 1, 3_600_000)
    create_topics(client(kafka), prefix, [DATA, STATE, foreign])
    joined(kafka, prefix).close()

    deleted = delete_session(client(kafka), prefix, {"ticks", "state.bars"}, {"oms"})

    assert deleted == (2, 0, (f"{prefix}.audit", f"{prefix}.bars"))
    assert partitions(kafka, prefix) == {f"{prefix}.audit": 1}


def test_a_session_that_runs_is_not_deleted(
    kafka: LocalKafka, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_topics, "GONE_S", 0.0)
    create_topics(client(kafka), prefix, [DATA])
    consumer = joined(kafka, prefix)

    with pytest.raises(TopicsError, match=rf"consumer groups {prefix}.bars still have members"):
        delete_session(client(kafka), prefix)
    consumer.close()
    assert partitions(kafka, prefix) == {f"{prefix}.ticks": 4}


def test_a_prefix_with_a_dot_is_refused(kafka: LocalKafka) -> None:
    with pytest.raises(TopicsError, match="choose another"):
        create_topics(client(kafka), "a.b", [DATA])


def test_brokers_that_do_not_answer_are_a_transient_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kafka_topics, "ANSWER_S", 0.3)

    with pytest.raises(TransientError, match="the brokers do not answer"):
        create_topics({"bootstrap.servers": "127.0.0.1:1", "log_level": 0}, "a", [DATA])
