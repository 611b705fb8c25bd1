"""What a strategy author may do, and what is refused."""

import math

import pytest
from pydantic import ValidationError

from tapeline.strategy.api import (
    BarView,
    PairStrategy,
    PairView,
    Spread,
    Strategy,
    Target,
    flat,
    indicator,
    long,
    param,
    short,
    strategy,
)

VIEW = BarView(
    symbol="AAA",
    timeframe="1m",
    open=1.0,
    high=2.0,
    low=0.5,
    close=1.5,
    volume=None,
    minute=1,
    holding=Target.LONG,
    indicators={"sma_5": 1.25},
    memory={"a": 1.0},
)


def test_decisions():
    assert long(0.5, stop_distance=1.0).target is Target.LONG
    assert short(0.5, stop_distance=1.0, target_distance=2.0).target_distance == 2.0
    assert (flat().target, flat().confidence, flat().stop_distance) == (Target.FLAT, 1.0, None)


WRONG = {
    "confidence above one": (1.1, 1.0, None, "confidence is 1.1"),
    "confidence below zero": (-0.1, 1.0, None, "confidence"),
    "confidence not a number": (math.nan, 1.0, None, "confidence"),
    "no stop distance": (0.5, 0.0, None, "stop_distance is 0.0"),
    "an infinite stop": (0.5, math.inf, None, "stop_distance"),
    "a negative target": (0.5, 1.0, -1.0, "target_distance is -1.0"),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_wrong_decision(sentence):
    confidence, stop, target, message = WRONG[sentence]

    with pytest.raises(ValueError, match=message):
        long(confidence, stop_distance=stop, target_distance=target)


def test_views():
    pair = PairView(VIEW, VIEW)

    assert VIEW["sma_5"] == pair["sma_5"] == 1.25
    assert (pair.memory, pair.holding) == ({"a": 1.0}, Target.LONG)
    with pytest.raises(KeyError, match=r"sma_9 is not an indicator of this strategy.*sma_5"):
        VIEW["sma_9"]


def test_a_spread_is_finite():
    with pytest.raises(ValueError, match="every number must be finite"):
        Spread(hedge_ratio=1.0, value=math.nan, zscore=0.0)


class Plain(Strategy):
    """Parameters only."""

    mean: str = indicator("sma", length=5)
    count: int = param(3, ge=1, le=5)


@pytest.mark.parametrize(
    "raw", [{"mean": "sma_5", "count": 6}, {"mean": "sma_5", "other": 1}, {"count": 2}, {"mean": 5}]
)
def test_parameters_are_checked(raw):
    with pytest.raises(ValidationError):
        Plain.model_validate(raw)


def test_indicators_are_declared_by_parameters():
    assert Plain(mean="sma_5").indicator_names() == ("sma_5",)
    assert Plain.indicator_fields()["mean"].parameters == {"length": 5}


def test_a_strategy_is_written_by_its_author():
    with pytest.raises(NotImplementedError):
        Plain(mean="sma_5").on_bar(VIEW)
    with pytest.raises(NotImplementedError):
        PairStrategy().measure(PairView(VIEW, VIEW))
    with pytest.raises(NotImplementedError):
        PairStrategy().on_spread(PairView(VIEW, VIEW), Spread(1.0, 1.0, 1.0))


def test_a_name_is_taken_once():
    strategy("test_taken")(Plain)
    strategy("test_taken")(Plain)

    with pytest.raises(ValueError, match=r'"test_taken".* is taken by Plain; rename one'):

        @strategy("test_taken")
        class Other(Strategy):
            pass
