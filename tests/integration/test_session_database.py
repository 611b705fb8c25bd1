"""The database of a session: who may make it, what it remembers, that one run at a time has it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tapeline.local import LocalPostgres
from tapeline.runner.migrations import MigrationError, migrate
from tapeline.runner.queries import sql_dir
from tapeline.runner.roles import READER, RELAY, STORE, Role
from tapeline.supervisor.database import DatabaseRefusedError, SessionDatabase

pytestmark = pytest.mark.postgres

ROLES: tuple[Role, ...] = (STORE, RELAY, READER)


@dataclass
class Desk:
    """A login without rights, and the database that it is to make."""

    admin: str
    login: str
    prefix: str

    @property
    def database(self) -> SessionDatabase:
        return SessionDatabase(
            make_conninfo(self.admin, user=self.login, password="x"), self.prefix
        )

    def allow(self, statement: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def desk(postgres_server: LocalPostgres, server_database: str) -> Iterator[Desk]:
    migrate(server_database, sql_dir() / "migrations")  # makes the roles of the server
    name = f"login_{uuid.uuid4().hex[:12]}"
    desk = Desk(postgres_server.conninfo, name, name)
    desk.allow(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    yield desk
    SessionDatabase(postgres_server.conninfo, name).drop()
    desk.allow(f"DROP OWNED BY {name}")
    desk.allow(f"DROP ROLE {name}")


def acts_as(conninfo: str) -> str:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    assert row is not None
    return str(row[0])


def test_a_login_that_was_granted_the_roles_needs_no_more_than_createdb(desk: Desk) -> None:
    desk.allow(f"ALTER ROLE {desk.login} CREATEDB")
    desk.allow(f"GRANT {', '.join(ROLES)} TO {desk.login}")
    desk.database.prepare()

    assert [acts_as(desk.database.conninfo_as(role)) for role in ROLES] == list(ROLES)


def test_a_login_with_the_roles_to_give_grants_them_to_itself(desk: Desk) -> None:
    desk.allow(f"ALTER ROLE {desk.login} CREATEDB CREATEROLE")
    with psycopg.connect(desk.admin) as connection:
        version = connection.info.server_version
    options = "ADMIN TRUE, INHERIT FALSE, SET FALSE" if version >= 160_000 else "ADMIN OPTION"
    desk.allow(f"GRANT {', '.join(ROLES)} TO {desk.login} WITH {options}")
    desk.database.prepare()

    assert [acts_as(desk.database.conninfo_as(role)) for role in ROLES] == list(ROLES)


def test_options_of_the_given_string_are_kept(desk: Desk) -> None:
    server = make_conninfo(desk.admin, options="-c work_mem=5MB")
    database = SessionDatabase(server, desk.prefix)
    database.prepare()

    with psycopg.connect(database.conninfo_as(STORE)) as connection:
        row = connection.execute("SELECT current_user, current_setting('work_mem')").fetchone()
    assert row == (STORE, "5MB")


def test_a_login_without_the_roles_is_told_what_to_grant(desk: Desk) -> None:
    desk.allow(f"ALTER ROLE {desk.login} CREATEDB")
    desk.database.prepare()

    with pytest.raises(DatabaseRefusedError, match=f"run GRANT {STORE} TO {desk.login}"):
        desk.database.conninfo_as(STORE)


def test_a_login_that_may_create_no_database_is_told_so(desk: Desk) -> None:
    with pytest.raises(DatabaseRefusedError, match="give it CREATEDB"):
        desk.database.prepare()


def test_a_login_that_does_not_own_the_database_is_told_so(desk: Desk) -> None:
    desk.allow(f"CREATE DATABASE {desk.database.name}")

    with pytest.raises(MigrationError, match="it has to own the database"):
        desk.database.prepare()


def test_one_run_at_a_time_holds_a_session(desk: Desk) -> None:
    database = SessionDatabase(desk.admin, desk.prefix)
    database.prepare()
    with database.held(), pytest.raises(DatabaseRefusedError, match="lasts"), database.held():
        pytest.fail("two held it")

    with database.held():
        pass


def test_it_remembers_what_the_session_resolved_to(desk: Desk) -> None:
    database = SessionDatabase(desk.admin, desk.prefix)
    database.prepare()
    assert database.resolved() == {}

    database.record({"spec.seed": "a", "charges": "b"})
    database.record({"spec.seed": "c"})

    assert database.resolved() == {"spec.seed": "c"}
