"""Tells Prometheus where the processes of a session show their metrics."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tapeline.local.folders import SERVICES
from tapeline.local.ports import HOST

TARGETS = SERVICES / "targets"
"""Prometheus looks here every few seconds (deploy/local/prometheus.yml)."""


def write_targets(
    prefix: str, processes: Iterable[tuple[str, int]], folder: Path = TARGETS
) -> None:
    """Replaces the addresses of a session.

    Args:
        prefix: names the session's file.
        processes: name and port of each, for example ("oms.0", 21001).
        folder: where the file goes.
    """
    entries = [
        {"targets": [f"{HOST}:{port}"], "labels": {"process": name}} for name, port in processes
    ]
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{prefix}.new"
    beside.write_text(json.dumps(entries, indent=1) + "\n")
    beside.replace(folder / f"{prefix}.json")


def remove_targets(prefix: str, folder: Path = TARGETS) -> None:
    """Forgets a session that has ended."""
    (folder / f"{prefix}.json").unlink(missing_ok=True)
