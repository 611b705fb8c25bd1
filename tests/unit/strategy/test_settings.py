"""Every mistake in the strategies' configuration is one sentence: file, key, problem, remedy."""

import copy

import pytest

from strategy_builders import config, entry, session
from tapeline.contracts.errors import SettingsError
from tapeline.strategy.settings import Settings

SMA = {"fast": "sma_5", "slow": "sma_10", "atr": "atr_5"}
PAIR = {"ratio": "hedge_ratio_60"}


def registry(**changes):
    return {"strategies": {"one": entry("sma_cross") | {"parameters": SMA} | changes}}


REGISTRY = {
    "an unknown top key": (
        registry() | {"strategy": {}},
        "configs/registry.yaml: strategy: unknown key; check its spelling",
    ),
    "an unknown key of an entry": (
        registry(sybols=["AAA"]),
        "configs/registry.yaml: strategies.one.sybols: unknown key",
    ),
    "an unknown key of the order rules": (
        registry() | {"orders": {"expiry": 3}},
        "configs/registry.yaml: orders.expiry: unknown key",
    ),
    "an unknown parameter": (
        registry(parameters=SMA | {"fats": 3}),
        "one.parameters.fats: unknown key; check its spelling (known here: fast, slow, atr, ",
    ),
    "a missing parameter": (
        registry(parameters={"fast": "sma_5", "slow": "sma_10"}),
        "configs/registry.yaml: strategies.one.parameters.atr: Field required",
    ),
    "a parameter out of bounds": (
        registry(parameters=SMA | {"stop_ranges": 99}),
        "parameters.stop_ranges: Input should be less than or equal to 50; the value is 99",
    ),
    "a parameter of the wrong type": (
        registry(parameters=SMA | {"stop_ranges": "wide"}),
        "strategies.one.parameters.stop_ranges: Input should be a valid number",
    ),
    "an unknown class": (
        {"strategies": {"one": entry("sma_corss")}},
        "strategies.one.class: no strategy class is called sma_corss; use one of ",
    ),
    "an unknown indicator": (
        registry(parameters=SMA | {"fast": "sma_6"}),
        "strategies.one.parameters.fast: sma_6 is not in configs/indicators.yaml; add it there",
    ),
    "an indicator of another kind": (
        registry(parameters=SMA | {"fast": "atr_5"}),
        "parameters.fast: atr_5 is of kind atr; name an indicator of kind sma or ema or wma",
    ),
    "an indicator with other parameters": (
        {
            "strategies": {
                "one": entry("donchian_breakout", {"channel": "donchian_20", "atr": "atr_5"})
            }
        },
        "'lag': 0}; name an indicator with {'lag': 1}",
    ),
    "a timeframe that does not exist": (
        registry(timeframe="2m"),
        "configs/registry.yaml: strategies.one.timeframe: Input should be '1m', '3m', '5m'",
    ),
    "none of the symbols": (
        registry(symbols=["CCC"]),
        "strategies.one.symbols: the session trades none of ['CCC']; add them to the manifest's",
    ),
    "only an index": (registry(symbols=["NIFTY"]), "the session trades none of ['NIFTY']"),
    "a leg timeout for one symbol": (
        registry(leg_timeout_ms=5),
        "strategies.one.leg_timeout_ms: has no meaning for one symbol; remove it",
    ),
    "a pair without a leg timeout": (
        {"strategies": {"one": entry("pair_spread", PAIR, symbols=["AAA", "BBB"])}},
        "strategies.one.leg_timeout_ms: is needed for a pair strategy; set it",
    ),
    "a pair of one": (
        {"strategies": {"one": entry("pair_spread", PAIR, leg_timeout_ms=5)}},
        "strategies.one.symbols: a pair has two different symbols; write [FIRST, SECOND]",
    ),
    "a pair of all": (
        {"strategies": {"one": entry("pair_spread", PAIR, leg_timeout_ms=5, symbols="all")}},
        "strategies.one.symbols: a pair has two different symbols",
    ),
    "a pair of which one is not traded": (
        {
            "strategies": {
                "one": entry("pair_spread", PAIR, leg_timeout_ms=5, symbols=["AAA", "CCC"])
            }
        },
        "strategies.one.symbols: the session does not trade ['CCC']; add them",
    ),
    "not a registry": (["one"], "configs/registry.yaml: (top): Input should be a valid dictionary"),
}


@pytest.mark.parametrize("sentence", REGISTRY)
def test_wrong_registry(sentence):
    raw, message = REGISTRY[sentence]

    with pytest.raises(SettingsError) as caught:
        Settings.from_session(session("one", symbols=("AAA", "BBB", "NIFTY"), registry=raw))

    assert message in str(caught.value)


RULE = {"version": "1", "members": ["one", "two"], "method": "unanimous"}
ENSEMBLE = {
    "an unknown key": ({"both": RULE | {"vote": 1}}, "ensembles.both.vote: unknown key"),
    "an unknown method": (
        {"both": RULE | {"method": "majority"}},
        "ensembles.both.method: Input should be",
    ),
    "a member that does not exist": (
        {"both": RULE | {"members": ["one", "six"]}},
        "ensembles.both.members: ['six'] are not in configs/registry.yaml",
    ),
    "a member twice": (
        {"both": RULE | {"members": ["one", "one"]}},
        "ensembles.both.members: a member appears twice",
    ),
    "one member": ({"both": RULE | {"members": ["one"]}}, "ensembles.both.members: Tuple should"),
    "a member of two ensembles": (
        {"both": RULE, "more": RULE},
        "ensembles.more.members: ['one', 'two'] are in another ensemble too",
    ),
    "members on other timeframes": (
        {"both": RULE | {"members": ["one", "slow"]}},
        "ensembles.both.members: differ in timeframe",
    ),
    "a pair as member": (
        {"both": RULE | {"members": ["pair", "pair_too"]}},
        "ensembles.both.members: a pair strategy cannot vote",
    ),
    "the name of a strategy": (
        {"one": RULE},
        "ensembles.one: configs/registry.yaml has a strategy",
    ),
}


@pytest.mark.parametrize("sentence", ENSEMBLE)
def test_wrong_ensemble(sentence):
    ensembles, message = ENSEMBLE[sentence]
    legs = entry("pair_spread", PAIR, symbols=["AAA", "BBB"], leg_timeout_ms=5)
    strategies = {
        "one": entry("sma_cross", SMA),
        "two": entry("sma_cross", SMA),
        "slow": entry("sma_cross", SMA, timeframe="5m"),
        "pair": legs,
        "pair_too": legs,
    }

    with pytest.raises(SettingsError) as caught:
        Settings.from_session(
            session(
                "one", "two", registry={"strategies": strategies}, ensemble={"ensembles": ensembles}
            )
        )

    assert message in str(caught.value)
    assert str(caught.value).startswith("configs/ensemble.yaml: ")


def test_a_strategy_that_does_not_exist():
    with pytest.raises(SettingsError, match=r"manifest: spec.strategies: sma_corss is neither in"):
        Settings.from_session(session("sma_corss"))


def test_an_ensemble_runs_when_selected_by_name_or_by_all_members():
    def names(*selected):
        return [unit.name for unit in Settings.from_session(session(*selected)).units]

    assert names("reversion_vote") == ["reversion_vote"]
    assert names("rsi_reversion_vote", "bollinger_reversion_vote") == ["reversion_vote"]
    assert names("rsi_reversion_vote") == ["rsi_reversion_vote"]
    assert names() == []


def test_a_list_of_symbols_keeps_those_of_the_session():
    settings = Settings.from_session(
        session("one", registry=registry(symbols=["BBB", "AAA", "CCC"]), ensemble={})
    )

    assert settings.units[0].members[0].symbols == ("AAA", "BBB")


def test_every_shipped_class_is_in_the_registry():
    used = {row["class"] for row in config("registry")["strategies"].values()}

    assert used == {
        "bollinger_reversion",
        "donchian_breakout",
        "opening_range_breakout",
        "pair_spread",
        "rsi_reversion",
        "sma_cross",
    }


def test_the_registry_is_not_changed_by_reading():
    raw = config("registry")
    Settings.from_session(session("sma_cross", registry=(read := copy.deepcopy(raw))))

    assert read == raw
