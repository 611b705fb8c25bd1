"""From a broker report to the events of the order state machine, and to fills."""

from __future__ import annotations

from tapeline.contracts import clock, ids
from tapeline.contracts.messages import BrokerReport, Fill
from tapeline.contracts.order_states import OrderEvent, OrderState, next_state
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.oms import OmsOrder
from tapeline.execution.oms.legs import after_report, note_price
from tapeline.execution.oms.state import REPORT_IDS_MAX, is_terminal
from tapeline.execution.oms.turn import Step, Turn, replace, stated_qty

_PLAIN = {
    "REJECT": OrderEvent.REJECT,
    "CANCELLED": OrderEvent.CANCELLED,
    "CANCEL_REJECT": OrderEvent.CANCEL_REFUSED,
    "MODIFIED": OrderEvent.MODIFIED,
    "MODIFY_REJECT": OrderEvent.MODIFY_REFUSED,
    "EXPIRED": OrderEvent.EXPIRED,
    "TRIGGER_PENDING": OrderEvent.TRIGGER_ARMED,
    "TRIGGERED": OrderEvent.TRIGGERED,
    "TIMEOUT": OrderEvent.TIMEOUT,
}
_STATUS_EVENTS: tuple[tuple[str, OrderEvent | None], ...] = (
    ("TRIGGER PENDING", OrderEvent.TRIGGER_ARMED),
    ("MODIFY", OrderEvent.ACK),
    ("CANCEL PENDING", OrderEvent.ACK),
    ("PENDING CANCEL", OrderEvent.ACK),
    ("PENDING", None),
    ("RECEIVED", None),
    ("SUBMITTED", None),
    ("COMPLETE", None),
    ("FILLED", None),
    ("REJECT", OrderEvent.REJECT),
    ("CANCEL", OrderEvent.CANCELLED),
    ("EXPIRED", OrderEvent.EXPIRED),
    ("OPEN", OrderEvent.ACK),
    ("ACCEPTED", OrderEvent.ACK),
)
"""What the broker's status text says beyond "it is here"; the first match counts. Statuses of
https://kite.trade/docs/connect/v3/orders/#order-statuses and names of our own states. COMPLETE
needs no event: its trades follow."""

_NOT_YET_AT_EXCHANGE = ("REQ RECEIVED", "REQUEST RECEIVED", "VALIDATION PENDING", "OPEN PENDING")
_SIGNS_OF_LIFE = (
    OrderEvent.RECEIVED,
    OrderEvent.ACK,
    OrderEvent.MODIFIED,
    OrderEvent.TRIGGER_ARMED,
    OrderEvent.TRIGGERED,
    OrderEvent.FOUND,
)
_SILENT = ("TIMEOUT", "NOT_FOUND", "CANCEL_REJECT", "MODIFY_REJECT")
"""Reports that do not show that the broker has the order."""
_LOOKED_UP_AFTER = (OrderEvent.TIMEOUT, OrderEvent.CANCEL_REFUSED, OrderEvent.MODIFY_REFUSED)


def take_report(turn: Turn, report: BrokerReport) -> None:
    """Handles one report; repeats and reports of orders that are not ours are counted."""
    if report.report == "POSITION":
        return
    order = turn.state.by_tag(report.tag) if report.tag else None
    if order is None or report.account != turn.settings.account:
        turn.count("foreign_reports")
        return
    if report.symbol != order.symbol:
        turn.dead(Reason.REPORT_MISMATCH, f"{report.symbol}, but the order is in {order.symbol}")
        return
    if report.report == "FILL":
        _take_trade(turn, order, report)
    elif report.report_id in order.report_ids:
        turn.count("repeated_reports")
    else:
        _take_answer(turn, order, report)


def _take_answer(turn: Turn, order: OmsOrder, report: BrokerReport) -> None:
    events = events_of(turn, order, report)
    if not _are_legal(OrderState(order.state), events):
        turn.dead(
            Reason.ILLEGAL_TRANSITION,
            f"{report.report} ({', '.join(events)}) in {order.state} of {order.order_id}",
        )
        return
    was = order
    order = _note(turn, order, report)
    if not events:
        turn.state.put_order(order)
        return
    for event in events:
        order = _apply(turn, order, event, report)
    after_report(turn, was, order)


def _are_legal(state: OrderState, events: tuple[OrderEvent, ...]) -> bool:
    for event in events:
        following = next_state(state, event)
        if following is None:
            return False
        state = following
    return True


def events_of(turn: Turn, order: OmsOrder, report: BrokerReport) -> tuple[OrderEvent, ...]:
    """What an answer of the broker means for the order, in order; empty when it is out of date."""
    if report.report == "NOT_FOUND":
        return (_not_found(turn, order),)
    filled = stated_qty(order, report) > 0
    if report.report == "FOUND":
        if order.state == OrderState.REJECTED and order.known:
            return ()
        follow = _status_event(report.message)
        found = OrderEvent.FOUND_PARTLY_FILLED if filled else OrderEvent.FOUND
        return (found,) if follow is None or _is_moot(follow, filled) else (found, follow)
    if report.report == "ACK":
        early = any(text in report.message.upper() for text in _NOT_YET_AT_EXCHANGE)
        event = OrderEvent.RECEIVED if early else OrderEvent.ACK
    else:
        event = _PLAIN[report.report]
    if event in _SIGNS_OF_LIFE:
        if filled and order.state in (OrderState.UNKNOWN, OrderState.PENDING_MODIFY):
            return (OrderEvent.FOUND_PARTLY_FILLED,)
        if order.state == OrderState.REJECTED and not order.known:
            return (OrderEvent.FOUND_PARTLY_FILLED,) if filled else (OrderEvent.FOUND, event)
    return (event,)


def _is_moot(follow: OrderEvent, filled: bool) -> bool:
    """A partly filled order is open at the exchange: no more needs to be said of that."""
    return filled and follow in _SIGNS_OF_LIFE


def _status_event(message: str) -> OrderEvent | None:
    text = message.upper().replace("_", " ")
    return next((event for part, event in _STATUS_EVENTS if part in text), None)


def _not_found(turn: Turn, order: OmsOrder) -> OrderEvent:
    """An order is given up only when the broker never showed it and kept denying it long enough."""
    since = order.not_found_ns
    if order.state != OrderState.UNKNOWN or order.known or since is None:
        return OrderEvent.NOT_FOUND
    if turn.now_ns - since < turn.settings.unknown_deadline_ns:
        return OrderEvent.NOT_FOUND
    return OrderEvent.NOT_FOUND_FINAL


def _note(turn: Turn, order: OmsOrder, report: BrokerReport) -> OmsOrder:
    """What any report adds to the entry."""
    stated = order.broker_qty if report.report == "NOT_FOUND" else stated_qty(order, report)
    query_ns = order.query_ns
    if stated > max(order.broker_qty, order.filled_qty):
        query_ns = turn.now_ns + turn.settings.query_every_ns
    return replace(
        order,
        report_ids=(*order.report_ids, report.report_id)[-REPORT_IDS_MAX:],
        broker_order_id=order.broker_order_id or report.broker_order_id,
        broker_qty=stated,
        known=order.known or report.report not in _SILENT,
        query_ns=query_ns,
    )


def _apply(turn: Turn, order: OmsOrder, event: OrderEvent, report: BrokerReport) -> OmsOrder:
    before = OrderState(order.state)
    after = next_state(before, event)
    if event == OrderEvent.NOT_FOUND and after == OrderState.UNKNOWN:
        since = turn.now_ns if order.not_found_ns is None else order.not_found_ns
        return turn.record(order, Step(event), not_found_ns=since)
    if event in _LOOKED_UP_AFTER and after == OrderState.UNKNOWN and before != after:
        reason = _reason(event, report)
        return turn.record(order, Step(event, "QUERY", reason))
    if before == OrderState.REJECTED and event in (
        OrderEvent.FOUND,
        OrderEvent.FOUND_PARTLY_FILLED,
    ):
        return turn.record(order, Step(event, "NONE", Reason.FOUND_LATE), **_unwanted(turn))
    return turn.record(order, Step(event, "NONE", _reason(event, report)))


def _unwanted(turn: Turn) -> dict[str, str | int]:
    """Changes that have an order cancelled: nobody reserves or waits for it any more."""
    return {"cancel_reason": Reason.FOUND_LATE.value, "cancel_ns": turn.now_ns}


def _reason(event: OrderEvent, report: BrokerReport) -> str:
    if event == OrderEvent.NOT_FOUND_FINAL:
        return Reason.NOT_AT_BROKER
    if report.reason != Reason.OK:
        return report.reason
    if event == OrderEvent.REJECT:
        return Reason.BROKER_REJECTED
    if event == OrderEvent.TIMEOUT:
        return Reason.NO_ANSWER
    if event in (OrderEvent.CANCEL_REFUSED, OrderEvent.MODIFY_REFUSED):
        return Reason.CANCEL_REFUSED
    return Reason.OK


def _take_trade(turn: Turn, order: OmsOrder, report: BrokerReport) -> None:
    """Counts a trade once: the broker's trades are the truth about money, whatever we believed.

    A trade beyond the ordered quantity is recorded and published like any other, since the shares
    are in the account; its event is OVERFILL, and the counter `overfills` grows.
    """
    if report.trade_id is None or report.price_e4 is None or report.qty < 1:
        turn.dead(Reason.REPORT_MISMATCH, f"trade without id, price or quantity: {report.tag}")
        return
    if report.side is not None and report.side != order.side:
        turn.dead(Reason.REPORT_MISMATCH, f"{report.side} trade of a {order.side} order")
        return
    if report.trade_id in order.trade_ids:
        turn.count("repeated_reports")
        return
    was = order
    filled_qty = order.filled_qty + report.qty
    event = _trade_event(filled_qty, order.qty)
    reason = Reason.LATE_FILL if is_terminal(order) else Reason.OK
    if event == OrderEvent.OVERFILL:
        turn.count("overfills")
        reason = Reason.OVERFILL
    found = order.state == OrderState.REJECTED and event == OrderEvent.FILL
    earlier_e4 = order.filled_e4
    order = _note(turn, order, report)
    order = turn.record(
        order,
        Step(event, "NONE", reason),
        filled_qty=filled_qty,
        filled_e4=earlier_e4 + report.qty * report.price_e4,
        broker_qty=max(order.broker_qty, filled_qty),
        trade_ids=(*order.trade_ids, report.trade_id),
        **(_unwanted(turn) if found else {}),
    )
    turn.emit_fill(_fill(turn, order, report, earlier_e4))
    note_price(turn, order, report.price_e4)
    after_report(turn, was, order)


def _trade_event(filled_qty: int, qty: int) -> OrderEvent:
    if filled_qty > qty:
        return OrderEvent.OVERFILL
    return OrderEvent.FULL_FILL if filled_qty == qty else OrderEvent.FILL


def _fill(turn: Turn, order: OmsOrder, report: BrokerReport, earlier_e4: int) -> Fill:
    assert report.trade_id is not None
    assert report.price_e4 is not None
    account = turn.settings.account
    broker_order_id = order.broker_order_id or order.tag
    return Fill(
        at_ns=turn.out_ns,
        fill_id=ids.derive(account, broker_order_id, report.trade_id),
        account=account,
        order_id=order.order_id,
        intent_id=order.intent_id,
        strategy=order.strategy,
        symbol=order.symbol,
        side=order.side,
        product=order.product,
        action=order.action,
        qty=report.qty,
        price_e4=report.price_e4,
        trade_id=report.trade_id,
        broker_order_id=broker_order_id,
        event_ns=report.event_ns,
        tick_seq=report.tick_seq,
        charges=turn.settings.charges.fill_charges(
            clock.ist(turn.now_ns).date(),
            order.product,
            order.side,
            report.qty,
            report.price_e4,
            earlier_e4,
            exchange=turn.settings.instruments[order.symbol].exchange,
        ),
    )
