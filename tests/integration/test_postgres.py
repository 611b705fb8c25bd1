"""The sink against a real PostgreSQL: offsets with the data, fencing, reconnects, the outbox."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

import builders
from tapeline.contracts import codec
from tapeline.contracts.messages import Dead
from tapeline.contracts.order_states import TRANSITIONS
from tapeline.monitoring.store.logic import TABLES, rows
from tapeline.runner import postgres
from tapeline.runner.log import FencedError
from tapeline.runner.memory import MemoryLog
from tapeline.runner.migrations import MigrationError, migrate
from tapeline.runner.postgres import OutboxRelay, PostgresDatabase
from tapeline.runner.queries import sql_dir
from tapeline.runner.sink import SinkMeans, SinkRunner, TransientError
from tapeline.runner.wiring import Input, Wiring

pytestmark = pytest.mark.postgres

TOPICS = ("bars.1s", "fills", "orders", "live_orders")
WIRING = Wiring("s", "store", 0, tuple(Input(t, n, (0,), False) for n, t in enumerate(TOPICS)), {})


def publish(log: MemoryLog, topic: str, *values: Any) -> None:
    transaction = log.transaction("test", log.register("test"))
    for value in values:
        data = value if isinstance(value, bytes) else codec.encode(value)
        transaction.produce(topic, 0, "K", data)
    transaction.commit()


def sink(log: MemoryLog, database: Any) -> SinkRunner:
    slept = [0.0]
    means = SinkMeans(sleep=slept.append, clock_s=lambda: sum(slept))
    return SinkRunner(WIRING, log, database, lambda m, n: rows(m, "A1", n), means)


def query(conninfo: str, text: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(text.encode()).fetchall()


def test_only_a_higher_rev_replaces_a_bar(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    stage = sink(log, target)
    publish(log, "bars.1s", builders.bar(rev=0, close_e4=100), builders.bar(rev=2, close_e4=300))
    stage.flush()
    publish(log, "bars.1s", builders.bar(rev=1, close_e4=200))
    stage.flush()
    target.close()

    assert query(database, "SELECT rev, close::text FROM bars_1s") == [(2, "0.0300")]


def test_fills_move_their_position_once_even_when_delivered_again(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    bought = builders.fill(fill_id="F1", side="BUY", qty=10, price_e4=20_000)
    sold = builders.fill(fill_id="F2", trade_id="T2", side="SELL", qty=4, price_e4=30_000)
    stage = sink(log, target)
    publish(log, "fills", bought, sold, bought)
    stage.flush()
    publish(log, "fills", sold)
    stage.flush()
    target.close()

    row = query(database, "SELECT qty, bought_value::text, sold_value::text FROM positions")
    assert row == [(6, "20.0000", "12.0000")]
    assert query(database, "SELECT * FROM position_differences") == []


def test_a_restarted_sink_goes_on_where_its_last_transaction_ended(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    publish(log, "fills", builders.fill(fill_id="F1"))
    sink(log, target).flush()
    publish(log, "fills", builders.fill(fill_id="F2", trade_id="T2"))
    second = sink(log, target)
    second.flush()
    target.close()

    assert second.stats.events == 1
    assert query(database, "SELECT next_offset FROM stage_offsets WHERE topic = 'fills'") == [(2,)]


def test_a_zombie_cannot_write(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    zombie = sink(log, target)
    sink(log, target)
    publish(log, "fills", builders.fill())

    with pytest.raises(FencedError, match="a newer writer owns the place"):
        zombie.flush()
    target.close()

    assert query(database, "SELECT count(*) FROM fills") == [(0,)]


class Flaky:
    """A database whose connection breaks before or after the commit, as told."""

    def __init__(self, database: PostgresDatabase, faults: list[str]) -> None:
        self._database = database
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def write(self, *arguments: Any) -> None:
        fault = self._faults.pop(0) if self._faults else ""
        if fault == "before":
            raise TransientError("connection refused")
        self._database.write(*arguments)
        if fault == "after":
            raise TransientError("server closed the connection unexpectedly")


@pytest.mark.parametrize("faults", [["before"], ["after"], ["before", "before", "after"]])
def test_a_lost_connection_neither_loses_nor_doubles(database: str, faults: list[str]) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    stage = sink(log, Flaky(target, faults))
    publish(log, "fills", builders.fill())
    stage.flush()
    target.close()

    assert query(database, "SELECT count(*) FROM fills") == [(1,)]
    assert query(database, "SELECT sum(qty) FROM positions") == [(10,)]


def test_a_backend_that_is_killed_mid_session_is_replaced(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    stage = sink(log, target)
    publish(log, "fills", builders.fill(fill_id="F1"))
    stage.flush()
    query(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    publish(log, "fills", builders.fill(fill_id="F2", trade_id="T2"))
    stage.flush()
    target.close()

    assert query(database, "SELECT count(*) FROM fills") == [(2,)]


def test_a_database_that_stays_away_stops_the_sink_with_a_remedy(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    stage = sink(log, Flaky(target, ["before"] * 1_000))
    publish(log, "fills", builders.fill())

    with pytest.raises(TransientError, match="nothing is lost, start the session again"):
        stage.flush()
    target.close()


def test_the_audit_trail_is_append_only(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    publish(log, "live_orders", builders.live_order())
    sink(log, target).flush()
    target.close()

    for change in (
        "UPDATE order_events SET state = 'FILLED'",
        "DELETE FROM order_events",
        "TRUNCATE order_events",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            query(database, change)


def test_bytes_the_store_cannot_read_reach_the_dead_letter_topic_through_the_outbox(
    database: str,
) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    publish(log, "orders", b"\x00bad")
    sink(log, target).flush()
    relay = OutboxRelay(target, log, "s")

    assert relay.publish() == 1
    assert relay.publish() == 0
    assert OutboxRelay(target, log, "s").publish() == 0
    target.close()
    (record,) = log.records("orders.dead")
    assert msgspec.json.decode(record.value, type=Dead).reason == "SCHEMA"


def test_the_outbox_is_published_to_its_end(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "RELAY_RECORDS", 2)
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    publish(log, "orders", *[b"\x00bad"] * 5)
    sink(log, target).flush()

    assert OutboxRelay(target, log, "s").publish() == 5
    target.close()
    assert len(log.records("orders.dead")) == 5


def test_an_illegal_transition_is_refused_by_the_database(database: str) -> None:
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    publish(log, "live_orders", builders.live_order(prev_state="FILLED", state="ACCEPTED"))

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="legal_transition"):
        sink(log, target).flush()
    target.close()


def test_the_database_knows_the_transitions_of_the_schema(database: str) -> None:
    rows_ = query(database, "SELECT prev_state, event, state FROM order_transitions")

    assert sorted(rows_) == sorted((str(a), str(e), str(b)) for a, e, b in TRANSITIONS)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A copy that a test may change."""
    folder = tmp_path / "migrations"
    shutil.copytree(sql_dir() / "migrations", folder)
    return folder


def test_migrations_apply_once_in_order(empty_database: str, migrations: Path) -> None:
    count = len(list(migrations.glob("*.sql")))

    assert migrate(empty_database, migrations) == count
    assert migrate(empty_database, migrations) == 0

    (migrations / "9999_more.sql").write_text("CREATE TABLE more (a int);\n")
    assert migrate(empty_database, migrations) == 1


def test_a_migration_that_fails_leaves_none_of_them(empty_database: str, migrations: Path) -> None:
    (migrations / "9999_wrong.sql").write_text("CREATE TABLE twice (a int, a int);\n")

    with pytest.raises(psycopg.errors.DuplicateColumn):
        migrate(empty_database, migrations)
    assert query(empty_database, "SELECT FROM pg_tables WHERE schemaname = 'public'") == []


def append(path: Path) -> None:
    path.write_text(path.read_text() + "-- changed\n")


MOVED: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (
        lambda folder: append(folder / "0001_bars.sql"),
        r"0001_bars\.sql: was applied with other content; .* into a new migration",
    ),
    "removed": (
        lambda folder: (folder / "0003_recon_risk.sql").unlink(),
        r"0003_recon_risk\.sql: was applied to this database, but is not there; restore it",
    ),
    "renamed": (
        lambda folder: (folder / "0002_orders.sql").rename(folder / "0002_order.sql"),
        r"0002_orders\.sql: was applied to this database, but is not there; restore it",
    ),
    "put before an applied one": (
        lambda folder: (folder / "0004_a.sql").write_text(""),
        r"0004_a\.sql: comes before .*, which was applied; give it a higher number",
    ),
}


@pytest.mark.parametrize(("change", "message"), MOVED.values(), ids=MOVED)
def test_a_past_that_differs_is_refused(
    empty_database: str, migrations: Path, change: Callable[[Path], object], message: str
) -> None:
    migrate(empty_database, migrations)
    change(migrations)

    with pytest.raises(MigrationError, match=message):
        migrate(empty_database, migrations)
