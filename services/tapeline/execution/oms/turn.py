"""One event's work: records transitions in the state, the audit chain and the outputs."""

from __future__ import annotations

import base64
from typing import Any, Literal, NamedTuple

import msgspec

from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import BrokerReport, Dead, Fill, LiveOrder
from tapeline.contracts.order_states import OrderEvent, OrderState, next_state
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.oms import OmsAccount, OmsIntent, OmsOrder
from tapeline.execution.audit import chain_hash
from tapeline.execution.oms.settings import Settings
from tapeline.execution.oms.state import State, is_cancellable, is_terminal
from tapeline.runner.stage import Event, Output

Command = Literal["PLACE", "CANCEL", "MODIFY", "QUERY", "NONE"]
replace = msgspec.structs.replace


class Step(NamedTuple):
    """What a transition says."""

    event: OrderEvent
    command: Command = "NONE"
    reason: str = Reason.OK


class Turn:
    """The work on one event of the stage."""

    def __init__(self, state: State, event: Event, settings: Settings) -> None:
        self.state = state
        self.event = event
        self.settings = settings
        self.now_ns = event.at_ns
        self.outputs: list[Output] = []

    @property
    def out_ns(self) -> int:
        """at_ns of this turn's outputs."""
        return self.now_ns + self.settings.latency_ns

    def record(self, order: OmsOrder, step: Step, **changes: Any) -> OmsOrder:
        """Carries out a legal transition: new state, audit event, command to the gateway.

        Args:
            order: as it stands before.
            step: what happened, and what the gateway must do.
            changes: other fields of the entry that change with it.
        """
        before = OrderState(order.state)
        after = next_state(before, step.event)
        assert after is not None, f"{order.order_id}: {step.event} in {before}"
        if after != OrderState.UNKNOWN:
            changes.setdefault("not_found_ns", None)
        order = replace(order, state=after.value, reason=str(step.reason), n=order.n + 1, **changes)
        order = replace(order, **self._deadlines(order, step.command))
        self.state.put_order(order)
        self._publish(order, before, step)
        return order

    def _deadlines(self, order: OmsOrder, command: Command) -> dict[str, int]:
        """Times that a command sets."""
        rules = self.settings
        if command == "QUERY":
            asked_since = order.not_found_ns
            slow = order.state != OrderState.UNKNOWN or (
                asked_since is not None and self.now_ns - asked_since >= rules.unknown_deadline_ns
            )
            every = rules.query_slow_ns if slow else rules.query_every_ns
            return {"query_ns": self.now_ns + every}
        if command == "NONE":
            return {}
        answer_ns = self.now_ns + rules.ack_timeout_ns
        if command == "CANCEL":
            return {"answer_ns": answer_ns, "cancel_ns": answer_ns}
        return {"answer_ns": answer_ns}

    def _publish(self, order: OmsOrder, before: OrderState, step: Step) -> None:
        account = self.state.account
        event = LiveOrder(
            at_ns=self.out_ns,
            account=self.settings.account,
            order_id=order.order_id,
            intent_id=order.intent_id,
            strategy=order.strategy,
            leg=order.leg,
            n=order.n - 1,
            event=step.event.value,
            prev_state=before.value,
            state=order.state,
            command=step.command,
            authority_epoch=self.settings.authority_epoch,
            tag=order.tag,
            symbol=order.symbol,
            side=order.side,
            product=order.product,
            action=order.action,
            order_type=order.order_type,
            qty=order.qty,
            filled_qty=order.filled_qty,
            limit_price_e4=order.limit_price_e4,
            trigger_price_e4=order.trigger_price_e4,
            broker_order_id=order.broker_order_id,
            reserved_e4=held_e4(order),
            reason=str(step.reason),
            prev_hash=account.head,
            hash="",
        )
        event = replace(event, hash=chain_hash(account.head, event))
        self.state.put_account(replace(account, head=event.hash))
        self.outputs.append(Output("live_orders", self.settings.account, event))

    def cancel(self, order: OmsOrder, reason: str) -> OmsOrder:
        """Asks for an order's cancellation, once; an UNKNOWN one is cancelled when it is found."""
        if is_terminal(order) or order.cancel_reason is not None:
            return order
        if is_cancellable(order):
            return self.send_cancel(order, reason)
        step = Step(OrderEvent.CANCEL_REQUESTED, "NONE", reason)
        return self.record(order, step, cancel_reason=str(reason), cancel_ns=self.now_ns)

    def send_cancel(self, order: OmsOrder, reason: str) -> OmsOrder:
        """Sends a cancel if its second has room, else puts it off to the start of the next second.

        Cancels that are put off keep their order: each gets a time of its own there, a nanosecond
        after the one before, and is put off again in that order when that second is full too.
        """
        account = self.state.account
        second = self.out_ns // SECOND_NS
        if second != account.cancel_second:
            account = replace(account, cancel_second=second, cancels=0, cancels_deferred=0)
        if account.cancels < self.settings.rules.cancels_per_second:
            self.state.put_account(replace(account, cancels=account.cancels + 1))
            step = Step(OrderEvent.CANCEL_REQUESTED, "CANCEL", reason)
            return self.record(order, step, cancel_reason=str(reason), cancel_ns=self.now_ns)
        place = account.cancels_deferred
        self.state.put_account(replace(account, cancels_deferred=place + 1))
        at_ns = (second + 1) * SECOND_NS - self.settings.latency_ns + place
        order = replace(order, cancel_reason=str(reason), cancel_ns=at_ns)
        self.state.put_order(order)
        return order

    def emit_fill(self, fill: Fill) -> None:
        """Publishes a fill."""
        self.outputs.append(Output("fills", self.settings.account, fill))

    def dead(self, reason: str, detail: str) -> None:
        """Sets the event's message aside."""
        topic = self.event.topic
        dead = Dead(
            at_ns=self.out_ns,
            topic=topic,
            partition=self.event.partition,
            offset=self.event.position,
            stage="oms",
            reason=str(reason),
            detail=detail,
            payload_b64=base64.b64encode(codec.encode(self.event.message)).decode(),
        )
        self.outputs.append(Output(f"{topic}.dead", self.settings.account, dead))

    def count(self, name: str) -> None:
        """Adds one to a counter of the account's entry."""
        account: OmsAccount = self.state.account
        self.state.put_account(replace(account, **{name: getattr(account, name) + 1}))

    def intent_of(self, order: OmsOrder) -> OmsIntent:
        """The intent of an order."""
        return self.state.intents[order.intent_id]

    def orders_of(self, intent: OmsIntent, leg: int) -> list[OmsOrder]:
        """All orders of a leg, first attempt first."""
        return self.state.orders_of(self.settings.session, intent, leg)


def held_e4(order: OmsOrder) -> int:
    """Reservation still held for an order: its unfilled share, rounded up; 0 once terminal.

    1/10,000 rupee. An UNKNOWN order keeps its reservation, since it may still trade.
    """
    if is_terminal(order):
        return 0
    open_qty = max(order.qty - order.filled_qty, 0)
    return -(-order.reserve_e4 * open_qty // order.qty)


def stated_qty(order: OmsOrder, report: BrokerReport) -> int:
    """Filled quantity that the broker has stated so far, shares."""
    return max(order.broker_qty, order.filled_qty, report.cum_qty)
