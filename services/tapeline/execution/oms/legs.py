"""Legs of an intent: incomplete pairs are unwound, exits that do not trade are chased."""

from __future__ import annotations

from tapeline.contracts.clock import MS_NS
from tapeline.contracts.order_states import OrderState
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.oms import OmsIntent, OmsOrder
from tapeline.execution.oms.placing import place_exit, with_leg
from tapeline.execution.oms.state import is_terminal
from tapeline.execution.oms.turn import Turn, replace


def note_price(turn: Turn, order: OmsOrder, price_e4: int) -> None:
    """A trade's price is the last known price of its leg, 1/10,000 rupee."""
    intent = turn.intent_of(order)
    leg = replace(intent.legs[order.leg], reference_price_e4=price_e4)
    turn.state.put_intent(with_leg(intent, order.leg, leg))


def after_report(turn: Turn, was: OmsOrder, order: OmsOrder) -> None:
    """What a report on one order means for its leg and for the other leg.

    Args:
        was: the order before the report.
        order: the order after it.
    """
    intent = turn.intent_of(order)
    traded = order.filled_qty > was.filled_qty
    if order.action == "ENTRY":
        if intent.unwinding and traded:
            _cover(turn, intent, order.leg, Reason.LEG_RISK)
        elif len(intent.legs) == 2 and not intent.unwinding:
            _watch_pair(turn, intent)
        return
    ended = is_terminal(order) and not is_terminal(was)
    if ended and order.state == OrderState.CANCELLED and order.cancel_reason == Reason.CHASED:
        _cover(turn, intent, order.leg, Reason.CHASED)
    elif traded:
        _withdraw_surplus(turn, intent, order.leg)


def unwind(turn: Turn, intent: OmsIntent) -> None:
    """Cancels what is open of a pair and flattens what is filled of it, now and later."""
    intent = replace(intent, unwinding=True, leg_due_ns=None)
    turn.state.put_intent(intent)
    for leg in range(len(intent.legs)):
        for order in turn.orders_of(intent, leg):
            if order.action == "ENTRY":
                turn.cancel(order, Reason.LEG_RISK)
        intent = _cover(turn, intent, leg, Reason.LEG_RISK)


def _watch_pair(turn: Turn, intent: OmsIntent) -> None:
    """Starts the pair's clock at the first fill; unwinds as soon as a leg cannot complete."""
    orders = [turn.orders_of(intent, leg)[0] for leg in range(2)]
    if all(order.state == OrderState.FILLED for order in orders):
        turn.state.put_intent(replace(intent, leg_due_ns=None))
    elif any(is_terminal(order) and order.state != OrderState.FILLED for order in orders):
        unwind(turn, intent)
    elif (
        intent.leg_due_ns is None
        and intent.leg_timeout_ms is not None
        and any(order.filled_qty for order in orders)
    ):
        due_ns = turn.now_ns + intent.leg_timeout_ms * MS_NS
        turn.state.put_intent(replace(intent, leg_due_ns=due_ns))


def uncovered_qty(intent: OmsIntent, leg: int, orders: list[OmsOrder]) -> int:
    """Shares of a leg that must still be exited and that no open exit order covers.

    Negative when the open exits are for more than is left, after a trade that came late.
    """
    entered = sum(order.filled_qty for order in orders if order.action == "ENTRY")
    target = intent.legs[leg].qty if intent.action == "EXIT" else entered
    exits = [order for order in orders if order.action == "EXIT"]
    covered = sum(
        max(order.filled_qty, order.broker_qty) if is_terminal(order) else order.qty
        for order in exits
    )
    return target - covered


def _cover(turn: Turn, intent: OmsIntent, leg: int, reason: str) -> OmsIntent:
    """Places an exit for what no exit covers, unless the intent's time is over."""
    over = intent.action == "EXIT" and (intent.expires_ns or turn.now_ns + 1) <= turn.now_ns
    qty = uncovered_qty(intent, leg, turn.orders_of(intent, leg))
    if qty <= 0 or over:
        return intent
    return place_exit(turn, intent, leg, qty, reason)


def _withdraw_surplus(turn: Turn, intent: OmsIntent, leg: int) -> None:
    """Cancels open exits of a leg that a late trade made too large; the rest is placed again."""
    orders = turn.orders_of(intent, leg)
    if uncovered_qty(intent, leg, orders) >= 0:
        return
    for order in orders:
        if order.action == "EXIT":
            turn.cancel(order, Reason.CHASED)
