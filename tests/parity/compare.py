"""Compares both languages over one stream: whole, and with a change of language in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from parity import shells
from parity.shells import NOTHING_FIRES_NS, Answer


class Finding(NamedTuple):
    """The first difference."""

    what: str
    python: bytes
    """The first line that differs, empty when it is missing."""
    go: bytes

    def __str__(self) -> str:
        return f"{self.what}\n  python: {self.python[:2_000]!r}\n  go:     {self.go[:2_000]!r}"


class Comparison(NamedTuple):
    """What came of a stream."""

    bytes: int
    """Bytes of Python's that were compared with Go's."""
    finding: Finding | None
    out: bytes
    """What Python published."""


def compare(plan: dict[str, Any], lines: Sequence[bytes], cut: int, every: int = 1) -> Comparison:
    """Both languages over the same lines.

    Args:
        plan: of the stage.
        lines: a replay's.
        cut: place of the line at which the stage changes over to the other language. It must not
            be one of bytes without a time: such a line takes the time of the one before it.
        every: the entries that changed are compared after so many lines.
    """
    python = shells.python(plan, lines, cut=cut, every=every)
    found = _whole(python.whole, shells.go(plan, lines, every=every), "whole")
    size = python.whole.bytes()
    if found is None:
        found, more = _split(plan, lines, cut, python)
        size += more
    return Comparison(size, found, python.whole.out)


def _split(
    plan: dict[str, Any], lines: Sequence[bytes], cut: int, python: shells.Split
) -> tuple[Finding | None, int]:
    """Go up to the cut and Python from there on, and the other way round."""
    after = python.whole.out[len(python.before) :]
    first = shells.go(plan, lines[:cut], until_ns=NOTHING_FIRES_NS, every=len(lines) + 1)
    from_python = shells.go(plan, lines[cut:], state=python.state, every=len(lines) + 1)
    from_go = shells.python(plan, lines[cut:], state=first.state, every=len(lines) + 1).whole
    whole = python.whole
    pairs = (
        ("Go up to the cut: output", python.before, first.out),
        ("Go up to the cut: state", python.state, first.state),
        ("Go from Python's state: output", after, from_python.out),
        ("Go from Python's state: state", whole.state, from_python.state),
        ("Go from Python's state: hash", _text(whole), _text(from_python)),
        ("Python from Go's state: output", after, from_go.out),
        ("Python from Go's state: state", whole.state, from_go.state),
        ("Python from Go's state: hash", _text(whole), _text(from_go)),
    )
    return _first(pairs), sum(len(python) for _, python, _ in pairs)


def _whole(python: Answer, go: Answer, what: str) -> Finding | None:
    return _first(
        (
            (f"{what}: output", python.out, go.out),
            (f"{what}: entries that changed", python.log, go.log),
            (f"{what}: state", python.state, go.state),
            (f"{what}: hash", _text(python), _text(go)),
        )
    )


def _text(answer: Answer) -> bytes:
    return answer.state_hash.encode()


def _first(pairs: Sequence[tuple[str, bytes, bytes]]) -> Finding | None:
    for what, python, go in pairs:
        if python == go:
            continue
        mine, theirs = python.splitlines(), go.splitlines()
        same = 0
        while same < min(len(mine), len(theirs)) and mine[same] == theirs[same]:
            same += 1
        at = f"{what}, line {same + 1} of {len(mine)}"
        return Finding(at, b"".join(mine[same : same + 1]), b"".join(theirs[same : same + 1]))
    return None
