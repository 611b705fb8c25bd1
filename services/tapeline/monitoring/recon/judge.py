"""Which differences between the three sources are breaks, as of one moment.

Every rule leaves out what is younger than `settle_ms`: reports reach the OMS a second after they
are made, so that a fresh difference says nothing. A subject with fresh records keeps the verdict of
the run before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.money import divide_half_up
from tapeline.contracts.states.recon import ReconOrder, ReconStatement, ReconTrade
from tapeline.market.positions import signed
from tapeline.monitoring.recon.settings import Settings
from tapeline.monitoring.recon.state import State

Kind = Literal[
    "missed_fill",
    "foreign_order",
    "qty_drift",
    "avg_drift",
    "unknown_order",
    "ghost_position",
    "trade_changed",
]


class Finding(NamedTuple):
    """One difference."""

    kind: Kind
    subject: str
    """Trade, order, tag or symbol; with `kind` it identifies the break."""
    symbol: str
    order_id: str | None
    expected: int
    """What our records say."""
    actual: int
    """What the other side says."""
    detail: str

    @property
    def key(self) -> str:
        """Identity of the break."""
        return f"{self.kind}/{self.subject}"


class Verdict(NamedTuple):
    """Result of one run."""

    findings: list[Finding]
    """In the order of their keys."""
    undecided: frozenset[str]
    """Subjects whose records are too fresh: an earlier break of theirs stands."""
    fills: int
    trades: int


def judge(state: State, now_ns: int, settings: Settings) -> Verdict:
    """Compares what the sources had said when the settle time began."""
    settled_ns = now_ns - settings.settle_ms * MS_NS
    findings = [
        *_missed_fills(state, settled_ns),
        *_trade_quantities(state, settled_ns),
        *_changed_trades(state, settled_ns),
        *_foreign_orders(state, settled_ns),
        *_orders(state, settled_ns, now_ns, settings),
        *_average_prices(state, settled_ns),
        *_positions(state, settled_ns, settings),
    ]
    fresh = {order.order_id for order in state.orders.values() if order.changed_ns > settled_ns}
    trades = state.trades.values()
    return Verdict(
        findings=sorted(findings, key=lambda finding: finding.key),
        undecided=frozenset(fresh),
        fills=sum(trade.filled_ns is not None for trade in trades),
        trades=sum(trade.reported_ns is not None for trade in trades),
    )


def _missed_fills(state: State, settled_ns: int) -> Iterator[Finding]:
    for trade in state.trades.values():
        if trade.reported_ns is None or trade.reported_ns > settled_ns or trade.filled_qty:
            continue
        order_id = state.order_of_tag.get(trade.tag or "")
        if order_id is not None:
            detail = f"the broker reports trade {trade.trade_id}, and no fill tells of it"
            yield _of_trade("missed_fill", trade, order_id, 0, trade.reported_qty, detail)


def _trade_quantities(state: State, settled_ns: int) -> Iterator[Finding]:
    """Trades of which our fills tell another quantity, or that the broker never reported."""
    for trade in state.trades.values():
        if trade.filled_ns is None or max(trade.filled_ns, trade.reported_ns or 0) > settled_ns:
            continue
        ours, theirs = trade.filled_qty, trade.reported_qty
        if ours != theirs:
            detail = f"trade {trade.trade_id}: {ours} by our fills, {theirs} by the broker"
            yield _of_trade("qty_drift", trade, trade.order_id, ours, theirs, detail)


def _changed_trades(state: State, settled_ns: int) -> Iterator[Finding]:
    """Trades that the broker reported twice, and not the same both times."""
    for trade in state.trades.values():
        if trade.retold_ns is None or trade.retold_ns > settled_ns:
            continue
        first_e4, then_e4 = trade.reported_price_e4, trade.retold_price_e4
        assert first_e4 is not None, trade
        assert then_e4 is not None, trade
        detail = (
            f"the broker reported trade {trade.trade_id} as {trade.reported_qty} at {first_e4}, "
            f"then as {trade.retold_qty} at {then_e4}"
        )
        order_id = trade.order_id or state.order_of_tag.get(trade.tag or "")
        told = (trade.reported_qty, trade.retold_qty)
        expected, actual = (first_e4, then_e4) if told[0] == told[1] else told
        yield _of_trade("trade_changed", trade, order_id, expected, actual, detail)


def _of_trade(
    kind: Kind, trade: ReconTrade, order_id: str | None, expected: int, actual: int, detail: str
) -> Finding:
    return Finding(kind, trade_key(trade), trade.symbol, order_id, expected, actual, detail)


def trade_key(trade: ReconTrade) -> str:
    """What names a trade: ids of trades are unique within an order of the broker, as in `fills`."""
    return f"{trade.broker_order_id}/{trade.trade_id}"


def _foreign_orders(state: State, settled_ns: int) -> Iterator[Finding]:
    for foreign in state.foreign.values():
        if foreign.first_ns <= settled_ns:
            detail = f"the broker reports {foreign.subject}, which is none of our orders"
            yield Finding(
                "foreign_order",
                foreign.subject,
                foreign.symbol,
                None,
                0,
                foreign.cum_qty,
                detail,
            )


def _orders(state: State, settled_ns: int, now_ns: int, settings: Settings) -> Iterator[Finding]:
    for order in state.orders.values():
        unknown_ns = order.unknown_ns
        if unknown_ns is not None and now_ns - unknown_ns > settings.unknown_s * SECOND_NS:
            detail = f"UNKNOWN for more than {settings.unknown_s} s; look it up at the broker"
            yield _of_order("unknown_order", order, order.qty, order.filled_qty, detail)
        if order.changed_ns <= settled_ns and order.fills_qty != order.filled_qty:
            detail = f"fills add up to {order.fills_qty}, the order says {order.filled_qty}"
            yield _of_order("qty_drift", order, order.filled_qty, order.fills_qty, detail)


def _of_order(kind: Kind, order: ReconOrder, expected: int, actual: int, detail: str) -> Finding:
    return Finding(kind, order.order_id, order.symbol, order.order_id, expected, actual, detail)


def _average_prices(state: State, settled_ns: int) -> Iterator[Finding]:
    """Orders whose fills and trades agree in quantity and differ in price."""
    ours: dict[str, list[int]] = {}
    for trade in state.trades.values():
        order_id = trade.order_id
        if order_id is None or trade.reported_qty != trade.filled_qty:
            continue
        if trade.filled_ns is None or trade.filled_ns > settled_ns:
            continue
        assert trade.reported_price_e4 is not None, trade
        sums = ours.setdefault(order_id, [0, 0, 0])
        sums[0] += trade.filled_qty
        sums[1] += trade.filled_notional_e4
        sums[2] += trade.reported_qty * trade.reported_price_e4
    for order_id, (qty, filled_e4, reported_e4) in ours.items():
        if filled_e4 != reported_e4:
            expected, actual = divide_half_up(filled_e4, qty), divide_half_up(reported_e4, qty)
            order = state.orders.get(order_id)
            symbol = order.symbol if order else _symbol_of(state, order_id)
            detail = f"{qty} shares cost {filled_e4} by our fills, {reported_e4} by the broker"
            yield Finding("avg_drift", order_id, symbol, order_id, expected, actual, detail)


def _symbol_of(state: State, order_id: str) -> str:
    return next(t.symbol for t in state.trades.values() if t.order_id == order_id)


def _positions(state: State, settled_ns: int, settings: Settings) -> Iterator[Finding]:
    """Net position by our fills against the broker's statement, as of the statement.

    Silence says that nothing changed: a change is stated within a minute (`silence_s`).
    """
    filled: dict[str, list[ReconTrade]] = {}
    for trade in state.trades.values():
        if trade.filled_qty:
            filled.setdefault(trade.symbol, []).append(trade)
    for symbol in sorted({*filled, *state.statements, *state.carried}):
        stated = _stated(state.statements.get(symbol), settled_ns)
        silent_ns = settled_ns - settings.silence_s * SECOND_NS
        as_of_ns = max(stated[0], silent_ns)
        carried = state.carried.get(symbol)
        ours = carried.net_qty if carried else 0
        ours += sum(
            signed(t.side, t.filled_qty) for t in filled.get(symbol, ()) if t.event_ns <= as_of_ns
        )
        if ours == stated[1]:
            continue
        kind: Kind = "ghost_position" if ours == 0 else "qty_drift"
        detail = f"fills add up to {ours} shares, the broker states {stated[1]}"
        yield Finding(kind, symbol, symbol, None, ours, stated[1], detail)


def _stated(statement: ReconStatement | None, settled_ns: int) -> tuple[int, int]:
    """Time and quantity of the last settled statement; (0, 0) when there is none."""
    if statement is None:
        return 0, 0
    if statement.latest_at_ns <= settled_ns:
        return statement.latest_ns, statement.latest_qty
    return statement.before_ns, statement.before_qty
