"""Applies sql/migrations/: forward only, each once, with a checksum."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg

LOCK = 7_170_746_578_461
"""Number of the lock that one migrator at a time holds: any constant that nobody else uses."""


class MigrationError(Exception):
    """What was applied differs from the folder; the message says in what, and what to do."""


def migrate(conninfo: str, folder: Path) -> int:
    """Applies the migrations that are missing, in order. Returns how many.

    All in one transaction: they are applied together or not at all. Another migrator of the same
    database waits for its end, and then finds nothing to do.

    Raises:
        MigrationError: an applied migration was changed, renamed or removed, a new one comes before
            it, or the login may not do what one of them says.
    """
    try:
        return _migrate(conninfo, folder)
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"{folder}: the login may not apply it ({error.diag.message_primary}): it has to own "
            "the database, and to have CREATEROLE or the roles made before "
            "(docs/runbooks/local-services.md)"
        ) from error


def _migrate(conninfo: str, folder: Path) -> int:
    texts = {path.name: path.read_text() for path in sorted(folder.glob("*.sql"))}
    checksums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL)"
        )
        rows = connection.execute("SELECT name, checksum FROM migrations").fetchall()
        applied = {str(name): str(checksum) for name, checksum in rows}
        _check(folder, applied, checksums)
        missing = [name for name in texts if name not in applied]
        for name in missing:
            connection.execute(texts[name].encode())
            connection.execute(
                "INSERT INTO migrations (name, checksum) VALUES (%s, %s)", (name, checksums[name])
            )
    return len(missing)


def _check(folder: Path, applied: dict[str, str], present: dict[str, str]) -> None:
    for name, checksum in sorted(applied.items()):
        if name not in present:
            raise MigrationError(
                f"{folder / name}: was applied to this database, but is not there; restore it "
                "under this name, or use the release that applied it"
            )
        if present[name] != checksum:
            raise MigrationError(
                f"{folder / name}: was applied with other content; restore it and put the change "
                "into a new migration"
            )
    last = max(applied, default="")
    for name in present:
        if name not in applied and name < last:
            raise MigrationError(
                f"{folder / name}: comes before {last}, which was applied; give it a higher number"
            )
