"""What a stage is: pure logic that any shell can drive.

A stage is `(settings, state, step)`. The shell (runner, replay, fault simulator) merges the inputs,
calls `step` once for each event, publishes what it returns, and saves the entries of the state that
changed. Nothing here reads a clock, an environment, a network or a random source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

TIMER = ""
"""Topic of a timer event; its message is None."""

BROADCAST = ""
"""Key of a record that goes to every partition of its topic."""


PARTITION_SHIFT = 40
"""A place holds the offset in its low 40 bits (10^12 records) and the partition above them."""


class Event(msgspec.Struct, frozen=True, order=True, gc=False):
    """One input of a stage, in the order of the merge: (at_ns, rank, key, place).

    A Struct because one is made for every record: a tuple with names takes three times as long.
    """

    at_ns: int
    """When the stage takes it: the record's own at_ns, plus feedback latency on feedback edges.
    The logic uses this as the present time. UTC nanoseconds."""
    rank: int
    key: str
    place: int
    """Partition and offset in one number, so that records of two writers with the same time and
    key are ordered by writer. For the merge and for dead letters only."""
    topic: str
    """Topic without prefix; TIMER for a timer."""
    message: Any

    @property
    def position(self) -> int:
        """Offset of the record."""
        return self.place & ((1 << PARTITION_SHIFT) - 1)

    @property
    def partition(self) -> int:
        """Partition of the record."""
        return self.place >> PARTITION_SHIFT


class Output(msgspec.Struct, frozen=True, gc=False):
    """One record that a stage wants published.

    `message.at_ns` must be `event.at_ns + settings latency`, or later: see `StageApp.latency_ns`.
    """

    topic: str
    key: str
    message: msgspec.Struct


class State(Protocol):
    """State of a stage: named entries, each a generated Struct under schemas/state/."""

    dirty: set[str]
    """Keys of entries that changed since the shell last saved; `step` adds, the shell clears."""

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry; None when it no longer exists (a tombstone is written)."""
        ...

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry, decoded by `StageApp.entry_type(key)`; order must not matter."""
        ...

    def keys(self) -> Iterator[str]:
        """Keys of all entries that exist."""
        ...

    def timer_ns(self) -> int | None:
        """When the stage wants a TIMER event, None when never. UTC nanoseconds."""
        ...


@dataclass(frozen=True)
class StageApp:
    """A stage, wired for one session."""

    name: str
    settings: Any
    new_state: Callable[[], Any]
    step: Callable[[Any, Event, Any], Sequence[Output]]
    """`step(state, event, settings)`; changes the state in place, returns what to publish."""
    entry_type: Callable[[str], Any]
    """Type of the state entry with a given key, for decoding."""
    entry_version: int = 1
    """Version of the state schema; an entry with a newer one stops the stage."""
    latency_ns: int = 0
    """Modelled processing time: an output exists this long after its cause."""
    steps: Callable[[Any, Sequence[Event], Any], list[Output]] | None = None
    """The same as `step` for several events in turn, but quicker. For a stage with many events
    whose timer no event moves: none is due among them."""
