"""Generates the order state machine from schemas/order_states.yaml."""

from __future__ import annotations

from pathlib import Path


def order_state_files(root: Path) -> dict[Path, str]:
    """Generated files of the order state machine, by path."""
    del root
    return {}
