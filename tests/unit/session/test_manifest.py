"""The manifest: every bad input is one sentence with file and key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapeline.session.manifest import (
    ManifestError,
    ReplaySource,
    SmokeSource,
    TradingSession,
    load_manifest,
)

Change = Callable[[dict[str, Any]], object]


def content() -> dict[str, Any]:
    return {
        "apiVersion": "tapeline.dev/v1alpha1",
        "kind": "TradingSession",
        "metadata": {"name": "test"},
        "spec": {
            "mode": "paper",
            "dates": ["2026-11-20"],
            "symbols": ["INFY"],
            "source": {"type": "smoke"},
        },
    }


def load(tmp_path: Path, change: Change = lambda c: c) -> TradingSession:
    whole = content()
    change(whole)
    path = tmp_path / "session.yaml"
    path.write_text(yaml.safe_dump(whole))
    return load_manifest(path)


def spec(**values: Any) -> Change:
    return lambda whole: whole["spec"].update(values)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    loaded = load(tmp_path)

    assert loaded.spec.source == SmokeSource(type="smoke")
    assert (loaded.spec.clock, loaded.spec.seed, loaded.spec.paused) == ("virtual", 1, False)
    assert (loaded.spec.window.start, loaded.spec.window.end) == (None, None)
    assert loaded.spec.rollout.allowed_phases == ("pre_open", "post_close", "closed")
    assert loaded.metadata.namespace == "default"


def test_keys_are_written_as_in_kubernetes(tmp_path: Path) -> None:
    rollout = {"minRecords": 5, "watchSeconds": 6, "deadlineSeconds": 7, "autoRollback": False}
    loaded = load(tmp_path, spec(rollout=rollout, window={"from": "09:15", "to": "10:00"}))

    assert loaded.spec.rollout.model_dump(by_alias=True).items() >= rollout.items()
    assert (loaded.spec.window.start, loaded.spec.window.end) == (time(9, 15), time(10))


def test_a_source_is_chosen_by_its_type(tmp_path: Path) -> None:
    source = {"type": "replay", "format": "ticks", "files": {"ticks": "t.ndjson"}}

    assert isinstance(load(tmp_path, spec(source=source)).spec.source, ReplaySource)


def test_a_session_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(tmp_path).spec.mode = "live"  # type: ignore[misc]


def top(**values: Any) -> Change:
    return lambda whole: whole.update(values)


def without(key: str) -> Change:
    return lambda whole: whole["spec"].pop(key)


REFUSED: dict[str, tuple[Change, str]] = {
    "another version": (top(apiVersion="v2"), "apiVersion: Input should be 'tapeline.dev/v1alpha1"),
    "another kind": (top(kind="Deployment"), "kind: Input should be 'TradingSession'"),
    "a name that Kubernetes refuses": (top(metadata={"name": "My_Run"}), "metadata.name: String"),
    "an unknown key at the top": (
        top(status={}),
        "status: Extra inputs are not permitted (unknown",
    ),
    "an unknown key of the spec": (
        spec(symbol=["INFY"]),
        "spec.symbol: Extra inputs are not permitted (unknown key; check its spelling)",
    ),
    "an unknown key of the window": (spec(window={"until": "10:00"}), "spec.window.until: Extra"),
    "an unknown key of the source": (
        spec(source={"type": "smoke", "ticks": 3}),
        "spec.source.smoke.ticks: Extra inputs are not permitted",
    ),
    "an unknown key of a stage": (spec(stages={"oms": {"replica": 2}}), "spec.stages.oms.replica:"),
    "an unknown mode": (spec(mode="real"), "spec.mode: Input should be 'dry', 'paper' or 'live'"),
    "no mode": (without("mode"), "spec.mode: is missing; add it"),
    "an unknown source": (spec(source={"type": "random"}), "spec.source: Input tag 'random'"),
    "a source without a type": (spec(source={}), "spec.source: Unable to extract tag"),
    "a format that nobody reads": (
        spec(source={"type": "replay", "format": "csv", "files": {}}),
        "spec.source.replay.format: Input should be 'ticks' or 'bars-1m'",
    ),
    "no date": (spec(dates=[]), "spec.dates: must not be empty"),
    "a date that is none": (
        spec(dates=["2026-11-31"]),
        "spec.dates.0: must be a date, as 2026-11-20",
    ),
    "dates out of order": (
        spec(dates=["2026-11-23", "2026-11-20"]),
        "spec: dates: must ascend without repeats",
    ),
    "a date twice": (spec(dates=["2026-11-20"] * 2), "dates: must ascend without repeats"),
    "no symbol": (spec(symbols=[]), "spec.symbols: must not be empty"),
    "symbols twice": (
        spec(symbols=["TCS", "INFY", "TCS", "INFY"]),
        "symbols: ['INFY', 'TCS'] appear more than once; remove the repeats",
    ),
    "a window that ends before it begins": (
        spec(window={"from": "10:00", "to": "09:30"}),
        "window: from 10:00:00 must be before to 09:30:00",
    ),
    "a window of no length": (spec(window={"from": "10:00", "to": "10:00"}), "must be before to"),
    "a time that is none": (spec(window={"from": "25:00"}), "spec.window.from: Input should be"),
    "a negative seed": (spec(seed=-1), "spec.seed: Input should be greater than or equal to 0"),
    "a seed beyond 63 bits": (spec(seed=2**63), "spec.seed: Input should be less than 92233720368"),
    "an account that no broker has": (spec(account="my account"), "spec.account: String should"),
    "no replicas": (
        spec(stages={"oms": {"replicas": 0}}),
        "spec.stages.oms.replicas: Input should be greater than or equal to 1",
    ),
    "replicas without end": (
        spec(stages={"oms": {"replicas": 65}}),
        "spec.stages.oms.replicas: Input should be less than or equal to 64",
    ),
    "an unknown implementation": (
        spec(stages={"oms": {"implementation": "rust"}}),
        "spec.stages.oms.implementation: Input should be 'python' or 'go'",
    ),
    "ticks without end": (
        spec(source={"type": "smoke", "ticks_per_s": 1e6}),
        "spec.source.smoke.ticks_per_s: Input should be less than or equal to 20",
    ),
    "ticks that are no number": (
        spec(source={"type": "smoke", "ticks_per_s": float("nan")}),
        "spec.source.smoke.ticks_per_s: Input should be less than or equal to 20",
    ),
    "a limit that is no whole number": (
        spec(risk={"overrides": {"sizing.max_symbol_qty": 1.5}}),
        "spec.risk.overrides.sizing.max_symbol_qty: Input should be a valid integer",
    ),
    "a drill that sets nothing": (
        spec(drills=[{"at": "10:00", "command": "SET"}]),
        "spec.drills.0: SET changes one limit: give its key and its new value",
    ),
    "a drill that sets a limit to nothing": (
        spec(drills=[{"at": "10:00", "command": "SET", "key": "sizing.max_symbol_qty"}]),
        "spec.drills.0: SET changes one limit: give its key and its new value",
    ),
    "a drill with a value that its command does not take": (
        spec(drills=[{"at": "10:00", "command": "KILL", "value": 1}]),
        "spec.drills.0: KILL takes no key or value: remove them, or use SET",
    ),
    "a drill with a value that no record could hold": (
        spec(drills=[{"at": "10:00", "command": "SET", "key": "a", "value": 2**63}]),
        "spec.drills.0.value: Input should be less than",
    ),
    "a drill that is no command": (
        spec(drills=[{"at": "10:00", "command": "EXPLODE"}]),
        "spec.drills.0.command: Input should be 'KILL'",
    ),
    "credentials without a secret": (spec(credentials={}), "spec.credentials.secret: is missing"),
    "a rollout that never watches": (
        spec(rollout={"watchSeconds": 0}),
        "spec.rollout.watchSeconds: Input should be greater than or equal to 1",
    ),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_a_bad_manifest_is_refused(tmp_path: Path, change: Change, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, change)

    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{tmp_path / 'session.yaml'}: ") for line in lines)
    assert any(message in line for line in lines), lines


def test_every_problem_has_a_line(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, spec(mode="real", symbols=[], colour="red"))

    assert len(str(caught.value).splitlines()) == 3


FILES = {
    "no YAML": ("spec: [unclosed", "(file): is not valid YAML ("),
    "a list": ("- 1\n", "must hold one TradingSession object"),
    "nothing": ("", "must hold one TradingSession object"),
    "two documents": ("a: 1\n---\nb: 2\n", "(file): is not valid YAML ("),
    "a tag that runs code": ("!!python/object/apply:os.system [ls]", "(file): is not valid YAML ("),
    "a key twice": ("spec: {mode: paper, mode: live}", "(file): is not valid YAML (the key 'mode'"),
}


@pytest.mark.parametrize(("text", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "session.yaml"
    path.write_text(text)

    with pytest.raises(ManifestError) as caught:
        load_manifest(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "session.yaml"
    path.write_bytes(b"spec: \xff\xfe")

    with pytest.raises(ManifestError, match=r"\(file\): cannot be read \(is not UTF-8\)"):
        load_manifest(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"cannot be read \(No such file or directory\); check"):
        load_manifest(tmp_path / "session.yaml")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"cannot be read \(Is a directory\)"):
        load_manifest(tmp_path)
