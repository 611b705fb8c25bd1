"""Budget guard: the last checks before an order may leave, and the reservation it leaves with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from tapeline.contracts.errors import SettingsError
from tapeline.contracts.messages import Allowed, Control, Order, Sized
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.budget_guard import IntentLeg
from tapeline.risk.budget_guard.settings import Settings
from tapeline.risk.budget_guard.state import Resting, State
from tapeline.risk.budget_guard.throttle import counted, refusal
from tapeline.risk.limits import with_control
from tapeline.risk.prices import reserve_price_e4
from tapeline.risk.trading import commanded
from tapeline.runner.stage import Event, Output

__all__ = ["State", "step"]


def step(state: State, event: Event, settings: Settings) -> list[Output]:
    """Takes one event.

    Returns:
        orders.allowed: one decision for each order that the risk manager approved.
    """
    state.settle()
    state.start_day(event.at_ns)
    if event.topic == "orders.sized":
        return _decide(state, event.message, event.at_ns, settings)
    if event.topic == "live_orders":
        state.take(event.message, event.at_ns)
        return []
    assert event.topic == "control", event.topic
    _obey(state, event.message)
    return []


@dataclass
class _Case:
    order: Order
    now_ns: int
    state: State
    settings: Settings
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def notional_e4(self) -> int:
        protection_bp = self.state.budget.price.protection_bp
        return sum(_qty(leg.qty) * reserve_price_e4(leg, protection_bp) for leg in self.order.legs)


def _decide(state: State, sized: Sized, now_ns: int, settings: Settings) -> list[Output]:
    if sized.decision == "REJECTED":
        return []
    order = sized.order
    case = _Case(order, now_ns, state, settings)
    checks = EXIT_CHECKS if order.action == "EXIT" else ENTRY_CHECKS
    reason = next((found for check in checks if (found := check(case)) is not None), None)
    reserved_e4 = 0
    if reason is None:
        reserved_e4 = _allow(case)
    elif reason is not Reason.DUPLICATE_INTENT:
        state.note(order, (), now_ns)
    allowed = Allowed(
        at_ns=now_ns + settings.latency_ns,
        intent_id=order.intent_id,
        decision="APPROVED" if reason is None else "REJECTED",
        reason=(reason or Reason.OK).value,
        numbers=case.numbers,
        reserved_e4=reserved_e4,
        order=order,
    )
    return [Output("orders.allowed", settings.account, allowed)]


def _allow(case: _Case) -> int:
    """Counts the orders and takes their reservation; an exit reserves nothing."""
    order, state = case.order, case.state
    protection_bp = state.budget.price.protection_bp
    legs = []
    for leg in order.legs:
        qty, price_e4 = _qty(leg.qty), reserve_price_e4(leg, protection_bp)
        reserved = IntentLeg(
            symbol=leg.symbol,
            side=leg.side,
            qty=qty,
            limit_price_e4=leg.limit_price_e4,
            price_e4=price_e4,
            reserved_e4=qty * price_e4 if order.action == "ENTRY" else 0,
            waiting=True,
        )
        legs.append(reserved)
    state.note(order, tuple(legs), case.now_ns)
    sent_ns = case.now_ns + case.settings.send_delay_ns
    state.put("throttle", counted(state.throttle, sent_ns, len(legs)))
    return sum(leg.reserved_e4 for leg in legs)


def _duplicate_intent(case: _Case) -> Reason | None:
    return Reason.DUPLICATE_INTENT if case.state.seen(case.order.intent_id) else None


def _trading(case: _Case) -> Reason | None:
    trading = case.state.limits.trading
    return None if trading == "ACTIVE" else Reason(trading)


def _duplicate_order(case: _Case) -> Reason | None:
    return Reason.DUPLICATE_ORDER if case.state.repeats(case.order, case.now_ns) else None


def _trade_size(case: _Case) -> Reason | None:
    case.numbers["notional_e4"] = case.notional_e4
    limit_e4 = case.state.budget.budget.max_trade_e4
    return Reason.MAX_TRADE_NOTIONAL if case.notional_e4 > limit_e4 else None


def _daily_budget(case: _Case) -> Reason | None:
    state = case.state
    spent_e4 = state.reserved_e4() + state.burnt_e4
    left_e4 = case.settings.source.daily_e4(state.budget) - spent_e4
    case.numbers["budget_left_e4"] = left_e4
    return Reason.BUDGET_EXHAUSTED if case.notional_e4 > left_e4 else None


def _open_orders(case: _Case) -> Reason | None:
    resting = list(case.state.resting())
    limits = case.state.budget.budget
    case.numbers["open_orders"] = len(resting)
    if len(resting) + len(case.order.legs) > limits.max_open_orders:
        return Reason.MAX_OPEN_ORDERS
    for symbol in (leg.symbol for leg in case.order.legs):
        if sum(order.symbol == symbol for order in resting) >= limits.max_open_orders_symbol:
            return Reason.MAX_OPEN_ORDERS_SYMBOL
    return None


def _self_cross(case: _Case) -> Reason | None:
    resting = list(case.state.resting())
    for leg in case.order.legs:
        new = Resting(leg.symbol, leg.side, leg.limit_price_e4, 0)
        if any(_crosses(new, old) for old in resting):
            return Reason.SELF_CROSS
    return None


def _throttle(case: _Case) -> Reason | None:
    sent_ns = case.now_ns + case.settings.send_delay_ns
    counts = counted(case.state.throttle, sent_ns, len(case.order.legs))
    case.numbers["second_orders"] = counts.second_orders
    case.numbers["minute_orders"] = counts.minute_orders
    case.numbers["day_orders"] = counts.day_orders
    return refusal(counts, case.state.budget.throttle, case.order.action)


ENTRY_CHECKS: tuple[Callable[[_Case], Reason | None], ...] = (
    _duplicate_intent,
    _trading,
    _duplicate_order,
    _trade_size,
    _daily_budget,
    _open_orders,
    _self_cross,
    _throttle,
)
"""In the order in which they are made; the throttle comes last, so that only what leaves counts."""

EXIT_CHECKS: tuple[Callable[[_Case], Reason | None], ...] = (
    _duplicate_intent,
    _duplicate_order,
    _throttle,
)
"""An exit lowers risk, so no halt, budget or open order stops it. Nor does a crossing order of our
own: the exchange cancels one side of such a pair (self-trade prevention), which is cheaper than a
position that stays open."""


def _crosses(new: Resting, old: Resting) -> bool:
    """True when the two could trade with each other."""
    if new.symbol != old.symbol or new.side == old.side:
        return False
    if new.limit_price_e4 is None or old.limit_price_e4 is None:
        return True
    buy, sell = (new, old) if new.side == "BUY" else (old, new)
    assert buy.limit_price_e4 is not None
    assert sell.limit_price_e4 is not None
    return buy.limit_price_e4 >= sell.limit_price_e4


def _obey(state: State, control: Control) -> None:
    """Takes a control command; a SET that cannot be obeyed is counted and changes nothing."""
    limits = state.limits
    if control.command != "SET":
        state.put("limits", replace(limits, trading=commanded(limits.trading, control.command)))
        return
    try:
        state.budget, overrides = with_control(
            state.initial, limits.overrides, control.key, control.value
        )
    except SettingsError as error:
        refused = replace(
            limits,
            control_rejections=limits.control_rejections + 1,
            last_rejection=str(error)[:400],
        )
        state.put("limits", refused)
        return
    state.put("limits", replace(limits, overrides=overrides))


def _qty(qty: int | None) -> int:
    assert qty is not None, "an approved order has its quantities"
    return qty
