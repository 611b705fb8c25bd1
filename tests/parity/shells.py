"""Replays the same lines through both languages, whole and from a state on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from parity.markets import stage_app
from tapeline.runner.replay import Replay

ROOT = Path(__file__).resolve().parents[2]
GO = ROOT / "go"
PROGRAMS = ROOT / "build" / "test" / "bin"


class Answer(NamedTuple):
    """What a replay left behind; each part is lines."""

    out: bytes
    """What the stage published."""
    state: bytes
    """All entries of its state at the end, by key."""
    log: bytes
    """The entries that changed, as the state topic would get them."""
    state_hash: str

    def bytes(self) -> int:
        """How many bytes there are to compare."""
        return len(self.out) + len(self.state) + len(self.log) + len(self.state_hash)


class Split(NamedTuple):
    """A Python replay, and what it had come to before a certain line."""

    whole: Answer
    before: bytes
    """What was published until then."""
    state: bytes
    """All entries of the state there."""


NOTHING_FIRES_NS = -1
"""A replay up to here fires no timers after its last line."""


def python(
    plan: dict[str, Any],
    lines: Sequence[bytes],
    *,
    cut: int | None = None,
    state: bytes = b"",
    until_ns: int | None = None,
    every: int = 1,
) -> Split:
    """What the Python stage makes of lines; `cut` is the place of the line of the split."""
    log: list[bytes] = []
    out: list[bytes] = []
    shell = Replay(stage_app(plan), state.splitlines(), log.append, every)
    before: list[bytes] = []
    entries: list[bytes] = []

    def part() -> None:
        before.extend(out)
        entries.extend(shell.entries())

    def fed() -> Iterator[bytes]:
        for place, text in enumerate(lines):
            if place == cut:
                part()
            yield text
        if cut == len(lines):
            part()

    end_ns = plan["end_ns"] if until_ns is None else until_ns
    for text in shell.run(fed(), end_ns):
        out.append(text)  # noqa: PERF402 - fed() looks at what is there
    whole = Answer(_lines(out), _lines(shell.entries()), _lines(log), shell.state_hash())
    return Split(whole, _lines(before), _lines(entries))


def go(
    plan: dict[str, Any],
    lines: Sequence[bytes],
    *,
    state: bytes = b"",
    until_ns: int | None = None,
    every: int = 1,
) -> Answer:
    """What the Go stage makes of lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plan").write_bytes(msgspec.json.encode(plan))
        (folder / "in").write_bytes(state)
        command = [program(plan["stage"]), "replay", "--plan", folder / "plan"]
        command += ["--state-in", folder / "in", "--state-out", folder / "out"]
        command += ["--state-log", folder / "log", "--state-every", str(every)]
        command += ["--until-ns", str(plan["end_ns"] if until_ns is None else until_ns)]
        done = subprocess.run(command, input=_lines(lines), capture_output=True, check=False)
        if done.returncode:
            return Answer(done.stdout, b"", done.stderr, f"exit code {done.returncode}")
        state_hash = done.stderr.decode().removeprefix("state hash ").strip()
        entries, log = (folder / "out").read_bytes(), (folder / "log").read_bytes()
        return Answer(done.stdout, entries, log, state_hash)


@cache
def program(stage: str) -> Path:
    """The Go binary of a stage, built once for each run; Go's cache makes that fast."""
    assert shutil.which("go"), "Go is missing: see `make doctor`"
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    # Processes of the tests may build at the same time: each writes its own file first.
    own = PROGRAMS / f"{stage}.{os.getpid()}"
    subprocess.run(["go", "build", "-o", own, f"./cmd/{stage}"], cwd=GO, check=True)
    return own.rename(PROGRAMS / stage)


def _lines(texts: Any) -> bytes:
    return b"".join(text + b"\n" for text in texts)
