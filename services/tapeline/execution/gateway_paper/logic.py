"""A simulated broker and exchange: takes the OMS's commands, trades them against ticks, reports.

A command travels (base latency and a hashed jitter) as a timer; everything that it causes is
reported at the event at which it happens. What is due at or before an event's time is done before
the event itself, so that nothing depends on whether a timer or a tick of one time comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from tapeline.contracts.clock import MS_NS
from tapeline.contracts.ids import derive
from tapeline.contracts.messages import Heartbeat, LiveOrder, Tick
from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.gateway_paper import (
    PaperCommand,
    PaperOrder,
    PaperPosition,
    PaperTrade,
)
from tapeline.execution.gateway_paper.matcher import Market, Trade, draw, match, same_snapshot
from tapeline.execution.gateway_paper.reports import ENDINGS, Reports
from tapeline.execution.gateway_paper.settings import STAGE, Settings
from tapeline.execution.gateway_paper.state import WORKING, State
from tapeline.execution.order_checks import Refusal, check_order
from tapeline.market.phases import CLOSING_AUCTION, Phase
from tapeline.market.positions import signed
from tapeline.runner.stage import Event, Output

__all__ = ["State", "step"]

NOTHING: Sequence[Output] = ()

Action = Literal["PLACE", "CANCEL", "MODIFY", "QUERY", "TIMEOUT"]


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """Takes one event; returns reports for `broker.reports`."""
    message = event.message
    now_ns = event.at_ns
    if now_ns < state.due_ns:
        if type(message) is Tick:
            if message.symbol not in state.working:
                state.remember(message, now_ns)
                return NOTHING
        elif type(message) is Heartbeat:
            return NOTHING
    turn = _Turn(state, settings, now_ns)
    turn.do_what_is_due()
    if type(message) is Tick:
        turn.tick(message)
    elif type(message) is LiveOrder:
        turn.command(message)
    state.reschedule()
    return turn.reports.outputs


class _Turn:
    """One event's work."""

    def __init__(self, state: State, settings: Settings, now_ns: int) -> None:
        self.state = state
        self.settings = settings
        self.now_ns = now_ns
        self.reports = Reports(settings, now_ns + settings.latency_ns)

    # Time

    def do_what_is_due(self) -> None:
        """Commands that arrive, orders that expire, statements: in the order of their times."""
        state = self.state
        if state.due_ns == 0:
            state.reschedule()
        while state.due_ns <= self.now_ns:
            due_ns = state.due_ns
            while (command := state.arrived(due_ns)) is not None:
                ARRIVALS[command.action](self, command)
            self._expire(due_ns)
            self._purge(due_ns)
            if state.statement_ns() <= due_ns:
                self._state_positions(final=due_ns >= self.settings.final_statement_ns)
            state.reschedule()

    def _expire(self, until_ns: int) -> None:
        ids = sorted(order_id for ids in self.state.working.values() for order_id in ids)
        for order_id in ids:
            order = self.state.orders[order_id]
            assert order.expires_ns is not None, order
            if order.expires_ns <= until_ns:
                self._end(order, "EXPIRED", Reason.DAY_ENDED)

    def _purge(self, until_ns: int) -> None:
        """A new day: the broker's order book starts empty."""
        starts = [ns for ns in self.settings.day_starts_ns if ns <= until_ns]
        if not starts or starts[-1] <= self.state.counters.purged_ns:
            return
        for order in list(self.state.orders.values()):
            if order.status not in WORKING and order.status != "IN_FLIGHT":
                self.state.drop_order(order.order_id)
        self.state.count(purged_ns=starts[-1])

    def _state_positions(self, *, final: bool) -> None:
        for symbol in sorted(self.state.positions):
            position = self.state.positions[symbol]
            if position.changed_ns is None and not (final and position.net_qty):
                continue
            self.state.put_position(replace(position, stated_qty=position.net_qty, changed_ns=None))
            self.reports.position(symbol, position.net_qty)
        if final:
            self.state.count(final_stated=True)

    # Ticks

    def tick(self, tick: Tick) -> None:
        """Matches the open orders of a symbol against a new snapshot, first come first."""
        before = self.state.remember(tick, self.now_ns)
        if before is None or (before is not tick and same_snapshot(before, tick)):
            return
        for order_id in tuple(self.state.working.get(tick.symbol, ())):
            self._match(self.state.orders[order_id], is_new=True)

    def _match(self, order: PaperOrder, *, is_new: bool) -> None:
        tick = self.state.ticks.get(order.symbol)
        phase = self._phase(order.symbol)
        if tick is None or phase is None:
            return
        taken = self.state.taken_of(tick)
        market = Market(
            now_ns=self.now_ns,
            instrument=self.settings.instruments[order.symbol],
            tick=tick,
            taken=taken,
            is_new=is_new,
            auction=phase.name == CLOSING_AUCTION,
        )
        matched = match(order, market, self.settings.rules)
        if matched.order is order and not matched.trades:
            return
        self.state.dirty.add(order.symbol)
        changed = matched.order
        if matched.triggered:
            changed = replace(changed, expires_ns=self._expires_ns(order.symbol, "LIMIT"))
            self.reports.order("TRIGGERED", changed)
        for trade in matched.trades:
            changed = self._trade(changed, trade, tick)
        self.state.put_order(changed)

    def _trade(self, order: PaperOrder, trade: Trade, tick: Tick) -> PaperOrder:
        filled_qty = order.filled_qty + trade.qty
        assert filled_qty <= order.qty, (order, trade)
        kept = PaperTrade(
            qty=trade.qty, price_e4=trade.price_e4, tick_seq=tick.seq, event_ns=self.now_ns
        )
        order = replace(
            order,
            filled_qty=filled_qty,
            trades=(*order.trades, kept),
            status="COMPLETE" if filled_qty == order.qty else order.status,
        )
        self.reports.fill(order, len(order.trades) - 1)
        position = self.state.positions.get(order.symbol) or PaperPosition(
            symbol=order.symbol, net_qty=0, stated_qty=0, changed_ns=None
        )
        net_qty = position.net_qty + signed(order.side, trade.qty)
        changed_ns = None if net_qty == position.stated_qty else position.changed_ns or self.now_ns
        self.state.put_position(replace(position, net_qty=net_qty, changed_ns=changed_ns))
        return order

    # Commands

    def command(self, message: LiveOrder) -> None:
        """Puts a command of the OMS on its way to the exchange."""
        state = self.state
        assert message.account == self.settings.account, message
        if message.command == "NONE":
            return
        if message.authority_epoch < state.counters.epoch:
            state.count(stale_commands=state.counters.stale_commands + 1)
            return
        if message.authority_epoch > state.counters.epoch:
            state.count(epoch=message.authority_epoch)
        order = state.orders.get(message.order_id)
        if order is not None and message.n <= order.last_n:
            return
        due_ns = self._arrival_ns(message)
        if order is not None:
            due_ns = max(due_ns, order.last_due_ns)
            state.put_order(replace(order, last_n=message.n, last_due_ns=due_ns))
        if message.command == "PLACE":
            if order is None:
                self._place(message, due_ns)
            return
        command = _command(message, message.command, due_ns)
        if (due_ns, command.order_id, command.n, command.action) not in state.commands:
            state.send(command)

    def _place(self, message: LiveOrder, due_ns: int) -> None:
        settings = self.settings
        luck = draw(settings.rules.seed, message.order_id, "loss", message.n, BP)
        lost = luck < settings.broker.lost_request_bp
        ack_lost = not lost and luck < settings.broker.lost_request_bp + settings.broker.lost_ack_bp
        self.state.put_order(
            PaperOrder(
                order_id=message.order_id,
                tag=message.tag,
                broker_order_id=derive(settings.session, STAGE, "order", message.order_id),
                symbol=message.symbol,
                side=message.side,
                order_type=message.order_type,
                qty=message.qty,
                limit_price_e4=message.limit_price_e4,
                trigger_price_e4=message.trigger_price_e4,
                status="LOST" if lost else "IN_FLIGHT",
                reason=Reason.OK,
                ack_lost=ack_lost,
                last_n=message.n,
                last_due_ns=due_ns,
                accepted_ns=None,
                expires_ns=None,
                price_e4=None,
                queue_ahead=None,
                filled_qty=0,
                trades=(),
            )
        )
        if not lost:
            self.state.send(_command(message, "PLACE", due_ns))
        if lost or ack_lost:
            timeout_ns = self.now_ns + settings.broker.timeout_ms * MS_NS
            self.state.send(_command(message, "TIMEOUT", timeout_ns))

    def _arrival_ns(self, message: LiveOrder) -> int:
        settings = self.settings
        what = f"latency {message.command}"
        bound = settings.broker.jitter_ms * MS_NS + 1
        jitter_ns = draw(settings.rules.seed, message.order_id, what, message.n, bound)
        return self.now_ns + settings.broker.base_latency_ms * MS_NS + jitter_ns

    # Arrivals at the exchange

    def arrive_place(self, command: PaperCommand) -> None:
        """The exchange takes or refuses an order, and matches it against what is displayed."""
        order = self.state.orders[command.order_id]
        assert order.status == "IN_FLIGHT", order
        refusal = self._refusal(order)
        if refusal:
            self._end(order, "REJECTED", refusal.reason, refusal.message)
            return
        waits = order.order_type in ("SL", "SL-M")
        order = replace(
            order,
            status="TRIGGER_PENDING" if waits else "OPEN",
            accepted_ns=self.now_ns,
            expires_ns=self._expires_ns(order.symbol, order.order_type),
            price_e4=None if waits else order.limit_price_e4,
        )
        self.state.put_order(order)
        if not order.ack_lost:
            self.reports.order("ACK", order)
            if waits:
                self.reports.order("TRIGGER_PENDING", order)
        self._match(order, is_new=False)

    def arrive_cancel(self, command: PaperCommand) -> None:
        """Takes an order out of the book, unless it has ended."""
        order = self.state.orders.get(command.order_id)
        refusal = _not_open(order)
        if refusal or not order:
            assert refusal, command
            self.reports.refusal("CANCEL_REJECT", command, order, refusal)
        else:
            self._end(order, "CANCELLED", Reason.OK)

    def arrive_modify(self, command: PaperCommand) -> None:
        """Changes quantity and prices of an open order; it goes to the end of its queue."""
        order = self.state.orders.get(command.order_id)
        refusal = _not_open(order)
        if refusal or not order:
            assert refusal, command
            self.reports.refusal("MODIFY_REJECT", command, order, refusal)
            return
        changed = replace(
            order,
            qty=command.qty,
            limit_price_e4=command.limit_price_e4,
            trigger_price_e4=command.trigger_price_e4,
        )
        waits = order.status == "TRIGGER_PENDING"
        checked = changed if waits else replace(changed, trigger_price_e4=None, order_type="LIMIT")
        if not waits and checked.limit_price_e4 is None:
            checked = replace(checked, order_type="MARKET")
        refusal = self._refusal(checked)
        if command.qty <= order.filled_qty:
            refusal = Refusal(
                Reason.QTY_BELOW_FILLED, f"quantity {command.qty}, filled {order.filled_qty}"
            )
        if refusal:
            self.reports.refusal("MODIFY_REJECT", command, order, refusal)
            return
        changed = replace(
            changed,
            price_e4=None if waits else changed.limit_price_e4,
            queue_ahead=None,
            accepted_ns=self.now_ns,
        )
        self.state.put_order(changed)
        self.reports.order("MODIFIED", changed, command.n)
        self._match(changed, is_new=False)

    def arrive_query(self, command: PaperCommand) -> None:
        """Tells what the broker's order book shows for a tag, and sends its history again."""
        order = self.state.orders.get(command.order_id)
        if order is None or order.status == "LOST":
            refusal = Refusal(Reason.ORDER_NOT_FOUND, "no order with this tag")
            self.reports.refusal("NOT_FOUND", command, order, refusal)
            return
        self.reports.history(order, command.n)

    def arrive_timeout(self, command: PaperCommand) -> None:
        """The client gives up waiting for the answer to a placement."""
        self.reports.timeout(command)

    # Outcomes

    def _end(self, order: PaperOrder, status: str, reason: Reason, message: str = "") -> None:
        order = replace(order, status=status, reason=reason)
        self.state.put_order(order)
        if status == "REJECTED" and order.ack_lost:
            return
        self.reports.order(ENDINGS[status], order, message=message)

    def _refusal(self, order: PaperOrder) -> Refusal | None:
        tick = self.state.ticks.get(order.symbol)
        instrument = self.settings.instruments.get(order.symbol)
        phase = self._phase(order.symbol) if instrument else None
        return check_order(order, instrument, phase, tick.last_price_e4 if tick else None)

    def _phase(self, symbol: str) -> Phase | None:
        clock = self.state.clocks[self.settings.instruments[symbol].instrument_class]
        return clock.at(self.now_ns)

    def _expires_ns(self, symbol: str, order_type: str) -> int:
        """End of the present phase; orders with a price are carried into the closing auction
        (SEBI circular HO/47/11/11(3)2025-MRD-POD2/I/2765/2026), stop orders are not."""
        phase = self._phase(symbol)
        assert phase is not None, symbol
        if order_type not in ("SL", "SL-M"):
            for later in self.settings.phases[self.settings.instruments[symbol].instrument_class]:
                if later.name == CLOSING_AUCTION and later.day == phase.day:
                    return later.end_ns
        return phase.end_ns


ARRIVALS: dict[str, Callable[[_Turn, PaperCommand], None]] = {
    "PLACE": _Turn.arrive_place,
    "CANCEL": _Turn.arrive_cancel,
    "MODIFY": _Turn.arrive_modify,
    "QUERY": _Turn.arrive_query,
    "TIMEOUT": _Turn.arrive_timeout,
}


def _command(message: LiveOrder, action: Action, due_ns: int) -> PaperCommand:
    return PaperCommand(
        due_ns=due_ns,
        order_id=message.order_id,
        n=message.n,
        action=action,
        tag=message.tag,
        symbol=message.symbol,
        qty=message.qty,
        limit_price_e4=message.limit_price_e4,
        trigger_price_e4=message.trigger_price_e4,
    )


def _not_open(order: PaperOrder | None) -> Refusal | None:
    if order is None or order.status in ("LOST", "REJECTED"):
        return Refusal(Reason.ORDER_NOT_FOUND, "the exchange has no such order")
    if order.status == "COMPLETE":
        return Refusal(Reason.ORDER_FILLED, f"all {order.qty} are filled")
    if order.status not in WORKING:
        return Refusal(Reason.ORDER_NOT_OPEN, f"the order is {order.status}")
    return None
