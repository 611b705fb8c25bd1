"""Forgets what finished days left behind, so that a run costs what its own day holds.

The first run of a day has judged all of the day before. What it found to agree is not needed again,
save for the net position; what differs stays, so that no break ends because it was forgotten.
"""

from __future__ import annotations

from tapeline.contracts.order_states import TERMINAL
from tapeline.contracts.states.recon import ReconCarried, ReconOrder, ReconTrade
from tapeline.market.positions import signed
from tapeline.monitoring.recon.judge import trade_key
from tapeline.monitoring.recon.state import State


def forget_finished_days(state: State, day_start_ns: int) -> None:
    """Drops orders and trades of which nothing was heard since before a day's start.

    Args:
        state: after the first run of the day.
        day_start_ns: start of the day. UTC nanoseconds.
    """
    broken = {found.order_id for found in state.breaks.values() if found.order_id is not None}
    subjects = {found.subject for found in state.breaks.values()}
    for trade in list(state.trades.values()):
        order_id = trade.order_id or state.order_of_tag.get(trade.tag or "")
        kept = order_id in broken or trade_key(trade) in subjects
        if not kept and _heard_ns(trade) < day_start_ns:
            _carry(state, trade)
            state.drop("trade", trade_key(trade))
    for order in list(state.orders.values()):
        if order.order_id not in broken and _is_finished(order, day_start_ns):
            state.drop("order", order.order_id)


def _heard_ns(trade: ReconTrade) -> int:
    return max(trade.reported_ns or 0, trade.retold_ns or 0, trade.filled_ns or 0)


def _is_finished(order: ReconOrder, day_start_ns: int) -> bool:
    return order.state in TERMINAL and order.changed_ns < day_start_ns


def _carry(state: State, trade: ReconTrade) -> None:
    before = state.carried.get(trade.symbol)
    net_qty = (before.net_qty if before else 0) + signed(trade.side, trade.filled_qty)
    if net_qty:
        state.put("carried", trade.symbol, ReconCarried(symbol=trade.symbol, net_qty=net_qty))
    else:
        state.drop("carried", trade.symbol)
