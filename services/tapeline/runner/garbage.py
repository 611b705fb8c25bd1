"""Python's garbage collector, for a process that handles millions of messages."""

from __future__ import annotations

import gc

YOUNG_OBJECTS = 100_000
"""Young objects before a collection; Python's default is 700."""


def collect_seldom() -> None:
    """Messages hold no cycles and are freed by their reference counts.

    Looking for cycles seldom costs little memory and saves about a fifth of a busy stage's time.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
