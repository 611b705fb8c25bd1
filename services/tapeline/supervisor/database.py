"""The database of a session on a server that holds others too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tapeline.runner.migrations import LOCK, migrate
from tapeline.runner.queries import sql_dir
from tapeline.runner.roles import Role, as_role

CONNECT_TIMEOUT_S = 5
"""A host that does not answer counts as away; a local connection takes milliseconds."""

HOLD = LOCK + 1
"""Number of the lock that the one run of a session holds while it lasts."""

SET_FROM = 160_000
"""Version of PostgreSQL from which membership and the right to take on a role are two things."""

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
        _check_readable(server)
        self.name = database_name(prefix)
        self._server = server

    @property
    def conninfo(self) -> str:
        """Connection string with the given login, which owns the tables."""
        return make_conninfo(self._server, dbname=self.name)

    def conninfo_as(self, role: Role) -> str:
        """Connection string with the rights of a role alone; the login is granted it if need be.

        Raises:
            DatabaseRefusedError: the login may not act as the role.
        """
        with self._connected(self.conninfo) as connection:
            right = "SET" if connection.info.server_version >= SET_FROM else "MEMBER"
            found = connection.execute(
                "SELECT pg_has_role(current_user, oid, %s) FROM pg_roles WHERE rolname = %s",
                [right, role],
            )
            if found.fetchone() != (True,):
                grant = sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role))
                try:
                    connection.execute(grant)
                except (
                    psycopg.errors.InsufficientPrivilege,
                    psycopg.errors.UndefinedObject,
                ) as error:
                    login = connection.info.user
                    raise DatabaseRefusedError(
                        f"--postgres: {login} may not act as {role}: let an administrator run "
                        f"GRANT {role} TO {login} (docs/runbooks/local-services.md)"
                    ) from error
        return as_role(self.conninfo, role)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other runs of the session away, wherever they are; ends with the process.

        Raises:
            DatabaseRefusedError: another run of the session lasts, or the server is away.
        """
        with self._connected(self.conninfo) as connection:
            taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [HOLD]).fetchone()
            if taken != (True,):
                raise DatabaseRefusedError(
                    f"a run that uses the database {self.name} lasts: wait for its end or stop it, "
                    "or give this one another --prefix"
                )
            yield

    def resolved(self) -> dict[str, str]:
        """What `record` has kept; empty where no run has."""
        with self._connected(self.conninfo) as connection:
            row = connection.execute("SELECT to_regclass('resolved_parts')").fetchone()
            if row is None or row[0] is None:
                return {}
            rows = connection.execute("SELECT part, digest FROM resolved_parts").fetchall()
            return {str(part): str(digest) for part, digest in rows}

    def record(self, parts: Mapping[str, str]) -> None:
        """Keeps what the session was resolved to, for those who go on with it."""
        with self._connected(self.conninfo) as connection, connection.transaction():
            connection.execute(
                "CREATE TABLE IF NOT EXISTS resolved_parts (part text PRIMARY KEY, digest text)"
            )
            connection.execute("DELETE FROM resolved_parts")
            for part, digest in parts.items():
                connection.execute(
                    "INSERT INTO resolved_parts (part, digest) VALUES (%s, %s)", [part, digest]
                )

    def used(self) -> bool:
        """Whether the store of an earlier run has written here.

        Raises:
            DatabaseRefusedError: the server is away.
        """
        if not self.exists():
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
        if not self.exists():
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

    def exists(self) -> bool:
        """Whether the server has the database."""
        with self._connected(self._server) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return found.fetchone() is not None

    def _connected(self, conninfo: str) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
        except psycopg.OperationalError as error:
            raise DatabaseRefusedError(
                f"--postgres: no connection ({str(error).strip()}): check that the server runs "
                "(`make ps`) and the connection string"
            ) from error


def _check_readable(conninfo: str) -> None:
    """Refuses a mistyped string without showing it: any part of it may be of the password."""
    try:
        parts = conninfo_to_dict(conninfo)
        readable = re.fullmatch(r"[\d,]*", str(parts.get("port") or "")) is not None
        readable = readable and "@" not in str(parts.get("host") or "").removeprefix("@")
    except psycopg.ProgrammingError:
        readable = False
    if not readable:
        raise DatabaseRefusedError(
            "--postgres: the connection string cannot be read: write it as "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @ and %2F for / in the "
            "password"
        )
