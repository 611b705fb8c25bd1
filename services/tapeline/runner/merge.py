"""Puts the inputs of a stage into one order.

Virtual time: by (at_ns, topic rank, key, place within the key), and an event is handed out only
when every input is complete to its time. That order depends on the data alone, never on batches,
partitions, scheduling or arrival. Feedback edges add their latency, so that loops have lookahead.

Real time: by arrival, at the clock's time; the runner journals that order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter
from typing import Protocol

from msgspec.structs import replace

from tapeline.runner.stage import Event
from tapeline.runner.wiring import Input, Place


class Buffer:
    """Decoded, unhandled events of one partition."""

    __slots__ = (
        "events",
        "fetched",
        "input",
        "last_ns",
        "latency_ns",
        "marked_at",
        "partition",
        "watermark_ns",
    )

    def __init__(self, source: Input, partition: int, latency_ns: int) -> None:
        self.input = source
        self.partition = partition
        self.latency_ns = latency_ns
        self.events: list[Event] = []
        self.fetched = 0
        self.marked_at = -1
        self.last_ns = -1
        self.watermark_ns = -1

    @property
    def place(self) -> Place:
        """Topic and partition."""
        return self.input.topic, self.partition

    @property
    def next_offset(self) -> int:
        """First offset that was not handed out: what a commit records.

        A watermark behind the last record is read again by the next owner of the partition, who
        would not know it otherwise; were all stages of a loop new owners, all would wait for ever.
        """
        if self.events:
            return self.events[0].position
        return self.fetched if self.marked_at < 0 else self.marked_at

    def is_full(self, events_max: int) -> bool:
        """Whether polling must wait; one session time is never split, however many records."""
        events = self.events
        return len(events) >= events_max and events[0].at_ns < self.last_ns

    def drops_broadcasts(self) -> bool:
        """Broadcasts are in every partition; a replica takes them from its last one.

        In real time partitions are taken one after the other: what a heartbeat completes in the
        others has then come before it.
        """
        return self.partition != self.input.partitions[-1]


class Order(Protocol):
    """How a stage takes its inputs: Merge in virtual time, Arrival in real time."""

    buffers: list[Buffer]
    replays: bool
    """Whether the same records give the same order again."""

    def take(self, events_max: int) -> tuple[list[Event], int]: ...
    def ordered(self, events: list[Event]) -> list[Event]:
        """Events of all inputs in the order in which they are handed out."""
        ...

    def head_ns(self) -> int | None: ...
    def lift(self, until_ns: int) -> bool: ...


class Merge:
    """Order of virtual time.

    Args:
        inputs: input topics with the partitions of this replica.
        feedback_ns: latency that a record needs to cross a feedback edge.
        end_ns: session time at which the session ends; nothing later is handed out.
        start_ns: session time before which no record exists. Without it a loop of processes would
            walk there from the year 1970, one feedback latency at a time.
    """

    replays = True

    def __init__(
        self, inputs: tuple[Input, ...], feedback_ns: int, end_ns: int, start_ns: int | None = None
    ) -> None:
        self.buffers = [
            Buffer(source, partition, feedback_ns if source.feedback else 0)
            for source in inputs
            for partition in source.partitions
        ]
        self._feedback = [buffer for buffer in self.buffers if buffer.input.feedback]
        self._end_ns = end_ns
        if start_ns is not None:
            self.lift(start_ns - 1 + feedback_ns)

    def horizon_ns(self) -> int:
        """Every input is complete up to this time."""
        horizon = self._end_ns
        for buffer in self.buffers:
            # at_ns never goes back within a partition: a record at t completes it up to t - 1.
            horizon = min(horizon, max(buffer.last_ns - 1, buffer.watermark_ns))
        return horizon

    def ordered(self, events: list[Event]) -> list[Event]:
        """Events of all inputs in the order of the merge."""
        return sorted(events)

    def lift(self, until_ns: int) -> bool:
        """Feedback edges are known to be complete up to `until_ns` (see scheduler.py).

        Returns whether there are any.
        """
        for buffer in self._feedback:
            buffer.watermark_ns = max(buffer.watermark_ns, until_ns)
        return bool(self._feedback)

    def head_ns(self) -> int | None:
        """Time of the earliest event that waits."""
        return min((b.events[0].at_ns for b in self.buffers if b.events), default=None)

    def take(self, events_max: int) -> tuple[list[Event], int]:
        """The next events in order, and the time up to which everything is then handled.

        A batch never splits one session time, so that a commit never does.
        """
        horizon = self.horizon_ns()
        for buffer in self.buffers:
            events = buffer.events
            if len(events) > events_max:
                horizon = min(horizon, max(events[events_max].at_ns - 1, events[0].at_ns))
        taken: list[Event] = []
        for buffer in self.buffers:
            taken += until(buffer, horizon)
        if len(self.buffers) > 1 or len(taken) > 1:
            taken.sort()
        return taken, horizon


def until(buffer: Buffer, horizon_ns: int) -> list[Event]:
    """Takes the leading events of a buffer up to a time."""
    events = buffer.events
    if not events or events[0].at_ns > horizon_ns:
        return []
    if events[-1].at_ns <= horizon_ns:
        buffer.events = []
        return events
    cut = bisect_right(events, horizon_ns, key=_at_ns)
    buffer.events = events[cut:]
    return events[:cut]


_at_ns = attrgetter("at_ns")


class Arrival:
    """Order of real time: as polled, at the clock's time, which never goes back.

    Args:
        inputs: as for Merge.
        clock_ns: session clock, UTC nanoseconds.
    """

    replays = False

    def __init__(self, inputs: tuple[Input, ...], clock_ns: Callable[[], int]) -> None:
        self.buffers = [
            Buffer(source, partition, 0) for source in inputs for partition in source.partitions
        ]
        self._clock_ns = clock_ns
        self._now_ns = -1

    def ordered(self, events: list[Event]) -> list[Event]:
        """One input: the order of its partition; several have no order that could be had again."""
        assert len(self.buffers) == 1
        return events

    def lift(self, until_ns: int) -> bool:
        """The session has ended: with one input no record may be left to bring its time there.

        Returns whether time moved.
        """
        moves = len(self.buffers) == 1 and until_ns > self._now_ns
        if moves:
            self._now_ns = until_ns
        return moves

    def head_ns(self) -> int | None:
        """Time of the earliest event that waits."""
        return min((b.events[0].at_ns for b in self.buffers if b.events), default=None)

    def take(self, events_max: int) -> tuple[list[Event], int]:
        """What waits, at the time of its arrival, and the time reached.

        A stage with one input keeps the records' own times, so that their order alone replays it.
        """
        single = len(self.buffers) == 1
        if not single:
            self._now_ns = max(self._now_ns, self._clock_ns())
        del events_max  # polls are bounded
        taken: list[Event] = []
        for buffer in self.buffers:
            arrived, buffer.events = buffer.events, []
            for event in arrived:
                if single:
                    self._now_ns = max(self._now_ns, event.at_ns)
                taken.append(replace(event, at_ns=self._now_ns))
        return taken, self._now_ns
