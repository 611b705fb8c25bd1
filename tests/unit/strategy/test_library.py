"""Each shipped strategy on bars made by hand: one sentence, one series, what it does."""

import pytest

from strategy_builders import Runner, bar, entry, series, settings_for, told

FLAT12 = [100.0] * 12
SMA = {"fast": "sma_5", "slow": "sma_10", "atr": "atr_5", "band_bp": 5}
DONCHIAN = {"channel": "donchian_10_before", "atr": "atr_5", "beyond_ranges": 0.25}
OPENING = {"range_minutes": 5, "until_minute": 20, "beyond_bp": 2}
RSI = {"rsi": "rsi_7", "atr": "atr_5", "oversold": 30}
BANDS = {"bands": "bollinger_20_2", "beyond_min": 0.0, "width_bp_min": 5}
DOWN10 = [110.0 - n for n in range(11)]
FALL = [100.0 - 0.2 * n for n in range(12)]
WAVE = [100.0, 100.4] * 10


def mirrored(closes):
    return [200.0 - close for close in closes]


CASES = {
    "sma: long when the fast average crosses above": (
        ("sma_cross", SMA, [*DOWN10, 104, 108, 110]),
        ["ENTRY BUY SIGNAL"],
    ),
    "sma: short when it crosses below": (
        ("sma_cross", SMA, mirrored([*DOWN10, 104, 108, 110])),
        ["ENTRY SELL SIGNAL"],
    ),
    "sma: the first side is not a cross": (("sma_cross", SMA, DOWN10 + [99.0] * 3), []),
    "sma: averages that lie on each other do not trade": (("sma_cross", SMA, [100.0] * 40), []),
    "donchian: long on a close above the channel": (
        ("donchian_breakout", DONCHIAN, [*WAVE, 101.0]),
        ["ENTRY BUY SIGNAL"],
    ),
    "donchian: short on a close below it": (
        ("donchian_breakout", DONCHIAN, [*WAVE, 99.4]),
        ["ENTRY SELL SIGNAL"],
    ),
    "donchian: a close at the edge is none": (
        ("donchian_breakout", DONCHIAN, [*WAVE, 100.45]),
        [],
    ),
    "donchian: a breakout the other way reverses": (
        ("donchian_breakout", DONCHIAN | {"stop_ranges": 50}, [*WAVE, 101.0, 99.0, 97.0]),
        ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL", "ENTRY SELL SIGNAL"],
    ),
    "opening range: long on the first close above, once": (
        ("opening_range_breakout", OPENING, [100, 101, 99, 100, 100, 101.5, 98, 100, 102]),
        ["ENTRY BUY SIGNAL", "EXIT SELL STOP"],
    ),
    "opening range: short on the first close below": (
        ("opening_range_breakout", OPENING, [100, 101, 99, 100, 100, 98.5]),
        ["ENTRY SELL SIGNAL"],
    ),
    "opening range: a close inside is none": (
        ("opening_range_breakout", OPENING, [100, 101, 99, 100, 100, 100.9, 101]),
        [],
    ),
    "opening range: a late breakout is none": (
        ("opening_range_breakout", OPENING, [*[100, 101, 99], *[100.0] * 17, 103.0]),
        [],
    ),
    "rsi: long on the way back up, flat at the middle": (
        ("rsi_reversion", RSI, [*FALL, 99.0, 99.2]),
        ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL"],
    ),
    "rsi: short on the way back down, flat at the middle": (
        ("rsi_reversion", RSI, mirrored([*FALL, 99.0, 99.2])),
        ["ENTRY SELL SIGNAL", "EXIT BUY SIGNAL"],
    ),
    "rsi: a fall that goes on is left alone": (
        ("rsi_reversion", RSI, [100.0 - 0.2 * n for n in range(40)]),
        [],
    ),
    "rsi: from one extreme to the other counts the last": (
        ("rsi_reversion", RSI, [*FALL, 120.0, 121.0, 110.0]),
        ["ENTRY SELL SIGNAL"],
    ),
    "bollinger: long on the return from below, flat at the middle": (
        ("bollinger_reversion", BANDS, [*WAVE, 98.0, 99.2, 99.4, 100.6]),
        ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL"],
    ),
    "bollinger: short on the return from above, flat at the middle": (
        ("bollinger_reversion", BANDS, mirrored([*WAVE, 98.0, 99.2, 99.4, 100.6])),
        ["ENTRY SELL SIGNAL", "EXIT BUY SIGNAL"],
    ),
    "bollinger: beyond one band and then the other counts the last": (
        ("bollinger_reversion", BANDS, [*WAVE, 98.0, 103.5, 100.9]),
        ["ENTRY SELL SIGNAL"],
    ),
    "bollinger: narrow bands are left alone": (
        ("bollinger_reversion", BANDS | {"width_bp_min": 500}, [*WAVE, 98.0, 99.2]),
        [],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_case(sentence):
    (name, parameters, closes), expected = CASES[sentence]
    runner = Runner(settings_for(it=entry(name, parameters, entries_per_day_max=9)))

    assert told(runner.feed(series(closes))) == expected


def test_the_rsi_leaves_at_the_middle():
    runner = Runner(settings_for(it=entry("rsi_reversion", RSI | {"target_ranges": 50})))
    orders = runner.feed(series([*FALL, 98.0, 98.2, 98.4, 98.6, 98.8, 99.0]))

    assert told(orders) == ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL"]
    assert orders[1].extra.signal.indicators["rsi_7"] >= 50.0


def banks(first, second):
    """Bars of both symbols, minute by minute."""
    return [
        bar(n, close, symbol=symbol)
        for n, closes in enumerate(zip(first, second, strict=True))
        for symbol, close in zip(("HDFCBANK", "ICICIBANK"), closes, strict=True)
    ]


def pair_settings(**changes):
    parameters = {"ratio": "hedge_ratio_30", "gap_bp_min": 5, **changes}
    return settings_for(
        it=entry(
            "pair_spread",
            parameters,
            symbols=["HDFCBANK", "ICICIBANK"],
            leg_timeout_ms=5000,
            bucket="pairs",
        )
    )


SECOND = [200.0 + (n * 7 % 11) * 0.4 for n in range(60)]
FIRST = [0.5 * close + 0.05 * (-1) ** n for n, close in enumerate(SECOND)]
PAIR_CASES = {
    "cheap: the first is bought, the second sold, both sold back at the mean": (
        [*FIRST[:40], FIRST[40] - 0.6, *FIRST[41:44]],
        ["ENTRY BUY/SELL SIGNAL", "EXIT SELL/BUY SIGNAL"],
    ),
    "dear: the first is sold, the second bought": (
        [*FIRST[:40], FIRST[40] + 0.6, *FIRST[41:44]],
        ["ENTRY SELL/BUY SIGNAL", "EXIT BUY/SELL TARGET"],
    ),
    "further away: stopped": (
        [*FIRST[:40], FIRST[40] - 0.6, FIRST[41] - 3.0],
        ["ENTRY BUY/SELL SIGNAL", "EXIT SELL/BUY STOP"],
    ),
    "a usual deviation is left alone": (FIRST[:44], []),
}


@pytest.mark.parametrize("sentence", PAIR_CASES)
def test_pair_case(sentence):
    first, expected = PAIR_CASES[sentence]
    runner = Runner(pair_settings())

    assert told(runner.feed(banks(first, SECOND[: len(first)]))) == expected


def test_a_pair_without_a_usable_hedge_is_left_alone():
    runner = Runner(pair_settings(ratio_band=1.0))

    assert runner.feed(banks([*FIRST[:40], FIRST[40] - 0.6], SECOND[:41])) == []


def test_a_pair_intent_has_all_a_reader_needs():
    runner = Runner(pair_settings())
    (order,) = runner.feed(banks([*FIRST[:40], FIRST[40] - 0.6], SECOND[:41]))
    signal = order.extra.signal
    first, second = order.legs

    assert signal.symbols == ("HDFCBANK", "ICICIBANK")
    assert signal.zscore < -2.0
    assert signal.spread == pytest.approx(
        FIRST[40] - 0.6 - signal.hedge_ratio * SECOND[40], abs=1e-9
    )
    assert signal.votes == {"it": 1}
    assert order.leg_timeout_ms == 5000
    assert (first.weight_bp, second.weight_bp) == (10_000, round(signal.hedge_ratio * 10_000))
    position = runner.state.positions["position/it/HDFCBANK+ICICIBANK"]
    assert first.stop_distance_e4 == position.entry_stop_distance_e4
    assert first.target_distance_e4 == position.entry_target_distance_e4
    assert (second.stop_distance_e4, second.target_distance_e4) == (None, None)
