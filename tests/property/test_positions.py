"""Average cost never loses a unit, and charges no rounding to anyone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.market.positions import after_trade

TRADES = st.lists(
    st.tuples(st.integers(-500, 500).filter(bool), st.integers(1, 10**9)), max_size=30
)


@given(TRADES)
@settings(deadline=None, max_examples=150)
def test_realised_minus_open_cost_equals_sales_minus_purchases(
    trades: list[tuple[int, int]],
) -> None:
    net = cost = realised = cash = 0
    for qty, price in trades:
        now = after_trade(net, cost, qty, price)
        net, cost, realised = now.net_qty, now.cost_e4, realised + now.realised_e4
        cash -= qty * price
        assert realised - cost == cash
        assert (net > 0) == (cost > 0)
        assert (net < 0) == (cost < 0)
