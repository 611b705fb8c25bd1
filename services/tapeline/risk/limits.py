"""Risk limits: configs/risk_budget.yaml as one checked model, shared by both risk stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tapeline.contracts.errors import SettingsError
from tapeline.contracts.money import BP
from tapeline.session.context import SessionContext

FILE = "configs/risk_budget.yaml"

MONEY_MAX_E4 = 10**15
"""Ten thousand crore rupees: more is a slip of the keyboard, and 64 bits of another language hold
it a thousand times over."""

DEFAULT_BUCKET = "default"
"""Cap of each bucket that has none of its own."""

FIXED = ("capital_e4", "square_off.")
"""Keys (or their beginnings) that control cannot change in a running session: equity is measured
from the capital, and the square-off is planned from the calendar when the session starts."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sizing(_Model):
    """How many shares an entry may have."""

    risk_per_trade_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Loss if the stop is hit, at full confidence, 1/10,000 rupee. 1/1,000 to 1/100 of the capital
    is usual: a run of ten losses must not reach the day's loss limit."""
    confidence_floor_bp: int = Field(ge=0, le=BP)
    """Risk is scaled by max(confidence, this), basis points: a hesitant vote still trades a size
    that pays for its brokerage."""
    max_symbol_qty: int = Field(ge=1, le=10**9)
    """Shares of one symbol that all strategies together may hold or have pending."""
    max_symbol_notional_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """The same as notional, 1/10,000 rupee."""
    max_leverage_bp: int = Field(ge=1, le=5 * BP)
    """Gross notional over capital, basis points. At most 5: since 2021-09-01 intraday margin is at
    least 20 % of the trade (SEBI/HO/MRD2/DCAP/CIR/P/2020/127, peak margin)."""


class Bucket(_Model):
    """Cap of one group of strategies that lose together."""

    max_notional_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Gross notional held or pending, 1/10,000 rupee."""


class Price(_Model):
    """How fresh and how near a price must be for an entry."""

    max_age_s: int = Field(ge=1, le=3_600)
    """Age of the symbol's last 1s bar, seconds."""
    max_deviation_bp: int = Field(ge=1, le=BP)
    """Distance of the strategy's reference price from that bar's close, basis points."""
    protection_bp: int = Field(ge=0, le=BP)
    """Market orders are valued this far above their reference, basis points: Kite fills a market
    order at most at its market_protection, and refuses one without it since 2026-04-01."""


class Cost(_Model):
    """What a trade must earn."""

    edge_multiple_bp: int = Field(ge=0, le=100 * BP)
    """Expected move x quantity must be at least this multiple of the round trip's charges, basis
    points; 0 = no such test."""


class Hours(_Model):
    """When entries are taken."""

    no_entry_before_close_s: int = Field(ge=0, le=86_400)
    """No entry within this time before the continuous phase ends, seconds."""


class SquareOff(_Model):
    """How intraday positions are closed; cannot be changed in a running session."""

    lead_s: int = Field(ge=0, le=86_400)
    """The square-off starts this long before the continuous phase ends, seconds; a phase shorter
    than twice this starts it in its middle. The calendar's time holds when it is earlier: it comes
    before the broker's own, which is not free."""
    repeat_s: int = Field(ge=1, le=3_600)
    """It looks again this often for what is still open, seconds."""
    orders_per_s: int = Field(ge=1, le=10)
    """Square-off orders that leave in one second: the order throttle would refuse more."""


class Flight(_Model):
    """How long an approved order counts as pending."""

    exit_expiry_s: int = Field(ge=1, le=3_600)
    """Exits expire after this, seconds; another may be sent when their orders have ended."""
    settle_s: int = Field(ge=1, le=60)
    """An intent without an open order for this long has landed, seconds: it no longer counts as
    pending. A chase places its next order in the very moment in which the one before ends, and a
    trade is seen as an order event and as a fill of the same time; a second covers both."""
    repeat_s: int = Field(ge=1, le=3_600)
    """A position that its strategy no longer wants is exited again at most this often, seconds,
    while no exit of it is in flight. Half a minute is short beside the minute after which a
    strategy sees the next bar, and makes 750 orders of a day on which the broker refuses every one,
    which the part of the daily limit that is kept for exits covers."""
    grace_s: int = Field(ge=0, le=3_600)
    """An expired order can still report a fill for this long, seconds: an UNKNOWN order is looked
    up for 30 s before it is given up, and reports take seconds."""


class Loss(_Model):
    """Losses at which trading stops by itself. Soft: only exits (REDUCE). Hard: KILL."""

    max_drawdown_bp: int = Field(ge=1, le=BP)
    """Soft: equity below its peak, basis points of the peak."""
    hard_drawdown_bp: int = Field(ge=1, le=BP)
    """Hard: the same."""
    max_day_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Soft: equity below that at the day's start, 1/10,000 rupee."""
    hard_day_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Hard: the same."""

    @model_validator(mode="after")
    def _ordered(self) -> Loss:
        if self.hard_drawdown_bp < self.max_drawdown_bp:
            raise ValueError("hard_drawdown_bp must be at least max_drawdown_bp")
        if self.hard_day_e4 < self.max_day_e4:
            raise ValueError("hard_day_e4 must be at least max_day_e4")
        return self


class Throttle(_Model):
    """Orders in a calendar second, minute and day. Broker's limits: 10, 400 and 5,000
    (kite.trade/docs/connect/v3/exceptions, API rate limit); it counts calendar seconds of its own
    clock, so a token bucket would send up to twice as many in one of them."""

    per_second: int = Field(ge=1, le=10)
    """Orders and cancels in a calendar second."""
    cancels_per_second: int = Field(ge=0, le=9)
    """Of these, kept for cancels."""
    exits_per_second: int = Field(ge=0, le=9)
    """Of the rest, kept for exits."""
    per_minute: int = Field(ge=1, le=400)
    """Orders in a calendar minute."""
    exits_per_minute: int = Field(ge=0, le=399)
    """Of these, kept for exits."""
    per_day: int = Field(ge=1, le=5_000)
    """Orders on an Indian calendar day."""
    exits_per_day: int = Field(ge=0, le=4_999)
    """Of these, kept for exits: a position can always be closed."""

    @model_validator(mode="after")
    def _room(self) -> Throttle:
        kept_s = self.cancels_per_second + self.exits_per_second
        kept = ((kept_s, "second"), (self.exits_per_minute, "minute"), (self.exits_per_day, "day"))
        for reserve, span in kept:
            if reserve >= getattr(self, f"per_{span}"):
                raise ValueError(f"what is kept of per_{span} must be less than per_{span}")
        return self


class Budget(_Model):
    """What the account may spend and have open."""

    max_trade_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Notional of one intent, all legs, 1/10,000 rupee."""
    daily_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Open reservations + entry notional filled today, 1/10,000 rupee. Bounds turnover, and with
    it charges, when a strategy runs wild."""
    max_open_orders: int = Field(ge=1, le=1_000)
    """Open orders of the account; exits are not refused by it."""
    max_open_orders_symbol: int = Field(ge=1, le=1_000)
    """Open orders of one symbol; exits are not refused by it."""
    duplicate_window_ms: int = Field(ge=0, le=600_000)
    """The same strategy, symbol, side and quantity within this is a duplicate, milliseconds."""

    @model_validator(mode="after")
    def _ordered(self) -> Budget:
        if self.max_trade_e4 > self.daily_e4:
            raise ValueError("max_trade_e4 must not be above daily_e4")
        return self


class RiskBudget(_Model):
    """One profile of configs/risk_budget.yaml."""

    capital_e4: int = Field(ge=1, le=MONEY_MAX_E4)
    """Capital of the account, 1/10,000 rupee."""
    sizing: Sizing
    buckets: dict[str, Bucket]
    """By bucket of configs/registry.yaml; `default` caps each bucket that is not named."""
    price: Price
    cost: Cost
    hours: Hours
    square_off: SquareOff
    flight: Flight
    loss: Loss
    throttle: Throttle
    budget: Budget

    @model_validator(mode="after")
    def _check(self) -> RiskBudget:
        if DEFAULT_BUCKET not in self.buckets:
            raise ValueError(f"buckets must name {DEFAULT_BUCKET}")
        if self.sizing.max_symbol_notional_e4 > self.gross_cap_e4:
            raise ValueError(
                "sizing.max_symbol_notional_e4 must not be above capital_e4 x max_leverage_bp"
            )
        return self

    @property
    def gross_cap_e4(self) -> int:
        """Gross notional that the account may hold or have pending, 1/10,000 rupee."""
        return self.capital_e4 * self.sizing.max_leverage_bp // BP

    def bucket_cap_e4(self, bucket: str) -> int:
        """Gross notional that a bucket may hold or have pending, 1/10,000 rupee."""
        found = self.buckets.get(bucket) or self.buckets[DEFAULT_BUCKET]
        return found.max_notional_e4


def risk_budget(raw: Any, profile: str, overrides: Mapping[str, int]) -> RiskBudget:
    """Limits of a profile with a session's overrides.

    Args:
        raw: configs/risk_budget.yaml, parsed.
        profile: name under `profiles`.
        overrides: new values by dotted key, for example {"sizing.max_symbol_qty": 100}; applied
            together, so that two that only make sense together can be changed.

    Raises:
        SettingsError: naming the key that is unknown or impossible.
    """
    unknown = sorted(raw.keys() - {"profiles"}) if isinstance(raw, dict) else []
    if unknown:
        raise SettingsError(FILE, unknown[0], "is no key of the file", "put it under profiles")
    if not isinstance(raw, dict) or not raw.get("profiles"):
        raise SettingsError(FILE, "profiles", "is missing", "put the limits under it")
    profiles = raw["profiles"]
    if profile not in profiles:
        known = ", ".join(sorted(profiles))
        raise SettingsError(FILE, f"profiles.{profile}", "is missing", f"use one of: {known}")
    base = _validated(profiles[profile], f"profiles.{profile}")
    return with_limits(base, overrides)


def budget_of(context: SessionContext) -> RiskBudget:
    """Limits that a session's manifest asks for.

    Raises:
        SettingsError: when the file is missing or a value is impossible.
    """
    risk = context.spec.risk
    return risk_budget(context.configs.get("risk_budget"), risk.profile, risk.overrides)


def with_limits(base: RiskBudget, changes: Mapping[str, int]) -> RiskBudget:
    """The limits with some of them changed, checked as a whole.

    Raises:
        SettingsError: when a key is unknown or the result is impossible.
    """
    tree = base.model_dump()
    for key, value in sorted(changes.items()):
        *path, last = key.split(".")
        node: Any = tree
        for part in path:
            node = node.get(part) if isinstance(node, dict) else None
        if not isinstance(node, dict) or not isinstance(node.get(last), int):
            raise SettingsError(FILE, key, "is not a limit", "check its spelling")
        node[last] = value
    return _validated(tree, "")


def with_control(
    base: RiskBudget, overrides: Mapping[str, int], key: str | None, value: int | None
) -> tuple[RiskBudget, dict[str, int]]:
    """The limits and overrides after a SET command.

    Raises:
        SettingsError: when the command names no limit, a fixed one, or an impossible value.
    """
    if key is None or value is None:
        raise SettingsError(FILE, key or "(none)", "SET needs a key and a value", "send both")
    if key.startswith(FIXED):
        raise SettingsError(FILE, key, "is fixed while a session runs", "change the manifest")
    changed = {**overrides, key: value}
    return with_limits(base, changed), dict(sorted(changed.items()))


def _validated(tree: Any, prefix: str) -> RiskBudget:
    try:
        return RiskBudget.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        path = [prefix, *(str(part) for part in first["loc"])]
        key = ".".join(part for part in path if part) or "(top)"
        unknown = first["type"] == "extra_forbidden"
        remedy = "check its spelling" if unknown else "correct the value"
        problem = first["msg"][0].lower() + first["msg"][1:]
        raise SettingsError(FILE, key, problem, remedy) from error
