"""The reports of one turn of the paper gateway."""

from __future__ import annotations

from msgspec.structs import replace

from tapeline.contracts.ids import derive
from tapeline.contracts.messages import BrokerReport
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.gateway_paper import PaperCommand, PaperOrder
from tapeline.execution.broker_reports import OrderName, ReportKind, Source, order_report
from tapeline.execution.gateway_paper.settings import STAGE, Settings
from tapeline.execution.order_checks import Refusal
from tapeline.runner.stage import Output

KITE_STATUS = {
    "OPEN": "OPEN",
    "TRIGGER_PENDING": "TRIGGER PENDING",
    "COMPLETE": "COMPLETE",
    "CANCELLED": "CANCELLED",
    "REJECTED": "REJECTED",
    "EXPIRED": "CANCELLED",
}
"""How the broker's order book words a status; a day order that ends is cancelled by the exchange
(kite.trade/docs/connect/v3/orders)."""

ENDINGS: dict[str, ReportKind] = {
    "CANCELLED": "CANCELLED",
    "REJECTED": "REJECT",
    "EXPIRED": "EXPIRED",
}
"""Report that tells of each way to end other than by a fill."""


class Reports:
    """Collects reports in the order in which they are made."""

    def __init__(self, settings: Settings, at_ns: int) -> None:
        self.outputs: list[Output] = []
        self._source = Source(settings.session, STAGE, settings.account)
        self._at_ns = at_ns

    def order(self, kind: ReportKind, order: PaperOrder, n: int = 0, message: str = "") -> None:
        """A report on an order that the exchange knows."""
        report = order_report(self._source, self._at_ns, kind, order, n)
        self._emit(
            replace(
                report,
                broker_order_id=order.broker_order_id,
                cum_qty=order.filled_qty,
                reason=order.reason,
                message=message,
            )
        )

    def fill(self, order: PaperOrder, n: int) -> None:
        """Trade number `n` of an order; told again, it is the same report."""
        trade = order.trades[n]
        report = order_report(self._source, self._at_ns, "FILL", order, n)
        self._emit(
            replace(
                report,
                broker_order_id=order.broker_order_id,
                trade_id=derive(*self._source, "trade", order.order_id, n),
                side=order.side,
                qty=trade.qty,
                price_e4=trade.price_e4,
                cum_qty=sum(t.qty for t in order.trades[: n + 1]),
                event_ns=trade.event_ns,
                tick_seq=trade.tick_seq,
            )
        )

    def history(self, order: PaperOrder, n: int) -> None:
        """Answer to a lookup: the order was found, and all that was ever reported of it."""
        self.order("FOUND", order, n, message=KITE_STATUS[order.status])
        if order.status != "REJECTED":
            self.order("ACK", order)
        if order.status == "TRIGGER_PENDING":
            self.order("TRIGGER_PENDING", order)
        for number in range(len(order.trades)):
            self.fill(order, number)
        if order.status in ENDINGS:
            self.order(ENDINGS[order.status], order)

    def refusal(
        self, kind: ReportKind, command: PaperCommand, order: PaperOrder | None, why: Refusal
    ) -> None:
        """A command that could not be carried out."""
        name = OrderName(command.order_id, command.tag, command.symbol)
        report = order_report(self._source, self._at_ns, kind, name, command.n)
        known = order if kind != "NOT_FOUND" else None
        self._emit(
            replace(
                report,
                reason=why.reason,
                message=why.message,
                broker_order_id=known.broker_order_id if known else None,
                cum_qty=known.filled_qty if known else 0,
            )
        )

    def timeout(self, command: PaperCommand) -> None:
        """The client gave up waiting; it knows no more than what it sent."""
        name = OrderName(command.order_id, command.tag, command.symbol)
        report = order_report(self._source, self._at_ns, "TIMEOUT", name, command.n)
        message = "no answer to the placement"
        self._emit(replace(report, reason=Reason.BROKER_TIMEOUT, message=message))

    def position(self, symbol: str, net_qty: int) -> None:
        """Statement of a position."""
        name = OrderName("position", "position", symbol)
        report = order_report(self._source, self._at_ns, "POSITION", name)
        self._emit(
            replace(
                report,
                report_id=derive(*self._source, "POSITION", symbol, self._at_ns),
                tag=None,
                qty=net_qty,
            )
        )

    def _emit(self, report: BrokerReport) -> None:
        self.outputs.append(Output("broker.reports", self._source.account, report))
