"""The coverage check: what counts, the verdict, and a list that has gone stale."""

from __future__ import annotations

from typing import Any

import pytest

import check_coverage
from check_coverage import CoverageError, Module, pure_modules, spans, verdict


def file(covered: int = 10, missing: list[int] | None = None, **changes: Any) -> dict[str, Any]:
    """A module of lines without branches."""
    missing = missing or []
    summary = {
        "covered_lines": covered,
        "num_statements": covered + len(missing),
        "covered_branches": 0,
        "num_branches": 0,
    }
    branches: list[list[int]] = changes.pop("branches", [])
    summary["num_branches"] = len(branches)
    return {"summary": summary | changes, "missing_lines": missing, "missing_branches": branches}


def files(**changes: dict[str, Any]) -> dict[str, Any]:
    """A module for each pattern, all covered but those that are given."""
    patterns = (*check_coverage.PURE, *check_coverage.GENERATED)
    named = {pattern.replace("*", "logic.py"): file() for pattern in patterns}
    named |= {f"{name}/logic.py": found for name, found in changes.items()}
    return {check_coverage.PACKAGE + name: found for name, found in named.items()}


def test_shells_and_generated_files_do_not_count() -> None:
    shell = {check_coverage.PACKAGE + "runner/loop.py": file(0, [1])}
    paths = [module.path for module in pure_modules(files() | shell)]

    assert "runner/merge.py" in paths
    assert "runner/loop.py" not in paths
    assert not {"contracts/messages.py", "contracts/states/logic.py"} & set(paths)


def test_enough_is_one_line() -> None:
    assert verdict([Module("risk/logic.py", 95, 100, "3")]) == (
        "coverage of pure logic: 95.0 % of 100 lines and branches in 1 modules (at least 95 %)"
    )


def test_too_little_shows_what_lacks_most_first() -> None:
    modules = pure_modules(
        files(risk=file(1, [2, 3]), market=file(40, list(range(1, 40)), branches=[[50, -1]]))
    )

    with pytest.raises(CoverageError) as caught:
        verdict(modules)

    first, second, third, *others = str(caught.value).splitlines()
    assert "below 95 %" in first
    assert " ".join(second.split()) == "50.0 % 40 of 80 market/logic.py 1-39, 50->exit"
    assert " ".join(third.split()) == "33.3 % 2 of 3 risk/logic.py 2-3"
    assert len(others) == len(modules) - 2


def test_a_pattern_that_matches_nothing_is_an_error() -> None:
    stale = {name: found for name, found in files().items() if "/merge.py" not in name}

    with pytest.raises(CoverageError, match=r"runner/merge\.py is not there: mend the list"):
        pure_modules(stale)


def test_a_branch_of_a_line_that_never_ran_is_not_told_twice() -> None:
    (module,) = [
        m
        for m in pure_modules(files(risk=file(5, [7], branches=[[7, 9], [3, 7], [2, 4]])))
        if m.path == "risk/logic.py"
    ]

    assert module.missing == "7, 2->4"
    assert module.total - module.covered == 4


@pytest.mark.parametrize(
    ("lines", "text"), [([], ""), ([3], "3"), ([3, 4, 5, 9], "3-5, 9"), ([9, 2, 1], "1-2, 9")]
)
def test_neighbouring_lines_are_joined(lines: list[int], text: str) -> None:
    assert spans(lines) == text


def test_without_a_measurement_it_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(check_coverage, "ROOT", tmp_path)

    with pytest.raises(SystemExit, match="run `make test`"):
        check_coverage.main([])
