"""configs/pipeline.yaml as a checked model: the only list of stages and topics."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Mode = Literal["dry", "paper", "live"]
Language = Literal["python", "go"]

HOUR_MS = 3_600_000


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(_Model):
    """One topic."""

    key: Literal["symbol", "account"]
    lane: Literal["market", "account"]
    retention_hours: int | None = Field(default=None, gt=0)
    """How long Kafka keeps a record, hours; None = as `Pipeline.retention_hours`."""


class Read(_Model):
    """One input of a stage."""

    topic: str
    feedback: bool = False
    """A record crosses this edge only after the feedback latency."""


class Stage(_Model):
    """One stage."""

    package: str
    """Python package below `tapeline`."""
    reads: tuple[Read, ...]
    writes: tuple[str, ...]
    languages: tuple[Language, ...]
    modes: tuple[Mode, ...] = ("dry", "paper", "live")
    scales: bool = False
    """True when several replicas may share the market partitions."""
    latency_us: int = 0
    """Modelled processing time of one event, microseconds."""

    @field_validator("reads", mode="before")
    @classmethod
    def _plain_topics(cls, reads: list[Any]) -> list[Any]:
        return [{"topic": read} if isinstance(read, str) else read for read in reads]


class Pipeline(_Model):
    """All stages and topics, in order."""

    feedback_latency_ms: int = Field(gt=0)
    """Session time that a record needs to cross a feedback edge, milliseconds."""
    retention_hours: int = Field(gt=0)
    """How long Kafka keeps records, dead letters and journals, hours."""
    topics: dict[str, Topic]
    stages: dict[str, Stage]

    @model_validator(mode="after")
    def _check(self) -> Pipeline:
        for name, stage in self.stages.items():
            unknown = [
                t for t in (*(r.topic for r in stage.reads), *stage.writes) if t not in self.topics
            ]
            if unknown:
                raise ValueError(f"stages.{name} names topics that are not in topics: {unknown}")
        loop = self._loop_without_feedback()
        if loop:
            raise ValueError(
                f"the loop {' -> '.join(loop)} has no feedback edge, so virtual time could not "
                "advance; mark one of its reads with feedback: true"
            )
        return self

    def writers(self, topic: str) -> tuple[str, ...]:
        """Stages that write a topic, in the order of the flow."""
        return tuple(name for name, stage in self.stages.items() if topic in stage.writes)

    def rank(self, topic: str) -> int:
        """Place of a topic in the merge of records with the same at_ns."""
        return list(self.topics).index(topic)

    def retention_ms(self, topic: str) -> int:
        """How long Kafka keeps a record of a topic, of dead letters or of a journal, ms."""
        own = self.topics[topic].retention_hours if topic in self.topics else None
        return (own or self.retention_hours) * HOUR_MS

    def active(self, mode: str) -> dict[str, Stage]:
        """Stages that run in a mode, in the order of the flow."""
        return {name: stage for name, stage in self.stages.items() if mode in stage.modes}

    def _loop_without_feedback(self) -> list[str]:
        following = {
            name: [
                other
                for other, stage in self.stages.items()
                for read in stage.reads
                if not read.feedback and read.topic in self.stages[name].writes
            ]
            for name in self.stages
        }

        def walk(path: list[str]) -> list[str]:
            for name in following[path[-1]]:
                if name in path:
                    return [*path[path.index(name) :], name]
                found = walk([*path, name])
                if found:
                    return found
            return []

        return next((loop for name in self.stages if (loop := walk([name]))), [])


def load_pipeline(path: Path) -> Pipeline:
    """Reads and checks configs/pipeline.yaml.

    Raises:
        pydantic.ValidationError: naming the key that is wrong.
    """
    return Pipeline.model_validate(yaml.safe_load(path.read_text()))
