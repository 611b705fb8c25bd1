"""When a feed is on: the intervals around the phases, and a heartbeat for each second of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Heartbeat
from tapeline.market.phases import Phase
from tapeline.runner.stage import BROADCAST, Output


class Gap(NamedTuple):
    """A time [start_ns, end_ns) in which the feed delivers nothing; whole seconds."""

    start_ns: int
    end_ns: int
    silent: bool
    """True: heartbeats stop as well; false: they say stale."""


class Span(NamedTuple):
    """A time [start_ns, end_ns) in which heartbeats are sent; ends a second after the last."""

    start_ns: int
    end_ns: int


def spans(
    phases: Iterable[tuple[Phase, ...]], tail_s: int, gaps: tuple[Gap, ...] = ()
) -> tuple[Span, ...]:
    """Spans of all phases of all classes, merged and ascending.

    Args:
        phases: of each instrument class.
        tail_s: seconds that the feed stays on after a phase, and after a gap in which one ends.
        gaps: feed gaps, ascending.
    """
    tail_ns = (tail_s + 1) * SECOND_NS
    merged: list[Span] = []
    for phase in sorted(phase for each in phases for phase in each):
        end_ns = phase.end_ns + tail_ns
        for gap in gaps:
            if gap.start_ns <= end_ns < gap.end_ns + tail_ns:
                end_ns = gap.end_ns + tail_ns
        if merged and phase.start_ns <= merged[-1].end_ns:
            merged[-1] = Span(merged[-1].start_ns, max(merged[-1].end_ns, end_ns))
        else:
            merged.append(Span(phase.start_ns, end_ns))
    return tuple(merged)


def beats(start_ns: int, end_ns: int, gaps: tuple[Gap, ...] = ()) -> Iterator[Output]:
    """A heartbeat at each whole second of [start_ns, end_ns)."""
    first_ns = -(-start_ns // SECOND_NS) * SECOND_NS
    for at_ns in range(first_ns, end_ns, SECOND_NS):
        gap = next((gap for gap in gaps if gap.start_ns < at_ns <= gap.end_ns), None)
        if gap is None:
            yield _beat(at_ns, "live")
        elif not gap.silent:
            yield _beat(at_ns, "stale")


def _beat(at_ns: int, feed: Literal["live", "stale"]) -> Output:
    return Output("ticks", BROADCAST, Heartbeat(at_ns=at_ns, complete_ns=at_ns, feed=feed))
