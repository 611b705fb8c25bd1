"""However an order is filled, its fills cost what the order costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.contracts.messages import Charges
from tapeline.market.charges import load_charges

TABLE = load_charges(Path("configs/charges/zerodha.yaml"))
PARTS = ("brokerage_e4", "stt_e4", "exchange_e4", "sebi_e4", "stamp_e4", "ipft_e4", "gst_e4")

SEGMENTS = st.sampled_from(
    [("MIS", "cash"), ("CNC", "cash_fno"), ("NRML", "futures"), ("MIS", "options")]
)
FILLS = st.lists(st.tuples(st.integers(1, 100_000), st.integers(1, 10**9)), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(date(2019, 1, 1), date(2026, 12, 31)),
    segment=SEGMENTS,
    side=st.sampled_from(["BUY", "SELL"]),
    fills=FILLS,
)
def test_fills_of_an_order_add_up_to_the_order(
    day: date, segment: tuple[str, str], side: str, fills: list[tuple[int, int]]
) -> None:
    product, instrument_class = segment

    def charges(qty: int, price_e4: int, filled_e4: int) -> Charges:
        return TABLE.fill_charges(
            day, product, side, qty, price_e4, filled_e4, instrument_class=instrument_class
        )

    notional = 0
    paid = []
    for qty, price_e4 in fills:
        paid.append(charges(qty, price_e4, notional))
        notional += qty * price_e4
    whole = charges(1, notional, 0)

    for part in (*PARTS, "total_e4"):
        amounts = [getattr(fill, part) for fill in paid]
        assert min(amounts) >= 0
        assert sum(amounts) == getattr(whole, part)
    assert all(fill.total_e4 == sum(getattr(fill, part) for part in PARTS) for fill in paid)


@settings(max_examples=100, deadline=None)
@given(
    day=st.dates(date(2020, 5, 1), date(2026, 12, 31)),
    notionals=st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
)
def test_brokerage_never_exceeds_twenty_rupees_an_order(day: date, notionals: list[int]) -> None:
    filled = paid = 0
    for notional in notionals:
        paid += TABLE.fill_charges(day, "MIS", "BUY", 1, notional, filled).brokerage_e4
        filled += notional

    assert paid <= 200_000
    assert abs(paid - min(filled * 3 / 10_000, 200_000)) <= 1
