"""State entries of the stage bar_aggregator_multi.

Generated from schemas/state/bar_aggregator_multi.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated

from msgspec import Meta, Struct


class MinuteWindow(Struct, frozen=True, gc=False):
    """One window of a minute that is open, may be corrected, or is part of such a wider one;
    key: symbol/start_ns."""

    rev: Annotated[int, Meta(ge=-1, le=9223372036854775807)]
    """Last issued revision; -1 while open."""
    issued: tuple[Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)], ...]
    """The bar as last issued: the numbers of one bar as in `seconds`; empty while open."""
    seconds: tuple[Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)], ...]
    """1s bars, oldest first; empty when they cannot be corrected any more. Each: start, end,
    first and last trade (nanoseconds from the window's start), open, high, low, close (1/10,000
    rupee), cum_open, cum_close (shares, -1 for null), n_ticks, rev, final (0, 1), partial (0,
    1)."""


class BarsFeed(Struct, frozen=True, gc=False):
    """What the heartbeats said; key: feed."""

    complete_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Windows that end at or before this are closed for every symbol. UTC nanoseconds."""
    ended: bool
    """True when the session's end has forced out what was open."""


class SymbolProgress(Struct, frozen=True, gc=False):
    """How far a symbol's bars have come; key: the symbol."""

    complete_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """End of the newest final 1s bar: windows that end at or before it are closed. UTC
    nanoseconds."""
    windows: tuple[Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)], ...]
    """Windows of 3, 5 and 15 minutes that are open or may be corrected. Each: width in minutes,
    start_ns, last issued revision (-1 while open)."""
