"""The pipeline's model: every mistake is found when it is read, before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tapeline.session.pipeline import Pipeline, Read, load_pipeline

Change = Callable[[dict[str, Any]], object]


def content() -> dict[str, Any]:
    """source -> a -> b -> a: a loop over a feedback edge."""
    stage = {"languages": ["python"]}
    return {
        "feedback_latency_ms": 1000,
        "retention_hours": 24,
        "topics": {
            "ticks": {"key": "symbol", "lane": "market"},
            "orders": {"key": "account", "lane": "account"},
            "fills": {"key": "account", "lane": "account"},
        },
        "stages": {
            "source": {**stage, "package": "s", "reads": [], "writes": ["ticks"]},
            "a": {
                **stage,
                "package": "a",
                "reads": ["ticks", {"topic": "fills", "feedback": True}],
                "writes": ["orders"],
            },
            "b": {**stage, "package": "b", "reads": ["orders"], "writes": ["fills"]},
            "c": {**stage, "package": "c", "reads": ["fills"], "writes": [], "modes": ["live"]},
        },
    }


def load(tmp_path: Path, change: Change = lambda c: c) -> Pipeline:
    whole = content()
    change(whole)
    path = tmp_path / "pipeline.yaml"
    path.write_text(yaml.safe_dump(whole, sort_keys=False))
    return load_pipeline(path)


def test_a_read_is_a_topic_or_one_with_feedback(tmp_path: Path) -> None:
    reads = load(tmp_path).stages["a"].reads

    assert reads == (Read(topic="ticks"), Read(topic="fills", feedback=True))


def test_stages_run_in_their_modes_in_the_order_of_the_flow(tmp_path: Path) -> None:
    pipeline = load(tmp_path)

    assert list(pipeline.active("paper")) == ["source", "a", "b"]
    assert list(pipeline.active("live")) == ["source", "a", "b", "c"]


def test_writers_and_ranks_follow_the_file(tmp_path: Path) -> None:
    pipeline = load(tmp_path)

    assert pipeline.writers("orders") == ("a",)
    assert [pipeline.rank(topic) for topic in ("ticks", "orders", "fills")] == [0, 1, 2]


def stage(name: str, **values: Any) -> Change:
    return lambda whole: whole["stages"][name].update(values)


REFUSED: dict[str, tuple[Change, str]] = {
    "a read of an unknown topic": (
        stage("b", reads=["orderz"]),
        r"stages\.b names topics that are not in topics: \['orderz'\]",
    ),
    "a write of an unknown topic": (
        stage("source", writes=["ticks", "tocks"]),
        r"stages\.source names topics that are not in topics: \['tocks'\]",
    ),
    "a loop without feedback": (
        stage("a", reads=["ticks", "fills"]),
        r"the loop a -> b -> a has no feedback edge.*mark one of its reads with feedback: true",
    ),
    "a stage that reads its own topic": (
        stage("b", reads=["orders", "fills"]),
        r"the loop b -> b has no feedback edge",
    ),
    "a feedback edge without latency": (
        lambda whole: whole.update(feedback_latency_ms=0),
        r"feedback_latency_ms\n\s+Input should be greater than 0",
    ),
    "an unknown key of a stage": (
        stage("b", replicas=3),
        r"stages\.b\.replicas\n\s+Extra inputs are not permitted",
    ),
    "an unknown key of a topic": (
        lambda whole: whole["topics"]["ticks"].update(partitions=3),
        r"topics\.ticks\.partitions\n\s+Extra inputs are not permitted",
    ),
    "an unknown lane": (
        lambda whole: whole["topics"]["ticks"].update(lane="fast"),
        r"topics\.ticks\.lane\n\s+Input should be 'market' or 'account'",
    ),
    "an unknown language": (
        stage("b", languages=["rust"]),
        r"stages\.b\.languages\.0\n\s+Input should be 'python' or 'go'",
    ),
    "a stage without a package": (
        lambda whole: whole["stages"]["b"].pop("package"),
        r"stages\.b\.package\n\s+Field required",
    ),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_named(tmp_path: Path, change: Change, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        load(tmp_path, change)


def test_a_longer_loop_is_found_wherever_it_begins(tmp_path: Path) -> None:
    def lengthen(whole: dict[str, Any]) -> None:
        whole["topics"]["notes"] = {"key": "account", "lane": "account"}
        whole["stages"]["c"].update(writes=["notes"])
        whole["stages"]["b"].update(reads=["orders", "notes"])

    with pytest.raises(ValidationError, match=r"the loop b -> c -> b has no feedback edge"):
        load(tmp_path, lengthen)


def test_branches_that_meet_again_are_no_loop(tmp_path: Path) -> None:
    assert load(tmp_path, stage("b", reads=["orders", "ticks"])).stages["b"].reads[1].topic
