"""Asks the Go command go/internal/parity what the Go contracts make of some bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
GO = ROOT / "go"
PROGRAM = ROOT / "build" / "test" / "parity"


class Question(NamedTuple):
    """What is asked: see the comment of go/internal/parity/main.go."""

    what: str
    name: str
    value: bytes


class Answer(NamedTuple):
    """What the command said."""

    accepted: bool
    text: bytes
    """What was asked for, or why it was refused."""


@cache
def program() -> Path:
    """The command, built once for each run of the tests; Go's cache makes that fast."""
    assert shutil.which("go"), "Go is missing: see `make doctor`"
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    # Processes of the tests may build at the same time: each writes its own file first.
    own = PROGRAM.with_name(f"parity.{os.getpid()}")
    subprocess.run(["go", "build", "-o", own, "./internal/parity"], cwd=GO, check=True)
    own.rename(PROGRAM)
    return PROGRAM


def ask(questions: Iterable[Question]) -> list[Answer]:
    """An answer for each question, in their order."""
    asked = b"".join(
        f"{each.what} {each.name} {len(each.value)}\n".encode() + each.value for each in questions
    )
    text = subprocess.run([program()], input=asked, capture_output=True, check=True).stdout
    answers = []
    start = 0
    while start < len(text):
        end = text.index(b"\n", start)
        sign, length = text[start : start + 1], int(text[start + 1 : end])
        answers.append(Answer(sign == b"+", text[end + 1 : end + 1 + length]))
        start = end + 1 + length
    return answers
