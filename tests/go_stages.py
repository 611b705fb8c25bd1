"""Stages as processes in Go and Python on a real broker, fed by a test in pieces."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from tapeline.runner.kafka_topics import create_topics
from tapeline.runner.log import END_OF_TIME_NS
from tapeline.runner.memory import MemoryLog
from tapeline.session.compose import Lanes, Session
from tapeline.session.load import load_session
from tapeline.session.plan import write_plan
from tapeline.session.topics import session_topics

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "tests" / "fault" / "session.yaml"
BINARIES = ROOT / "build" / "test" / "go"
DEADLINE_S = 60.0
"""Whatever a test waits for comes within seconds, or never."""


class Row(NamedTuple):
    """One record of a topic; a watermark has no value."""

    partition: int
    key: str
    value: bytes | None


@cache
def binaries() -> Path:
    """Folder of the stages in Go, built once for each run of the tests."""
    assert shutil.which("go"), "Go is missing: see `make doctor`"
    # Processes of the tests may build at the same time: each writes its own folder first.
    own = BINARIES / str(os.getpid())
    own.mkdir(parents=True, exist_ok=True)
    subprocess.run(["go", "build", "-o", f"{own}/", "./cmd/..."], cwd=ROOT / "go", check=True)
    for binary in own.iterdir():
        binary.rename(BINARIES / binary.name)
    own.rmdir()
    return BINARIES


@cache
def undisturbed(lanes_count: int) -> MemoryLog:
    """Log of the session in one process, which keeps every record."""
    context = load_session(MANIFEST)
    lanes = Lanes(context.pipeline, context.spec.mode, context.name, lanes_count, {})
    log = MemoryLog(lanes.partitions())
    Session(context, lanes, log, None).scheduler().run()
    return log


class Bench:
    """Topics of a session on a broker, its plans, and the ticks that go in bit by bit."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, lanes: int = 1) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.folder = folder
        context = load_session(MANIFEST)
        self.lanes = Lanes(context.pipeline, context.spec.mode, prefix, lanes, {})
        self.context = context
        create_topics({"bootstrap.servers": bootstrap}, prefix, session_topics(self.lanes))
        self.expected = undisturbed(lanes)
        self._fed = [0] * lanes

    def save_newer(self, stage: str, key: str) -> None:
        """Saves a state entry of a version that no code reads."""
        producer = Producer({"bootstrap.servers": self.bootstrap})
        entry = {"stage": stage, "key": key, "version": 99, "entry": {}}
        producer.produce(f"{self.prefix}.state.{stage}", json.dumps(entry).encode(), key, 0)
        assert producer.flush(DEADLINE_S) == 0

    def widen(self, topic: str, count: int) -> str:
        """Gives a topic more partitions than the session has. Returns its name on the broker."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        name = f"{self.prefix}.{topic}"
        admin.create_partitions([NewPartitions(name, count)])[name].result(10)
        end = time.monotonic() + DEADLINE_S
        while len(admin.list_topics(name, 10).topics[name].partitions) < count:
            assert time.monotonic() < end
            time.sleep(0.1)
        return name

    def plan(self, stage: str) -> Path:
        """Plan of a stage in a file."""
        path = self.folder / f"{stage}.json"
        path.write_bytes(write_plan(self.context, self.lanes, stage, self.prefix))
        return path

    def feed(self, part: float) -> int:
        """Publishes the ticks up to this part of the session, with a watermark behind them.

        Returns:
            The watermark.
        """
        start_ns, end_ns = self.context.start_ns, self.context.end_ns
        until_ns = start_ns + int((end_ns - start_ns) * part)
        watermark_ns = END_OF_TIME_NS if part >= 1 else until_ns
        producer = Producer(
            {"bootstrap.servers": self.bootstrap, "transactional.id": f"{self.prefix}.feed"}
        )
        producer.init_transactions(DEADLINE_S)
        producer.begin_transaction()
        topic = f"{self.prefix}.ticks"
        for lane, begin in enumerate(self._fed):
            for record in self.expected.held("ticks", lane)[begin:]:
                at_ns = int(record.value.split(b'"at_ns":', 1)[1].split(b",", 1)[0])
                if at_ns > until_ns:
                    break
                producer.produce(topic, record.value, record.key, lane)
                self._fed[lane] += 1
            producer.produce(topic, None, f"@{watermark_ns}", lane)
        producer.commit_transaction(DEADLINE_S)
        return until_ns

    def rows(self, topic: str) -> list[Row]:
        """Committed records of a topic, partition by partition."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap,
                "group.id": f"{self.prefix}.reader",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
            }
        )
        name = f"{self.prefix}.{topic}"
        try:
            partitions = sorted(consumer.list_topics(name, 10).topics[name].partitions)
            consumer.assign([TopicPartition(name, p, 0) for p in partitions])
            rows, left = [], len(partitions)
            while left:
                message = consumer.poll(10)
                assert message is not None, f"{name} cannot be read to its end"
                if message.error():
                    left -= 1
                    continue
                key = (message.key() or b"").decode()
                rows.append(Row(int(message.partition() or 0), key, message.value()))
        finally:
            consumer.close()
        return sorted(rows, key=lambda row: row.partition)

    def records(self, topic: str) -> list[Row]:
        """Records of a topic without its watermarks."""
        return [row for row in self.rows(topic) if row.value is not None]

    def wanted(self, topic: str) -> list[Row]:
        """Records of a topic in the undisturbed run."""
        lanes = range(self.expected.partitions(topic))
        return [Row(n, r.key, r.value) for n in lanes for r in self.expected.held(topic, n)]

    def wait_for(self, topic: str, time_ns: int) -> None:
        """Waits until every partition of a topic is complete up to a session time."""
        end = time.monotonic() + DEADLINE_S
        while True:
            marks: dict[int, int] = {}
            for row in self.rows(topic):
                if row.value is None:
                    marks[row.partition] = max(marks.get(row.partition, -1), int(row.key[1:]))
            if len(marks) == self.expected.partitions(topic) and min(marks.values()) >= time_ns:
                return
            assert time.monotonic() < end, f"{topic} is complete up to {marks} only"
            time.sleep(0.05)

    def command(self, language: str, stage: str, replica: int = 0) -> list[str]:
        """Command line of a process of a stage."""
        command: list[str | Path]
        if language == "go":
            command = [binaries() / stage, "run", "--plan", self.plan(stage)]
        else:
            command = [sys.executable, "-m", "tapeline.session.process"]
            command += ["--manifest", MANIFEST, "--stage", stage]
            command += ["--lanes", str(self.lanes.market), "--prefix", self.prefix]
        command += ["--kafka", self.bootstrap, "--replica", str(replica)]
        return [str(word) for word in command]

    @contextmanager
    def running(
        self, language: str, stage: str, replica: int = 0, *more: str, **environment: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A process that is killed at the end of the block if it still runs.

        Args:
            language: python or go.
            stage: what it runs.
            replica: its number.
            more: further words of the command line.
            environment: further variables.
        """
        with (self.folder / f"{stage}.{replica}.log").open("ab") as log:
            process = subprocess.Popen(
                [*self.command(language, stage, replica), *more],
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def log(self, stage: str, replica: int = 0) -> str:
        """What the processes of a replica have said so far."""
        return (self.folder / f"{stage}.{replica}.log").read_text()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Asks a process to save and end. Returns its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(10)
