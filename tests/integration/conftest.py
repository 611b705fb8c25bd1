"""A real PostgreSQL for the tests: one server for the session, one database for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tapeline.local import LocalKafka, LocalPostgres
from tapeline.runner.embedded_postgres import EmbeddedPostgres, get_server
from tapeline.runner.migrations import migrate
from tapeline.runner.queries import sql_dir
from tapeline.supervisor.database import SessionDatabase
from tapeline.supervisor.session import ProcessOptions

FAST = ("fsync", "synchronous_commit", "full_page_writes")
"""What guards against a power cut; no test cuts the power."""


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """Data folder of a running server; EmbeddedPostgres joins it and leaves it running.

    The server stops with its last process, so a second one is entered for as long as the tests run.
    """
    # Not below pytest's folders: as root the server runs as another user, who cannot enter them.
    with tempfile.TemporaryDirectory(prefix="tapeline-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        server.global_process_id_list.get_and_add(os.getppid())
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in FAST:
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield Path(folder)
        server.global_process_id_list.get_and_remove(os.getppid())
        server.global_process_id_list.get_and_add(os.getpid())
        server.cleanup()


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


@pytest.fixture
def options(
    kafka: LocalKafka, postgres_server: LocalPostgres, prefix: str, tmp_path: Path
) -> Iterator[ProcessOptions]:
    """How the small session of the fault tests runs as processes; its database goes at the end."""
    yield ProcessOptions(
        manifest=Path("tests/fault/session.yaml"),
        out_dir=tmp_path / "processes",
        kafka=kafka.bootstrap,
        postgres=postgres_server.conninfo,
        prefix=prefix,
        configs=Path("configs").resolve(),
    )
    SessionDatabase(postgres_server.conninfo, prefix).drop()
