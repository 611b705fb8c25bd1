"""Seeded ticks that behave like a market: all symbols, a minute at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tapeline.contracts.clock import MINUTE_NS, ist_day
from tapeline.ingestion.beats import Gap, Span, beats, spans
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.smoke_market import Market, feed_gaps
from tapeline.ingestion.smoke_symbol import SmokeSymbol
from tapeline.ingestion.source import AT_NS
from tapeline.market.phases import Phase
from tapeline.runner.stage import Output
from tapeline.session.manifest import SmokeSource

FOREVER_NS = 2**63 - 1


class Part(NamedTuple):
    """A part [start_ns, end_ns) of a span, at most a minute long."""

    start_ns: int
    end_ns: int
    limit_ns: int
    """Start of the next part: what is received before it can be delivered with this one."""


def smoke_chunks(settings: Settings) -> Iterator[list[Output]]:
    """Records of the whole session, a minute at a time, in at_ns order."""
    assert isinstance(settings.source, SmokeSource)
    gaps = _gaps(settings)
    market = Market(settings.seed)
    symbols = [SmokeSymbol(each, settings, market) for each in settings.instruments]
    to_come = {name: list(reversed(phases)) for name, phases in settings.phases.items()}
    every_gap = tuple(gap for of_day in gaps.values() for gap in of_day)
    for part in _parts(spans(settings.phases.values(), settings.beat_tail_s, every_gap)):
        near = gaps[ist_day(part.start_ns)]
        chunk = list(beats(part.start_ns, part.end_ns, near))
        open_phases = {name: list(_overlaps(phases, part)) for name, phases in to_come.items()}
        for symbol in symbols:
            for phase, start_ns, end_ns in open_phases[symbol.instrument_class]:
                symbol.generate(phase, start_ns, end_ns, near)
            chunk += symbol.take(part.limit_ns)
        chunk.sort(key=AT_NS)
        yield chunk


def _gaps(settings: Settings) -> dict[int, tuple[Gap, ...]]:
    """Feed gaps by day."""
    assert isinstance(settings.source, SmokeSource)
    every_min = settings.source.gap_every_min
    days = sorted({phase.day for phases in settings.phases.values() for phase in phases})
    return {day: feed_gaps(settings.seed, day, every_min) for day in days}


def _parts(all_spans: tuple[Span, ...]) -> Iterator[Part]:
    """Spans, cut at whole minutes."""
    for span, next_start_ns in zip(
        all_spans, [*(span.start_ns for span in all_spans[1:]), FOREVER_NS], strict=True
    ):
        start_ns = span.start_ns
        while start_ns < span.end_ns:
            end_ns = min(span.end_ns, (start_ns // MINUTE_NS + 1) * MINUTE_NS)
            yield Part(start_ns, end_ns, end_ns if end_ns < span.end_ns else next_start_ns)
            start_ns = end_ns


def _overlaps(to_come: list[Phase], part: Part) -> Iterator[tuple[Phase, int, int]]:
    """Phases that overlap a part, with the overlap; forgets those that lie before it.

    Args:
        to_come: phases in falling order of time.
        part: later than every one asked for before.
    """
    while to_come and to_come[-1].end_ns <= part.start_ns:
        to_come.pop()
    for phase in reversed(to_come):
        if phase.start_ns >= part.end_ns:
            break
        yield phase, max(phase.start_ns, part.start_ns), min(phase.end_ns, part.end_ns)
