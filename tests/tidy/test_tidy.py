"""House style as tests over every tracked file; docs/style.md gives the reasons."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tapeline.session.pipeline import load_pipeline
from tidy import project_rules, python_rules, text_rules
from tidy.violation import GENERATED, ROOT, Violation, report, text_of, tracked, written_by_hand

PURE_PACKAGES = (
    "contracts",
    "market",
    "ingestion",
    "compute",
    "strategy",
    "risk",
    "execution",
    "monitoring",
)
PURE = tuple(f"services/tapeline/{package}/" for package in PURE_PACKAGES)

TextRule = Callable[[str, str], Iterator[Violation]]
TreeRule = Callable[[str, ast.Module], Iterator[Violation]]


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(text_of(path))


def holds(violations: list[Violation]) -> None:
    assert violations == [], report(violations)


PYTHON = written_by_hand(".py")
MARKDOWN = [path for path in tracked() if path.endswith(".md")]
TEXT = [p for p in tracked() if not p.endswith((".lock", ".csv", ".ndjson", ".json"))]
"""Files that people write: locks and data are written by tools."""


def over_text(rule: TextRule, paths: list[str]) -> None:
    holds([found for path in paths for found in rule(path, text_of(path))])


def over_trees(rule: TreeRule, paths: list[str]) -> None:
    holds([found for path in paths for found in rule(path, tree_of(path))])


def test_a_function_fits_a_screen() -> None:
    over_trees(python_rules.long_functions, PYTHON)


def test_a_module_is_one_subject() -> None:
    over_text(python_rules.long_module, PYTHON)


def test_lines_of_code_fit_beside_each_other() -> None:
    over_text(text_rules.wide_lines, written_by_hand(".py", ".sh", ".toml"))


def test_nothing_is_left_unfinished() -> None:
    over_text(text_rules.leftovers, TEXT)


def test_no_file_knows_this_machine() -> None:
    over_text(text_rules.machine_names, [*TEXT, *(p for p in tracked() if p.endswith(".lock"))])


def test_names_say_something() -> None:
    holds([found for path in tracked() for found in text_rules.banned_name(path)])


def test_pure_packages_use_no_clock_environment_randomness_or_io() -> None:
    over_trees(python_rules.impure_uses, written_by_hand(".py", below=PURE))


def test_every_public_thing_says_what_it_is_for() -> None:
    services = written_by_hand(".py", below=("services/",))
    promised = python_rules.interface_methods(tree_of(path) for path in services)
    holds(
        [
            found
            for path in services
            for found in python_rules.missing_docstrings(path, tree_of(path), promised)
        ]
    )


def stages() -> dict[str, str]:
    pipeline = load_pipeline(ROOT / "configs" / "pipeline.yaml")
    return {
        name: f"services/tapeline/{stage.package.replace('.', '/')}"
        for name, stage in pipeline.stages.items()
    }


def test_every_stage_has_the_same_files() -> None:
    holds(list(project_rules.missing_stage_files(stages(), set(tracked()))))


def test_wiring_stays_wiring() -> None:
    apps = [f"{folder}/app.py" for folder in stages().values()]
    over_text(project_rules.long_app, [path for path in apps if path in tracked()])


def test_operator_is_no_package() -> None:
    holds(list(project_rules.operator_package(set(tracked()))))


def test_make_help_lists_every_target() -> None:
    over_text(text_rules.undocumented_targets, ["Makefile"])
    over_text(text_rules.phony_targets, ["Makefile"])


def test_a_markdown_file_has_one_title() -> None:
    over_text(text_rules.titles, MARKDOWN)


def headings(path: str) -> set[str] | None:
    target = ROOT / path
    if not target.exists():
        return None
    return text_rules.anchors(target.read_text()) if path.endswith(".md") else set()


def test_links_between_files_lead_somewhere() -> None:
    holds(
        [
            found
            for path in MARKDOWN
            for found in text_rules.broken_links(path, text_of(path), headings)
        ]
    )


WRITTEN_BY_A_RUN = "benchmarks.md"
"""By `make bench`; the index names it without a link, so that it may be missing."""


@pytest.mark.parametrize("folder", ["docs", "docs/adr", "docs/runbooks"])
def test_index_pages_list_their_neighbours(folder: str) -> None:
    page = f"{folder}/README.md"
    inside = [p.removeprefix(f"{folder}/") for p in MARKDOWN if p.startswith(f"{folder}/")]
    files = {name for name in inside if "/" not in name} - {"README.md", WRITTEN_BY_A_RUN}
    holds(list(project_rules.unlisted(page, text_of(page), files)))


def test_the_generated_files_are_there() -> None:
    """A path that was renamed would silently leave the exceptions wide open."""
    for path in GENERATED:
        assert (ROOT / path).exists(), f"{path}: remove it from tidy/violation.py or mend it"
