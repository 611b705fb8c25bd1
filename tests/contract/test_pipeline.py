"""configs/pipeline.yaml is the one list of stages and topics; whatever repeats it must agree."""

from __future__ import annotations

import configparser
import re
from importlib import import_module, util
from pathlib import Path

import pytest

from tapeline.contracts import codec
from tapeline.session.manifest import StageSpec
from tapeline.session.pipeline import Pipeline, Stage, load_pipeline

ROOT = Path(__file__).resolve().parents[2]
PIPELINE: Pipeline = load_pipeline(ROOT / "configs" / "pipeline.yaml")
SOURCE, SINK = "ingestion", "store"


def rows(file: str, heading: str) -> list[str]:
    """First cells of the table under a heading of a document, without backticks."""
    text = (ROOT / file).read_text()
    _, found, section = text.partition(f"\n{heading}\n")
    assert found, f"{file} has no heading {heading!r}"
    section = re.split(r"\n#+ ", section)[0]
    cells = [line.split("|")[1].strip().strip("`") for line in section.splitlines() if "|" in line]
    return cells[2:]


def test_codec_knows_the_messages_of_every_topic() -> None:
    assert list(codec.MESSAGES) != []
    assert set(codec.MESSAGES) == set(PIPELINE.topics)


def test_the_architecture_page_lists_the_topics_in_the_order_of_the_pipeline() -> None:
    assert rows("docs/architecture.md", "## Topics") == list(PIPELINE.topics)


def test_the_architecture_page_lists_the_stages_in_the_order_of_the_pipeline() -> None:
    assert rows("docs/architecture.md", "## Stages") == list(PIPELINE.stages)


@pytest.mark.parametrize(("name", "stage"), PIPELINE.stages.items(), ids=PIPELINE.stages)
def test_the_package_of_a_stage_exists_and_wires_it(name: str, stage: Stage) -> None:
    module = f"tapeline.{stage.package}"
    entry = {SOURCE: "app", SINK: "logic"}.get(name, "app")
    function = {SOURCE: "source", SINK: "rows"}.get(name, "app")

    assert util.find_spec(module) is not None, f"configs/pipeline.yaml: {name}: no {module}"
    assert callable(getattr(import_module(f"{module}.{entry}"), function))


@pytest.mark.parametrize("name", [n for n in PIPELINE.stages if n not in (SOURCE, SINK)])
def test_a_stage_with_state_has_a_schema_for_its_entries(name: str) -> None:
    assert (ROOT / "schemas" / "state" / f"{name}.schema.json").is_file()


def test_no_state_schema_is_left_of_a_stage_that_is_gone() -> None:
    files = (ROOT / "schemas" / "state").glob("*.schema.json")

    assert {f.name.removesuffix(".schema.json") for f in files} <= set(PIPELINE.stages)


def test_import_linter_keeps_every_stage_apart() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    apart = config["importlinter:contract:stages"]["modules"].split()
    pure = config["importlinter:contract:pure"]["source_modules"].split()
    packages = [f"tapeline.{stage.package}" for stage in PIPELINE.stages.values()]

    assert sorted(apart) == sorted(packages)
    with_logic = [p for p in packages if p != "tapeline.ingestion"]
    assert {f"{package}.logic" for package in with_logic} <= set(pure)


def test_every_language_of_the_pipeline_can_be_asked_for_in_a_manifest() -> None:
    for stage in PIPELINE.stages.values():
        for language in stage.languages:
            assert StageSpec(implementation=language).implementation == language


def test_every_topic_is_written_and_read_or_says_why_not() -> None:
    """ticks.late is for people: nothing in the flow reads it."""
    read = {r.topic for stage in PIPELINE.stages.values() for r in stage.reads}

    assert [t for t in PIPELINE.topics if not PIPELINE.writers(t)] == []
    assert [t for t in PIPELINE.topics if t not in read] == ["ticks.late"]
