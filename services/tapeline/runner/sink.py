"""Runs a stage that writes into a database, exactly once.

The offset of each partition is written in the transaction of its data, with an epoch that fences a
zombie. After a lost connection the offsets say whether the last commit had happened.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

from tapeline.contracts import codec
from tapeline.runner.dead_letters import dead_letter
from tapeline.runner.log import END_OF_TIME_NS, Committed, Log, Record
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.wiring import Wiring

BATCH_RECORDS_MIN = 4_000
"""The sink waits for this many records, since a commit costs about 3 ms however small it is; at the
end of the session it writes what is left."""

BATCH_RECORDS_MAX = 20_000
"""Records of one transaction: about 10 MiB of COPY text."""

RETRY_FIRST_S = 0.1
RETRY_MAX_S = 5.0

WRITE_DEADLINE_S = 60.0
"""A database that stays away this long stops the stage; nothing is lost, since nothing was
committed. A restart of PostgreSQL takes seconds."""

Rows = Callable[[Any, int], Iterator[tuple[str, str]]]


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


@dataclass(frozen=True)
class SinkMeans:
    """How a sink waits and writes."""

    sleep: Callable[[float], None] = time.sleep
    """Waits between retries, seconds."""
    clock_s: Callable[[], float] = perf_counter
    """Measures the deadline, seconds."""
    writer: Executor | None = None
    """Runs one write at a time beside the session; None = a thread of the sink's own."""
    linger_s: float = float("inf")
    """Longest wait for a full batch, seconds; endless in one process, where the end is known."""


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
        self._linger_s = means.linger_s
        self._waits_since_s: float | None = None
        self._last_ns = 0
        """at_ns of the last good record: what a dead letter is dated by."""
        self._writer = means.writer or ThreadPoolExecutor(1, thread_name_prefix=wiring.stage)
        self._writing: tuple[Batch, Future[None]] | None = None
        self._producer_epoch = log.register(wiring.group)
        self._epoch = database.own(wiring.group)
        self._places = [(i.topic, p) for i in wiring.inputs for p in i.partitions]
        stored = database.offsets(wiring.group)
        self._offsets = {place: stored.get(place, 0) for place in self._places}
        log.start(self._offsets)

    @property
    def name(self) -> str:
        return self.wiring.stage

    def cycle(self) -> Progress:
        """Begins to write once enough records wait and the last batch is in.

        Session time never waits for the sink, so that its work is no progress of the session.
        """
        if self._writing is None or self._writing[1].done():
            overdue = self._waited_s() >= self._linger_s
            if self._begin(1 if overdue else BATCH_RECORDS_MIN):
                self._waits_since_s = None
        return Progress.NONE

    def _waited_s(self) -> float:
        """How long the oldest record that is not being written has waited, seconds."""
        if self._waits_since_s is None and self._waiting():
            self._waits_since_s = self._clock_s()
        return 0.0 if self._waits_since_s is None else self._clock_s() - self._waits_since_s

    def _waiting(self) -> int:
        return sum(self._log.end(*place) - self._offsets[place] for place in self._places)

    def snapshot(self) -> None:
        """Writes everything that waits: the database is the state."""
        self.flush()

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
        if self._waiting() < records_min:
            return False
        batch = Batch()
        room = BATCH_RECORDS_MAX
        for topic, partition in self._places:
            start = self._offsets[topic, partition]
            if not room:
                break
            polled = self._log.poll(topic, partition, start, room)
            room -= len(polled.records)
            for record in polled.records:
                self._add(batch, topic, partition, record)
            self._offsets[topic, partition] = polled.next_offset
            if polled.records:
                # Not behind the watermarks that follow: a successor has to see them again.
                batch.offsets[topic, partition] = polled.records[-1].offset + 1
                self.stats.events += len(polled.records)
        self._finish()
        if not batch.offsets:
            return True
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
            place, refused = (topic, partition), (record.value, error)
            dead = dead_letter(self.name, place, record.offset, self._last_ns, refused)
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
