"""Programs that stand in for docker, java and mvn: shell scripts that tests put on the PATH."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest


class Programs:
    """A folder that is the whole PATH, but for the shell's own tools.

    Args:
        folder: where the scripts and their calls go.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        folder.mkdir()
        for tool in ("cat", "mkdir", "sh", "touch"):
            source = next(
                Path(p) / tool for p in os.defpath.split(":") if (Path(p) / tool).exists()
            )
            (folder / tool).symlink_to(source)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.delenv("JAVA_HOME", raising=False)

    def add(self, name: str, body: str) -> None:
        """A program; each call of it is remembered."""
        path = self._folder / name
        head = f'#!/bin/sh\necho "$@" >> {self._folder}/{name}.calls\n'
        path.write_text(head + textwrap.dedent(body))
        path.chmod(0o755)

    def calls(self, name: str) -> list[str]:
        """Arguments of each call."""
        path = self._folder / f"{name}.calls"
        return path.read_text().splitlines() if path.exists() else []
