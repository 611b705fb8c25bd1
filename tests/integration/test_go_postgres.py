"""The Go package for PostgreSQL against a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

GO = Path(__file__).resolve().parents[2] / "go"


def test_go_writes_into_postgres_exactly_once(server_database: str) -> None:
    assert shutil.which("go"), "Go is missing: see `make doctor`"
    done = subprocess.run(
        ["go", "test", "-tags", "postgres", "-count=1", "./pkg/shared/pg"],
        cwd=GO,
        env={**os.environ, "POSTGRES": server_database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
