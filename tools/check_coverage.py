"""Fails when the tests leave too much of the pure logic unproven.

Usage: python tools/check_coverage.py [--all], after `pytest --cov`. Reads .coverage; lines and
branches count alike. Prints one line when all is well, otherwise the modules that lack most, with
the lines that no test ran. --all prints every module.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import coverage

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "services/tapeline/"

LEAST_PERCENT = 95.0
"""What a change must not fall below, over all pure modules together."""

WORST = 15
"""Modules to show: more than fit a screen help nobody."""

PURE = (
    "contracts/*",
    "market/*",
    "ingestion/*",
    "compute/*",
    "strategy/*",
    "risk/*",
    "execution/*",
    "monitoring/*",
    "runner/merge.py",
    "session/context.py",
    "session/manifest.py",
    "session/pipeline.py",
    "session/summary.py",
)
"""Modules below services/tapeline that decide anything, without I/O."""

GENERATED = (
    "contracts/messages.py",
    "contracts/order_states.py",
    "contracts/reasons.py",
    "contracts/states/*",
)
"""Written by tools/generate.py; tests/contract compares them with schemas/."""


class Module(NamedTuple):
    """What the tests ran of one module."""

    path: str
    """Below services/tapeline."""
    covered: int
    """Lines and branches that ran."""
    total: int
    missing: str
    """Lines, as 12-15, and branches, as 12->20, that did not."""

    @property
    def percent(self) -> float:
        """100 for a module without statements."""
        return 100.0 * self.covered / self.total if self.total else 100.0


class CoverageError(Exception):
    """The figures are missing or not enough; the message says what to do."""


def main(arguments: list[str]) -> None:
    """Prints the verdict; exits with 1 when it is bad."""
    try:
        modules = pure_modules(report())
        print(verdict(modules))
    except CoverageError as error:
        sys.exit(str(error))
    if "--all" in arguments:
        print("\n".join(rows(sorted(modules))))


def report() -> dict[str, Any]:
    """Coverage's own JSON report of .coverage, by file.

    Raises:
        CoverageError: there is none, or it is of files that have gone since.
    """
    if not (ROOT / ".coverage").is_file():
        raise CoverageError("no .coverage here: run `make test`, or pytest with --cov, first")
    measured = coverage.Coverage(ROOT / ".coverage", config_file=str(ROOT / "pyproject.toml"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        try:
            measured.load()
            measured.json_report(outfile=str(path), include=[f"{ROOT}/{PACKAGE}*"])
        except coverage.CoverageException as error:
            raise CoverageError(f".coverage is of other code, measure again: {error}") from error
        files: dict[str, Any] = json.loads(path.read_text())["files"]
    return files


def pure_modules(files: dict[str, Any]) -> list[Module]:
    """The pure modules of a report.

    Raises:
        CoverageError: a pattern of PURE matches nothing, so that it would guard nothing.
    """
    found = {name.partition(PACKAGE)[2]: file for name, file in files.items() if PACKAGE in name}
    for pattern in (*PURE, *GENERATED):
        if not any(fnmatch(path, pattern) for path in found):
            raise CoverageError(f"tools/check_coverage.py: {pattern} is not there: mend the list")
    return [
        _module(path, file)
        for path, file in found.items()
        if any(fnmatch(path, pattern) for pattern in PURE)
        and not any(fnmatch(path, pattern) for pattern in GENERATED)
    ]


def verdict(modules: list[Module]) -> str:
    """One line over all modules.

    Raises:
        CoverageError: they are below LEAST_PERCENT; its message holds the worst modules.
    """
    whole = Module("all", sum(m.covered for m in modules), sum(m.total for m in modules), "")
    line = (
        f"coverage of pure logic: {whole.percent:.1f} % of {whole.total:,} lines and branches "
        f"in {len(modules)} modules"
    )
    if whole.percent >= LEAST_PERCENT:
        return f"{line} (at least {LEAST_PERCENT:g} %)"
    worst = sorted(modules, key=lambda m: (m.covered - m.total, m.path))[:WORST]
    raise CoverageError("\n".join([f"{line}, below {LEAST_PERCENT:g} %. Worst:", *rows(worst)]))


def rows(modules: Iterable[Module]) -> list[str]:
    """A line for each module: percent, what is missing of how much, name, missing lines."""
    return [
        f"{m.percent:6.1f} % {m.total - m.covered:5} of {m.total:<5} {m.path}  {m.missing}".rstrip()
        for m in modules
    ]


def spans(lines: list[int]) -> str:
    """Line numbers with neighbours joined: 3, 7-9."""
    found: list[tuple[int, int]] = []
    for line in sorted(lines):
        if found and line == found[-1][1] + 1:
            found[-1] = found[-1][0], line
        else:
            found.append((line, line))
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def _module(path: str, file: dict[str, Any]) -> Module:
    summary, lines = file["summary"], file["missing_lines"]
    # A branch from or into a line that never ran says nothing new.
    branches = [(a, b) for a, b in file["missing_branches"] if a not in lines and b not in lines]
    arrows = ", ".join(f"{a}->{'exit' if b < 0 else b}" for a, b in branches)
    return Module(
        path,
        summary["covered_lines"] + summary["covered_branches"],
        summary["num_statements"] + summary["num_branches"],
        ", ".join(part for part in (spans(lines), arrows) if part),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
