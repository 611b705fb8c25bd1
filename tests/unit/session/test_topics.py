"""Every topic of a session on Kafka: how many partitions, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.runner.kafka_topics import TopicSpec
from tapeline.session.compose import Lanes
from tapeline.session.pipeline import load_pipeline
from tapeline.session.topics import possible_topics, session_topics

PIPELINE = load_pipeline(Path("configs/pipeline.yaml"))
HOUR_MS = 3_600_000


def topics(market: int = 1, mode: str = "paper") -> dict[str, TopicSpec]:
    specs = session_topics(Lanes(PIPELINE, mode, "demo", market, {}))
    assert len({spec.name for spec in specs}) == len(specs)
    return {spec.name: spec for spec in specs}


def test_data_has_the_partitions_of_its_lanes_and_writers() -> None:
    four = topics(4)

    assert [four[t].partitions for t in ("ticks", "bars.1m", "orders", "control")] == [4, 4, 1, 2]


def test_every_topic_has_dead_letters_in_one_partition() -> None:
    four = topics(4)

    assert [four[f"{topic}.dead"].partitions for topic in PIPELINE.topics] == [1] * len(
        PIPELINE.topics
    )


def test_state_has_a_partition_for_each_task_and_is_compacted() -> None:
    four = topics(4)

    assert (four["state.bar_builder_1s"].partitions, four["state.oms"].partitions) == (4, 1)
    assert four["state.oms"].config["cleanup.policy"] == "compact"
    assert "retention.ms" not in four["state.oms"].config


def test_only_stages_that_run_have_state_and_only_those_that_read_have_a_journal() -> None:
    assert "state.gateway_dry" not in topics(mode="paper")
    assert "state.gateway_dry" in topics(mode="dry")
    assert "journal.oms" in topics()
    assert "state.ingestion" in topics()
    assert "journal.ingestion" not in topics()


@pytest.mark.parametrize(
    ("topic", "hours"), [("ticks", 48), ("orders", 168), ("ticks.dead", 168), ("journal.oms", 168)]
)
def test_records_are_kept_as_long_as_the_pipeline_says(topic: str, hours: int) -> None:
    spec = topics()[topic]

    assert spec.retention_ms == hours * HOUR_MS
    assert spec.config["retention.ms"] == str(hours * HOUR_MS)


def test_time_is_the_brokers_since_a_session_plays_days_of_its_own() -> None:
    assert {s.config["message.timestamp.type"] for s in topics().values()} == {"LogAppendTime"}


def test_every_topic_of_any_mode_is_a_possible_one() -> None:
    made = {name for mode in ("dry", "paper", "live") for name in topics(2, mode)}

    assert made <= possible_topics(PIPELINE)
