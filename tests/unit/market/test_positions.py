"""Average cost in exact integers."""

import pytest

from tapeline.market.positions import after_trade

CASES = {
    "a purchase opens": (0, 0, 10, 7, (10, 70, 0)),
    "a purchase adds": (10, 70, 5, 10, (15, 120, 0)),
    "a sale takes its share of the cost": (15, 120, -5, 12, (10, 80, 20)),
    "an uneven share is rounded half up and the rest stays": (3, 10, -1, 5, (2, 7, 2)),
    "the last sale takes all cost": (2, 7, -2, 5, (0, 0, 3)),
    "a sale from flat opens short": (0, 0, -4, 9, (-4, -36, 0)),
    "a purchase covers with profit": (-4, -36, 4, 7, (0, 0, 8)),
    "a purchase covers partly": (-4, -36, 1, 10, (-3, -27, -1)),
    "a sale beyond the position turns it": (5, 50, -8, 12, (-3, -36, 10)),
    "a purchase beyond a short turns it": (-5, -50, 8, 12, (3, 36, -10)),
}


@pytest.mark.parametrize("case", CASES)
def test_after_trade(case: str) -> None:
    net, cost, qty, price, expected = CASES[case]
    assert after_trade(net, cost, qty, price) == expected
