"""What a replica has done: one turn, and all in all."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Progress(IntEnum):
    """What a turn of a stage came to."""

    NONE = 0
    TIME = 1
    """Only its time moved on."""
    WORK = 2
    """Records were read, handled or published."""


@dataclass
class Stats:
    """What a replica has done; the exporter of the runner's metrics reads it."""

    events: int = 0
    outputs: dict[str, int] = field(default_factory=dict)
    dead: dict[str, int] = field(default_factory=dict)
    commits: int = 0
    replayed: int = 0
    busy_s: float = 0.0
    horizon_ns: int = -1
