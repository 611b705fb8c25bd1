"""What each role of the database may do: its own work, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg
import pytest

import builders
import builders_risk
from tapeline.contracts import codec
from tapeline.contracts.messages import Dead
from tapeline.local import LocalPostgres
from tapeline.monitoring.store.logic import TABLES, rows
from tapeline.runner.memory import MemoryLog
from tapeline.runner.migrations import migrate
from tapeline.runner.postgres import OutboxRelay, PostgresDatabase
from tapeline.runner.queries import sql_dir
from tapeline.runner.roles import READER, RELAY, STORE, Role, as_role
from tapeline.runner.sink import SinkRunner
from tapeline.runner.wiring import Input, Wiring

pytestmark = pytest.mark.postgres

BARS = {"bars_1s", "bars_1m", "bars_3m", "bars_5m", "bars_15m"}
OWN = {"positions", "stage_offsets", "stage_epochs"}
ONCE = {"orders", "order_events", "fills", "recon_runs", "recon_breaks", "risk_state"}

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

MAY: dict[Role, dict[str, set[str]]] = {
    STORE: {
        "SELECT": BARS | OWN | ONCE,
        "INSERT": BARS | OWN | ONCE | {"outbox"},
        "UPDATE": BARS | OWN,
    },
    RELAY: {"SELECT": {"outbox"}},
}


def query(conninfo: str, text: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(text.encode()).fetchall()


def tables(conninfo: str) -> set[str]:
    found = query(conninfo, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') AND "
                  "relnamespace = 'public'::regnamespace")  # fmt: skip
    return {name for (name,) in found}


def allowed(conninfo: str, role: str, right: str) -> set[str]:
    return {
        table
        for table in tables(conninfo)
        if query(conninfo, f"SELECT has_table_privilege('{role}', '{table}', '{right}')")[0][0]
    }


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("role", MAY)
def test_a_role_has_its_rights_and_no_others(database: str, role: Role, right: str) -> None:
    assert allowed(database, role, right) == MAY[role].get(right, set())


@pytest.mark.parametrize("right", RIGHTS)
def test_a_reader_reads_everything_and_writes_nothing(database: str, right: str) -> None:
    everything = tables(database)
    assert everything >= BARS | OWN | ONCE | {"outbox", "position_differences"}

    assert allowed(database, READER, right) == (everything if right == "SELECT" else set())


def test_a_reader_reads_tables_that_come_later(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE later (a int)")

    assert query(as_role(database, READER), "SELECT * FROM later") == []


MESSAGES: dict[str, Any] = {
    "bars.1s": builders.bar(),
    "orders": builders_risk.order(builders_risk.leg()),
    "control": builders_risk.control("KILL"),
    "live_orders": builders.live_order(),
    "fills": builders.fill(),
}


def test_the_store_and_the_relay_do_their_work_with_their_roles(database: str) -> None:
    log = MemoryLog({})
    target = PostgresDatabase(as_role(database, STORE), TABLES)
    inputs = tuple(Input(topic, n, (0,), False) for n, topic in enumerate(MESSAGES))
    wiring = Wiring("s", "store", 0, inputs, {})
    for again in range(2):
        stage = SinkRunner(wiring, log, target, lambda m, n: rows(m, "A1", n))
        transaction = log.transaction("test", log.register("test"))
        for topic, message in MESSAGES.items():
            transaction.produce(topic, 0, "K", codec.encode(message))
        transaction.produce("bars.1s", 0, "K", codec.encode(builders.bar(rev=again + 1)))
        transaction.produce("orders", 0, "K", b"\x00bad")
        transaction.commit()
        stage.flush()
    target.close()
    relayed = PostgresDatabase(as_role(database, RELAY), ())

    assert query(database, "SELECT rev FROM bars_1s") == [(2,)]
    assert query(database, "SELECT count(*) FROM order_events") == [(1,)]
    assert OutboxRelay(relayed, log, "s").publish() == 2
    relayed.close()
    dead = msgspec.json.decode(log.records("orders.dead")[0].value, type=Dead)
    assert dead.reason == "SCHEMA"


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (STORE, "UPDATE order_events SET state = 'FILLED'"),
        (STORE, "DELETE FROM fills"),
        (STORE, "SELECT * FROM outbox"),
        (STORE, "INSERT INTO order_transitions VALUES ('A', 'B', 'C')"),
        (STORE, "CREATE TABLE mine (a int)"),
        (STORE, "DROP TRIGGER order_events_append_only ON order_events"),
        (RELAY, "DELETE FROM outbox"),
        (RELAY, "SELECT * FROM fills"),
        (RELAY, "CREATE TEMP TABLE mine (a int)"),
        (READER, "INSERT INTO outbox (topic, key, payload) VALUES ('t', 'k', '')"),
        (READER, "UPDATE positions SET qty = 0"),
        (READER, "SELECT id FROM outbox FOR UPDATE"),
    ],
)
def test_anything_else_is_refused(database: str, role: Role, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(as_role(database, role), statement)


def test_a_role_has_no_login(postgres_server: LocalPostgres, server_database: str) -> None:
    roles = query(server_database, "SELECT rolname, rolcanlogin, rolsuper FROM pg_roles "
                  "WHERE rolname LIKE 'tapeline%' ORDER BY 1")  # fmt: skip

    assert roles == [(role, False, False) for role in sorted((READER, RELAY, STORE))]


def test_databases_of_one_server_migrate_at_the_same_time(
    postgres_server: LocalPostgres,
) -> None:
    """And one of them by three migrators at once."""
    names = [f"together_{n}" for n in range(4)]
    conninfos = [postgres_server.create_database(name) for name in names]
    folder = sql_dir() / "migrations"
    count = len(list(folder.glob("*.sql")))
    with ThreadPoolExecutor(6) as pool:
        applied = list(pool.map(lambda c: migrate(c, folder), [*conninfos, *conninfos[:1] * 2]))
    for name in names:
        postgres_server.drop_database(name)

    assert sorted(applied) == [0, 0, *[count] * 4]
