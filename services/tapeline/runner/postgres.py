"""Writes topics into PostgreSQL exactly once, and publishes what PostgreSQL wants published.

The offset of each partition is written in the transaction of its data, with an epoch that fences a
zombie. After a lost connection the offsets say whether the last commit had happened.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import psycopg

from tapeline.contracts import codec
from tapeline.contracts.messages import Dead
from tapeline.runner.log import END_OF_TIME_NS, Committed, FencedError, Log, Record
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.queries import load_queries, sql_dir
from tapeline.runner.wiring import Wiring

BATCH_RECORDS_MIN = 4_000
"""The sink waits for this many records, since a commit costs about 3 ms however small it is; at the
end of the session it writes what is left."""

BATCH_RECORDS_MAX = 20_000
"""Records of one transaction: about 10 MiB of COPY text."""

RETRY_FIRST_S = 0.1
RETRY_MAX_S = 5.0
CONNECT_TIMEOUT_S = 5
"""A host that does not answer counts as away; a local connection takes milliseconds."""

WRITE_DEADLINE_S = 60.0
"""A database that stays away this long stops the stage; nothing is lost, since nothing was
committed. A restart of PostgreSQL takes seconds."""

RELAY_RECORDS = 1_000
"""Outbox records of one transaction of the log: some 100 KiB each at the most, 100 MiB in all."""

Rows = Callable[[Any, int], Iterator[tuple[str, str]]]


class MigrationError(Exception):
    """A migration that was applied has changed since, or one is missing; the message says which."""


class Batch:
    """Rows and records of one transaction."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = defaultdict(list)
        self.offsets: dict[tuple[str, int], int] = {}
        self.outbox: list[tuple[str, str, bytes]] = []


class Database(Protocol):
    """What the sink needs of a database; the fault simulator has a failing one."""

    def own(self, stage: str) -> int:
        """Takes over the stage's place. Returns the new epoch."""
        ...

    def offsets(self, stage: str) -> dict[tuple[str, int], int]: ...

    def write(self, stage: str, epoch: int, batch: Batch) -> None:
        """One transaction. Raises FencedError or TransientError."""
        ...


class TransientError(Exception):
    """The database did not answer, or broke off: the write may or may not have happened."""


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
        try:
            with self._connect().transaction(), self._connect().cursor() as cursor:
                cursor.execute(self._query("read_offsets"), {"stage": stage})
                return {(topic, part): offset for topic, part, offset in cursor}
        except psycopg.OperationalError as error:
            self.close()
            raise TransientError(str(error)) from error

    def write(self, stage: str, epoch: int, batch: Batch) -> None:
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


@dataclass(frozen=True)
class SinkMeans:
    """How a sink waits and writes."""

    sleep: Callable[[float], None] = time.sleep
    """Waits between retries, seconds."""
    clock_s: Callable[[], float] = perf_counter
    """Measures the deadline, seconds."""
    writer: Executor | None = None
    """Runs one write at a time beside the session; None = a thread of the sink's own."""


class SinkRunner:
    """Runs a stage that writes into a database; one batch is written while the next one gathers.

    Args:
        wiring: its inputs.
        log: the log that joins the stages.
        database: where to.
        rows: rows of one record: (message, position) -> (table, COPY line).
        means: how it waits and writes; the fault simulator brings its own.
    """

    def __init__(
        self,
        wiring: Wiring,
        log: Log,
        database: Database,
        rows: Rows,
        means: SinkMeans | None = None,
    ) -> None:
        means = means or SinkMeans()
        self.wiring = wiring
        self.stats = Stats()
        self.horizon_ns = END_OF_TIME_NS
        self._log = log
        self._database = database
        self._rows = rows
        self._sleep = means.sleep
        self._clock_s = means.clock_s
        self._last_ns = 0
        """at_ns of the last good record: what a dead letter is dated by."""
        self._writer = means.writer or ThreadPoolExecutor(1, thread_name_prefix=wiring.stage)
        self._writing: tuple[Batch, Future[None]] | None = None
        self._producer_epoch = log.register(wiring.group)
        self._epoch = database.own(wiring.group)
        self._places = [(i.topic, p) for i in wiring.inputs for p in i.partitions]
        stored = database.offsets(wiring.group)
        self._offsets = {place: stored.get(place, 0) for place in self._places}

    @property
    def name(self) -> str:
        return self.wiring.stage

    def cycle(self) -> Progress:
        """Begins to write once enough records wait and the last batch is in.

        Session time never waits for the sink, so that its work is no progress of the session.
        """
        if self._writing is None or self._writing[1].done():
            self._begin(BATCH_RECORDS_MIN)
        return Progress.NONE

    def flush(self) -> None:
        """Writes everything that waits, and waits for it."""
        while self._begin(1):
            pass
        self._finish()

    def close(self) -> None:
        """Ends the writer's thread; what was not flushed is written after a restart."""
        self._writer.shutdown(wait=True)

    def next_ns(self) -> int | None:
        """A sink holds no session time back."""
        return None

    def lift(self, until_ns: int) -> None:
        """A sink does not merge."""

    def _begin(self, records_min: int) -> bool:
        """Hands the next batch to the writer; false when fewer records wait."""
        started = perf_counter()
        waiting = sum(self._log.end(*place) - self._offsets[place] for place in self._places)
        if waiting < records_min:
            return False
        batch = Batch()
        room = BATCH_RECORDS_MAX
        for topic, partition in self._places:
            start = self._offsets[topic, partition]
            records = self._log.poll(topic, partition, start, room).records if room else []
            room -= len(records)
            for record in records:
                self._add(batch, topic, partition, record)
            if records:
                batch.offsets[topic, partition] = records[-1].offset + 1
                self.stats.events += len(records)
        self._finish()
        self._offsets |= batch.offsets
        self._writing = (batch, self._writer.submit(self._write, batch))
        self.stats.commits += 1
        self.stats.busy_s += perf_counter() - started
        return True

    def _finish(self) -> None:
        """Waits for the batch that is being written; its failure surfaces here."""
        if self._writing is not None:
            batch, future = self._writing
            future.result()
            self._writing = None
            self._confirm(batch)

    def _add(self, batch: Batch, topic: str, partition: int, record: Record) -> None:
        try:
            message = record.message or codec.decode(topic, record.value)
        except codec.BadRecordError as error:
            dead = Dead(
                at_ns=self._last_ns,
                topic=topic,
                partition=partition,
                offset=record.offset,
                stage=self.name,
                reason=error.reason,
                detail=error.detail[:1000],
                payload_b64=base64.b64encode(record.value).decode(),
            )
            batch.outbox.append((f"{topic}.dead", record.key, codec.encode(dead)))
            self.stats.dead[error.reason] = self.stats.dead.get(error.reason, 0) + 1
            return
        self._last_ns = message.at_ns
        for table, text in self._rows(message, record.offset):
            batch.rows[table].append(text)

    def _write(self, batch: Batch) -> None:
        """Writes until it is known to have happened, or the deadline is over."""
        started, pause = self._clock_s(), RETRY_FIRST_S
        unknown = False
        while True:
            try:
                # After a broken connection the offsets tell whether the commit had happened.
                if unknown and self._happened(batch):
                    return
                self._database.write(self.wiring.group, self._epoch, batch)
            except TransientError as error:
                unknown = True
                waited = self._clock_s() - started
                if waited >= WRITE_DEADLINE_S:
                    raise TransientError(
                        f"{self.name}: PostgreSQL away for {waited:.0f} s, giving up; nothing is "
                        f"lost, start the session again when it is back: {error}"
                    ) from error
                self._sleep(pause)
                pause = min(pause * 2, RETRY_MAX_S)
            else:
                return

    def _happened(self, batch: Batch) -> bool:
        stored = self._database.offsets(self.wiring.group)
        return all(stored.get(place, 0) >= offset for place, offset in batch.offsets.items())

    def _confirm(self, batch: Batch) -> None:
        """Tells the log that the records may be dropped."""
        transaction = self._log.transaction(self.wiring.group, self._producer_epoch)
        transaction.save(self.wiring.group, Committed(dict(batch.offsets), -1), None)
        transaction.commit()


class OutboxRelay:
    """Publishes the outbox in order, each record once.

    The id of the last record published is saved in the log in the transaction that publishes it.

    Args:
        database: where the outbox is.
        log: where to.
        session: name of the session.
    """

    LAST_ID = "last_id"

    def __init__(self, database: PostgresDatabase, log: Log, session: str) -> None:
        self._database = database
        self._log = log
        self._id = f"{session}.outbox_relay"
        self._epoch = log.register(self._id)

    def publish(self) -> int:
        """Publishes everything that waits, `RELAY_RECORDS` at a time. Returns how many."""
        count = 0
        while published := self._publish_some():
            count += published
        return count

    def _publish_some(self) -> int:
        state = self._log.state(self._id)
        last = int(state.get(self.LAST_ID, b"0"))
        waiting = self._database.outbox(last, RELAY_RECORDS)
        if waiting:
            transaction = self._log.transaction(self._id, self._epoch)
            for _, topic, key, payload in waiting:
                transaction.produce(topic, 0, key, payload)
            transaction.put_state(self._id, self.LAST_ID, str(waiting[-1][0]).encode())
            transaction.commit()
        return len(waiting)


def migrate(conninfo: str, folder: Path) -> int:
    """Applies the migrations that are missing, in order. Returns how many.

    Raises:
        MigrationError: an applied migration's text has changed.
    """
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL)"
        )
        rows = connection.execute("SELECT name, checksum FROM migrations").fetchall()
        applied = {str(name): str(checksum) for name, checksum in rows}
        count = 0
        for path in sorted(folder.glob("*.sql")):
            text = path.read_text()
            checksum = hashlib.sha256(text.encode()).hexdigest()
            if path.name in applied:
                if applied[path.name] != checksum:
                    raise MigrationError(
                        f"{path}: was applied with other content; restore it and put the change "
                        "into a new migration"
                    )
                continue
            connection.execute(text.encode())
            connection.execute(
                "INSERT INTO migrations (name, checksum) VALUES (%s, %s)", (path.name, checksum)
            )
            count += 1
    return count
