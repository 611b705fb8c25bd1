"""Every mistake in configs/indicators.yaml names the file, the key, and what to do."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import yaml

from tapeline.contracts.errors import SettingsError
from tapeline.strategy.indicators.registry import build, build_pair, load_indicators

CONFIG = Path(__file__).parents[4] / "configs" / "indicators.yaml"


def one(**entry: object) -> dict[str, object]:
    return {"indicators": {"it": entry}}


MISTAKES = {
    "the file is a list": ([], "indicators", "not a mapping", "indicators:"),
    "the file has no indicators": ({}, "indicators", "missing", "one entry per"),
    "the indicators are a list": ({"indicators": []}, "indicators", "not a mapping", "entry"),
    "another key beside indicators": (
        {"indicators": {}, "indicator": {}},
        "indicator",
        "unknown key",
        "did you mean indicators?",
    ),
    "a name with capitals": (
        {"indicators": {"SMA": {}}},
        "indicators.SMA",
        "not a valid name",
        "lower-case",
    ),
    "a name that is a number": (
        {"indicators": {5: {}}},
        "indicators.5",
        "not a valid name",
        "lower-case",
    ),
    "an entry that is a number": (
        {"indicators": {"it": 5}},
        "indicators.it",
        "not a mapping",
        "kind: sma",
    ),
    "no kind": (one(length=5), "indicators.it.kind", "missing", "use one of sma"),
    "an unknown kind": (one(kind="smaa"), "indicators.it.kind", "unknown kind 'smaa'", "use one"),
    "a misspelt parameter": (
        one(kind="sma", lenght=5),
        "indicators.it.lenght",
        "unknown key",
        "did you mean length?",
    ),
    "a parameter of another kind": (
        one(kind="vwap", multiplier=5),
        "indicators.it.multiplier",
        "unknown key",
        "use only kind, seed",
    ),
    "an input where there is no choice": (
        one(kind="atr", length=5, input="close"),
        "indicators.it.input",
        "unknown key",
        "use only",
    ),
    "a parameter left out": (one(kind="sma"), "indicators.it.length", "missing", "2 to 2000"),
    "a parameter given as null": (
        one(kind="sma", length=None),
        "indicators.it.length",
        "missing",
        "2 to 2000",
    ),
    "a length of one": (one(kind="sma", length=1), "indicators.it.length", "out of range", "2 to"),
    "a negative length": (one(kind="rsi", length=-5), "indicators.it.length", "out of range", "2"),
    "a length beyond the limit": (
        one(kind="sma", length=2001),
        "indicators.it.length",
        "out of range",
        "to 2000",
    ),
    "a length with a fraction": (
        one(kind="sma", length=5.5),
        "indicators.it.length",
        "5.5 is not a whole number",
        "whole number from 2",
    ),
    "a length that is text": (
        one(kind="sma", length="5"),
        "indicators.it.length",
        "'5' is not a number",
        "give a number",
    ),
    "a length that is true": (
        one(kind="sma", length=True),
        "indicators.it.length",
        "True is not a number",
        "give a number",
    ),
    "not a number": (
        one(kind="bollinger", length=20, deviations=float("nan")),
        "indicators.it.deviations",
        "nan is not a number",
        "from 0.1 to 10",
    ),
    "infinity": (
        one(kind="supertrend", length=20, multiplier=float("inf")),
        "indicators.it.multiplier",
        "inf is not a number",
        "from 0.1 to 20",
    ),
    "a lag of two": (
        one(kind="donchian", length=20, lag=2),
        "indicators.it.lag",
        "out of range",
        "from 0 to 1",
    ),
    "an input that no bar has": (
        one(kind="sma", length=5, input="median"),
        "indicators.it.input",
        "'median' is not possible here",
        "open or high or low or close",
    ),
    "a seed of another kind": (
        one(kind="rsi", length=5, seed="first"),
        "indicators.it.seed",
        "'first' is not possible here",
        "use sma",
    ),
    "a seed for a window": (
        one(kind="sma", length=5, seed="sma"),
        "indicators.it.seed",
        "'sma' is not possible here",
        "use none",
    ),
    "macd with fast above slow": (
        one(kind="macd", fast=26, slow=12, signal=9),
        "indicators.it.fast",
        "26 is not below slow, 12",
        "make fast the shorter",
    ),
    "macd with fast equal to slow": (
        one(kind="macd", fast=12, slow=12, signal=9),
        "indicators.it.fast",
        "12 is not below slow, 12",
        "make fast the shorter",
    ),
}


@pytest.mark.parametrize(("raw", "key", "problem", "remedy"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_explained(raw, key, problem, remedy):
    with pytest.raises(SettingsError) as caught:
        load_indicators(raw)

    assert str(caught.value).startswith(f"configs/indicators.yaml: {key}: ")
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert (caught.value.file, caught.value.key) == ("configs/indicators.yaml", key)


def test_the_error_survives_a_process_boundary():
    error = SettingsError("a.yaml", "b.c", "is wrong", "write d")

    copy = pickle.loads(pickle.dumps(error))

    assert str(copy) == str(error) == "a.yaml: b.c: is wrong; write d"


def test_defaults_are_filled_in():
    specs = load_indicators(one(kind="bollinger", length=20.0))

    assert specs["it"].parameters == {"length": 20, "deviations": 2.0, "price": "close"}
    assert isinstance(specs["it"].parameters["length"], int)


def test_specs_are_in_name_order():
    raw = {"indicators": {"zscore_9": {"kind": "zscore", "length": 9}, "a": {"kind": "vwap"}}}

    assert list(load_indicators(raw)) == ["a", "zscore_9"]


DECLARED = load_indicators(yaml.safe_load(CONFIG.read_text()))

EXPECTED_NAMES = [
    "sma_5",
    "sma_10",
    "sma_20",
    "sma_30",
    "ema_12",
    "ema_26",
    "wma_10",
    "rsi_14",
    "macd_12_26_9",
    "bollinger_20_2",
    "atr_14",
    "adx_14",
    "vwap",
    "donchian_20",
    "supertrend_10_3",
    "zscore_30",
    "correlation_30",
    "hedge_ratio_60",
]


def test_the_shipped_file_declares_the_usual_set():
    assert set(EXPECTED_NAMES) <= set(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_the_shipped_file_builds(name):
    spec = DECLARED[name]

    indicator = build_pair(spec) if spec.pair else build(spec)

    assert indicator.outputs == spec.outputs
    assert indicator.warmup_bars == spec.warmup_bars
    assert indicator.values() is None
