"""What a tidy rule says, and the files that the rules look at."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

GENERATED = (
    "services/tapeline/contracts/messages.py",
    "services/tapeline/contracts/order_states.py",
    "services/tapeline/contracts/reasons.py",
    "services/tapeline/contracts/states/",
    "go/pkg/shared/contracts/messages.go",
    "go/pkg/shared/contracts/messages_append.go",
    "go/pkg/shared/contracts/messages_read.go",
    "go/pkg/shared/contracts/order_states.go",
    "go/pkg/shared/contracts/reasons.go",
    "go/pkg/shared/contracts/states/",
    "sql/generated/",
    "docs/order-states.md",
)
"""Written by tools/generate.py from files that are themselves under the rules."""


class Violation(NamedTuple):
    """One place that breaks a rule."""

    where: str
    """path, or path:line."""
    what: str
    remedy: str
    """An imperative clause."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


@cache
def tracked() -> tuple[str, ...]:
    """Paths of the files that git tracks and that exist, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    return tuple(p for p in sorted(listing.decode().split("\0")) if p and (ROOT / p).is_file())


@cache
def text_of(path: str) -> str:
    """Content of a tracked text file."""
    return (ROOT / path).read_text()


def written_by_hand(*suffixes: str, below: tuple[str, ...] = ("",)) -> list[str]:
    """Tracked files with one of the suffixes below one of the folders, without generated ones."""
    return [
        path
        for path in tracked()
        if path.endswith(suffixes) and path.startswith(below) and not path.startswith(GENERATED)
    ]


def report(violations: list[Violation]) -> str:
    """Message of a failing test: one violation a line."""
    return "\n".join(["", *(str(violation) for violation in violations)])
