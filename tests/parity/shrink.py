"""Makes a stream that shows a difference small."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from parity.compare import Finding, compare

BUDGET_S = 300
"""A case that is not yet smallest after this long is small enough to look at."""


class Small(NamedTuple):
    """A stream that still differs."""

    lines: list[bytes]
    cut: int
    finding: Finding


def shrink(plan: dict[str, Any], lines: list[bytes], cut: int, budget_s: float = BUDGET_S) -> Small:
    """Deletes chunks of lines, large ones first, as long as any difference is left."""
    deadline = time.monotonic() + budget_s
    finding = compare(plan, lines, cut).finding
    assert finding is not None, "the stream shows no difference"
    small = Small(lines, cut, finding)
    chunk = max(1, len(lines) // 2)
    while time.monotonic() < deadline:
        smaller = _without_a_chunk(plan, small, chunk, deadline)
        if smaller is not None:
            small = smaller
        elif chunk == 1:
            break
        else:
            chunk //= 2
    return small


def _without_a_chunk(
    plan: dict[str, Any], small: Small, chunk: int, deadline: float
) -> Small | None:
    """Every chunk is tried once, from the end; None when each of them is needed."""
    changed = None
    for start in range((len(small.lines) - 1) // chunk * chunk, -1, -chunk):
        if time.monotonic() > deadline:
            break
        lines = small.lines[:start] + small.lines[start + chunk :]
        gone_before_cut = min(max(small.cut - start, 0), len(small.lines) - len(lines))
        cut = small.cut - gone_before_cut
        finding = compare(plan, lines, cut).finding
        if finding is not None:
            changed = small = Small(lines, cut, finding)
    return changed
