"""Charges of a trade under the rates of its day. (The helper fills this in.)"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from tapeline.contracts.messages import Charges


class ChargeTable(Protocol):
    """Dated rates of a broker and its exchanges."""

    def fill_charges(
        self, day: date, product: str, side: str, qty: int, price_e4: int, order_filled_e4: int
    ) -> Charges:
        """Charges of one fill.

        Args:
            day: Trading day.
            product: MIS, CNC or NRML.
            side: BUY or SELL.
            qty: Shares.
            price_e4: 1/10,000 rupee.
            order_filled_e4: Notional of the order's earlier fills, so that brokerage is capped by
                order rather than by fill, 1/10,000 rupee.
        """
        ...
