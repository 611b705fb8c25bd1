"""Ids: the same for the same parts, in this process and in every other one."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.contracts.ids import TAG_CHARS, derive, tag

PARTS = st.lists(st.one_of(st.text("AB\t -_.é/", max_size=5), st.integers()), max_size=5)


@settings(deadline=None)
@given(PARTS)
def test_an_id_is_24_characters_that_every_file_and_broker_takes(parts: list[str | int]) -> None:
    assert re.fullmatch("[A-Z2-7]{24}", derive(*parts))


@settings(deadline=None)
@given(PARTS, PARTS)
def test_different_parts_have_different_ids(one: list[str | int], other: list[str | int]) -> None:
    same = [str(part) for part in one] == [str(part) for part in other]

    # A list without parts joins to the same text as one with an empty part: nothing derives so.
    if one and other:
        assert (derive(*one) == derive(*other)) is same


def test_parts_do_not_run_together() -> None:
    assert len({derive("ab", "c"), derive("a", "bc"), derive("abc"), derive("a", "b", "c")}) == 4


def test_ids_never_change_between_releases() -> None:
    """Tags of orders at a broker, and rows in a database, are looked up by them."""
    assert derive("demo", "oms", 7, 0) == "BXIQPITAOG7KSRKZ4OXTGPIZ"


@settings(deadline=None)
@given(st.text("ABC234567", min_size=24, max_size=24))
def test_a_tag_is_what_kite_keeps_of_it(order_id: str) -> None:
    assert re.fullmatch(f"[A-Z2-7]{{{TAG_CHARS}}}", tag(order_id))
    assert tag(order_id) == tag(order_id)
    assert not order_id.startswith(tag(order_id))
