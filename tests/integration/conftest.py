"""A real PostgreSQL for the tests: one server for the session, one database for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapeline.runner.embedded_postgres import EmbeddedPostgres
from tapeline.runner.postgres import migrate
from tapeline.runner.queries import sql_dir


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    # Not below pytest's folders: as root the server runs as another user, who cannot enter them.
    with tempfile.TemporaryDirectory(prefix="tapeline-pg-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def empty_database(postgres_folder: Path) -> Iterator[str]:
    """Connection string of a new database without tables."""
    with EmbeddedPostgres(postgres_folder, "test") as conninfo:
        yield conninfo


@pytest.fixture
def database(empty_database: str) -> str:
    """Connection string of a new, migrated database."""
    migrate(empty_database, sql_dir() / "migrations")
    return empty_database
