"""How much a stage does between two commits, in memory and on a broker."""

from __future__ import annotations

from typing import NamedTuple


class Pace(NamedTuple):
    """How much a stage does at a time."""

    events_max: int
    """Between two commits, about: a portion is not divided."""
    snapshot_events: int
    """Between two saved states."""
    portion: int
    """Records of one poll of one partition, and events handled at a time."""
    patience_s: float = 0.0
    """Real time: events that caused nothing wait this long for some that do. Nobody sees their
    commit, and it costs the brokers as much as any other."""


MEMORY_PACE = Pace(events_max=5_000, snapshot_events=20_000, portion=5_000)
"""In memory a commit costs nothing, and records are kept until the state that holds them is saved:
20,000 decoded ticks are about 20 MiB, and are replayed in well under a second."""

BROKER_PACE = Pace(events_max=10_000, snapshot_events=100_000, portion=1_000, patience_s=0.05)
"""On a broker a commit costs milliseconds; 100,000 events, about 100 MiB, are replayed in half a
second. 1,000 decoded ticks, 1 MiB, stay in a processor's cache until they
have been handled: a tick takes three quarters of the time that it takes among 5,000."""
