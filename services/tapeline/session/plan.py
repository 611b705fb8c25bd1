"""The plan of a stage: all that a process of it needs to know, as one JSON file.

A stage in Go reads no manifest: it gets its settings, its tasks and their partitions from here, so
that manifest, calendar and instruments are resolved in one place. A Python stage resolves the
manifest itself, to the same values, and needs no plan.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import msgspec

from tapeline.contracts.clock import MS_NS
from tapeline.runner.wiring import Wiring
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext

VERSION = 1
"""Version of the file's layout; a reader refuses a newer one."""


def tasks(lanes: Lanes, name: str) -> list[Wiring]:
    """The units of work of a stage: one for each market lane when it scales, otherwise one.

    The replica of a wiring is the number of the task here: processes share tasks among them, and a
    task keeps its partitions whoever runs it.
    """
    stage = lanes.stages()[name]
    count = lanes.market if stage.scales else 1
    return replace(lanes, replicas={name: count}).wirings(name)


def write_plan(
    context: SessionContext, lanes: Lanes, name: str, prefix: str | None = None
) -> bytes:
    """The plan of one stage as JSON; the same session gives the same bytes.

    Args:
        context: the resolved session.
        lanes: its partitions.
        name: a stage that runs in the session's mode and whose settings are plain values.
        prefix: stands before each topic, group and transactional id; None = the session's name.
    """
    plan = {
        "version": VERSION,
        "session": context.name,
        "prefix": prefix or context.name,
        "stage": name,
        "clock": context.spec.clock,
        "start_ns": context.start_ns,
        "end_ns": context.end_ns,
        "feedback_latency_ns": context.pipeline.feedback_latency_ms * MS_NS,
        "latency_ns": context.latency_ns(name),
        "tasks": [_task(wiring) for wiring in tasks(lanes, name)],
        "settings": _settings(context, name),
    }
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def _task(wiring: Wiring) -> dict[str, Any]:
    return {
        "task": wiring.replica,
        "inputs": [
            {
                "topic": read.topic,
                "rank": read.rank,
                "partitions": list(read.partitions),
                "feedback": read.feedback,
            }
            for read in wiring.inputs
        ],
        "targets": [
            {
                "topic": target.topic,
                "first": target.first,
                "lanes": target.lanes,
                "own": list(target.own),
            }
            for target in wiring.targets.values()
        ],
    }


def _settings(context: SessionContext, name: str) -> dict[str, Any]:
    package = context.pipeline.stages[name].package
    settings = import_module(f"tapeline.{package}.settings").Settings
    values: dict[str, Any] = settings.from_session(context).model_dump(mode="json")
    return values
