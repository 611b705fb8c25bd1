"""Each streaming value equals the batch value, on any prices, and a restored one goes on exactly.

Three judges: TA-Lib where it has the function; exact rational arithmetic for windows, where the
tolerance is the window's own (prices that left the window must leave no trace); and plain numpy
for the rest.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import talib
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tapeline.strategy.indicators.base import Indicator, IndicatorBar, PairIndicator
from tapeline.strategy.indicators.registry import build, build_pair, load_indicators

CONFIG = Path(__file__).parents[2] / "configs" / "indicators.yaml"
DECLARED = load_indicators(yaml.safe_load(CONFIG.read_text()))

TOLERANCE = 1e-9
"""Relative to the value; where rounding scales with prices, relative to the largest price."""

FEW = settings(deadline=None, max_examples=20)

# A quote unit in 1/10,000 rupee, a first price in units, and steps in units: walks, rests, gaps.
UNITS_E4 = st.sampled_from([1, 25, 100, 500, 10_000, 1_000_000])
STARTS = st.sampled_from([1, 40, 2_000, 150_000])
STEPS = st.one_of(
    st.integers(-3, 3),
    st.just(0),
    st.integers(-40, 40),
    st.sampled_from([-100_000, -500, 500, 100_000]),
)


def moves_of(steps: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[int, int, int, int]]]:
    """Bars as (step of the close, reach above, reach below, volume)."""
    reach = st.integers(0, 6)
    return st.lists(st.tuples(steps, reach, reach, st.integers(0, 5_000)), min_size=45, max_size=90)


MOVES = moves_of(STEPS)
RESTS = [(0, 0, 0, 1)] * 80
JUMP_THEN_RESTS = [(100_000, 5, 0, 1), *RESTS]


class Series(NamedTuple):
    """Bars, and the same as columns."""

    bars: list[IndicatorBar]
    high: np.ndarray
    low: np.ndarray
    close: np.ndarray
    volume: np.ndarray
    day: np.ndarray


def series(unit_e4: int, start: int, moves: list[tuple[int, int, int, int]]) -> Series:
    """Bars whose close walks by the moves; every price at least one unit."""
    bars = []
    close = start
    for n, (step, above, below, volume) in enumerate(moves):
        before, close = close, max(1, close + step)
        high = max(before, close) + above
        low = max(1, min(before, close) - below)
        prices = [price * unit_e4 / 10_000 for price in (before, high, low, close)]
        bars.append(IndicatorBar(*prices, float(volume), 20_000 + n // 30))
    columns = [np.array([bar[place] for bar in bars], dtype=float) for place in (1, 2, 3, 4, 5)]
    return Series(bars, *columns)


SERIES = st.builds(series, UNITS_E4, STARTS, MOVES)
CALM = st.builds(series, UNITS_E4, STARTS, moves_of(st.integers(-3, 3)))


def stream(kind: str, bars: list[IndicatorBar], **entry: object) -> np.ndarray:
    """Values by output and bar; NaN during warm-up."""
    spec = load_indicators({"indicators": {"it": {"kind": kind, **entry}}})["it"]
    indicator = build(spec)
    rows = []
    for bar in bars:
        indicator.update(bar)
        rows.append(indicator.values() or (np.nan,) * len(spec.outputs))
    return np.array(rows).T


def assert_equal(got: np.ndarray, expected: np.ndarray, scale: float) -> None:
    """Same warm-up, and values within TOLERANCE of the scale or of themselves."""
    assert np.array_equal(np.isnan(got), np.isnan(expected)), "warm-up differs"
    np.testing.assert_allclose(got, expected, rtol=TOLERANCE, atol=TOLERANCE * scale)


TALIB_ON_CLOSE = {
    "sma": lambda x: talib.SMA(x, 7),
    "ema": lambda x: talib.EMA(x, 7),
    "wma": lambda x: talib.WMA(x, 7),
    "standard_deviation": lambda x: talib.STDDEV(x, 7, 1.5),
    "bollinger": lambda x: talib.BBANDS(x, 7, 1.5, 1.5),
    "macd": lambda x: talib.MACD(x, 5, 9, 4),
}
ARGUMENTS = {
    "standard_deviation": {"length": 7, "deviations": 1.5},
    "bollinger": {"length": 7, "deviations": 1.5},
    "macd": {"fast": 5, "slow": 9, "signal": 4},
}


@pytest.mark.parametrize("kind", TALIB_ON_CLOSE)
@FEW
@given(SERIES)
@example(series(500, 2_000, JUMP_THEN_RESTS))
def test_values_in_rupees_equal_talib(kind, data):
    expected = np.atleast_2d(TALIB_ON_CLOSE[kind](data.close))

    got = stream(kind, data.bars, **ARGUMENTS.get(kind, {"length": 7}))

    assert_equal(got, expected, scale=data.close.max())


def batch_ema(values: np.ndarray, length: int) -> np.ndarray:
    """Weighted sum of all values since the first, which holds the weight of all before it."""
    factor = 2 / (length + 1)
    averages = []
    for n in range(len(values)):
        weights = factor * (1 - factor) ** np.arange(n, -1, -1.0)
        weights[0] /= factor
        averages.append(float(np.dot(weights, values[: n + 1])))
    return np.array(averages)


@FEW
@given(SERIES)
def test_averages_seeded_with_the_first_value_equal_their_weighted_sums(data):
    close = data.close
    macd = batch_ema(close, 5) - batch_ema(close, 9)
    signal = np.concatenate([np.full(8, np.nan), batch_ema(macd[8:], 4)])
    ema = np.where(np.arange(len(close)) < 6, np.nan, batch_ema(close, 7))
    lines = np.array([macd, signal, macd - signal])
    lines[:, :11] = np.nan

    assert_equal(stream("ema", data.bars, length=7, seed="first")[0], ema, close.max())
    assert_equal(
        stream("macd", data.bars, fast=5, slow=9, signal=4, seed="first"), lines, close.max()
    )


@FEW
@given(SERIES)
@example(series(500, 2_000, RESTS))
@example(series(500, 2_000, JUMP_THEN_RESTS))
def test_rsi_equals_talib(data):
    got = stream("rsi", data.bars, length=14)

    assert_equal(got, np.atleast_2d(talib.RSI(data.close, 14)), scale=100.0)


@FEW
@given(SERIES)
def test_true_range_and_atr_equal_talib(data):
    true_range = np.atleast_2d(talib.TRANGE(data.high, data.low, data.close))
    atr = np.atleast_2d(talib.ATR(data.high, data.low, data.close, 14))

    assert_equal(stream("true_range", data.bars), true_range, scale=0.0)
    assert_equal(stream("atr", data.bars, length=14), atr, scale=0.0)


@FEW
@given(SERIES)
@example(series(500, 2_000, RESTS))
@example(series(500, 2_000, JUMP_THEN_RESTS))
def test_adx_and_its_lines_equal_talib(data):
    columns = (data.high, data.low, data.close, 9)
    adx = talib.ADX(*columns)
    lines = [np.where(np.isnan(adx), np.nan, line(*columns)) for line in PLUS_AND_MINUS]

    assert_equal(stream("adx", data.bars, length=9), np.array([adx, *lines]), scale=100.0)


PLUS_AND_MINUS = (talib.PLUS_DI, talib.MINUS_DI)


@pytest.mark.parametrize("lag", [0, 1])
@FEW
@given(SERIES)
def test_donchian_equals_the_extremes_of_talib(lag, data):
    upper = talib.MAX(data.high, 11)
    lower = talib.MIN(data.low, 11)
    expected = np.array([upper, (upper + lower) / 2.0, lower])
    if lag:
        expected = np.concatenate([np.full((3, 1), np.nan), expected[:, :-1]], axis=1)

    got = stream("donchian", data.bars, length=11, lag=lag)

    assert np.array_equal(got, expected, equal_nan=True)


@FEW
@given(SERIES)
def test_vwap_equals_the_cumulative_average_of_each_day(data):
    typical = (data.high + data.low + data.close) / 3
    expected = np.full(len(typical), np.nan)
    for day in np.unique(data.day):
        place = data.day == day
        shares = np.cumsum(data.volume[place])
        turnover = np.cumsum(typical[place] * data.volume[place])
        expected[place] = np.divide(
            turnover, shares, out=np.full(len(shares), np.nan), where=shares > 0
        )

    assert_equal(stream("vwap", data.bars), expected[None, :], scale=0.0)


def batch_supertrend(data: Series, length: int, multiplier: float) -> np.ndarray:
    """The published rule over columns: raw bands first, then the trail."""
    atr = talib.ATR(data.high, data.low, data.close, length)
    middle = (data.high + data.low) / 2
    upper = middle + multiplier * atr
    lower = middle - multiplier * atr
    trend = np.full((2, len(middle)), np.nan)
    rising = False
    for n in range(length, len(middle)):
        if n > length:
            held = data.close[n - 1] <= upper[n - 1]
            upper[n] = min(upper[n], upper[n - 1]) if held else upper[n]
            held = data.close[n - 1] >= lower[n - 1]
            lower[n] = max(lower[n], lower[n - 1]) if held else lower[n]
            rising = data.close[n] >= lower[n] if rising else data.close[n] > upper[n]
        trend[:, n] = (lower[n], 1.0) if rising else (upper[n], -1.0)
    return trend


@FEW
@given(SERIES, st.sampled_from([0.3, 1.0, 3.0]))
def test_supertrend_equals_the_batch_rule(data, multiplier):
    # Where a close meets a band to the last bit, another rounding of ATR may turn elsewhere.
    expected = batch_supertrend(data, 7, multiplier)
    shifted = batch_supertrend(data, 7, multiplier * (1 + 1e-12))
    assume(np.array_equal(expected[1], shifted[1], equal_nan=True))

    got = stream("supertrend", data.bars, length=7, multiplier=multiplier)

    assert_equal(got, expected, scale=data.close.max())


def exact_moments(window: np.ndarray) -> tuple[Fraction, Fraction]:
    """Mean and variance without any rounding."""
    values = [Fraction(float(value)) for value in window]
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / len(values)


@FEW
@given(SERIES)
@example(series(500, 2_000, JUMP_THEN_RESTS))
def test_a_window_is_as_exact_as_its_own_prices(data):
    """Tolerance 1e-9 of the value plus rounding (1e-14) of prices inside the window only."""
    length = 12
    sma = stream("sma", data.bars, length=length)[0]
    deviation = stream("standard_deviation", data.bars, length=length)[0]
    zscore = stream("zscore", data.bars, length=length)[0]
    for end in range(length, len(data.bars) + 1, 5):
        window = data.close[end - length : end]
        rounding = 1e-14 * window.max()
        mean, variance = exact_moments(window)
        exact = sqrt(variance)
        assert sma[end - 1] == pytest.approx(float(mean), rel=1e-14)
        assert deviation[end - 1] == pytest.approx(exact, rel=TOLERANCE, abs=rounding)
        if variance == 0:
            assert (deviation[end - 1], zscore[end - 1]) == (0.0, 0.0)
        else:
            distance = float(Fraction(float(window[-1])) - mean)
            assert zscore[end - 1] == pytest.approx(
                distance / exact, rel=TOLERANCE, abs=TOLERANCE + rounding / exact
            )


def exact_products(first: np.ndarray, second: np.ndarray) -> Fraction:
    """Covariance without any rounding."""
    xs = [Fraction(float(x)) for x in first]
    ys = [Fraction(float(y)) for y in second]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / len(xs)


def stream_pair(
    kind: str, first: list[IndicatorBar], second: list[IndicatorBar], length: int
) -> np.ndarray:
    """Values by output and bar of a pair; NaN during warm-up."""
    spec = load_indicators({"indicators": {"it": {"kind": kind, "length": length}}})["it"]
    pair = build_pair(spec)
    rows = []
    for bar, other in zip(first, second, strict=True):
        pair.update_pair(bar, other)
        rows.append(pair.values() or (np.nan,) * len(spec.outputs))
    return np.array(rows).T


@FEW
@given(CALM, CALM)
def test_correlation_equals_talib(first, second):
    """On walks without jumps: TA-Lib's running sums keep the rounding of prices that have left."""
    n_bars = min(len(first.bars), len(second.bars))
    expected = talib.CORREL(first.close[:n_bars], second.close[:n_bars], 12)

    got = stream_pair("correlation", first.bars[:n_bars], second.bars[:n_bars], 12)

    assert_equal(got, expected[None, :], scale=1.0)


@FEW
@given(SERIES, SERIES)
def test_correlation_is_as_exact_as_its_own_prices(first, second):
    length = 12
    n_bars = min(len(first.bars), len(second.bars))
    got = stream_pair("correlation", first.bars[:n_bars], second.bars[:n_bars], length)[0]
    for end in range(length, n_bars + 1, 7):
        x, y = first.close[end - length : end], second.close[end - length : end]
        variance_x, variance_y = exact_moments(x)[1], exact_moments(y)[1]
        exact = 0.0
        if variance_x and variance_y:
            exact = float(exact_products(x, y)) / (sqrt(variance_x) * sqrt(variance_y))
        assert got[end - 1] == pytest.approx(exact, abs=TOLERANCE)


@FEW
@given(SERIES, SERIES)
def test_hedge_ratio_equals_exact_least_squares(first, second):
    length = 12
    n_bars = min(len(first.bars), len(second.bars))
    got = stream_pair("hedge_ratio", first.bars[:n_bars], second.bars[:n_bars], length)
    assert np.isnan(got[:, : length - 1]).all()
    for end in range(length, n_bars + 1, 7):
        x, y = first.close[end - length : end], second.close[end - length : end]
        mean_x, variance_x = exact_moments(x)
        mean_y, variance_y = exact_moments(y)
        products = exact_products(x, y)
        ratio = products / variance_y if variance_y else Fraction(0)
        residual = (Fraction(float(x[-1])) - mean_x) - ratio * (Fraction(float(y[-1])) - mean_y)
        unexplained = variance_x - ratio * products
        scale = float(x.max() + abs(ratio) * y.max())
        steepness = sqrt(variance_x / variance_y) if variance_y else 0.0

        ours = got[:, end - 1]

        assert ours[0] == pytest.approx(float(ratio), rel=TOLERANCE, abs=TOLERANCE * steepness)
        assert ours[1] == pytest.approx(float(mean_x - ratio * mean_y), abs=TOLERANCE * scale)
        assert ours[2] == pytest.approx(float(residual), abs=TOLERANCE * scale)
        if unexplained > Fraction(1, 1000) * variance_x:
            exact = float(residual) / sqrt(unexplained)
            assert ours[3] == pytest.approx(exact, rel=1e-8, abs=1e-8)


def step(indicator: Indicator, bars: list[IndicatorBar], place: int) -> None:
    """Next bar; a pair follows the series and its mirror image."""
    if isinstance(indicator, PairIndicator):
        indicator.update_pair(bars[place], bars[-1 - place])
    else:
        indicator.update(bars[place])


@pytest.mark.parametrize("name", DECLARED)
@settings(deadline=None, max_examples=4)
@given(SERIES, st.integers(0, 10_000))
def test_a_restored_indicator_goes_on_bit_for_bit(name, data, seed):
    cut = seed % len(data.bars)
    original = build(DECLARED[name])
    for place in range(cut):
        step(original, data.bars, place)
    copy = build(DECLARED[name])
    copy.restore(json.loads(json.dumps(original.dump(), allow_nan=False)))

    assert copy.values() == original.values()
    for place in range(cut, len(data.bars)):
        step(original, data.bars, place)
        step(copy, data.bars, place)
        assert copy.values() == original.values()
    assert json.dumps(copy.dump()) == json.dumps(original.dump())
    assert len(original.dump()) == len(build(DECLARED[name]).dump())


@settings(deadline=None, max_examples=8)
@given(SERIES)
def test_a_restore_overwrites_what_was_there(data):
    for name in ("sma_5", "bollinger_20_2", "donchian_10_before", "macd_12_26_9", "adx_14", "vwap"):
        fresh = build(DECLARED[name])
        used = build(DECLARED[name])
        for place in range(len(data.bars)):
            step(used, data.bars, place)
        used.restore(fresh.dump())
        for place in range(len(data.bars)):
            step(used, data.bars, place)
            step(fresh, data.bars, place)
            assert used.values() == fresh.values()


def test_a_dump_of_another_length_is_refused():
    with pytest.raises(AssertionError, match="has 12 numbers, not 7"):
        build(DECLARED["sma_5"]).restore(build(DECLARED["sma_10"]).dump())
