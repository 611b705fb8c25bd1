"""The order management system: every order from the decision to its end, and the audit of it.

The state machine is data (schemas/order_states.yaml). This module routes events: decisions to
placing.py, broker reports to reports.py, pairs and chases to legs.py; timers and the kill switch
are here. Each transition goes through Turn.record, which asserts that it is legal.
"""

from __future__ import annotations

from tapeline.contracts import clock
from tapeline.contracts.messages import Allowed, BrokerReport, Control
from tapeline.contracts.order_states import OrderEvent, OrderState
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.oms import OmsOrder
from tapeline.execution.oms.legs import unwind
from tapeline.execution.oms.placing import take_allowed
from tapeline.execution.oms.reports import take_report
from tapeline.execution.oms.settings import Settings
from tapeline.execution.oms.state import (
    INTENT,
    ORDER,
    WAITS_FOR_ANSWER,
    State,
    chase_ns,
    entry_type,
)
from tapeline.execution.oms.turn import Step, Turn, replace
from tapeline.runner.stage import Event, Output

__all__ = ["State", "entry_type", "step"]


def step(state: State, event: Event, settings: Settings) -> list[Output]:
    """Handles one event, then everything that is due by its time."""
    turn = Turn(state, event, settings)
    _turn_day(turn)
    message = event.message
    if isinstance(message, Allowed):
        take_allowed(turn, message)
    elif isinstance(message, BrokerReport):
        take_report(turn, message)
    elif isinstance(message, Control):
        _control(turn, message)
    else:
        assert message is None, f"the OMS does not read {event.topic}"
    _do_due(turn)
    return turn.outputs


def _turn_day(turn: Turn) -> None:
    """On a new day the orders of earlier days are forgotten: no late truth comes for them."""
    day = clock.ist_day(turn.now_ns)
    account = turn.state.account
    if day == account.day:
        return
    turn.state.put_account(replace(account, day=day))
    start_ns = day * clock.DAY_NS - clock.IST_OFFSET_NS
    turn.state.forget_before(turn.settings.session, start_ns)


def _control(turn: Turn, control: Control) -> None:
    """KILL cancels all open entries and refuses new ones; REDUCE refuses; RESUME lifts both."""
    account = turn.state.account
    if control.command == "KILL":
        turn.state.put_account(replace(account, mode="HALTED"))
        for order in turn.state.open_orders():
            if order.action == "ENTRY":
                turn.cancel(order, Reason.HALTED)
    elif control.command == "REDUCE" and account.mode == "ACTIVE":
        turn.state.put_account(replace(account, mode="REDUCING"))
    elif control.command == "RESUME":
        turn.state.put_account(replace(account, mode="ACTIVE"))


def _do_due(turn: Turn) -> None:
    """Everything due by now, earliest first; each act moves its own time forward."""
    while (key := turn.state.pop_due(turn.now_ns)) is not None:
        if key.startswith(INTENT):
            unwind(turn, turn.state.intents[key.removeprefix(INTENT)])
        else:
            _order_due(turn, turn.state.orders[key.removeprefix(ORDER)])


def _order_due(turn: Turn, order: OmsOrder) -> None:
    """Does the first thing that is due of an order. Each act moves its own time forward, or the
    caller would not come to an end; what may be due is what `due_ns` lists."""
    now_ns = turn.now_ns
    if order.state in WAITS_FOR_ANSWER and _is_past(order.answer_ns, now_ns):
        turn.record(order, Step(OrderEvent.TIMEOUT, "QUERY", Reason.NO_ANSWER))
    elif order.state == OrderState.UNKNOWN:
        turn.record(order, Step(OrderEvent.QUERIED, "QUERY", order.reason))
    elif order.broker_qty > order.filled_qty and _is_past(order.query_ns, now_ns):
        turn.record(order, Step(OrderEvent.QUERIED, "QUERY", Reason.TRADES_MISSING))
    elif order.cancel_reason is not None:
        turn.send_cancel(order, order.cancel_reason)
    elif _is_past(order.expires_ns, now_ns):
        turn.cancel(order, Reason.EXPIRY_REACHED)
    else:
        assert _is_past(chase_ns(order), now_ns), order.order_id
        turn.cancel(order, Reason.CHASED)


def _is_past(time_ns: int | None, now_ns: int) -> bool:
    return time_ns is not None and time_ns <= now_ns
