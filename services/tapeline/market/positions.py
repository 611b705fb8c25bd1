"""Positions by average cost, in exact integers; the signs of their sides."""

from __future__ import annotations

from typing import NamedTuple

from tapeline.contracts.money import divide_half_up


class Holding(NamedTuple):
    """Open shares, their cost, and what a trade realised."""

    net_qty: int
    """Shares, negative when short."""
    cost_e4: int
    """Cost of the open shares, negative when short, 1/10,000 rupee."""
    realised_e4: int
    """Profit of this trade before charges, 1/10,000 rupee."""


def after_trade(net_qty: int, cost_e4: int, qty: int, price_e4: int) -> Holding:
    """Holding after a trade, by average cost.

    The cost is kept as a total. A partial close takes its share of it, rounded half up; the rest
    stays, so that realised profit minus open cost always equals sales minus purchases exactly.

    Args:
        net_qty: Shares before, negative when short.
        cost_e4: Their cost, same sign, 1/10,000 rupee.
        qty: Shares traded, negative when sold; not 0.
        price_e4: 1/10,000 rupee.
    """
    assert qty != 0
    assert (net_qty > 0) == (cost_e4 > 0), (net_qty, cost_e4)
    if net_qty * qty >= 0:
        return Holding(net_qty + qty, cost_e4 + qty * price_e4, 0)
    sign = 1 if net_qty > 0 else -1
    closing = min(abs(qty), abs(net_qty))
    closed_cost_e4 = divide_half_up(cost_e4 * closing, abs(net_qty))
    opened = qty + sign * closing
    return Holding(
        net_qty + qty,
        cost_e4 - closed_cost_e4 + opened * price_e4,
        sign * closing * price_e4 - closed_cost_e4,
    )


def signed(side: str, qty: int) -> int:
    """Shares with their sign: negative when sold."""
    return qty if side == "BUY" else -qty


def opposite(side: str) -> str:
    """The other side."""
    return "SELL" if side == "BUY" else "BUY"
