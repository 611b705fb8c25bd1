"""State entries of the stage bar_builder_1s.

Generated from schemas/state/bar_builder_1s.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated

from msgspec import Meta, Struct


class ClosedMinute(Struct, frozen=True, gc=False):
    """Closed windows that start in one UTC minute and may still be corrected; key:
    symbol/minute, the minute counted from 1970-01-01."""

    windows: tuple[Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)], ...]
    """Oldest first. Each: start_ns, revision, count of ticks, then the ticks as in
    SymbolWindows.open."""


class Feed(Struct, frozen=True, gc=False):
    """What the heartbeats said; key: feed."""

    first_ns: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)] | None
    """When the first heartbeat was received; null before it. UTC nanoseconds."""
    watermark_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Windows that end at or before this are closed for every symbol. UTC nanoseconds."""
    beat_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """at_ns of the last heartbeat passed on, 0 before it: no bar is issued earlier. UTC
    nanoseconds."""
    ended: bool
    """True when the session's end has forced out what was open."""


class SymbolWindows(Struct, frozen=True, gc=False):
    """Open windows of a symbol; key: the symbol."""

    first_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When the first trade tick of the symbol was received. UTC nanoseconds."""
    watermark_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Windows that end at or before this are closed, by the symbol's own ticks; the feed's
    watermark may be further. UTC nanoseconds."""
    day: Annotated[int, Meta(ge=-1, le=9223372036854775807)]
    """Indian calendar day of the newest tick, days since 1970-01-01; -1 before the first."""
    base_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Close of the day before, 1/10,000 rupee: the centre of the price band."""
    open: tuple[Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)], ...]
    """Open windows, oldest first. Each: start_ns, count of ticks, then for each tick, ascending:
    event_ns - start_ns, day_volume (-1 for null), last_price_e4, last_qty."""
