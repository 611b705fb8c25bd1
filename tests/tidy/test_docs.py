"""Documents against the code: generated blocks, numbered steps, names of files and tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import generate_docs
from tapeline.session.compose import SINK, SOURCE, stage_app
from tapeline.session.load import load_session
from tidy import text_rules
from tidy.violation import ROOT, report, text_of, tracked

DOCS = [p for p in tracked() if p.endswith(".md") and (p.startswith("docs/") or p == "README.md")]
ADRS = [p for p in DOCS if re.match(r"docs/adr/\d{4}-", p)]
RUNBOOKS = [p for p in DOCS if p.startswith("docs/runbooks/")]
GUIDE = "docs/write-your-first-strategy.md"
"""Tells the reader to make a file; tests/unit/strategy/test_guide.py follows it."""
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]


def test_generated_blocks_are_up_to_date() -> None:
    stale = [p.name for p, content in generate_docs.pages().items() if p.read_text() != content]

    assert stale == [], "run `python tools/generate_docs.py`"


def test_the_diagram_is_in_the_architecture_page() -> None:
    assert generate_docs.blocks()["pipeline-diagram"] in text_of("docs/architecture.md")


def test_every_reason_stands_in_one_runbook_with_its_action() -> None:
    rows = yaml.safe_load(text_of("schemas/reasons.yaml"))
    for code, row in rows.items():
        line = f"| `{code}` | {row['meaning']} | {row['action']} |"
        pages = [page for page in RUNBOOKS if line in text_of(page)]

        assert len(pages) == 1, f"{code} is in {pages or 'no runbook'}; give its group a page"


def test_every_finding_of_reconciliation_stands_in_its_runbook() -> None:
    schema = yaml.safe_load(text_of("schemas/recon.schema.json"))
    findings = [f for f in schema["properties"]["finding"]["enum"] if f != "SUMMARY"]

    for finding in findings:
        assert f"| `{finding}` |" in text_of("docs/runbooks/reconciliation.md")


def steps_of_the_loop() -> list[tuple[str, str]]:
    docstring = text_of("services/tapeline/runner/loop.py").split('"""')[1]
    return re.findall(r"(\d) (\w+)", docstring.split("\n\n")[1])


def test_the_commit_steps_have_the_same_numbers_in_code_and_document() -> None:
    text = text_of("docs/delivery.md")
    documented = re.findall(r"^\| (\d) \| (\w+) \|", text, re.MULTILINE)
    code = text_of("services/tapeline/runner/loop.py")
    called = re.findall(r"self\._after\((\d)\)", code)

    assert documented == steps_of_the_loop()
    assert [number for number, _ in documented] == list("1234567") == called


def test_the_test_of_the_commit_steps_knows_them_all() -> None:
    assert '@pytest.mark.parametrize("step", range(1, 8))' in text_of(
        "tests/unit/runner/test_loop.py"
    )


def test_tests_that_documents_name_exist() -> None:
    defined = {
        name
        for path in tracked()
        if path.startswith("tests/") and path.endswith(".py")
        for name in re.findall(r"^def (test_\w+)", text_of(path), re.MULTILINE)
    }
    named = {(page, name) for page in DOCS for name in re.findall(r"`(test_\w+)`", text_of(page))}

    assert sorted((page, name) for page, name in named if name not in defined) == []


@pytest.mark.parametrize("page", [page for page in DOCS if page != GUIDE])
def test_paths_that_a_document_names_exist(page: str) -> None:
    found = list(text_rules.missing_paths(page, text_of(page), lambda p: (ROOT / p).exists()))

    assert found == [], report(found)


@pytest.mark.parametrize("page", ADRS)
def test_a_decision_has_its_five_sections_and_says_what_enforces_it(page: str) -> None:
    text = text_of(page)
    number = int(page.rsplit("/", maxsplit=1)[-1][:4])

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert text.startswith(f"# {number}. ")
    assert "`" in text.partition("## Enforced by")[2], "name the test, contract or check"
    assert len(text.splitlines()) <= 70, "one page"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.split("/")[-1][:4]) for page in ADRS]

    assert numbers == list(range(1, len(ADRS) + 1))


def test_commands_that_the_readme_names_exist() -> None:
    """`make X` is a target; `tapeline X` is a command."""
    targets = set(re.findall(r"^([a-z0-9-]+):", text_of("Makefile"), re.MULTILINE))
    commands = set(re.findall(r'app\.command\("(\w+)"\)', text_of("services/tapeline/cli/main.py")))
    commands |= {"audit"}
    for page in DOCS:
        text = text_of(page)
        assert set(re.findall(r"`make ([a-z0-9-]+)", text)) <= targets, page
        assert set(re.findall(r"`tapeline ([a-z]+)", text)) <= commands, page


def test_the_manifest_of_the_readme_can_be_run(tmp_path: Path) -> None:
    (manifest,) = re.findall(r"```yaml\n(apiVersion.*?)```", text_of("README.md"), re.DOTALL)
    path = tmp_path / "manifest.yaml"
    path.write_text(manifest)

    context = load_session(path, configs_dir=ROOT / "configs")

    assert context.name == "my-session"
    for stage in context.pipeline.active(context.spec.mode):
        if stage not in (SOURCE, SINK):
            assert stage_app(context, stage).name == stage
