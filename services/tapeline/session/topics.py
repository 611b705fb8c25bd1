"""Every topic of a session on Kafka, from configs/pipeline.yaml."""

from __future__ import annotations

from tapeline.runner.kafka_topics import TopicSpec
from tapeline.session.compose import Lanes
from tapeline.session.pipeline import Pipeline

DEAD = "{}.dead"
STATE = "state.{}"
JOURNAL = "journal.{}"


def session_topics(lanes: Lanes) -> list[TopicSpec]:
    """Topics of data and of dead letters, state and journals, without prefix.

    State has a partition for each task of its stage. Dead letters and journals have one: each entry
    says what it is about, and there are few.
    """
    keep_ms = lanes.pipeline.retention_ms
    found: list[TopicSpec] = []
    for topic, partitions in lanes.partitions().items():
        dead = DEAD.format(topic)
        found.append(TopicSpec(topic, partitions, keep_ms(topic)))
        found.append(TopicSpec(dead, 1, keep_ms(dead)))
    for name, stage in lanes.stages().items():
        journal = JOURNAL.format(name)
        found.append(TopicSpec(STATE.format(name), lanes.market if stage.scales else 1, None))
        if stage.reads:
            found.append(TopicSpec(journal, 1, keep_ms(journal)))
    return found


def possible_topics(pipeline: Pipeline) -> frozenset[str]:
    """Every topic that a session of any mode may have, without prefix."""
    data = {name for topic in pipeline.topics for name in (topic, DEAD.format(topic))}
    own = {name.format(stage) for stage in pipeline.stages for name in (STATE, JOURNAL)}
    return frozenset(data | own)
