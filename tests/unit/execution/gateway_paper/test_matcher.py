"""What one order trades against one snapshot."""

from __future__ import annotations

from typing import Any

import pytest

from execution_builders import OPEN_NS, instrument, tick
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Tick
from tapeline.contracts.states.gateway_paper import PaperOrder
from tapeline.execution.gateway_paper.matcher import (
    Market,
    Matched,
    MatchRules,
    Taken,
    Trade,
    displayed_at,
    match,
)

NOW = OPEN_NS + 60 * SECOND_NS
ASKS = (1_000_500, 100, 1_001_000, 200, 1_002_000, 300)


def order(**changes: Any) -> PaperOrder:
    """A resting order to buy 10 at 100.00."""
    fields: dict[str, Any] = {
        "order_id": "A",
        "tag": "TAG",
        "broker_order_id": "B",
        "symbol": "INFY",
        "side": "BUY",
        "order_type": "LIMIT",
        "qty": 10,
        "limit_price_e4": 1_000_000,
        "trigger_price_e4": None,
        "status": "OPEN",
        "reason": "OK",
        "ack_lost": False,
        "last_n": 0,
        "last_due_ns": 0,
        "accepted_ns": NOW - SECOND_NS,
        "expires_ns": NOW + 3600 * SECOND_NS,
        "price_e4": 1_000_000,
        "queue_ahead": None,
        "filled_qty": 0,
        "trades": (),
    }
    merged = {**fields, **changes}
    if "price_e4" not in changes:
        merged["price_e4"] = merged["limit_price_e4"]
    return PaperOrder(**merged)


def matched(
    one: PaperOrder, shown: Tick, *, is_new: bool = True, taken: Taken | None = None, **rules: Any
) -> Matched:
    market = Market(NOW, instrument(), shown, taken or Taken(shown), is_new, auction=False)
    return match(one, market, MatchRules(seed=1, **{"slippage_ticks_max": 0, **rules}))


DEPTH = {
    "takes its share of the best level": (
        {"limit_price_e4": 1_000_500, "qty": 10},
        [Trade(10, 1_000_500)],
    ),
    "takes no more than half of what is shown": (
        {"limit_price_e4": 1_000_500, "qty": 80},
        [Trade(50, 1_000_500)],
    ),
    "walks levels up to its limit": (
        {"limit_price_e4": 1_001_500, "qty": 500},
        [Trade(50, 1_000_500), Trade(100, 1_001_000)],
    ),
    "stops when it is filled": (
        {"limit_price_e4": 1_005_000, "qty": 60},
        [Trade(50, 1_000_500), Trade(10, 1_001_000)],
    ),
    "does not reach the book": ({"limit_price_e4": 999_000}, []),
    "sells into the bids": (
        {"side": "SELL", "limit_price_e4": 999_000, "qty": 80},
        [Trade(50, 999_500), Trade(30, 999_000)],
    ),
    "leaves what was filled before": (
        {"limit_price_e4": 1_000_500, "qty": 10, "filled_qty": 7},
        [Trade(3, 1_000_500)],
    ),
}


@pytest.mark.parametrize(("fields", "expected"), DEPTH.values(), ids=DEPTH.keys())
def test_against_depth(fields: dict[str, Any], expected: list[Trade]) -> None:
    shown = tick(NOW, asks=ASKS, last_price_e4=1_003_000)

    assert matched(order(**fields), shown, is_new=False).trades == expected


RESTED = {
    "a limit order that meets the book as it comes: the level's price": (
        {"queue_ahead": None},
        [Trade(50, 1_000_500), Trade(30, 1_001_000)],
    ),
    "a limit order that rested: its own price, though the book shows a better one": (
        {"queue_ahead": 0},
        [Trade(50, 1_001_500), Trade(30, 1_001_500)],
    ),
    "a stop order that has just been triggered: the level's price": (
        {"order_type": "SL", "queue_ahead": None},
        [Trade(50, 1_000_500), Trade(30, 1_001_000)],
    ),
    "a triggered stop order that rested: its own price": (
        {"order_type": "SL", "queue_ahead": 7},
        [Trade(50, 1_001_500), Trade(30, 1_001_500)],
    ),
    "what is left of a market order: the level's price": (
        {"order_type": "MARKET", "limit_price_e4": None, "price_e4": 1_001_500, "queue_ahead": 0},
        [Trade(50, 1_000_500), Trade(30, 1_001_000)],
    ),
    "a sell order that rested: its own price": (
        {"side": "SELL", "limit_price_e4": 998_500, "queue_ahead": 0},
        [Trade(50, 998_500), Trade(30, 998_500)],
    ),
}


@pytest.mark.parametrize(("fields", "expected"), RESTED.values(), ids=RESTED.keys())
def test_who_came_to_whom_decides_the_price(fields: dict[str, Any], expected: list[Trade]) -> None:
    one = order(**{"limit_price_e4": 1_001_500, "qty": 80, **fields})

    assert matched(one, tick(NOW, asks=ASKS), is_new=False).trades == expected


def test_the_rest_of_a_limit_order_trades_at_its_own_price_in_the_next_snapshot() -> None:
    first = matched(order(limit_price_e4=1_001_000, qty=200), tick(NOW, asks=ASKS[:2]))
    second = matched(first.order, tick(NOW, seq=2, asks=(999_500, 40)))

    assert first.trades == [Trade(50, 1_000_500)]
    assert second.trades == [Trade(20, 1_001_000)]


def test_what_was_taken_is_not_taken_again() -> None:
    shown = tick(NOW, asks=ASKS)
    taken = Taken(shown)
    one = order(limit_price_e4=1_000_500, qty=80)

    assert sum(t.qty for t in matched(one, shown, is_new=False, taken=taken).trades) == 50
    assert matched(one, shown, is_new=False, taken=taken).trades == []


NOTHING = {
    "a stale snapshot": tick(NOW, event_ns=NOW - 11 * SECOND_NS),
    "a last price outside the band": tick(NOW, last_price_e4=2_000_000),
}


@pytest.mark.parametrize("shown", NOTHING.values(), ids=NOTHING.keys())
def test_fills_nothing(shown: Tick) -> None:
    one = order(limit_price_e4=1_001_000)

    assert matched(one, shown) == Matched(one)


def test_a_print_through_the_limit_fills_at_the_limit() -> None:
    result = matched(order(limit_price_e4=1_000_000), tick(NOW, last_price_e4=999_500, last_qty=6))

    assert result.trades == [Trade(3, 1_000_000)]
    assert result.order.queue_ahead == 0


def test_a_print_beyond_the_limit_fills_nothing() -> None:
    assert matched(order(limit_price_e4=999_000), tick(NOW)).trades == []


def test_a_print_from_before_the_order_fills_nothing() -> None:
    shown = tick(NOW, last_price_e4=999_500, event_ns=NOW - 2 * SECOND_NS)

    assert matched(order(), shown).trades == []


def test_a_print_that_was_there_before_the_order_fills_nothing() -> None:
    assert matched(order(), tick(NOW, last_price_e4=999_500), is_new=False).trades == []


def test_at_the_limit_the_queue_ahead_trades_first() -> None:
    bids = (1_000_000, 500, 999_500, 100)
    first = matched(order(queue_ahead=70), tick(NOW, last_qty=40, bids=bids))
    second = matched(first.order, tick(NOW, last_qty=40, bids=bids))
    results = [
        matched(order(order_id=f"O{i}", queue_ahead=0), tick(NOW, last_qty=40, bids=bids)).trades
        for i in range(30)
    ]
    filled = {sum(t.qty for t in trades) for trades in results}

    assert (first.trades, first.order.queue_ahead) == ([], 30)
    assert second.order.queue_ahead == 0
    assert sum(t.qty for t in second.trades) <= 5
    assert len(filled) > 3
    assert max(filled) <= 10


QUEUES = {
    "behind what is shown at its price": ((1_000_000, 300, 999_500, 100), None, 300),
    "first at a better price": ((999_500, 100), None, 0),
    "first at a price between levels": ((1_000_500, 5, 999_500, 100), None, 0),
    "moved up when others cancel": ((1_000_000, 20), 80, 20),
    "not moved back when others come": ((1_000_000, 200), 80, 80),
    "unknown beyond the fifth level": (
        tuple(x for i in range(5) for x in (1_003_000 - 500 * i, 10)),
        80,
        80,
    ),
}


@pytest.mark.parametrize(("bids", "before", "after"), QUEUES.values(), ids=QUEUES.keys())
def test_place_in_the_queue(bids: tuple[int, ...], before: int | None, after: int) -> None:
    shown = tick(NOW, bids=bids, asks=(1_004_000, 10), last_price_e4=1_003_500)

    assert matched(order(queue_ahead=before), shown).order.queue_ahead == after


def test_a_sell_queue_reads_the_asks_upwards() -> None:
    asks = (1_000_500, 10, 1_001_500, 20)

    assert displayed_at(asks, 1_001_500, "SELL") == 20
    assert displayed_at(asks, 1_001_000, "SELL") == 0
    assert displayed_at(asks, 1_000_000, "SELL") == 0
    assert displayed_at(asks, 1_002_000, "SELL") == 0


MARKET: dict[str, Any] = {"order_type": "MARKET", "limit_price_e4": None, "price_e4": None}


def test_a_market_order_rests_at_its_protection_price() -> None:
    buy = matched(order(**MARKET, qty=500), tick(NOW))
    sell = matched(order(**MARKET, qty=500, side="SELL"), tick(NOW))

    assert buy.order.price_e4 == 1_010_000
    assert [t.qty for t in buy.trades] == [50, 50]
    assert sell.order.price_e4 == 990_000


def test_protection_stays_inside_the_band() -> None:
    high = tick(NOW, last_price_e4=1_099_500, asks=(1_100_000, 10))
    low = tick(NOW, last_price_e4=900_500, bids=(900_000, 10))

    assert matched(order(**MARKET), high).order.price_e4 == 1_100_000
    assert matched(order(**MARKET, side="SELL"), low).order.price_e4 == 900_000


def test_market_orders_slip_by_whole_ticks_and_never_beyond_the_depth_shown() -> None:
    prices = set()
    for number in range(40):
        one = order(**MARKET, order_id=f"O{number}", qty=5)
        (trade,) = matched(one, tick(NOW, asks=ASKS), slippage_ticks_max=9).trades
        prices.add(trade.price_e4)
    sells = {
        matched(order(**MARKET, order_id=f"O{i}", side="SELL"), tick(NOW), slippage_ticks_max=3)
        .trades[0]
        .price_e4
        for i in range(40)
    }

    assert prices <= {1_000_500, 1_001_000, 1_001_500, 1_002_000}
    assert len(prices) > 1
    assert sells == {999_500, 999_000}


BARE: dict[str, Any] = {"bids": (), "asks": ()}
LAST_PRICE = {
    "buys half a spread above": ({"limit_price_e4": 1_001_000}, {}, [Trade(10, 1_000_500)]),
    "sells half a spread below": (
        {"side": "SELL", "limit_price_e4": 999_000},
        {},
        [Trade(10, 999_500)],
    ),
    "takes a share of the last quantity": (
        {"limit_price_e4": 1_001_000, "qty": 100},
        {},
        [Trade(20, 1_000_500)],
    ),
    "needs a trade": ({"limit_price_e4": 1_001_000}, {"trade": False}, []),
    "does not reach it": ({"limit_price_e4": 999_500}, {}, []),
    "meets an order that rested, at its price": (
        {"limit_price_e4": 1_001_000, "queue_ahead": 0},
        {},
        [Trade(10, 1_001_000)],
    ),
    "stays inside the band": (
        {"limit_price_e4": 1_100_000},
        {"last_price_e4": 1_100_000, "last_qty": 0},
        [],
    ),
}


@pytest.mark.parametrize(
    ("fields", "shown", "expected"), LAST_PRICE.values(), ids=LAST_PRICE.keys()
)
def test_without_depth(
    fields: dict[str, Any], shown: dict[str, Any], expected: list[Trade]
) -> None:
    assert matched(order(**fields), tick(NOW, **BARE, **shown)).trades == expected


def test_with_only_the_own_side_shown_there_is_nobody_to_trade_with() -> None:
    assert matched(order(limit_price_e4=1_001_000), tick(NOW, asks=()), is_new=False).trades == []


def test_the_share_of_an_empty_level_is_passed_over() -> None:
    shown = tick(NOW, asks=(1_000_500, 1, 1_001_000, 10))

    assert matched(order(limit_price_e4=1_001_000), shown).trades == [Trade(5, 1_001_000)]
