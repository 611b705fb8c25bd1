"""State entries of the stage oms.

Generated from schemas/state/oms.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class OmsLeg(Struct, frozen=True, gc=False):
    """One leg of an intent."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side that the intent asked for."""
    qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares that the intent asked for; 0 when other open exits already cover it."""
    reference_price_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Last known price: the strategy's reference, then the last fill, 1/10,000 rupee."""
    attempts: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Orders made so far."""
    chases: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Chases since the intent or since the last new exit for the symbol."""


class OmsAccount(Struct, frozen=True, gc=False):
    """Entry account: head of the audit chain, halt, counters."""

    head: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of the last event; 64 zeros at the start."""
    mode: Literal["ACTIVE", "REDUCING", "HALTED"]
    """ACTIVE takes everything; REDUCING and HALTED refuse entries."""
    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day of the last event, days since 1970-01-01."""
    repeated_intents: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Intents that came again."""
    repeated_reports: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Reports and trades that came again."""
    foreign_reports: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Reports of orders that are not ours."""
    overfills: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Trades beyond the ordered quantity."""
    cancel_second: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Calendar second in which the last cancel left, seconds since 1970-01-01 UTC."""
    cancels: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Cancels that left in that second."""
    cancels_deferred: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Cancels put off in that second to the next one: numbers their places in the queue."""


class OmsOrder(Struct, frozen=True, gc=False):
    """Entry order/<order_id>: one order at the broker; kept, once finished, to the end of its
    day for late truths."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of (session, intent, leg, attempt)."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)]
    """Tag by which the broker knows it."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent it belongs to."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    leg: Annotated[int, Meta(ge=0, le=1)]
    """Leg of the intent, from 0."""
    attempt: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the order within its leg, from 0; later ones chase or flatten."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    order_type: Literal["LIMIT", "MARKET", "SL", "SL-M"]
    """Kite order type."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares ordered."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Limit price, for MARKET and SL-M the protected price, 1/10,000 rupee."""
    trigger_price_e4: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Trigger price, 1/10,000 rupee."""
    reserve_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Reservation of the whole order, 1/10,000 rupee."""
    state: Annotated[str, Meta(min_length=1, max_length=64)]
    """State of schemas/order_states.yaml."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Reason of the last event."""
    n: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the next event."""
    created_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time of its first event. UTC nanoseconds."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """The broker's order id, once known."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares of the trades received."""
    filled_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Notional of the trades received, 1/10,000 rupee."""
    broker_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Largest filled quantity that the broker stated; above filled_qty while trades are still
    missing."""
    trade_ids: tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...]
    """Trades received, in order of arrival: a repeat is ignored."""
    report_ids: tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...]
    """The last reports received, oldest first: a repeat is ignored."""
    known: bool
    """True once the broker has shown that it has the order; such an order is never given up as
    not found."""
    cancel_reason: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """Why it is to be cancelled; null while nobody wants that."""
    expires_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When it is cancelled. UTC nanoseconds."""
    chase_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When an unfilled exit is cancelled to be placed again. UTC nanoseconds."""
    answer_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the present command counts as unanswered. UTC nanoseconds."""
    cancel_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Before this a wanted cancel is not repeated. UTC nanoseconds."""
    query_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When an UNKNOWN order is looked up next. UTC nanoseconds."""
    not_found_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """First of the present run of NOT_FOUND answers. UTC nanoseconds."""


class OmsIntent(Struct, frozen=True, gc=False):
    """Entry intent/<intent_id>: what its orders have in common."""

    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent of orders.allowed."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product."""
    created_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which it came. UTC nanoseconds."""
    expires_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When its orders are cancelled. UTC nanoseconds."""
    leg_timeout_ms: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Pairs: how long one leg may wait for the other after the first fill."""
    leg_due_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When an incomplete pair is unwound; null before the first fill and once decided. UTC
    nanoseconds."""
    unwinding: bool
    """True once an incomplete pair is being flattened."""
    legs: Annotated[tuple[OmsLeg, ...], Meta(min_length=1, max_length=2)]
    """The legs, first leg first."""
