"""Turns the order path's records into counters and gauges; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from tapeline.contracts.clock import MS_NS, ist_day
from tapeline.contracts.messages import Allowed, Bar, Fill, LiveOrder, Recon, Sized
from tapeline.contracts.money import BP
from tapeline.contracts.states.exporter import Holding, Intent
from tapeline.market.positions import after_trade, signed
from tapeline.monitoring.exporter import names
from tapeline.monitoring.exporter.settings import Settings
from tapeline.monitoring.exporter.state import State
from tapeline.runner.stage import Event, Output

__all__ = ["State", "step", "unrealised_e4"]


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """Takes one record; the figures are read by `metrics.families`."""
    del settings
    take = TAKERS.get(event.topic)
    if take is not None:
        take(state, event.message, event.at_ns)
    return ()


def unrealised_e4(state: State) -> int:
    """Profit and loss of open positions at last prices, 1/10,000 rupee."""
    return sum(
        holding.net_qty * holding.price_e4 - holding.cost_e4
        for holding in state.holdings.values()
        if holding.price_e4 is not None
    )


def _take_sized(state: State, message: Sized, now_ns: int) -> None:
    del now_ns
    state.add(names.DECISIONS, "risk_manager", message.decision, message.reason)


def _take_allowed(state: State, message: Allowed, now_ns: int) -> None:
    del now_ns
    state.add(names.DECISIONS, "budget_guard", message.decision, message.reason)
    if message.decision == "APPROVED":
        intent = Intent(intent_id=message.intent_id, at_ns=message.order.at_ns)
        state.forget_intents_before(ist_day(intent.at_ns))
        state.put("intent", message.intent_id, intent)


def _take_live_order(state: State, message: LiveOrder, now_ns: int) -> None:
    del now_ns
    if message.n > 0:
        state.add(names.ORDERS, message.prev_state, by=-1)
    state.add(names.ORDERS, message.state)


def _take_fill(state: State, fill: Fill, now_ns: int) -> None:
    notional_e4 = fill.qty * fill.price_e4
    state.add(names.FILLS, fill.strategy, fill.side)
    state.add(names.FILLED_NOTIONAL, fill.strategy, fill.side, by=notional_e4)
    intent = state.intents.get(fill.intent_id)
    if intent is not None:
        _observe_first_fill(state, (now_ns - intent.at_ns) // MS_NS)
        state.drop("intent", fill.intent_id)
    before = state.holdings.get(fill.symbol) or Holding(
        symbol=fill.symbol, net_qty=0, cost_e4=0, price_e4=None
    )
    now = after_trade(before.net_qty, before.cost_e4, signed(fill.side, fill.qty), fill.price_e4)
    holding = replace(
        before,
        net_qty=now.net_qty,
        cost_e4=now.cost_e4,
        price_e4=before.price_e4 or fill.price_e4,
    )
    state.put("holding", fill.symbol, holding)
    performance = state.performance
    state.put_performance(
        replace(
            performance,
            realised_e4=performance.realised_e4 + now.realised_e4,
            charges_e4=performance.charges_e4 + fill.charges.total_e4,
        )
    )
    _mark(state)


def _take_bar(state: State, bar: Bar, now_ns: int) -> None:
    del now_ns
    if bar.rev:
        return  # most often of an earlier minute than the present price
    holding = state.holdings.get(bar.symbol)
    if holding is None or holding.price_e4 == bar.close_e4:
        return
    state.put("holding", bar.symbol, replace(holding, price_e4=bar.close_e4))
    if holding.net_qty:
        _mark(state)


def _mark(state: State) -> None:
    """Brings peak and drawdown up to date."""
    performance = state.performance
    equity_e4 = state.capital_e4 + performance.realised_e4 - performance.charges_e4
    equity_e4 += unrealised_e4(state)
    peak_e4 = max(performance.peak_e4, equity_e4)
    deepest_bp = max(performance.drawdown_bp_max, (peak_e4 - equity_e4) * BP // peak_e4)
    state.put_performance(replace(performance, peak_e4=peak_e4, drawdown_bp_max=deepest_bp))


def _observe_first_fill(state: State, latency_ms: int) -> None:
    for bound in names.FIRST_FILL_BOUNDS_MS:
        if latency_ms <= bound:
            state.add(names.FIRST_FILL, "bucket", str(bound))
    state.add(names.FIRST_FILL, "count")
    state.add(names.FIRST_FILL, "sum", by=latency_ms)


def _take_recon(state: State, message: Recon, now_ns: int) -> None:
    del now_ns
    if message.finding == "SUMMARY":
        state.add(names.RECON_RUNS)
        state.set(names.BREAKS_OPEN, value=message.breaks)
    else:
        state.add(names.BREAKS, message.finding)


TAKERS: dict[str, Callable[[State, Any, int], None]] = {
    "orders.sized": _take_sized,
    "orders.allowed": _take_allowed,
    "live_orders": _take_live_order,
    "fills": _take_fill,
    "bars.1m": _take_bar,
    "recon": _take_recon,
}
