"""Applies sql/migrations/: forward only, each once, with a checksum."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg


class MigrationError(Exception):
    """A migration that was applied has changed since, or one is missing; the message says which."""


def migrate(conninfo: str, folder: Path) -> int:
    """Applies the migrations that are missing, in order. Returns how many.

    Raises:
        MigrationError: an applied migration's text has changed.
    """
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL)"
        )
        rows = connection.execute("SELECT name, checksum FROM migrations").fetchall()
        applied = {str(name): str(checksum) for name, checksum in rows}
        count = 0
        for path in sorted(folder.glob("*.sql")):
            text = path.read_text()
            checksum = hashlib.sha256(text.encode()).hexdigest()
            if path.name in applied:
                if applied[path.name] != checksum:
                    raise MigrationError(
                        f"{path}: was applied with other content; restore it and put the change "
                        "into a new migration"
                    )
                continue
            connection.execute(text.encode())
            connection.execute(
                "INSERT INTO migrations (name, checksum) VALUES (%s, %s)", (path.name, checksum)
            )
            count += 1
    return count
