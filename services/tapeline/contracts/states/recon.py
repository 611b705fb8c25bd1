"""State entries of the stage recon.

Generated from schemas/state/recon.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class ReconTrade(Struct, frozen=True, gc=False):
    """Entry trade/<broker_order_id>/<trade_id>: one trade, as the broker and as our fills tell
    it."""

    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The broker's order id, or the tag where the broker gave none."""
    trade_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Exchange trade id; with the broker's order id it names the trade."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)] | None
    """Tag in the broker's report; null until one came."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """Order of our fill; null until one came."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the trade. UTC nanoseconds."""
    reported_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the broker reported it; null when it has not. UTC nanoseconds."""
    reported_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares in the broker's report."""
    reported_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Price in the broker's report, 1/10,000 rupee."""
    retold_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the broker last reported it with another side, quantity or price; null when it has
    not. UTC nanoseconds."""
    retold_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares in that report, negative when it told the other side; 0 when there is none."""
    retold_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Price in that report, 1/10,000 rupee; null when there is none."""
    filled_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When our last fill of it came; null when none has. UTC nanoseconds."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares in our fills."""
    filled_notional_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Quantity times price of our fills, 1/10,000 rupee."""


class ReconForeign(Struct, frozen=True, gc=False):
    """Entry foreign/<subject>: a tag or broker order that no order of ours has."""

    subject: Annotated[str, Meta(min_length=1, max_length=64)]
    """The tag, or the broker's order id where there is no tag."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    first_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it was first reported. UTC nanoseconds."""
    cum_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled of it."""


class ReconStatement(Struct, frozen=True, gc=False):
    """Entry statement/<symbol>: the broker's statements of one symbol's position."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    latest_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the latest statement. UTC nanoseconds."""
    latest_at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it came. UTC nanoseconds."""
    latest_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Its net shares."""
    before_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the statement before, judged while the latest is too young; 0 when there
    is none. UTC nanoseconds."""
    before_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Its net shares."""


class ReconCarried(Struct, frozen=True, gc=False):
    """Entry carried/<symbol>: net position by the fills of finished days, whose trades are
    forgotten."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    net_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares, negative when short."""


class ReconBreak(Struct, frozen=True, gc=False):
    """Entry break/<finding>/<subject>: a break that is open."""

    subject: Annotated[str, Meta(min_length=1, max_length=160)]
    """Trade (<broker_order_id>/<trade_id>), order, tag or symbol that differs."""
    finding: Literal["missed_fill", "foreign_order", "qty_drift", "avg_drift", "unknown_order", "ghost_position", "trade_changed"]
    """Kind of break."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)] | None
    """Symbol concerned."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """Order concerned."""
    expected: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """What our records say."""
    actual: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """What the other side says."""
    run: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Run that issued it."""


class ReconCounters(Struct, frozen=True, gc=False):
    """Entry counters: what belongs to the whole of reconciliation."""

    run: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the next run."""
    next_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the next run is due; null after the last. UTC nanoseconds."""
    day_start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the trading day before which all that had settled is forgotten; 0 before the first
    run. UTC nanoseconds."""


class ReconOrder(Struct, frozen=True, gc=False):
    """Entry order/<order_id>: one order as the OMS tells it, with the sum of its fills."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Order."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)]
    """Its tag."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    state: Annotated[str, Meta(min_length=1, max_length=64)]
    """Present state."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares ordered."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled, as the OMS says."""
    fills_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Sum of its fills, shares."""
    unknown_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Since when it is UNKNOWN; null when it is not. UTC nanoseconds."""
    changed_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When its last record came. UTC nanoseconds."""
