"""From configs/indicators.yaml to indicators; every mistake in the file is a SettingsError."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Any

from tapeline.contracts.errors import SettingsError
from tapeline.strategy.indicators.base import INPUTS, Indicator, PairIndicator
from tapeline.strategy.indicators.kinds import KINDS, Kind, Parameter

FILE = "configs/indicators.yaml"

NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,47}")
"""Names travel as keys in the signals of orders."""

_KINDS = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class IndicatorSpec:
    """One declared indicator, valid by construction when it comes from load_indicators."""

    name: str
    kind: str
    parameters: dict[str, int | float | str]
    """Arguments of the kind's class, defaults filled in."""
    outputs: tuple[str, ...]
    """Names of the values."""
    warmup_bars: int
    """Bars that give no value."""
    pair: bool
    """True = follows two symbols: build with build_pair."""


def load_indicators(raw: dict[str, Any]) -> dict[str, IndicatorSpec]:
    """Validate the parsed file.

    Args:
        raw: what configs/indicators.yaml holds.

    Returns:
        The declared indicators by name, in name order.

    Raises:
        SettingsError: for an unknown key or kind, a missing or impossible parameter.
    """
    if not isinstance(raw, dict):
        raise _error("indicators", "the file is not a mapping", "start it with `indicators:`")
    _refuse_unknown("", raw, ("indicators",))
    entries = raw.get("indicators")
    if not isinstance(entries, dict):
        raise _error("indicators", "missing or not a mapping", "declare one entry per indicator")
    for name in entries:
        if not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
            raise _error(
                f"indicators.{name}",
                "not a valid name",
                "use lower-case letters, digits and _, at most 48, a letter first",
            )
    return {name: _load(name, entries[name]) for name in sorted(entries)}


def build(spec: IndicatorSpec) -> Indicator:
    """A new indicator, before its first bar."""
    return _KINDS[spec.kind].make(**spec.parameters)


def build_pair(spec: IndicatorSpec) -> PairIndicator:
    """A new indicator of two symbols; `spec.pair` must be true."""
    assert spec.pair, f"indicator {spec.name} ({spec.kind}) follows one symbol: use build"
    indicator = build(spec)
    assert isinstance(indicator, PairIndicator)
    return indicator


def _load(name: str, entry: object) -> IndicatorSpec:
    path = f"indicators.{name}"
    if not isinstance(entry, dict):
        raise _error(path, "not a mapping", "write for example {kind: sma, length: 20}")
    kind = _kind(path, entry.get("kind"))
    names = tuple(parameter.name for parameter in kind.parameters)
    _refuse_unknown(path, entry, ("kind", "seed", *(("input",) * kind.chooses_input), *names))
    arguments: dict[str, int | float | str] = {
        parameter.name: _number(path, entry, parameter) for parameter in kind.parameters
    }
    if kind.chooses_input:
        arguments["price"] = _choice(f"{path}.input", entry.get("input", "close"), INPUTS)
    seed = _choice(f"{path}.seed", entry.get("seed", kind.seeds[0]), kind.seeds)
    if kind.chooses_seed:
        arguments["seed"] = seed
    if kind.name == "macd" and arguments["fast"] >= arguments["slow"]:  # type: ignore[operator]
        raise _error(
            f"{path}.fast",
            f"{arguments['fast']} is not below slow, {arguments['slow']}",
            "make fast the shorter of the two",
        )
    warmup_bars = kind.make(**arguments).warmup_bars
    return IndicatorSpec(name, kind.name, arguments, kind.outputs, warmup_bars, kind.pair)


def _kind(path: str, name: object) -> Kind:
    known = ", ".join(_KINDS)
    if not isinstance(name, str):
        raise _error(f"{path}.kind", "missing or not a name", f"use one of {known}")
    if name not in _KINDS:
        raise _error(f"{path}.kind", f"unknown kind {name!r}", f"use one of {known}")
    return _KINDS[name]


def _number(path: str, entry: dict[str, Any], parameter: Parameter) -> int | float:
    key = f"{path}.{parameter.name}"
    limits = f"from {parameter.low:g} to {parameter.high:g}"
    value = entry.get(parameter.name, parameter.default)
    if value is None:
        raise _error(key, "missing", f"give a number {limits}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _error(key, f"{value!r} is not a number", f"give a number {limits}")
    if parameter.whole and value != int(value):
        raise _error(key, f"{value!r} is not a whole number", f"give a whole number {limits}")
    if not parameter.low <= value <= parameter.high:
        raise _error(key, f"{value!r} is out of range", f"give a number {limits}")
    return int(value) if parameter.whole else float(value)


def _choice(key: str, value: object, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise _error(key, f"{value!r} is not possible here", f"use {' or '.join(allowed)}")
    return value


def _refuse_unknown(path: str, entry: dict[Any, Any], allowed: tuple[str, ...]) -> None:
    for key in sorted(str(key) for key in entry):
        if key not in allowed:
            near = get_close_matches(key, allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"use only {', '.join(allowed)}"
            raise _error(f"{path}.{key}".lstrip("."), "unknown key", hint)


def _error(key: str, problem: str, remedy: str) -> SettingsError:
    return SettingsError(FILE, key, problem, remedy)
