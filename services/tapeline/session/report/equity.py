"""Equity after charges and its drawdown, minute by minute, in exact integers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tapeline.contracts.messages import Fill
from tapeline.session.report.gather import Closes


class Point(NamedTuple):
    """The account at one moment."""

    at_ns: int
    equity_e4: int
    """Cash from fills less charges, with open positions at their last 1m close; 0 at the start.
    1/10,000 rupee."""
    drawdown_e4: int
    """Equity less its highest value so far (at least 0, the start); never positive."""


def equity(fills: Sequence[Fill], closes: Closes) -> list[Point]:
    """The account at the end of each minute that has a bar, and after the last fill.

    Args:
        fills: in the order of the account.
        closes: last prices.
    """
    marks: dict[int, list[tuple[str, int]]] = {}
    for symbol, of_symbol in closes.items():
        for end_ns, close_e4 in of_symbol.items():
            marks.setdefault(end_ns, []).append((symbol, close_e4))
    last_ns = max((fill.event_ns for fill in fills), default=0)
    if fills and last_ns > max(marks, default=0):
        marks[last_ns] = []
    waiting = sorted(fills, key=lambda fill: fill.event_ns)
    account = _Account()
    points: list[Point] = []
    done = 0
    for at_ns in sorted(marks):
        while done < len(waiting) and waiting[done].event_ns <= at_ns:
            account.take(waiting[done])
            done += 1
        account.prices.update(marks[at_ns])
        points.append(account.point(at_ns))
    return points


class _Account:
    """Cash, positions and last prices."""

    def __init__(self) -> None:
        self.prices: dict[str, int] = {}
        self._cash_e4 = 0
        self._peak_e4 = 0
        self._positions: Counter[str] = Counter()

    def take(self, fill: Fill) -> None:
        """Books a fill; its price stands until the next close."""
        signed = fill.qty if fill.side == "BUY" else -fill.qty
        self._cash_e4 -= signed * fill.price_e4 + fill.charges.total_e4
        self._positions[fill.symbol] += signed
        self.prices[fill.symbol] = fill.price_e4

    def point(self, at_ns: int) -> Point:
        """The account now."""
        held = (qty * self.prices[symbol] for symbol, qty in self._positions.items() if qty)
        equity_e4 = self._cash_e4 + sum(held)
        self._peak_e4 = max(self._peak_e4, equity_e4)
        return Point(at_ns, equity_e4, equity_e4 - self._peak_e4)
