"""Prices of legs."""

import pytest

from strategy_builders import Runner, bar, entry, instrument, series, settings_for
from tapeline.contracts.clock import SECOND_NS
from tapeline.strategy.intents import limit_e4

LIMITS = {
    "a buy is above the close, on the grid": (1_000_000, "BUY", 5, 1_000_500),
    "a sell is below the close, on the grid": (1_000_000, "SELL", 5, 999_500),
    "a buy is rounded up": (1_000_200, "BUY", 0, 1_000_500),
    "a sell is rounded down": (1_000_200, "SELL", 0, 1_000_000),
    "the allowance itself is rounded up": (1_000_100, "BUY", 4, 1_001_000),
    "never below a tick": (300, "SELL", 200, 500),
}


@pytest.mark.parametrize("sentence", LIMITS)
def test_limit(sentence):
    close_e4, side, allowance_bp, expected = LIMITS[sentence]

    assert limit_e4(close_e4, side, instrument("AAA"), allowance_bp) == expected


def test_an_entry_and_its_exit():
    runner = Runner(
        settings_for(it=entry("opening_range_breakout", {"range_minutes": 2, "stop_bp_min": 50}))
    )
    opened, closed = runner.feed(series([100, 101, 102, 99]))
    last = bar(2, 102)

    (leg,) = opened.legs
    assert (opened.action, opened.strategy, opened.bucket, opened.product) == (
        "ENTRY",
        "it",
        "trend",
        "MIS",
    )
    assert opened.expires_ns == last.end_ns + 45 * SECOND_NS
    assert opened.leg_timeout_ms is None
    assert (leg.side, leg.order_type, leg.qty, leg.weight_bp) == ("BUY", "LIMIT", None, 10_000)
    assert (leg.reference_price_e4, leg.limit_price_e4) == (1_020_000, 1_021_000)
    assert (leg.stop_distance_e4, leg.target_distance_e4) == (20_000, 40_000)
    signal = opened.extra.signal
    assert (signal.strategy, signal.version, signal.tf, signal.symbol) == ("it", "1", "1m", "AAA")
    assert (signal.bar_start_ns, signal.bar_rev, signal.votes) == (last.start_ns, 0, {"it": 1})
    assert signal.confidence_bp == 10_000

    (leg,) = closed.legs
    assert (closed.action, closed.expires_ns) == ("EXIT", None)
    assert (leg.side, leg.order_type, leg.limit_price_e4) == ("SELL", "MARKET", None)
    assert (leg.stop_distance_e4, leg.target_distance_e4) == (None, None)
    assert closed.intent_id != opened.intent_id


def test_a_tiny_distance_is_one_tick():
    parameters = {"range_minutes": 2, "stop_bp_min": 1, "beyond_bp": 0, "target_ratio": 0.1}
    runner = Runner(settings_for(it=entry("opening_range_breakout", parameters)))
    (order,) = runner.feed(series([10.0, 10.0, 10.0, 10.01]))

    assert (order.legs[0].stop_distance_e4, order.legs[0].target_distance_e4) == (500, 500)
