"""Command lines of a session's processes."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path

import pytest

from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.manifest import ManifestError, StageSpec
from tapeline.session.pipeline import Language
from tapeline.supervisor.commands import Commands
from tapeline.supervisor.database import SessionDatabase, database_name

MANIFEST = Path("configs/sessions/paper-short.yaml")
BARS = "bar_builder_1s"


@pytest.fixture(scope="module")
def context() -> SessionContext:
    return load_session(MANIFEST)


def speaking(context: SessionContext, *languages: Language) -> SessionContext:
    """The session with a bar builder that has these implementations."""
    stages = context.pipeline.stages
    builder = stages[BARS].model_copy(update={"languages": languages})
    pipeline = context.pipeline.model_copy(update={"stages": {**stages, BARS: builder}})
    return dataclasses.replace(context, pipeline=pipeline)


def commands(context: SessionContext, folder: Path, **changes: object) -> Commands:
    lanes = Lanes(context.pipeline, context.spec.mode, "demo", 4, {BARS: 2})
    made = Commands(context, lanes, MANIFEST, folder, "broker:9092", "demo", binaries=folder)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_a_session_has_a_program_for_each_replica_in_the_order_of_the_flow(
    context: SessionContext, tmp_path: Path
) -> None:
    programs = commands(context, tmp_path).all()

    assert [program.name for program in programs] == [
        "ingestion.0",
        "bar_builder_1s.0",
        "bar_builder_1s.1",
        *(f"{name}.0" for name in list(context.pipeline.active("paper"))[2:]),
    ]
    assert {program.language for program in programs} == {"python"}


def test_a_python_stage_runs_by_its_module(context: SessionContext, tmp_path: Path) -> None:
    made = commands(context, tmp_path, configs=Path("configs"), seed=7, more={"--speed": "2.0"})

    command = made.of(BARS, "python")[1].command(8080)

    assert " ".join(command[:3]) == f"{sys.executable} -m tapeline.session.process"
    assert " ".join(command[3:]) == (
        f"--manifest {MANIFEST} --stage {BARS} --replica 1 --lanes 4 --kafka broker:9092 "
        "--prefix demo --configs configs --seed 7 --speed 2.0 --http 8080"
    )


def test_a_go_stage_runs_by_its_binary_and_a_plan(context: SessionContext, tmp_path: Path) -> None:
    (tmp_path / BARS).touch()
    first, second = commands(speaking(context, "python", "go"), tmp_path).of(BARS, "go")
    plan = tmp_path / "plans" / f"{BARS}.json"

    assert second.command(8080) == [
        *(str(tmp_path / BARS), "run", "--plan", str(plan), "--kafka", "broker:9092"),
        *("--replica", "1", "--http", "8080"),
    ]
    assert (first.language, first.name) == ("go", "bar_builder_1s.0")
    assert [task["task"] for task in json.loads(plan.read_text())["tasks"]] == [0, 1, 2, 3]


def test_a_binary_that_is_not_built_is_refused(context: SessionContext, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="is not built: run `make go-build`"):
        commands(speaking(context, "python", "go"), tmp_path).of(BARS, "go")


def test_a_language_that_a_stage_does_not_have_is_refused(
    context: SessionContext, tmp_path: Path
) -> None:
    with pytest.raises(ManifestError, match="has no go implementation: use python"):
        commands(speaking(context, "python"), tmp_path).of(BARS, "go")


def test_the_manifest_says_which_language_a_stage_has(
    context: SessionContext, tmp_path: Path
) -> None:
    stages = {BARS: StageSpec(implementation="go")}
    spec = context.spec.model_copy(update={"stages": stages})
    made = commands(dataclasses.replace(context, spec=spec), tmp_path)

    assert (made.language(BARS), made.language("oms")) == ("go", "python")


def test_more_replicas_than_lanes_are_refused(context: SessionContext, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="more than the 4 partitions"):
        commands(context, tmp_path).of(BARS, "python", replicas=5)
    with pytest.raises(ManifestError, match="one ordered lane"):
        commands(context, tmp_path).of("oms", "python", replicas=2)


def test_only_the_store_gets_the_database_and_not_on_its_command_line(
    context: SessionContext, tmp_path: Path
) -> None:
    made = commands(context, tmp_path, postgres="host=db password=secret")

    for program in made.all():
        given = "host=db password=secret" if program.stage == "store" else ""
        assert program.env["POSTGRES"] == given
        assert "secret" not in " ".join(program.command(1))


def test_each_prefix_has_a_database_of_its_own() -> None:
    prefixes = ("paper-short", "paper_short", "Paper-short", "x" * 80, "x" * 81)
    names = [database_name(prefix) for prefix in prefixes]

    assert names[0] == "tapeline_paper_short"
    assert len(set(names)) == len(prefixes)
    assert all(re.fullmatch("[a-z0-9_]{1,63}", name) for name in names)
    conninfo = SessionDatabase("postgresql://db/postgres", "demo").conninfo
    assert sorted(conninfo.split()) == ["dbname=tapeline_demo", "host=db"]
