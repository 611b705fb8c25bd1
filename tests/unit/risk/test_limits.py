"""configs/risk_budget.yaml: what is accepted, what is refused, and in which words."""

import copy

import pytest

from builders_risk import RAW, limits
from tapeline.contracts.errors import SettingsError
from tapeline.risk.limits import risk_budget, with_control


def test_the_default_profile_is_valid_and_names_its_capital() -> None:
    assert limits().capital_e4 == 10_000_000_000


def test_overrides_apply_together() -> None:
    changed = limits(budget__max_trade_e4=10**13, budget__daily_e4=10**14)
    assert changed.budget.max_trade_e4 == 10**13
    assert changed.budget.daily_e4 == 10**14


def test_a_bucket_without_a_cap_has_the_default() -> None:
    budget = limits()
    assert budget.bucket_cap_e4("trend") == budget.buckets["trend"].max_notional_e4
    assert budget.bucket_cap_e4("new") == budget.buckets["default"].max_notional_e4


BAD_OVERRIDES = {
    "an unknown key": ({"sizing.max_qty": 3}, "sizing.max_qty: is not a limit"),
    "an unknown group": ({"size.max_symbol_qty": 3}, "size.max_symbol_qty: is not a limit"),
    "a group": ({"sizing": 3}, "sizing: is not a limit"),
    "a key below a limit": ({"capital_e4.x": 3}, "capital_e4.x: is not a limit"),
    "an unknown bucket": ({"buckets.x.max_notional_e4": 3}, "is not a limit"),
    "a negative value": ({"sizing.max_symbol_qty": -1}, "sizing.max_symbol_qty: input should be"),
    "a zero": ({"capital_e4": 0}, "capital_e4: input should be"),
    "a trade above the day's budget": (
        {"budget.max_trade_e4": 10**12},
        "max_trade_e4 must not be above daily_e4",
    ),
    "a hard drawdown below the soft one": (
        {"loss.hard_drawdown_bp": 100},
        "hard_drawdown_bp must be at least max_drawdown_bp",
    ),
    "a hard day's loss below the soft one": ({"loss.hard_day_e4": 1}, "hard_day_e4 must be"),
    "no order left in a second": ({"throttle.exits_per_second": 9}, "kept of per_second"),
    "no order left in a minute": ({"throttle.per_minute": 60}, "kept of per_minute"),
    "no order left in a day": ({"throttle.per_day": 1_000}, "kept of per_day"),
    "more orders than the broker takes": ({"throttle.per_second": 11}, "throttle.per_second"),
    "a symbol above the account's leverage": (
        {"sizing.max_symbol_notional_e4": 10**14},
        "must not be above capital_e4 x max_leverage_bp",
    ),
}


@pytest.mark.parametrize("case", BAD_OVERRIDES)
def test_an_impossible_override_is_refused(case: str) -> None:
    overrides, words = BAD_OVERRIDES[case]
    with pytest.raises(SettingsError) as caught:
        risk_budget(RAW, "default", overrides)
    assert words in str(caught.value)
    assert str(caught.value).startswith("configs/risk_budget.yaml: ")


def test_the_file_must_hold_profiles_only() -> None:
    for raw in (None, [], {}, {"profiles": {}}):
        with pytest.raises(SettingsError, match=r": profiles: is missing; put the limits under it"):
            risk_budget(raw, "default", {})
    with pytest.raises(SettingsError, match=r": x: is no key of the file; put it under profiles"):
        risk_budget({"profiles": {"a": 1}, "x": 1}, "default", {})


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"profiles.bold: is missing; use one of: default"):
        risk_budget(RAW, "bold", {})


def test_an_unknown_key_in_the_file_names_its_path() -> None:
    raw = copy.deepcopy(RAW)
    raw["profiles"]["default"]["price"]["max_agee_s"] = 3
    with pytest.raises(SettingsError, match=r"profiles.default.price.max_agee_s.*spelling"):
        risk_budget(raw, "default", {})


def test_a_missing_key_and_a_missing_default_bucket_are_named() -> None:
    raw = copy.deepcopy(RAW)
    del raw["profiles"]["default"]["loss"]
    with pytest.raises(SettingsError, match=r"profiles.default.loss: field required"):
        risk_budget(raw, "default", {})
    raw = copy.deepcopy(RAW)
    del raw["profiles"]["default"]["buckets"]["default"]
    with pytest.raises(SettingsError, match="buckets must name default"):
        risk_budget(raw, "default", {})


def test_control_changes_a_limit_and_keeps_earlier_ones() -> None:
    budget, overrides = with_control(limits(), {"price.max_age_s": 9}, "sizing.max_symbol_qty", 5)
    assert (budget.price.max_age_s, budget.sizing.max_symbol_qty) == (9, 5)
    assert overrides == {"price.max_age_s": 9, "sizing.max_symbol_qty": 5}


BAD_CONTROLS = {
    "no key": (None, 1),
    "no value": ("sizing.max_symbol_qty", None),
    "the capital": ("capital_e4", 10**12),
    "the square-off": ("square_off.lead_s", 1),
    "an unknown key": ("x.y", 1),
    "an impossible value": ("price.max_age_s", 0),
}


@pytest.mark.parametrize("case", BAD_CONTROLS)
def test_control_cannot_change(case: str) -> None:
    key, value = BAD_CONTROLS[case]
    with pytest.raises(SettingsError):
        with_control(limits(), {}, key, value)
