"""One Python stage as a process on a real broker: what it refuses, waits for, and survives."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from fault_kafka.compare import Place, expected_topics, read_topics
from go_stages import DEADLINE_S, Bench
from tapeline.contracts import codec
from tapeline.contracts.exit_codes import DRAINED
from tapeline.contracts.messages import Dead
from tapeline.local import LocalKafka
from tapeline.runner.kafka_clients import KafkaMeans
from tapeline.runner.kafka_state import read_state
from tapeline.runner.snapshot import SNAPSHOT_KEY
from tapeline.session.load import load_session
from tapeline.session.run import RunOptions, run_session
from tapeline.supervisor.child import Child, Phase, Program, Restarts
from tapeline.supervisor.group import ProcessGroup
from tapeline.supervisor.session import ProcessOptions, Running, run_processes
from tapeline.supervisor.supervisor import STOP_S

BUILDER = "bar_builder_1s"
MANIFEST = Path("tests/fault/session.yaml")
CONFIGS = Path("configs").resolve()
RESTARTS = Restarts(longest_s=0.5, count=1_000)
POISON = b"no record of anything"


@pytest.fixture
def bench(kafka: LocalKafka, prefix: str, tmp_path: Path) -> Bench:
    return Bench(kafka.bootstrap, prefix, tmp_path)


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[LocalKafka]:
    """A broker that a test may stop."""
    broker = LocalKafka(tmp_path / "broker")
    broker.start()
    yield broker
    broker.stop()


def until(reached: Callable[[], bool], what: str) -> None:
    """Waits for something that comes within seconds, or never."""
    end = time.monotonic() + DEADLINE_S
    while not reached():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.1)


def why_not_ready(port_file: Path) -> str:
    """What /readyz says; empty when the process is ready."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port_file.read_text().strip()}/readyz").close()
    except urllib.error.HTTPError as answer:
        with answer:
            return f"{answer.code} {answer.read().decode()}"
    return ""


def test_a_saved_state_of_newer_code_is_refused_with_what_to_do(bench: Bench) -> None:
    bench.save_newer(BUILDER, "SBIN")

    with bench.running("python", BUILDER) as builder:
        assert builder.wait(DEADLINE_S) == 2

    assert (
        f"state.{BUILDER} entry SBIN: version 99, this code reads up to 1; start the newer release"
        in bench.log(BUILDER)
    )
    assert "Traceback" not in bench.log(BUILDER)


def test_topics_with_another_number_of_partitions_are_refused(bench: Bench) -> None:
    name = bench.widen("ticks", 3)

    with bench.running("python", BUILDER) as builder:
        assert builder.wait(DEADLINE_S) == 2

    assert (
        f"topic {name} has 3 partitions, the session needs 1: start it with the --partitions it "
        "was created with, or anew with --fresh" in bench.log(BUILDER)
    )
    assert "Traceback" not in bench.log(BUILDER)


def test_records_that_were_deleted_before_they_were_read_are_an_error(bench: Bench) -> None:
    bench.feed(0.5)
    admin = AdminClient({"bootstrap.servers": bench.bootstrap})
    place = TopicPartition(f"{bench.prefix}.ticks", 0, 20)
    admin.delete_records([place])[place].result(10)

    with bench.running("python", BUILDER) as builder:
        assert builder.wait(DEADLINE_S) == 2

    assert "start the session with --fresh" in bench.log(BUILDER)
    assert "Traceback" not in bench.log(BUILDER)
    assert bench.records("bars.1s") == []


def test_a_process_that_is_asked_to_stop_drains_and_saves_its_state(bench: Bench) -> None:
    with bench.running("python", BUILDER) as builder:
        bench.wait_for("bars.1s", bench.feed(0.5))
        builder.send_signal(signal.SIGTERM)
        assert builder.wait(STOP_S) == DRAINED
    saved = read_state(KafkaMeans(bench.bootstrap, bench.prefix), BUILDER, 0)
    snapshot = json.loads(saved[SNAPSHOT_KEY])
    published = bench.records("bars.1s")
    with bench.running("python", BUILDER) as builder:
        bench.feed(1)
        assert builder.wait(DEADLINE_S) == 0

    (reached,) = snapshot["offsets"]
    ticks = len(bench.records("ticks"))
    assert reached[:2] == ["ticks", 0]
    assert reached[2] > 0
    assert 0 < len(published) < ticks
    starts = re.findall(r'"replayed": (\d+), "event": "task.started"', bench.log(BUILDER))
    assert starts == ["0", "0"]
    assert bench.records("bars.1s") == bench.wanted("bars.1s")


def test_a_process_without_a_broker_waits_says_so_and_goes_on(
    own_kafka: LocalKafka, tmp_path: Path
) -> None:
    bench = Bench(own_kafka.bootstrap, "away", tmp_path)
    bench.feed(1)
    own_kafka.stop()
    port_file = tmp_path / "port"

    with bench.running("python", BUILDER, 0, "--port-file", str(port_file)) as builder:
        until(lambda: "kafka.unreachable" in bench.log(BUILDER), "the process to look")
        assert re.match(rf"503 .*brokers {own_kafka.bootstrap}", why_not_ready(port_file))
        own_kafka.start()
        assert builder.wait(DEADLINE_S) == 0

    assert bench.records("bars.1s") == bench.wanted("bars.1s")


@contextmanager
def supervised(bench: Bench) -> Iterator[Child]:
    """A process that is started again when it fails, until the block ends."""
    command = bench.command("python", BUILDER)
    program = Program(BUILDER, 0, "python", lambda _port: command)
    over = threading.Event()
    with ProcessGroup() as group:
        child = Child(program, group, bench.folder, RESTARTS, time.monotonic, lambda _text: None)

        def look_after() -> None:
            while not over.wait(0.05):
                child.tick()

        child.start()
        thread = threading.Thread(target=look_after)
        thread.start()
        try:
            yield child
        finally:
            over.set()
            thread.join()


def test_a_full_disk_of_the_broker_loses_nothing(own_kafka: LocalKafka, tmp_path: Path) -> None:
    """The broker may write no byte more; as on a full disk, it gives up its disk and ends.

    A limit of the system takes the place of the disk: a small one can be mounted by root only.
    """
    bench = Bench(own_kafka.bootstrap, "full", tmp_path)
    with supervised(bench) as child:
        bench.wait_for("bars.1s", bench.feed(0.4))
        assert child.pid is not None
        pid = child.pid
        os.kill(pid, signal.SIGSTOP)
        bench.feed(0.7)
        assert own_kafka.pid is not None
        psutil.Process(own_kafka.pid).rlimit(psutil.RLIMIT_FSIZE, (0, 0))
        os.kill(pid, signal.SIGCONT)
        until(lambda: own_kafka.pid is None, "the broker to end")
        own_kafka.start()
        bench.feed(1)
        until(lambda: child.phase is Phase.ENDED, "the process to end")

    assert child.exit_code == 0
    assert bench.records("bars.1s") == bench.wanted("bars.1s")


def poisoned(means: KafkaMeans, topics: list[str]) -> None:
    """Writes bytes that are no record into the first partition of each topic."""
    producer = Producer(means.client())
    for topic in topics:
        producer.produce(means.topic(topic), POISON, "poison", 0)
    assert producer.flush(DEADLINE_S) == 0


def test_poison_in_every_topic_is_buried_by_every_reader_and_the_session_goes_on(
    options: ProcessOptions, postgres_folder: Path, tmp_path: Path
) -> None:
    context = load_session(MANIFEST, configs_dir=CONFIGS)
    expected = run_session(context, RunOptions(tmp_path / "one", postgres_folder))
    means = KafkaMeans(options.kafka, options.prefix)
    topics = list(context.pipeline.topics)
    done: list[bool] = []

    def poison_once(_running: Running) -> bool:
        if not done:
            done.append(True)
            poisoned(means, topics)
        return True

    summary = run_processes(context, options, poison_once)

    found = read_topics(options.kafka, options.prefix)
    assert summary.fills > 0
    assert summary.fills_digest == expected.fills_digest
    undisturbed = expected_topics(tmp_path / "one" / "topics")
    assert without_poison(found) == without_poison(undisturbed)
    active = context.pipeline.active(context.spec.mode)
    for topic in topics:
        readers = Counter(
            name for name, stage in active.items() if topic in {read.topic for read in stage.reads}
        )
        letters = buried(found, topic)
        assert Counter(letter.stage for letter in letters) == readers, topic
        assert {letter.reason for letter in letters} <= {"SCHEMA"}
        others = found.get((topic + codec.DEAD, 0), [])
        assert len(others) - len(letters) == len(undisturbed.get((topic + codec.DEAD, 0), []))


def without_poison(found: dict[Place, list[bytes]]) -> dict[Place, list[bytes]]:
    """Records of data topics, without the poison and partitions that hold nothing else."""
    good = {
        place: [value for value in values if value != POISON]
        for place, values in found.items()
        if not place[0].endswith(codec.DEAD)
    }
    return {place: values for place, values in good.items() if values}


def buried(found: dict[Place, list[bytes]], topic: str) -> list[Dead]:
    """Dead letters that hold the poison."""
    payload = base64.b64encode(POISON).decode()
    letters = [codec.decode(f"{topic}.dead", v) for v in found.get((topic + codec.DEAD, 0), [])]
    return [letter for letter in letters if letter.payload_b64 == payload]
