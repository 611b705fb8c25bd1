"""Exact prices and money: integers in 1/10,000 rupee on the wire, Decimal rupees in PostgreSQL."""

from __future__ import annotations

from decimal import Decimal

E4 = 10_000
"""Units in a rupee."""

BP = 10_000
"""Basis points in one."""


def rupees(value_e4: int) -> Decimal:
    """Rupees of a wire amount, exact to four places."""
    return Decimal(value_e4).scaleb(-4)


def e4(amount: Decimal | str) -> int:
    """Wire amount of a rupee amount.

    Raises:
        ValueError: when it has more than four decimal places.
    """
    scaled = Decimal(amount).scaleb(4)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} rupees has more than four decimal places")
    return int(scaled)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Quotient rounded to the nearest integer, halves away from zero; denominator > 0."""
    assert denominator > 0
    sign = 1 if numerator >= 0 else -1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))
