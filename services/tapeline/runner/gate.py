"""A process that is to take over waits here, fully loaded, until its predecessor has ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

VARIABLE = "TAPELINE_START_GATE"
"""Names a file: a process that finds it in its environment joins nothing before the file exists."""

LOOK_S = 0.005
"""Between two looks: part of a handover's pause."""


def waiting_file(gate: Path, replica: int) -> Path:
    """File by which a process says that it waits."""
    return gate.with_name(f"{gate.name}.{replica}.waits")


def wait_at(gate: Path, replica: int, keep_on: Callable[[], bool]) -> bool:
    """Waits until the gate opens.

    Args:
        gate: file whose existence opens it.
        replica: number of this process among those of its stage.
        keep_on: asked often; False gives up.

    Returns:
        False when `keep_on` gave up.
    """
    waiting_file(gate, replica).touch()
    while not gate.exists():
        if not keep_on():
            return False
        time.sleep(LOOK_S)
    return True
