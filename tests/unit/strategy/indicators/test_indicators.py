"""Conventions of each kind on series small enough to check by hand, and its declared table."""

from __future__ import annotations

from pathlib import Path

import pytest
import talib
from talib import abstract

from tapeline.contracts.clock import DAY_NS, IST_OFFSET_NS
from tapeline.contracts.messages import Bar
from tapeline.strategy.indicators import kinds
from tapeline.strategy.indicators.base import (
    Indicator,
    IndicatorBar,
    PairIndicator,
    indicator_bar,
    price_index,
)
from tapeline.strategy.indicators.kinds import KINDS, conventions_table
from tapeline.strategy.indicators.registry import IndicatorSpec, build, build_pair, load_indicators

README = Path(kinds.__file__).with_name("README.md")


def spec(**entry: object) -> IndicatorSpec:
    return load_indicators({"indicators": {"it": entry}})["it"]


def flat(price: float, volume: float | None = 1.0, day: int = 1) -> IndicatorBar:
    return IndicatorBar(price, price, price, price, volume, day)


def hlc(high: float, low: float, close: float, volume: float = 1.0, day: int = 1) -> IndicatorBar:
    return IndicatorBar(close, high, low, close, volume, day)


def feed(indicator: Indicator, bars: list[IndicatorBar]) -> list[tuple[float, ...] | None]:
    values = []
    for bar in bars:
        if isinstance(indicator, PairIndicator):
            indicator.update_pair(bar, bar)
        else:
            indicator.update(bar)
        values.append(indicator.values())
    return values


SMALLEST = {
    "sma": {"length": 2},
    "ema": {"length": 2},
    "wma": {"length": 2},
    "rsi": {"length": 2},
    "macd": {"fast": 2, "slow": 3, "signal": 2},
    "bollinger": {"length": 2},
    "standard_deviation": {"length": 2},
    "true_range": {},
    "atr": {"length": 2},
    "adx": {"length": 2},
    "vwap": {},
    "donchian": {"length": 2, "lag": 1},
    "supertrend": {"length": 2},
    "zscore": {"length": 2},
    "correlation": {"length": 2},
    "hedge_ratio": {"length": 3},
}
USUAL = {
    "sma": {"length": 20},
    "ema": {"length": 26, "seed": "first"},
    "wma": {"length": 10},
    "rsi": {"length": 14},
    "macd": {"fast": 12, "slow": 26, "signal": 9, "seed": "first"},
    "bollinger": {"length": 20, "deviations": 2.5},
    "standard_deviation": {"length": 20},
    "true_range": {},
    "atr": {"length": 14},
    "adx": {"length": 14},
    "vwap": {},
    "donchian": {"length": 20},
    "supertrend": {"length": 10},
    "zscore": {"length": 30},
    "correlation": {"length": 30},
    "hedge_ratio": {"length": 60},
}
CASES = [(name, arguments) for table in (SMALLEST, USUAL) for name, arguments in table.items()]


def test_the_tables_of_cases_name_every_kind():
    assert [kind.name for kind in KINDS] == list(SMALLEST) == list(USUAL)


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_the_first_value_follows_the_warm_up(name, arguments):
    declared = spec(kind=name, **arguments)
    indicator = build(declared)
    bars = [hlc(102.0 + n % 3, 99.0 - n % 2, 100.0 + n % 5) for n in range(80)]

    given = [values is not None for values in feed(indicator, bars)]

    assert declared.warmup_bars == indicator.warmup_bars
    assert given == [n >= declared.warmup_bars for n in range(80)]


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_the_values_are_named(name, arguments):
    indicator = build(spec(kind=name, **arguments))
    kind = next(kind for kind in KINDS if kind.name == name)

    values = feed(indicator, [flat(100.0)] * 80)[-1]

    assert indicator.outputs == kind.outputs
    assert values is not None
    assert len(values) == len(kind.outputs)


@pytest.mark.parametrize("n_bars", [70, 2_000])
@pytest.mark.parametrize("price", [0.05, 100.1, 99_999.95])
@pytest.mark.parametrize(("name", "arguments"), USUAL.items())
def test_constant_prices_give_the_values_of_the_table(name, arguments, price, n_bars):
    kind = next(kind for kind in KINDS if kind.name == name)
    expected = [price if part == "c" else float(part) for part in kind.constant.split(", ")]

    values = feed(build(spec(kind=name, **arguments)), [flat(price)] * n_bars)[-1]

    assert values == pytest.approx(expected, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("price", [0.05, 100.1, 99_999.95, 123.45])
def test_constant_prices_have_no_spread_at_all(price):
    bands = feed(build(spec(kind="bollinger", length=20)), [flat(price)] * 77)[-1]

    assert bands == (price, price, price)


def test_the_readme_holds_the_table_of_kinds():
    table = conventions_table()

    assert table in README.read_text(), f"put this table into {README}:\n{table}"


LOOKBACKS = [
    ("sma", "SMA", {"length": "timeperiod"}),
    ("ema", "EMA", {"length": "timeperiod"}),
    ("wma", "WMA", {"length": "timeperiod"}),
    ("rsi", "RSI", {"length": "timeperiod"}),
    ("macd", "MACD", {"fast": "fastperiod", "slow": "slowperiod", "signal": "signalperiod"}),
    ("bollinger", "BBANDS", {"length": "timeperiod"}),
    ("standard_deviation", "STDDEV", {"length": "timeperiod"}),
    ("true_range", "TRANGE", {}),
    ("atr", "ATR", {"length": "timeperiod"}),
    ("adx", "ADX", {"length": "timeperiod"}),
    ("donchian", "MAX", {"length": "timeperiod"}),
    ("zscore", "STDDEV", {"length": "timeperiod"}),
    ("supertrend", "ATR", {"length": "timeperiod"}),
    ("correlation", "CORREL", {"length": "timeperiod"}),
]


@pytest.mark.parametrize("lengths", [(2, 3, 2), (5, 9, 4), (14, 30, 9), (60, 200, 20)])
@pytest.mark.parametrize(("name", "function", "names"), LOOKBACKS)
def test_the_warm_up_is_the_lookback_of_talib(name, function, names, lengths):
    mine = dict(zip(names, lengths, strict=False))
    theirs = abstract.Function(function)
    theirs.parameters = {names[key]: value for key, value in mine.items()}

    assert spec(kind=name, **mine).warmup_bars == theirs.lookback


def test_talib_is_the_version_whose_zero_checks_are_exact():
    """Before 0.8 TA-Lib called anything below 1e-14 zero, also for prices that small."""
    assert tuple(int(part) for part in talib.__version__.split(".")[:2]) >= (0, 8)


def test_a_bar_becomes_rupees_and_its_indian_day():
    start_ns = 20_000 * DAY_NS - IST_OFFSET_NS
    bar = Bar(
        at_ns=start_ns,
        symbol="INFY",
        tf="1m",
        start_ns=start_ns,
        end_ns=start_ns + 60,
        phase="continuous",
        open_e4=1_000_000,
        high_e4=1_000_500,
        low_e4=999_500,
        close_e4=1_000_001,
        volume=7,
        n_ticks=1,
        cum_open=0,
        cum_close=7,
        first_ns=start_ns,
        last_ns=start_ns,
        rev=0,
        final=True,
        partial=False,
        cause="WATERMARK",
    )

    assert indicator_bar(bar) == (100.0, 100.05, 99.95, 100.0001, 7.0, 20_000)


def test_an_index_bar_has_no_volume():
    start_ns = 20_000 * DAY_NS - IST_OFFSET_NS - 1
    bar = Bar(
        at_ns=start_ns,
        symbol="NIFTY50",
        tf="1m",
        start_ns=start_ns,
        end_ns=start_ns + 60,
        phase="continuous",
        open_e4=1,
        high_e4=1,
        low_e4=1,
        close_e4=1,
        volume=None,
        n_ticks=1,
        cum_open=None,
        cum_close=None,
        first_ns=start_ns,
        last_ns=start_ns,
        rev=0,
        final=True,
        partial=False,
        cause="WATERMARK",
    )

    assert indicator_bar(bar) == (0.0001, 0.0001, 0.0001, 0.0001, None, 19_999)


@pytest.mark.parametrize(("price", "expected"), [("open", 1.5), ("high", 15.0), ("low", 0.15)])
def test_the_input_chooses_the_price(price, expected):
    sma = build(spec(kind="sma", length=2, input=price))

    values = feed(sma, [IndicatorBar(n, 10.0 * n, 0.1 * n, 0.0, None, 1) for n in (1.0, 2.0)])

    assert values[-1] == pytest.approx((expected,))


def test_an_unknown_price_is_a_bug():
    with pytest.raises(AssertionError, match="use one of open, high, low, close"):
        price_index("volume")


class TestVwap:
    def test_weighs_typical_prices_by_volume(self):
        vwap = build(spec(kind="vwap"))

        values = feed(vwap, [hlc(12.0, 9.0, 9.0, volume=1.0), hlc(20.0, 20.0, 20.0, volume=3.0)])

        assert values == [(10.0,), (17.5,)]

    def test_starts_again_on_another_day(self):
        vwap = build(spec(kind="vwap"))

        values = feed(vwap, [flat(10.0, day=1), flat(20.0, day=1), flat(50.0, day=2)])

        assert values == [(10.0,), (15.0,), (50.0,)]

    def test_has_no_value_without_volume(self):
        vwap = build(spec(kind="vwap"))

        values = feed(
            vwap,
            [flat(10.0, volume=None), flat(10.0, volume=0.0), flat(12.0), flat(9.0, None, day=2)],
        )

        assert values == [None, None, (12.0,), None]


class TestDonchian:
    BARS = (hlc(5.0, 1.0, 3.0), hlc(4.0, 2.0, 3.0), hlc(9.0, 3.0, 9.0), hlc(8.0, 4.0, 5.0))

    def test_includes_the_latest_bar(self):
        channel = build(spec(kind="donchian", length=2))

        assert feed(channel, list(self.BARS)) == [
            None,
            (5.0, 3.0, 1.0),
            (9.0, 5.5, 2.0),
            (9.0, 6.0, 3.0),
        ]

    def test_with_a_lag_is_the_channel_before_the_latest_bar(self):
        channel = build(spec(kind="donchian", length=2, lag=1))

        assert feed(channel, list(self.BARS)) == [None, None, (5.0, 3.0, 1.0), (9.0, 5.5, 2.0)]


class TestSupertrend:
    def test_turns_when_the_close_crosses_the_band(self):
        trend = build(spec(kind="supertrend", length=2, multiplier=1))
        closes = [100.0, 100.0, 100.0, 110.0, 120.0, 60.0]

        values = feed(trend, [hlc(close + 1.0, close - 1.0, close) for close in closes])

        assert [value and value[1] for value in values] == [None, None, -1.0, 1.0, 1.0, -1.0]

    def test_the_stop_never_falls_while_the_trend_is_up(self):
        trend = build(spec(kind="supertrend", length=2, multiplier=1))
        closes = [100.0, 100.0, 100.0, 110.0, 120.0, 119.0, 118.0, 119.0]

        values = feed(trend, [hlc(close + 1.0, close - 1.0, close) for close in closes])
        stops = [value[0] for value in values if value and value[1] > 0]

        assert len(stops) == 5
        assert stops == sorted(stops)


class TestPairs:
    def test_a_pair_refuses_a_single_bar(self):
        pair = build(spec(kind="correlation", length=3))

        with pytest.raises(TypeError, match="call update_pair"):
            pair.update(flat(1.0))

    def test_a_pair_is_built_with_its_own_function(self):
        with pytest.raises(AssertionError, match="use build"):
            build_pair(spec(kind="sma", length=3))

    def test_the_ratio_is_first_against_second(self):
        hedge = build_pair(spec(kind="hedge_ratio", length=4))
        for second in (10.0, 20.0, 15.0, 5.0):
            hedge.update_pair(flat(3.0 + 2.0 * second), flat(second))

        assert hedge.values() == pytest.approx((2.0, 3.0, 0.0, 0.0))

    def test_the_z_score_is_the_residual_in_its_own_deviations(self):
        hedge = build_pair(spec(kind="hedge_ratio", length=4))
        for first, second in ((1.0, 1.0), (1.0, 2.0), (1.0, 1.0), (3.0, 2.0)):
            hedge.update_pair(flat(first), flat(second))

        ratio, intercept, residual, zscore = hedge.values()

        assert (ratio, intercept, residual) == pytest.approx((1.0, 0.0, 1.0))
        assert zscore == pytest.approx(1.0 / 0.5**0.5)

    @pytest.mark.parametrize(("slope", "expected"), [(0.1, 1.0), (-0.3, -1.0), (0.0, 0.0)])
    def test_the_correlation_stays_within_one(self, slope, expected):
        pair = build_pair(spec(kind="correlation", length=7))
        for n in range(40):
            pair.update_pair(flat(100.0 + slope * (n * n % 11)), flat(7.0 + n * n % 11))
            values = pair.values()
            assert values is None or values == pytest.approx((expected,), abs=1e-12)
            assert values is None or -1.0 <= values[0] <= 1.0
