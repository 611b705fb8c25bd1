"""Prices at which orders are valued before they trade."""

from __future__ import annotations

from tapeline.contracts.messages import Leg
from tapeline.contracts.money import BP


def reserve_price_e4(leg: Leg, protection_bp: int) -> int:
    """Price that a leg reserves budget at, 1/10,000 rupee: its limit, or for a market order its
    reference plus the protection, rounded up.

    Args:
        leg: A leg of an intent.
        protection_bp: Market protection, basis points.
    """
    if leg.limit_price_e4 is not None:
        return leg.limit_price_e4
    return -(-leg.reference_price_e4 * (BP + protection_bp) // BP)
