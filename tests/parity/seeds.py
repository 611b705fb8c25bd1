"""One seed of the comparison: its streams through both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from parity import streams
from parity.compare import Finding, compare
from parity.markets import STAGES
from parity.streams import Stream

LINES = 20_000
"""Lines of one stream: enough for several days with their corrections."""


class Done(NamedTuple):
    """What came of the streams of a seed."""

    seed: int
    events: dict[str, int]
    """Lines by stage."""
    bytes: int
    difference: tuple[Stream, Finding] | None


def run_seed(seed: int, lines: int = LINES) -> Done:
    """A stream of ticks, the bars that come of it, and a stream of other bars."""
    events = dict.fromkeys(STAGES, 0)
    size = 0
    for stream in _streams(seed, lines):
        one = compare(stream.plan, stream.lines, stream.cut, stream.every)
        events[stream.plan["stage"]] += len(stream.lines)
        size += one.bytes
        if one.finding is not None:
            return Done(seed, events, size, (stream, one.finding))
    return Done(seed, events, size, None)


def _streams(seed: int, lines: int) -> Iterator[Stream]:
    ticks, empty = streams.tick_stream(seed, lines)
    yield ticks
    built = streams.built_stream(empty, ticks, seed)
    yield built
    yield streams.bar_stream(seed, max(1, lines - len(built.lines)))
