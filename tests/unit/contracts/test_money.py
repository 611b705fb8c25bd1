"""Money is exact: integers on the wire, Decimal rupees in the database, halves away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.contracts.money import E4, divide_half_up, e4, rupees

AMOUNTS = st.integers(-(10**18), 10**18)


@settings(deadline=None)
@given(AMOUNTS)
def test_rupees_and_back_is_exact(value_e4: int) -> None:
    amount = rupees(value_e4)

    assert e4(amount) == value_e4
    assert e4(format(amount, "f")) == value_e4
    assert amount * E4 == value_e4


@pytest.mark.parametrize(
    ("amount", "value_e4"),
    [("0", 0), ("1", 10_000), ("-0.0001", -1), ("1542.35", 15_423_500), ("1e3", 10_000_000)],
)
def test_rupees_as_people_write_them(amount: str, value_e4: int) -> None:
    assert e4(amount) == value_e4


@pytest.mark.parametrize("amount", ["0.00001", "1.23456", "-0.00005"])
def test_more_than_four_places_are_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=f"{amount} rupees has more than four decimal places"):
        e4(amount)


@settings(deadline=None)
@given(AMOUNTS, st.integers(1, 10**9))
def test_a_quotient_is_the_nearest_integer_halves_away_from_zero(value: int, by: int) -> None:
    with localcontext(prec=60):
        expected = (Decimal(value) / by).quantize(Decimal(1), ROUND_HALF_UP)

    assert divide_half_up(value, by) == expected
    assert divide_half_up(-value, by) == -expected


@pytest.mark.parametrize(
    ("value", "by", "quotient"), [(1, 2, 1), (-1, 2, -1), (3, 2, 2), (49, 100, 0), (0, 7, 0)]
)
def test_halves(value: int, by: int, quotient: int) -> None:
    assert divide_half_up(value, by) == quotient


@pytest.mark.parametrize("by", [0, -1])
def test_a_divisor_must_be_positive(by: int) -> None:
    with pytest.raises(AssertionError):
        divide_half_up(1, by)
