"""Judges each order as the exchange would, answers, and sends nothing anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from tapeline.contracts.ids import derive
from tapeline.contracts.messages import BrokerReport, LiveOrder
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.gateway_dry import DryCounters, DryOrder
from tapeline.execution.broker_reports import OrderName, ReportKind, Source, order_report
from tapeline.execution.gateway_dry.settings import STAGE, Settings
from tapeline.execution.order_checks import check_order
from tapeline.market.phases import PhaseClock
from tapeline.runner.stage import Event, Output

COUNTERS = "counters"

MISSING: dict[str, ReportKind] = {
    "CANCEL": "CANCEL_REJECT",
    "MODIFY": "MODIFY_REJECT",
    "QUERY": "NOT_FOUND",
}
"""Answers about an order that was never placed here."""


class State:
    """Answers given; see schemas/state/gateway_dry.schema.json for the entries."""

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.orders: dict[str, DryOrder] = {}
        self.counters = DryCounters(epoch=0, stale_commands=0)
        self.clocks = {name: PhaseClock(phases) for name, phases in settings.phases.items()}

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry, None when it does not exist."""
        return self.counters if key == COUNTERS else self.orders.get(key.partition("/")[2])

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry."""
        if key == COUNTERS:
            self.counters = entry
        else:
            self.orders[entry.order_id] = entry

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield COUNTERS
        yield from (f"order/{order_id}" for order_id in self.orders)

    def timer_ns(self) -> int | None:
        """Never: each answer is given at once."""
        return None

    def put_order(self, order: DryOrder) -> None:
        """Keeps an answer."""
        self.orders[order.order_id] = order
        self.dirty.add(f"order/{order.order_id}")

    def count(self, **changes: int) -> None:
        """Changes counters."""
        self.counters = replace(self.counters, **changes)
        self.dirty.add(COUNTERS)


def entry_type(key: str) -> type[msgspec.Struct]:
    """Type of the entry with a key."""
    return DryCounters if key == COUNTERS else DryOrder


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """Takes one event; returns reports for `broker.reports`."""
    message = event.message
    if type(message) is not LiveOrder or message.command == "NONE":
        return []
    assert message.account == settings.account, message
    if message.authority_epoch < state.counters.epoch:
        state.count(stale_commands=state.counters.stale_commands + 1)
        return []
    if message.authority_epoch > state.counters.epoch:
        state.count(epoch=message.authority_epoch)
    order = state.orders.get(message.order_id)
    if order is not None and message.n <= order.last_n:
        return []
    at_ns = event.at_ns + settings.latency_ns
    if message.command == "PLACE":
        reports = [] if order else _judge(state, event, message, settings)
    elif order is None:
        kind, name = MISSING[message.command], _name(message)
        reports = [_report(settings, at_ns, kind, name, message.n, Reason.ORDER_NOT_FOUND)]
    else:
        state.put_order(replace(order, last_n=message.n))
        reports = _answer(settings, at_ns, message, order)
    return [Output("broker.reports", settings.account, report) for report in reports]


def _judge(
    state: State, event: Event, message: LiveOrder, settings: Settings
) -> list[BrokerReport]:
    instrument = settings.instruments.get(message.symbol)
    clock = state.clocks[instrument.instrument_class] if instrument else None
    refusal = check_order(message, instrument, clock.at(event.at_ns) if clock else None)
    order = DryOrder(
        order_id=message.order_id,
        tag=message.tag,
        broker_order_id=derive(settings.session, STAGE, "order", message.order_id),
        symbol=message.symbol,
        reason=refusal.reason if refusal else Reason.DRY_RUN,
        message=refusal.message if refusal else "",
        last_n=message.n,
    )
    state.put_order(order)
    return _history(settings, event.at_ns + settings.latency_ns, order)


def _history(settings: Settings, at_ns: int, order: DryOrder) -> list[BrokerReport]:
    """Everything that is said of one placement; told again, the reports are the same."""
    if order.reason == Reason.DRY_RUN:
        return [
            _report(settings, at_ns, "ACK", order, 0, Reason.OK),
            _report(settings, at_ns, "CANCELLED", order, 0, Reason.DRY_RUN),
        ]
    return [_report(settings, at_ns, "REJECT", order, 0, order.reason)]


def _answer(
    settings: Settings, at_ns: int, message: LiveOrder, order: DryOrder
) -> list[BrokerReport]:
    """Answer to a command on an order that has ended: every order here has."""
    if message.command == "QUERY":
        valid = order.reason == Reason.DRY_RUN
        found = _report(settings, at_ns, "FOUND", order, message.n, Reason.OK)
        found = replace(found, message="CANCELLED" if valid else "REJECTED")
        return [found, *_history(settings, at_ns, order)]
    kind: ReportKind = "CANCEL_REJECT" if message.command == "CANCEL" else "MODIFY_REJECT"
    return [_report(settings, at_ns, kind, order, message.n, Reason.ORDER_NOT_OPEN)]


def _name(message: LiveOrder) -> OrderName:
    return OrderName(message.order_id, message.tag, message.symbol)


def _report(
    settings: Settings,
    at_ns: int,
    kind: ReportKind,
    order: DryOrder | OrderName,
    n: int,
    reason: str,
) -> BrokerReport:
    source = Source(settings.session, STAGE, settings.account)
    report = order_report(source, at_ns, kind, order, n)
    if isinstance(order, OrderName):
        return replace(report, reason=reason)
    said = order.message if kind == "REJECT" else ""
    return replace(report, reason=reason, broker_order_id=order.broker_order_id, message=said)
