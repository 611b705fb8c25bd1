"""State entries of the stage risk_manager.

Generated from schemas/state/risk_manager.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Echo(Struct, frozen=True, gc=False):
    """A halt that the risk manager wrote to control: when the same record comes back it is not
    news."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """at_ns of the record. UTC nanoseconds."""
    command: Literal["REDUCE", "KILL"]
    """Its command."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Its reason."""


class Timer(Struct, frozen=True, gc=False):
    """Entry `timer`: progress of the square-off and of repeated exits."""

    done_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time of the last timer that was handled. UTC nanoseconds."""
    again_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the next batch of own exits leaves; null when none waits. UTC nanoseconds."""
    emitted: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Own exits so far, of the square-off and repeated ones; numbers their ids."""
    unwanted: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Positions open at the last timer whose strategy wants none."""


class Mark(Struct, frozen=True, gc=False):
    """Entry `mark/<symbol>`: price at which positions are valued."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Close of the last 1s bar (before the first one: the last fill), 1/10,000 rupee."""
    start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of that bar; 0 when the price is that of a fill. UTC nanoseconds."""
    end_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """End of that bar; 0 when the price is that of a fill. UTC nanoseconds."""
    rev: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Revision of that bar."""


class Position(Struct, frozen=True, gc=False):
    """Entry `position/<strategy>/<symbol>`: what a strategy holds, by average cost."""

    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy that holds it."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    bucket: Annotated[str, Meta(min_length=1, max_length=64)]
    """Risk bucket."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product of the last fill."""
    net_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares, negative when short."""
    cost_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Cost of the open shares, negative when short, 1/10,000 rupee; a total, so that no average
    is ever rounded."""
    realised_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Realised profit before charges, 1/10,000 rupee."""
    charges_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Charges, 1/10,000 rupee."""


class FlightLeg(Struct, frozen=True, gc=False):
    """What is still open of one leg of an approved order."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    open_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares not filled yet."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Price at which the open part counts against the caps, 1/10,000 rupee."""


class Wanted(Struct, frozen=True, gc=False):
    """Entry `wanted/<strategy>/<symbol>`: what a strategy wants of a symbol since its last exit;
    a position that it does not want is exited again until it is gone."""

    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy that sent the exit."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"] | None
    """Side of an entry that was approved since; null while no position at all is wanted."""
    cause: Literal["SIGNAL", "STOP", "TARGET", "MAX_HOLDING", "PHASE_END"]
    """Cause of the exit's signal; repeated exits carry it."""
    sent_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When the last exit was approved; 0 when none was. UTC nanoseconds."""
    again_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """When the position is looked at next; null while there is none to look at. UTC
    nanoseconds."""


class Account(Struct, frozen=True, gc=False):
    """Entry `account`: profit and loss of the account, and the marks that halts are measured
    from."""

    realised_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Realised profit since the session began, before charges, 1/10,000 rupee."""
    charges_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Charges of all fills, 1/10,000 rupee."""
    peak_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Highest equity since the session began or trading was resumed after a halt, 1/10,000
    rupee."""
    day: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Indian calendar day of the last event, days since 1970-01-01."""
    day_start_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Equity at the first event of that day, or when trading was resumed after a halt, 1/10,000
    rupee."""
    halt: Literal["NONE", "SOFT", "HARD"]
    """Loss limit that was hit and announced on control; each is announced once."""


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
    echoes: Annotated[tuple[Echo, ...], Meta(min_length=0, max_length=16)]
    """Halts of the risk manager itself that have not come back on control yet, oldest first."""


class Flight(Struct, frozen=True, gc=False):
    """Entry `flight/<intent>`: an approved order until its fills or its expiry have been seen;
    kept after its orders have ended, for what comes late."""

    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent that was approved."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    bucket: Annotated[str, Meta(min_length=1, max_length=64)]
    """Risk bucket."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    gone_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When it can no longer be filled: its expiry and a grace for reports. UTC nanoseconds."""
    legs: Annotated[tuple[FlightLeg, ...], Meta(min_length=0, max_length=2)]
    """Its legs."""
    open_orders: tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...]
    """Orders of the intent that have not ended, ascending."""
    quiet_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Since when none of its orders has been open; null before the first and while one is. UTC
    nanoseconds."""
    landed: bool
    """True once that has lasted for flight.settle_s: it no longer counts as pending."""
