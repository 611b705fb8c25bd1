"""Named SQL from sql/queries/*.sql; code never assembles SQL."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def sql_dir() -> Path:
    """Folder sql/ of the project."""
    return Path(__file__).resolve().parents[3] / "sql"


def load_queries(path: Path) -> dict[str, str]:
    """Statements of a file by the name in the `-- name:` line above each.

    Raises:
        ValueError: for a name that appears twice.
    """
    parts = _NAME.split(path.read_text())
    queries: dict[str, str] = {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        if name in queries:
            raise ValueError(f"{path}: query {name} is defined twice")
        queries[name] = text.strip()
    return queries
