"""How both simulated gateways word a report on an order."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from tapeline.contracts.ids import derive
from tapeline.contracts.messages import BrokerReport
from tapeline.contracts.reasons import Reason

ReportKind = Literal[
    "ACK",
    "REJECT",
    "FILL",
    "CANCELLED",
    "CANCEL_REJECT",
    "MODIFIED",
    "MODIFY_REJECT",
    "EXPIRED",
    "TRIGGER_PENDING",
    "TRIGGERED",
    "TIMEOUT",
    "FOUND",
    "NOT_FOUND",
    "POSITION",
]


class Source(NamedTuple):
    """Who reports."""

    session: str
    stage: str
    account: str


class ReportedOrder(Protocol):
    """What a report tells of an order."""

    @property
    def order_id(self) -> str:
        """The OMS's id; the identity of the report derives from it."""
        ...

    @property
    def tag(self) -> str:
        """Tag of the order."""
        ...

    @property
    def symbol(self) -> str:
        """Trading symbol."""
        ...


class OrderName(NamedTuple):
    """An order that the gateway does not know, as a command names it."""

    order_id: str
    tag: str
    symbol: str


def order_report(
    source: Source, at_ns: int, kind: ReportKind, order: ReportedOrder, n: int = 0
) -> BrokerReport:
    """A report without quantities; the caller fills in what its kind says beyond the identity.

    Args:
        source: Who reports.
        at_ns: When the report exists, UTC nanoseconds.
        kind: Kind of report.
        order: Order concerned.
        n: Tells reports of one kind on one order apart; a repeat has the same.
    """
    return BrokerReport(
        at_ns=at_ns,
        report_id=derive(source.session, source.stage, order.order_id, kind, n),
        report=kind,
        account=source.account,
        tag=order.tag,
        broker_order_id=None,
        symbol=order.symbol,
        trade_id=None,
        side=None,
        qty=0,
        price_e4=None,
        cum_qty=0,
        event_ns=at_ns,
        tick_seq=None,
        reason=Reason.OK,
        message="",
    )
