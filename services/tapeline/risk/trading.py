"""The trading state: ACTIVE, PAUSED, REDUCING, HALTED, and what control makes of it."""

from __future__ import annotations

from typing import Literal

Trading = Literal["ACTIVE", "PAUSED", "REDUCING", "HALTED"]

STRICTER: tuple[Trading, ...] = ("ACTIVE", "PAUSED", "REDUCING", "HALTED")
"""Each state is stricter than the one before it. All but ACTIVE refuse entries with their own name
as the reason, and let exits pass: a halt that kept a position open would be no protection."""

TIGHTENS: dict[str, Trading] = {"PAUSE": "PAUSED", "REDUCE": "REDUCING", "KILL": "HALTED"}
"""State that a control command asks for at least."""


def commanded(present: Trading, command: str) -> Trading:
    """State after a control command: the stricter of the two; only RESUME loosens.

    Args:
        present: State before.
        command: KILL, REDUCE, PAUSE, RESUME, or SET (which changes nothing here).
    """
    if command == "RESUME":
        return "ACTIVE"
    asked = TIGHTENS.get(command, present)
    return max(present, asked, key=STRICTER.index)
