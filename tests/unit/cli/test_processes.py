"""A run on Kafka: which services it uses, what it shows, what it refuses."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tapeline.cli import main
from tapeline.cli.console import RefusedError
from tapeline.cli.processes import SERVICES, Services, services, snapshot
from tapeline.session.load import load_session

MANIFEST = "configs/sessions/paper-short.yaml"
CONTEXT = load_session(Path(MANIFEST))
NAMED = {"KAFKA": "env:9092", "POSTGRES": "host=env"}

CHOSEN: dict[str, tuple[dict[str, Any], dict[str, str], Services | None]] = {
    "the environment alone switches nothing": ({}, NAMED, None),
    "--kafka with PostgreSQL from the environment": (
        {"kafka": "b:1"},
        NAMED,
        Services("b:1", "host=env"),
    ),
    "--kafka with the embedded PostgreSQL": ({"kafka": "b:1"}, {}, Services("b:1", None)),
    "--kafka and --postgres": (
        {"kafka": "b:1", "postgres": "host=db"},
        NAMED,
        Services("b:1", "host=db"),
    ),
    "--services": ({"local": True}, NAMED, Services("env:9092", "host=env")),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_services(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given, environment, expected = CHOSEN[case]
    options: dict[str, Any] = {"kafka": None, "postgres": None, "local": False, **given}

    assert services(**options, environment=environment) == expected


def test_services_come_from_the_file_of_make_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    SERVICES.parent.mkdir()
    SERVICES.write_text("# services\nKAFKA=file:9092\nexport POSTGRES='host=file dbname=x'\n")

    found = services(None, None, local=True, environment={"KAFKA": "env:9092"})

    assert found == Services("env:9092", "host=file dbname=x")


def test_services_that_are_nowhere_named_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError, match="run `make up`"):
        services(None, None, local=True, environment={})


REFUSED = {
    "--postgres host=db": "--postgres: goes with --kafka",
    "--fresh": "--fresh: goes with --kafka",
    "--resume": "--resume: goes with --kafka",
    "--prefix other": "--prefix: goes with --kafka",
    "--restarts 3": "--restarts: goes with --kafka",
    "--kafka b:1 --shuffle 3": "--shuffle: processes run in no order of ours",
    "--kafka b:1 --http 0": "--http: each process serves its own",
    "--kafka b:1 --fresh --resume": "--fresh and --resume: one deletes",
}


@pytest.mark.parametrize("options", REFUSED)
def test_options_that_do_not_go_together_are_refused(
    options: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tapeline", "run", MANIFEST, *options.split()])

    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 2
    assert REFUSED[options] in capsys.readouterr().err


ALONE = {
    f"stage oms {MANIFEST}": "--kafka: which brokers?",
    f"stage none {MANIFEST} --kafka b:1": "stage none: does not run in this session",
    f"stage gateway_dry {MANIFEST} --kafka b:1": "stage gateway_dry: does not run in this session",
    f"stage oms {MANIFEST} --kafka b:1 --replica 1": "one ordered lane for each account",
    f"stage oms {MANIFEST} --kafka b:1 --implementation go": "oms has no go implementation",
    f"tail none {MANIFEST} --kafka b:1": "topic none: does not exist",
}


@pytest.mark.parametrize("line", ALONE)
def test_stages_and_topics_that_there_are_not_are_refused(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tapeline", *line.split()])

    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 2
    assert ALONE[line] in capsys.readouterr().err


def test_a_session_in_processes_is_as_far_as_its_slowest_stage() -> None:
    half_ns = (CONTEXT.start_ns + CONTEXT.end_ns) // 2
    readings = SimpleNamespace(
        horizons_ns=lambda: {"ingestion": CONTEXT.end_ns * 2, "oms": half_ns, "recon": half_ns},
        published=lambda topic: {"ticks": 600, "fills": 3}[topic],
        events=lambda: 1_000,
    )
    supervisor = SimpleNamespace(stages=["ingestion", "oms", "recon"])
    running: Any = SimpleNamespace(
        context=CONTEXT, readings=readings, supervisor=supervisor, started=100.0
    )

    now = snapshot(running, 102.0)

    assert now.session_ns == half_ns
    assert now.horizons_ns["ingestion"] == CONTEXT.end_ns
    assert (now.ticks, now.ticks_per_s, now.fills, now.events) == (600, 300.0, 3, 1_000)
    assert (now.net_pnl_e4, now.rejections) == (None, None)
