"""State entries of the stage strategy_runner.

Generated from schemas/state/strategy_runner.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated

from msgspec import Meta, Struct


class SeenBar(Struct, frozen=True, gc=False):
    """What a series remembers of a bar."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the window. UTC nanoseconds."""
    end_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """End of the window, exclusive. UTC nanoseconds."""
    rev: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Revision that was used."""
    final: bool
    """False when the feed ended inside the window; such a bar opens no position."""
    open_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """First trade, 1/10,000 rupee."""
    high_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Highest trade, 1/10,000 rupee."""
    low_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Lowest trade, 1/10,000 rupee."""
    close_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Last trade, 1/10,000 rupee."""
    volume: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Shares traded; null for an index."""


class MemberEntry(Struct, frozen=True, gc=False):
    """member/<strategy>/<symbol or pair>: one strategy on one symbol."""

    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day that the numbers belong to, days since 1970-01-01; another day starts
    afresh."""
    memory: dict[str, float]
    """The strategy's own numbers, by the names that its class declares."""
    vote: Annotated[int, Meta(ge=-1, le=1)]
    """Target that the strategy stands by: -1 short, 0 flat, 1 long."""
    confidence_bp: Annotated[int, Meta(ge=0, le=10000)]
    """Confidence of that vote, basis points."""
    stop_distance_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Protective stop that came with the vote, per share, 1/10,000 rupee; null for flat."""
    target_distance_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Expected favourable move that came with the vote, per share, 1/10,000 rupee; null when
    none."""


class PositionEntry(Struct, frozen=True, gc=False):
    """position/<strategy or ensemble>/<symbol or pair>: what the runner believes to hold."""

    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day, days since 1970-01-01; another day starts flat."""
    entries: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Entries of that day."""
    wanted: Annotated[int, Meta(ge=-1, le=1)]
    """Target last decided: -1 short, 0 flat, 1 long."""
    said: Annotated[int, Meta(ge=-1, le=1)]
    """What the bar before said: -1 short, 1 long, 0 flat or nothing; a wish counts as new when
    the bar before did not say it."""
    armed: bool
    """True while a new wish has not been acted on; only a new wish opens a position."""
    confidence_bp: Annotated[int, Meta(ge=0, le=10000)]
    """Confidence of that decision, basis points."""
    stop_distance_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Stop distance of that decision, per share, 1/10,000 rupee; null for flat."""
    target_distance_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Target distance of that decision, per share, 1/10,000 rupee; null when none."""
    hedge_bp: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Pairs: shares of the second leg per share of the first of that decision, basis points; 0
    for one symbol."""
    side: Annotated[int, Meta(ge=-1, le=1)]
    """Virtual position: -1 short, 0 flat, 1 long (of a pair: the spread)."""
    entry_e4: Annotated[int, Meta(ge=-100000000000000000, le=100000000000000000)]
    """Close (of a pair: spread) at the entry, 1/10,000 rupee."""
    entry_stop_distance_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Stop distance at the entry, 1/10,000 rupee; 0 when flat."""
    entry_target_distance_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Target distance at the entry, 1/10,000 rupee; null when none."""
    entry_hedge_bp: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Hedge of the open position, basis points; 0 when flat or one symbol."""
    bars_held: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Bars since the entry."""


class SeriesEntry(Struct, frozen=True, gc=False):
    """series/<symbol or pair>/<timeframe>/<on_revision>: indicators over one series of bars."""

    bars: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Windows begun so far."""
    alerts: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Revisions that the series counted instead of applying."""
    newest: Annotated[tuple[SeenBar, ...], Meta(max_length=2)]
    """The newest bar taken, of a pair one for each leg; empty before the first."""
    waiting: Annotated[tuple[SeenBar, ...], Meta(max_length=1)]
    """Pairs: the leg whose partner has not come yet."""
    now: dict[str, tuple[float, ...]]
    """Numbers of each indicator, by its name in configs/indicators.yaml."""
    before: dict[str, tuple[float, ...]]
    """The same before the newest bar was taken; empty unless the series recomputes."""
