"""What a person may get wrong in a file: refused before the first record, with file and key."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapeline.session.load import load_session
from tapeline.session.run import RunOptions, run_session

MANIFEST: dict[str, Any] = {
    "apiVersion": "tapeline.dev/v1alpha1",
    "kind": "TradingSession",
    "metadata": {"name": "refused"},
    "spec": {
        "mode": "paper",
        "dates": ["2026-11-20"],
        "window": {"from": "09:15", "to": "09:45"},
        "symbols": ["HDFCBANK", "ICICIBANK"],
        "source": {"type": "smoke"},
        "strategies": ["sma_cross", "pair_spread"],
    },
}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the shipped configs, with a manifest that runs half an hour of smoke ticks."""
    shutil.copytree("configs", tmp_path / "configs", ignore=shutil.ignore_patterns("sessions"))
    (tmp_path / "configs" / "sessions").mkdir()
    write(tmp_path / "configs" / "sessions" / "test.yaml", MANIFEST)
    return tmp_path / "configs"


def write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def refused(configs: Path) -> str:
    """What is said before the first record; starting must not get further."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the type is asserted below
        run_session(
            load_session(configs / "sessions" / "test.yaml"),
            RunOptions(configs / "out", database=False),
            lambda _progress: pytest.fail("the session ran"),
        )
    said = caught.value
    assert type(said).__name__ in {"ManifestError", "SettingsError", "SourceError"}, repr(said)
    return str(said)


def change(path: Path, edit: Change) -> None:
    content = yaml.safe_load(path.read_text())
    edit(content)
    write(path, content)


def at(*keys: Any, **values: Any) -> Change:
    """Sets values below a path of keys."""

    def edit(content: Any) -> None:
        for key in keys:
            content = content[key]
        content.update(values)

    return edit


UNKNOWN_KEYS: dict[str, tuple[str, Change, str]] = {
    "manifest": ("sessions/test.yaml", at("spec", colour=1), "spec.colour"),
    "manifest, stage": (
        "sessions/test.yaml",
        at("spec", stages={"oms": {"copies": 1}}),
        "spec.stages.oms.copies",
    ),
    "registry": ("registry.yaml", at(colour=1), "colour"),
    "registry, orders": ("registry.yaml", at("orders", colour=1), "orders.colour"),
    "registry, strategy": (
        "registry.yaml",
        at("strategies", "sma_cross", colour=1),
        "strategies.sma_cross.colour",
    ),
    "registry, parameter": (
        "registry.yaml",
        at("strategies", "sma_cross", "parameters", colour=1),
        "strategies.sma_cross.parameters.colour",
    ),
    "indicators": ("indicators.yaml", at(colour=1), "colour"),
    "indicators, one": (
        "indicators.yaml",
        at("indicators", "sma_5", colour=1),
        "indicators.sma_5.colour",
    ),
    "ensemble": ("ensemble.yaml", at(colour=1), "colour"),
    "ensemble, one": (
        "ensemble.yaml",
        at("ensembles", "reversion_vote", colour=1),
        "ensembles.reversion_vote.colour",
    ),
    "risk budget": ("risk_budget.yaml", at(colour=1), "colour"),
    "risk budget, profile": (
        "risk_budget.yaml",
        at("profiles", "default", colour=1),
        "profiles.default.colour",
    ),
    "risk budget, limits": (
        "risk_budget.yaml",
        at("profiles", "default", "sizing", colour=1),
        "profiles.default.sizing.colour",
    ),
    "OMS": ("oms.yaml", at(colour=1), "colour"),
    "paper broker": ("paper_broker.yaml", at(colour=1), "colour"),
    "paper broker, matching": ("paper_broker.yaml", at("matching", colour=1), "matching.colour"),
    "calendar": ("calendars/nse.yaml", at(colour=1), "colour"),
    "calendar, phase": ("calendars/nse.yaml", at("phases", 0, colour=1), "phases.0.colour"),
    "calendar, year": ("calendars/nse.yaml", at("years", 2026, colour=1), "years.2026.colour"),
    "charges": ("charges/zerodha.yaml", at(colour=1), "colour"),
    "charges, row": ("charges/zerodha.yaml", at("rows", 0, colour=1), "rows.0.colour"),
    "ticks": ("charges/ticks.yaml", at(colour=1), "colour"),
    "pipeline": ("pipeline.yaml", at(colour=1), "colour"),
    "pipeline, stage": ("pipeline.yaml", at("stages", "oms", colour=1), "stages.oms.colour"),
}


@pytest.mark.parametrize(("file", "edit", "key"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS)
def test_an_unknown_key_is_named_with_its_file(
    desk: Path, file: str, edit: Change, key: str
) -> None:
    change(desk / file, edit)

    said = refused(desk)

    assert Path(file).name in said, said
    assert f": {key}: " in said, said


IMPOSSIBLE: dict[str, tuple[str, Change, str]] = {
    "no capital": ("risk_budget.yaml", at("profiles", "default", capital_e4=0), "capital_e4"),
    "a leverage below zero": (
        "risk_budget.yaml",
        at("profiles", "default", "sizing", max_leverage_bp=-1),
        "sizing.max_leverage_bp",
    ),
    "a hard loss limit inside the soft one": (
        "risk_budget.yaml",
        at("profiles", "default", "loss", hard_day_e4=1),
        "hard_day_e4",
    ),
    "no room for entries in the throttle": (
        "risk_budget.yaml",
        at("profiles", "default", "throttle", per_second=2),
        "throttle",
    ),
    "a limit that is text": (
        "risk_budget.yaml",
        at("profiles", "default", "budget", daily_e4="much"),
        "budget.daily_e4",
    ),
    "a limit that is infinite": (
        "risk_budget.yaml",
        at("profiles", "default", "budget", daily_e4=float("inf")),
        "budget.daily_e4",
    ),
    "an override out of range": (
        "sessions/test.yaml",
        at("spec", risk={"overrides": {"sizing.max_symbol_qty": -5}}),
        "sizing.max_symbol_qty",
    ),
    "an average over nothing": (
        "indicators.yaml",
        at("indicators", "sma_5", length=0),
        "indicators.sma_5.length",
    ),
    "a strategy that names no indicator of ours": (
        "registry.yaml",
        at("strategies", "sma_cross", "parameters", fast="sma_7"),
        "strategies.sma_cross.parameters.fast",
    ),
    "a participation of more than everything": (
        "paper_broker.yaml",
        at("matching", participation_bp=10_001),
        "matching.participation_bp",
    ),
    "an OMS that never asks": ("oms.yaml", at(query_every_ms=0), "query_every_ms"),
    "a phase that ends before it begins": (
        "calendars/nse.yaml",
        at("phases", 0, to="08:00"),
        "phases.0",
    ),
    "more replicas than partitions": (
        "sessions/test.yaml",
        at("spec", stages={"bar_builder_1s": {"replicas": 2}}),
        "spec.stages.bar_builder_1s.replicas",
    ),
}


@pytest.mark.parametrize(("file", "edit", "key"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_setting_is_named(desk: Path, file: str, edit: Change, key: str) -> None:
    change(desk / file, edit)

    assert key in refused(desk)


def live(**changes: Any) -> Change:
    def edit(content: dict[str, Any]) -> None:
        content["metadata"] |= {
            "generation": 3,
            "annotations": {"tapeline.dev/approved-generation": "3"},
        }
        content["spec"] |= {
            "mode": "live",
            "clock": "real",
            "credentials": {"secret": "kite"},
            **changes,
        }

    return edit


def unapproved(content: dict[str, Any]) -> None:
    live()(content)
    content["metadata"]["annotations"] = {}


MANIFESTS: dict[str, tuple[Change, str]] = {
    "a year that the calendar does not know": (
        at("spec", dates=["2031-01-06"]),
        "years.2031: is missing",
    ),
    "live without credentials": (live(credentials=None), "spec.credentials: live mode needs"),
    "live without approval": (unapproved, "live mode needs an approval of exactly this spec"),
    "an unknown symbol": (at("spec", symbols=["HDFCBANK", "NOPE"]), "spec.symbols: NOPE not in"),
    "an unknown stage": (
        at("spec", stages={"omz": {}}),
        "spec.stages.omz: is no stage of the pipeline",
    ),
    "Go where there is none": (
        at("spec", stages={"oms": {"implementation": "go"}}),
        "spec.stages.oms.implementation: oms has no go implementation",
    ),
    "a recording that is not there": (
        at(
            "spec",
            source={"type": "replay", "format": "ticks", "files": {"ticks": "nothing.ndjson"}},
        ),
        "nothing.ndjson: cannot be read (No such file or directory); check the path",
    ),
    "two replicas of the order path": (
        at("spec", stages={"oms": {"replicas": 2}}),
        "spec.stages.oms.replicas: 2, but its topics are one ordered lane",
    ),
    "a pair with one leg in the session": (
        at("spec", symbols=["HDFCBANK"]),
        "ICICIBANK",
    ),
}


@pytest.mark.parametrize(("edit", "sentence"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_cannot_run_is_refused(desk: Path, edit: Change, sentence: str) -> None:
    change(desk / "sessions" / "test.yaml", edit)

    assert sentence in refused(desk)


@pytest.mark.parametrize("file", ["tokens.csv", "registry.yaml", "pipeline.yaml"])
def test_a_config_that_is_not_utf8_is_named(desk: Path, file: str) -> None:
    path = desk / file
    path.write_bytes(path.read_bytes() + b"\xff\xfe")

    assert f"{path}: (file): cannot be read (is not UTF-8)" in refused(desk)


def test_the_desk_runs_when_nothing_is_changed(desk: Path) -> None:
    """Else the refusals above would prove little."""
    context = load_session(desk / "sessions" / "test.yaml")
    rounds = iter((True, False))
    run_session(context, RunOptions(desk / "out", database=False), lambda _p: next(rounds))

    assert next(rounds, None) is None
