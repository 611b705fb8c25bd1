"""State entries of the stage gateway_paper.

Generated from schemas/state/gateway_paper.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class PaperTrade(Struct, frozen=True, gc=False):
    """One trade of an order, kept so that a lookup can send it again."""

    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Price, 1/10,000 rupee."""
    tick_seq: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """seq of the tick that it was matched against."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it was matched. UTC nanoseconds."""


class PaperQuote(Struct, frozen=True, gc=False):
    """Entry <symbol>: its last snapshot, and what own orders have taken of it."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it was received. UTC nanoseconds."""
    seq: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the tick."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time. UTC nanoseconds."""
    last_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Last traded price, 1/10,000 rupee."""
    last_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Quantity of the last trade, shares."""
    day_volume: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Cumulative volume of the day, shares."""
    trade: bool
    """False when only the depth had changed."""
    bids: tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...]
    """Price and quantity alternating, best first."""
    asks: tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...]
    """Price and quantity alternating, best first."""
    taken_bids: tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...]
    """Shares taken from each bid level; empty when none."""
    taken_asks: tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...]
    """Shares taken from each ask level; empty when none."""
    taken_print: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares taken from the last trade."""


class PaperCommand(Struct, frozen=True, gc=False):
    """Entry command/<order_id>/<n>/<action>: a command on its way to the exchange, or a timeout
    on its way back."""

    due_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it arrives. UTC nanoseconds."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Order concerned."""
    n: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the command within the order."""
    action: Literal["PLACE", "CANCEL", "MODIFY", "QUERY", "TIMEOUT"]
    """What arrives."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)]
    """Tag of the order."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares, for MODIFY."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """New limit price, for MODIFY, 1/10,000 rupee."""
    trigger_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """New trigger price, for MODIFY, 1/10,000 rupee."""


class PaperPosition(Struct, frozen=True, gc=False):
    """Entry position/<symbol>: net position at the simulated broker."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    net_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares, negative when short."""
    stated_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares in the last statement."""
    changed_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the net first differed from the last statement; null while it does not. UTC
    nanoseconds."""


class PaperCounters(Struct, frozen=True, gc=False):
    """Entry counters: what belongs to the whole gateway."""

    epoch: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Highest authority epoch seen."""
    stale_commands: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Commands ignored for an older epoch."""
    purged_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the day whose predecessors' finished orders were dropped. UTC nanoseconds."""
    final_stated: bool
    """True once the closing statement of positions was sent."""


class PaperOrder(Struct, frozen=True, gc=False):
    """Entry order/<order_id>: one order at the simulated exchange; kept until the end of its day
    for lookups."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The OMS's order id."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)]
    """Tag by which the OMS looks it up."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The id that the simulated broker gave it."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    order_type: Literal["LIMIT", "MARKET", "SL", "SL-M"]
    """Kite order type."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares ordered."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Limit price as sent, 1/10,000 rupee."""
    trigger_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Trigger price of SL and SL-M, 1/10,000 rupee."""
    status: Literal["IN_FLIGHT", "LOST", "TRIGGER_PENDING", "OPEN", "COMPLETE", "CANCELLED", "REJECTED", "EXPIRED"]
    """IN_FLIGHT until it reaches the exchange; LOST when it never will; the others are Kite's."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml: why it was refused or ended; OK otherwise."""
    ack_lost: bool
    """True when the broker's answer to the placement is lost: a timeout is reported instead."""
    last_n: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the last command taken for this order; older ones are repeats."""
    last_due_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When the last command sent reaches the exchange; later ones do not overtake it. UTC
    nanoseconds."""
    accepted_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the exchange accepted it, or its price or quantity last changed: its place in the
    queue. UTC nanoseconds."""
    expires_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """End of the phase to which it lasts; null until it is accepted. UTC nanoseconds."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Worst price at which it may trade: the limit, or the protection price of a market order;
    null until known, 1/10,000 rupee."""
    queue_ahead: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Shares of others before it at its price; null until it rests."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled."""
    trades: tuple[PaperTrade, ...]
    """Its trades, oldest first."""
