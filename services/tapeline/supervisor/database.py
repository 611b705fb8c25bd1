"""The database of a session on a server that holds others too."""

from __future__ import annotations

import hashlib
import re

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tapeline.runner.migrations import migrate
from tapeline.runner.queries import sql_dir

CONNECT_TIMEOUT_S = 5
"""A host that does not answer counts as away; a local connection takes milliseconds."""

STORE_ROLE = "tapeline_store"
"""Role of the store: it may write the session's tables and nothing else (sql/migrations)."""

NAME_MAX = 63
"""PostgreSQL cuts longer names."""


class DatabaseRefusedError(Exception):
    """The server cannot take the session; the message says why and what to do."""


def database_name(prefix: str) -> str:
    """Name of a session's database, that needs no quotes; other prefixes have other names."""
    name = f"tapeline_{prefix.lower().replace('-', '_')}"
    if len(name) <= NAME_MAX and re.fullmatch(r"[a-z0-9-]+", prefix):
        return name
    digest = hashlib.sha256(prefix.encode()).hexdigest()[:8]
    return f"{name[: NAME_MAX - len(digest) - 1]}_{digest}"


class SessionDatabase:
    """One session's database.

    Args:
        server: connection string to any database of the server, with a role that may create one.
        prefix: the session's prefix; names the database.
    """

    def __init__(self, server: str, prefix: str) -> None:
        self.name = database_name(prefix)
        self._server = server

    @property
    def conninfo(self) -> str:
        """Connection string with the given role."""
        return make_conninfo(self._server, dbname=self.name)

    def store_conninfo(self) -> str:
        """Connection string with the rights of the store alone, where the server has its role."""
        with self._connected(self.conninfo) as connection:
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [STORE_ROLE])
            if found.fetchone() is None:
                return self.conninfo
        return make_conninfo(self.conninfo, options=f"-c role={STORE_ROLE}")

    def used(self) -> bool:
        """Whether the store of an earlier run has written here.

        Raises:
            DatabaseRefusedError: the server is away.
        """
        if not self._exists():
            return False
        with self._connected(self.conninfo) as connection:
            row = connection.execute("SELECT to_regclass('stage_offsets')").fetchone()
            if row is None or row[0] is None:
                return False
            return connection.execute("SELECT 1 FROM stage_offsets LIMIT 1").fetchone() is not None

    def drop(self) -> None:
        """Deletes the database, whoever is connected."""
        with self._connected(self._server) as connection:
            name = sql.Identifier(self.name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def prepare(self) -> None:
        """Creates the database where it is missing, and applies the migrations that are missing.

        Raises:
            DatabaseRefusedError: the server is away, or its role may not.
            MigrationError: the database was made by other migrations.
        """
        if not self._exists():
            with self._connected(self._server) as connection:
                name = sql.Identifier(self.name)
                try:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
                except psycopg.errors.DuplicateDatabase:
                    pass
                except psycopg.errors.InsufficientPrivilege as error:
                    raise DatabaseRefusedError(
                        f"--postgres: the role may not create the database {self.name}: give it "
                        "CREATEDB, or create the database for it"
                    ) from error
        migrate(self.conninfo, sql_dir() / "migrations")

    def _exists(self) -> bool:
        with self._connected(self._server) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return found.fetchone() is not None

    def _connected(self, conninfo: str) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
        except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
            raise DatabaseRefusedError(
                f"--postgres: no connection ({str(error).strip()}): check that the server runs "
                "(`make ps`) and the connection string"
            ) from error
