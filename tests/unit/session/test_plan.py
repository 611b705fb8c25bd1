"""Plans: tasks, partitions and settings of a stage as one JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tapeline.compute.bar_builder_1s.settings import Settings
from tapeline.ingestion.settings import Settings as IngestionSettings
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.plan import tasks, write_plan


@pytest.fixture(scope="module")
def context() -> SessionContext:
    return load_session(Path("configs/sessions/paper-short.yaml"))


def lanes(context: SessionContext, market: int = 1) -> Lanes:
    return Lanes(context.pipeline, context.spec.mode, context.name, market, {})


def plan(context: SessionContext, stage: str, market: int = 1, **more: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(write_plan(context, lanes(context, market), stage, **more))
    return content


def test_a_stage_that_scales_has_a_task_for_each_lane(context: SessionContext) -> None:
    written = plan(context, "bar_builder_1s", 4)["tasks"]

    assert [task["task"] for task in written] == [0, 1, 2, 3]
    for lane, task in enumerate(written):
        assert task["inputs"] == [
            {
                "topic": "ticks",
                "rank": context.pipeline.rank("ticks"),
                "partitions": [lane],
                "feedback": False,
            }
        ]
        assert [target["own"] for target in task["targets"]] == [[lane], [lane]]
        assert [(t["topic"], t["first"], t["lanes"]) for t in task["targets"]] == [
            ("bars.1s", 0, 4),
            ("ticks.late", 0, 4),
        ]


def test_any_other_stage_has_one_task_with_all_partitions(context: SessionContext) -> None:
    (task,) = tasks(lanes(context, 4), "risk_manager")
    reads = {read.topic: (read.partitions, read.feedback) for read in task.inputs}

    assert reads["bars.1s"] == ((0, 1, 2, 3), False)
    assert reads["control"] == ((0, 1), True)
    assert {topic: target.own for topic, target in task.targets.items()} == {
        "orders.sized": (0,),
        "control": (1,),
    }


def test_a_source_has_one_task_without_inputs(context: SessionContext) -> None:
    (task,) = plan(context, "ingestion", 2)["tasks"]

    assert task["inputs"] == []
    assert [(target["topic"], target["own"]) for target in task["targets"]] == [
        ("ticks", [0, 1]),
        ("control", [0]),
    ]


def test_tasks_do_not_depend_on_the_number_of_processes(context: SessionContext) -> None:
    shared = Lanes(context.pipeline, "paper", context.name, 4, {"bar_builder_1s": 2})

    assert tasks(shared, "bar_builder_1s") == tasks(lanes(context, 4), "bar_builder_1s")


def test_a_plan_says_what_session_it_is_for(context: SessionContext) -> None:
    written = plan(context, "bar_builder_1s", prefix="other")

    assert (written["version"], written["session"], written["prefix"]) == (
        1,
        "paper-short",
        "other",
    )
    assert (written["clock"], written["start_ns"]) == ("virtual", context.start_ns)
    assert (written["latency_ns"], written["feedback_latency_ns"]) == (100_000, 10**9)
    assert plan(context, "bar_builder_1s")["prefix"] == "paper-short"


@pytest.mark.parametrize(
    ("stage", "settings"), [("bar_builder_1s", Settings), ("ingestion", IngestionSettings)]
)
def test_the_settings_of_a_plan_are_those_of_the_session(
    context: SessionContext, stage: str, settings: Any
) -> None:
    written = plan(context, stage)["settings"]

    assert settings.model_validate(written) == settings.from_session(context)


def test_the_same_session_gives_the_same_bytes(context: SessionContext) -> None:
    for stage in ("ingestion", "bar_builder_1s", "bar_aggregator_multi"):
        first = write_plan(context, lanes(context, 4), stage)

        assert first == write_plan(context, lanes(context, 4), stage)
        assert json.loads(first)["stage"] == stage
