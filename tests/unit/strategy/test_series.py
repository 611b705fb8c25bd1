"""Indicators under revisions, and pairs that wait for each other."""

import pytest

from strategy_builders import bar, config
from tapeline.strategy.indicators.base import indicator_bar
from tapeline.strategy.indicators.registry import build, build_pair, load_indicators
from tapeline.strategy.series import PairSeries, Series, prices, seen

SPECS = load_indicators(config("indicators"))


def single(on_revision):
    return Series({"sma_5": build(SPECS["sma_5"])}, on_revision)


def pair(on_revision="recompute"):
    spec = SPECS["correlation_30"]
    return PairSeries(("AAA", "BBB"), {"correlation_30": build_pair(spec)}, on_revision)


def take(series, *bars):
    return [series.take(seen(b)) for b in bars]


def starts(taken):
    return [None if bars is None else tuple(b.symbol for b in bars) for bars in taken]


def test_prices_are_those_of_the_indicators():
    for message in (bar(3, 101.05, high=102.3), bar(3, 7.1, volume=None)):
        assert prices(seen(message)) == indicator_bar(message)


REVISIONS = {
    "ignore keeps the value": ("ignore", 4, 0, 102.0, 0),
    "recompute takes the newest bar again": ("recompute", 4, 0, 104.0, 0),
    "alert keeps the value and counts": ("alert", 4, 0, 102.0, 1),
    "ignore passes over an older bar": ("ignore", 3, 0, 102.0, 0),
    "recompute counts an older bar": ("recompute", 3, 0, 102.0, 1),
    "alert counts an older bar": ("alert", 3, 0, 102.0, 1),
}


@pytest.mark.parametrize("sentence", REVISIONS)
def test_revision(sentence):
    on_revision, minute, _, value, alerts = REVISIONS[sentence]
    series = single(on_revision)
    take(series, *(bar(n, 100.0 + n) for n in range(5)))

    (result,) = take(series, bar(minute, 114.0, rev=1))

    assert result is None
    assert series.values(("sma_5",)) == {"sma_5": value}
    assert series.alerts == alerts


def test_a_repeat_of_the_newest_bar_is_nothing():
    series = single("recompute")
    take(series, bar(0, 100.0, rev=1))

    assert take(series, bar(0, 200.0, rev=1), bar(0, 200.0, rev=0)) == [None, None]
    assert series.alerts == 0


def test_two_revisions_in_a_row_both_start_before_the_bar():
    series = single("recompute")
    take(series, *(bar(n, 100.0) for n in range(5)), bar(4, 200.0, rev=1), bar(4, 105.0, rev=2))

    assert series.values(("sma_5",)) == {"sma_5": 101.0}


def test_values_are_named_by_output_and_wait_for_all():
    series = Series({name: build(SPECS[name]) for name in ("bollinger_20_2", "sma_5")}, "ignore")
    take(series, *(bar(n, 100.0) for n in range(19)))
    assert series.values(("sma_5",)) == {"sma_5": 100.0}
    assert series.values(("bollinger_20_2", "sma_5")) is None

    take(series, bar(19, 100.0))

    assert list(series.values(("bollinger_20_2", "sma_5"))) == [
        "bollinger_20_2.upper",
        "bollinger_20_2.middle",
        "bollinger_20_2.lower",
        "sma_5",
    ]


def a(minute, close=100.0, **changes):
    return bar(minute, close, **changes)


def b(minute, close=100.0, **changes):
    return bar(minute, close, symbol="BBB", **changes)


BOTH = ("AAA", "BBB")
PAIRS = {
    "both bars complete a window, in either order": (
        [a(0), b(0), b(1), a(1)],
        [None, BOTH, None, BOTH],
    ),
    "a later bar ends the wait": ([a(0), b(1), a(1)], [None, None, BOTH]),
    "a partner that comes too late is not a pair": (
        [a(0), b(1), b(0), a(1), a(0)],
        [None, None, None, BOTH, None],
    ),
    "a revision of the waiting bar does not complete": (
        [a(0), a(0, rev=1), b(0)],
        [None, None, BOTH],
    ),
    "a repeat of the waiting bar is nothing": ([a(0), a(0), b(0)], [None, None, BOTH]),
    "a revision of a complete window does not decide again": (
        [a(0), b(0), b(0, rev=1), a(0, rev=1)],
        [None, BOTH, None, None],
    ),
    "a repeat of a complete window is nothing": ([a(0), b(0), a(0)], [None, BOTH, None]),
}


@pytest.mark.parametrize("on_revision", ["ignore", "recompute", "alert"])
@pytest.mark.parametrize("sentence", PAIRS)
def test_pair(sentence, on_revision):
    bars, expected = PAIRS[sentence]

    assert starts(take(pair(on_revision), *bars)) == expected


@pytest.mark.parametrize(
    ("on_revision", "close", "alerts"),
    [("ignore", 100.0, 0), ("recompute", 105.0, 0), ("alert", 100.0, 1)],
)
def test_a_revised_waiting_bar_is_used_where_bars_are_recomputed(on_revision, close, alerts):
    series = pair(on_revision)

    _, _, bars = take(series, a(0), a(0, 105.0, rev=1), b(0))

    assert bars[0].close_e4 == close * 10_000
    assert series.alerts == alerts


@pytest.mark.parametrize("leg", [a, b])
def test_a_revised_leg_is_taken_again_until_the_next_window_is_complete(leg):
    plain, revised = pair(), pair()
    walk = [(a(n, 100.0 + n % 7), b(n, 100.0 + n % 5)) for n in range(30)]
    for first, second in walk:
        take(plain, first, second)
        take(revised, first, second)
    take(revised, a(30))
    take(revised, leg(29, 150.0, rev=1))
    take(revised, leg(29, 100.0 + 29 % (7 if leg is a else 5), rev=2))

    assert revised.values(("correlation_30",)) == plain.values(("correlation_30",))
    assert revised.newest[0 if leg is a else 1].rev == 2


def test_older_pairs_are_alerts():
    series = pair()
    take(series, a(0), b(0), a(1), b(1), a(0, rev=1))

    assert series.alerts == 1
