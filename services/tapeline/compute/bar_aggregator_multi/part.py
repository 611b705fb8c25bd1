"""Parts of a window: what a bar says of the market, and how bars add up to a wider one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tapeline.compute.windows import packed, unpacked
from tapeline.contracts.messages import Bar


class Part(NamedTuple):
    """A bar without its symbol, timeframe, phase and cause."""

    start_ns: int
    end_ns: int
    first_ns: int
    last_ns: int
    open_e4: int
    high_e4: int
    low_e4: int
    close_e4: int
    cum_open: int | None
    cum_close: int | None
    n_ticks: int
    rev: int
    final: bool
    partial: bool


NUMBERS = len(Part._fields)
"""Integers of one part in a saved array."""


def part_of(bar: Bar) -> Part:
    """Part that a bar is of its wider window."""
    return Part(
        bar.start_ns,
        bar.end_ns,
        bar.first_ns,
        bar.last_ns,
        bar.open_e4,
        bar.high_e4,
        bar.low_e4,
        bar.close_e4,
        bar.cum_open,
        bar.cum_close,
        bar.n_ticks,
        bar.rev,
        bar.final,
        bar.partial,
    )


def sum_of(parts: Sequence[Part], bounds: tuple[int, int], rev: int, closed: bool) -> Part:
    """Part that a whole window is of the next wider one.

    Args:
        parts: its parts, oldest first, at least one.
        bounds: (start, end) of the window, UTC nanoseconds.
        rev: revision of the window.
        closed: whether the watermark has passed its end.
    """
    first, last = parts[0], parts[-1]
    return Part(
        start_ns=bounds[0],
        end_ns=bounds[1],
        first_ns=first.first_ns,
        last_ns=last.last_ns,
        open_e4=first.open_e4,
        high_e4=max([part.high_e4 for part in parts]),
        low_e4=min([part.low_e4 for part in parts]),
        close_e4=last.close_e4,
        cum_open=first.cum_open,
        cum_close=last.cum_close,
        n_ticks=sum([part.n_ticks for part in parts]),
        rev=rev,
        final=closed and all(part.final for part in parts),
        partial=any(part.partial for part in parts),
    )


def pack(parts: Sequence[Part], start_ns: int) -> Iterator[int]:
    """Parts as integers, times from `start_ns`; the order is that of the state's schema."""
    for part in parts:
        yield from (time_ns - start_ns for time_ns in part[:4])
        yield from part[4:8]
        yield from (packed(part.cum_open), packed(part.cum_close), part.n_ticks, part.rev)
        yield from (int(part.final), int(part.partial))


def unpack(numbers: Sequence[int], start_ns: int) -> list[Part]:
    """Inverse of `pack`."""
    return [_unpack(numbers[at : at + NUMBERS], start_ns) for at in range(0, len(numbers), NUMBERS)]


def _unpack(numbers: Sequence[int], start_ns: int) -> Part:
    start, end, first, last, open_e4, high_e4, low_e4, close_e4, *rest = numbers
    cum_open, cum_close, n_ticks, rev, final, partial = rest
    return Part(
        start_ns + start,
        start_ns + end,
        start_ns + first,
        start_ns + last,
        open_e4,
        high_e4,
        low_e4,
        close_e4,
        unpacked(cum_open),
        unpacked(cum_close),
        n_ticks,
        rev,
        bool(final),
        bool(partial),
    )
