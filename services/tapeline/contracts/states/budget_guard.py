"""State entries of the stage budget_guard.

Generated from schemas/state/budget_guard.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Limits(Struct, frozen=True, gc=False):
    """Entry `limits`: the trading state and the limits that control changed."""

    trading: Literal["ACTIVE", "PAUSED", "REDUCING", "HALTED"]
    """Trading state, each stricter than the one before it; all but ACTIVE refuse entries and let
    exits pass."""
    overrides: dict[str, Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]]
    """Limits set by control, by dotted key of configs/risk_budget.yaml."""
    control_rejections: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """SET commands that were ignored, since their key is unknown or their value impossible."""
    last_rejection: Annotated[str, Meta(min_length=1, max_length=400)] | None
    """Why the last of them was ignored; null when none was."""


class Burn(Struct, frozen=True, gc=False):
    """Entry `burn`: entry notional that was filled today."""

    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day, days since 1970-01-01."""
    burnt_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Filled entry notional of that day at reserve prices, 1/10,000 rupee."""


class IntentLeg(Struct, frozen=True, gc=False):
    """Reservation of one leg until its first order appears on live_orders."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Limit price, 1/10,000 rupee; null for a market order."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Reserve price, 1/10,000 rupee."""
    reserved_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Reserved for the leg, 1/10,000 rupee; 0 for exits."""
    waiting: bool
    """True until the leg's first order has appeared on live_orders, which then carries the
    reservation."""


class OpenOrder(Struct, frozen=True, gc=False):
    """Entry `order/<order>`: an order as live_orders last told it; closed ones stay until the
    day ends, since late fills are legal."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Order."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent it came from."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Limit price, 1/10,000 rupee; null for a market order."""
    price_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Price at which fills are counted as burnt, 1/10,000 rupee."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled so far."""
    reserved_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Still reserved, 1/10,000 rupee."""
    closed: bool
    """True in a terminal state."""
    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day of its last event, days since 1970-01-01."""


class Recent(Struct, frozen=True, gc=False):
    """Entry `recent/<strategy>/<symbol>/<side>`: orders allowed within the duplicate window."""

    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    qtys: Annotated[tuple[Annotated[int, Meta(ge=1, le=9223372036854775807)], ...], Meta(min_length=0, max_length=10000)]
    """Their quantities, shares, oldest first."""
    allowed_ns: Annotated[tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...], Meta(min_length=0, max_length=10000)]
    """When each was allowed. UTC nanoseconds."""


class Throttle(Struct, frozen=True, gc=False):
    """Entry `throttle`: orders counted in the present calendar second, minute and day."""

    second: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Calendar second of the last order, seconds since 1970."""
    second_orders: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Orders in that second."""
    minute: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Calendar minute, minutes since 1970."""
    minute_orders: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Orders in that minute."""
    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day, days since 1970-01-01."""
    day_orders: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Orders on that day."""


class Intent(Struct, frozen=True, gc=False):
    """Entry `intent/<intent>`: an intent that was decided on today; rejected ones have no legs."""

    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day of the decision, days since 1970-01-01."""
    legs: Annotated[tuple[IntentLeg, ...], Meta(min_length=0, max_length=2)]
    """Its legs, in the order of the intent."""
