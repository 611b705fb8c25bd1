"""A real PostgreSQL for the store's sink, and the relay that publishes its outbox."""

from __future__ import annotations

from typing import Any

import psycopg

from tapeline.runner.log import FencedError, Log
from tapeline.runner.queries import load_queries, sql_dir
from tapeline.runner.sink import Batch, TransientError

CONNECT_TIMEOUT_S = 5
"""A host that does not answer counts as away; a local connection takes milliseconds."""

RELAY_RECORDS = 1_000
"""Outbox records of one transaction of the log: some 100 KiB each at the most, 100 MiB in all."""


class PostgresDatabase:
    """A real PostgreSQL.

    Args:
        conninfo: libpq connection string.
        tables: tables that are written, each with a statement merge_<table> in store.sql.
    """

    def __init__(self, conninfo: str, tables: tuple[str, ...]) -> None:
        self._conninfo = conninfo
        self._tables = tables
        self._sql = load_queries(sql_dir() / "queries" / "store.sql")
        self._connection: psycopg.Connection[Any] | None = None

    def own(self, stage: str) -> int:
        """Takes over the stage's place; see sink.Database."""
        try:
            with self._connect().transaction(), self._connect().cursor() as cursor:
                cursor.execute(self._query("own_epoch"), {"stage": stage})
                row = cursor.fetchone()
        except psycopg.OperationalError as error:
            self.close()
            raise TransientError(str(error)) from error
        assert row is not None
        return int(row[0])

    def offsets(self, stage: str) -> dict[tuple[str, int], int]:
        """Next offset of each partition that the stage has written."""
        try:
            with self._connect().transaction(), self._connect().cursor() as cursor:
                cursor.execute(self._query("read_offsets"), {"stage": stage})
                return {(topic, part): offset for topic, part, offset in cursor}
        except psycopg.OperationalError as error:
            self.close()
            raise TransientError(str(error)) from error

    def write(self, stage: str, epoch: int, batch: Batch) -> None:
        """Rows, outbox and offsets in one transaction; see sink.Database."""
        try:
            connection = self._connect()
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute(self._query("hold_epoch"), {"stage": stage, "epoch": epoch})
                if cursor.fetchone() is None:
                    raise FencedError(f"{stage} epoch {epoch}: a newer writer owns the place")
                for table in self._tables:
                    if batch.rows.get(table):
                        self._merge(cursor, table, batch.rows[table])
                cursor.executemany(
                    self._query("outbox_add"),
                    [{"topic": t, "key": k, "payload": v} for t, k, v in batch.outbox],
                )
                cursor.executemany(
                    self._query("save_offset"),
                    [
                        {"stage": stage, "topic": t, "partition": p, "next_offset": o}
                        for (t, p), o in batch.offsets.items()
                    ],
                )
        except psycopg.OperationalError as error:
            self.close()
            raise TransientError(str(error)) from error

    def outbox(self, after: int, limit: int) -> list[tuple[int, str, str, bytes]]:
        """Unpublished records after an id, in order."""
        with self._connect().transaction(), self._connect().cursor() as cursor:
            cursor.execute(self._query("outbox_read"), {"after": after, "limit": limit})
            return [(i, topic, key, bytes(payload)) for i, topic, key, payload in cursor]

    def close(self) -> None:
        """Drops the connection; the next call makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _merge(self, cursor: psycopg.Cursor[Any], table: str, lines: list[str]) -> None:
        with cursor.copy(f"COPY batch_{table} FROM STDIN".encode()) as copy:
            copy.write("\n".join(lines) + "\n")
        cursor.execute(self._query(f"merge_{table}"))
        cursor.execute(f"TRUNCATE batch_{table}".encode())

    def _query(self, name: str) -> bytes:
        return self._sql[name].encode()

    def _connect(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            try:
                self._connection = psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
                )
                for table in self._tables:
                    create = f"CREATE TEMP TABLE batch_{table} (LIKE {table} INCLUDING DEFAULTS)"
                    self._connection.execute(create.encode())
            except psycopg.OperationalError as error:
                self._connection = None
                raise TransientError(str(error)) from error
        return self._connection


class OutboxRelay:
    """Publishes the outbox in order, each record once.

    The id of the last record published is saved in the log in the transaction that publishes it.

    Args:
        database: where the outbox is.
        log: where to.
        session: name of the session.
    """

    LAST_ID = "@outbox"

    def __init__(self, database: PostgresDatabase, log: Log, session: str) -> None:
        self._database = database
        self._log = log
        self._id = f"{session}.outbox_relay"
        self._state = "store.0"
        self._epoch = log.register(self._id)
        # Read once: a commit is acknowledged before every reader can see it.
        self._last = int(log.state(self._state).get(self.LAST_ID, b"0"))

    def publish(self) -> int:
        """Publishes everything that waits, `RELAY_RECORDS` at a time. Returns how many."""
        count = 0
        while published := self._publish_some():
            count += published
        if count:
            # Settles the last commit: whoever reads the topics now finds all of it.
            self._epoch = self._log.register(self._id)
        return count

    def _publish_some(self) -> int:
        waiting = self._database.outbox(self._last, RELAY_RECORDS)
        if waiting:
            transaction = self._log.transaction(self._id, self._epoch)
            for _, topic, key, payload in waiting:
                transaction.produce(topic, 0, key, payload)
            transaction.put_state(self._state, self.LAST_ID, str(waiting[-1][0]).encode())
            transaction.commit()
            self._last = int(waiting[-1][0])
        return len(waiting)
