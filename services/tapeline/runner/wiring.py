"""Who reads and writes which partition, derived from configs/pipeline.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tapeline.runner.log import lane_of
from tapeline.runner.stage import BROADCAST

Place = tuple[str, int]
"""(topic, partition)."""


@dataclass(frozen=True)
class Input:
    """One input topic of a replica."""

    topic: str
    rank: int
    """Place in the merge of events with the same at_ns."""
    partitions: tuple[int, ...]
    feedback: bool


@dataclass(frozen=True)
class Target:
    """One output topic of a replica: where each key goes."""

    topic: str
    first: int
    """First partition of this writer; a topic with several writers gives each its own."""
    lanes: int
    own: tuple[int, ...]
    """Partitions whose watermark this replica advances, and which get its broadcasts."""

    @cached_property
    def only(self) -> int | None:
        """The one partition of this writer, None when there are several."""
        return self.first if self.lanes == 1 else None

    def partition(self, key: str) -> int:
        """Partition of a key."""
        return self.first + lane_of(key, self.lanes)

    def partitions(self, key: str) -> tuple[int, ...]:
        """Partitions that a record goes to: all own ones for a broadcast."""
        return self.own if key == BROADCAST else (self.partition(key),)


@dataclass(frozen=True)
class Wiring:
    """Everything that a replica of a stage is joined to."""

    session: str
    stage: str
    replica: int
    inputs: tuple[Input, ...]
    targets: dict[str, Target]

    @property
    def group(self) -> str:
        """Consumer group, also the transactional id: fixed, so that a zombie is fenced."""
        return f"{self.session}.{self.stage}.{self.replica}"

    @property
    def state(self) -> str:
        """Compacted topic of this replica's state."""
        return f"{self.stage}.{self.replica}"

    def input_places(self) -> tuple[Place, ...]:
        """Every partition it reads, in the order of its inputs."""
        return tuple((i.topic, p) for i in self.inputs for p in i.partitions)
