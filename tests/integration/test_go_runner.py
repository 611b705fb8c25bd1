"""Stages in Go on a real broker: the bytes of one Python process, whatever happens on the way."""

from __future__ import annotations

import json
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Producer

from go_stages import DEADLINE_S, Bench, stop
from tapeline.contracts.exit_codes import DRAINED
from tapeline.local import LocalKafka

BUILDER = "bar_builder_1s"
AGGREGATOR = "bar_aggregator_multi"
BARS = ("bars.1s", "bars.1m", "bars.3m", "bars.5m", "bars.15m", "ticks.late")

OFFSET = re.compile(rb'"offset":\d+,')

MakeBench = Callable[[int], Bench]


@pytest.fixture
def make_bench(kafka: LocalKafka, prefix: str, tmp_path: Path) -> MakeBench:
    return lambda lanes: Bench(kafka.bootstrap, prefix, tmp_path, lanes)


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench(1)


@pytest.mark.parametrize("lanes", [1, 3])
def test_a_flow_in_go_gives_the_bytes_of_one_python_process(
    make_bench: MakeBench, lanes: int
) -> None:
    bench = make_bench(lanes)
    with (
        bench.running("go", "ingestion") as ingestion,
        bench.running("go", BUILDER) as builder,
        bench.running("go", AGGREGATOR) as aggregator,
    ):
        codes = [process.wait(DEADLINE_S) for process in (ingestion, builder, aggregator)]
    assert codes == [0, 0, 0]

    for topic in ("ticks", *BARS):
        assert bench.records(topic) == bench.wanted(topic), topic
    # Offsets have gaps on a broker, where transactions end and watermarks are.
    dead, wanted = (
        sorted(OFFSET.sub(b"", row.value or b"") for row in rows)
        for rows in (bench.records("ticks.dead"), bench.wanted("ticks.dead"))
    )
    assert dead == wanted


@pytest.mark.parametrize("stage", [BUILDER, AGGREGATOR])
def test_a_kill_after_each_commit_step_loses_nothing_and_doubles_nothing(
    bench: Bench, stage: str
) -> None:
    other = AGGREGATOR if stage == BUILDER else BUILDER
    with bench.running("go", other) as calm:
        for step in range(1, 8):
            with bench.running("go", stage, TAPELINE_CRASH_AFTER=f"{step}:2") as it:
                part = (step - 1) / 8
                for piece in range(1, 9):
                    bench.feed(part + piece / 80)
                    time.sleep(0.05)
                assert it.wait(DEADLINE_S) == -signal.SIGKILL
        bench.feed(1)
        with bench.running("go", stage) as last:
            assert last.wait(DEADLINE_S) == 0
        assert calm.wait(DEADLINE_S) == 0

    for topic in BARS:
        assert bench.records(topic) == bench.wanted(topic), topic


def test_python_and_go_take_over_from_each_other_at_any_commit(bench: Bench) -> None:
    languages = ["python", "go", "python", "go", "go", "python", "go"]
    with bench.running("go", AGGREGATOR) as aggregator:
        for turn, language in enumerate(languages, start=1):
            part = turn / (len(languages) + 1)
            with bench.running(language, BUILDER) as builder:
                until_ns = bench.feed(part)
                bench.wait_for("bars.1s", until_ns)
                # Every second one is killed, the others save their state.
                if turn % 2:
                    assert stop(builder) == DRAINED, bench.log(BUILDER)
        bench.feed(1)
        with bench.running("python", BUILDER) as builder:
            assert builder.wait(DEADLINE_S) == 0
        assert aggregator.wait(DEADLINE_S) == 0

    for topic in BARS:
        assert bench.records(topic) == bench.wanted(topic), topic


def test_two_replicas_share_the_tasks_and_one_takes_over_those_of_the_other(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(4)
    soon = {"TAPELINE_SESSION_TIMEOUT_MS": "2000", "TAPELINE_HEARTBEAT_MS": "500"}
    stays_on, goes_away = (bench.running("go", BUILDER, replica, **soon) for replica in (0, 1))
    with stays_on as stays, goes_away as goes:
        bench.wait_for("bars.1s", bench.feed(0.3))
        bench.wait_for("bars.1s", bench.feed(0.6))
        assert "task.claimed" in bench.log(BUILDER, 1)
        assert stop(goes) == DRAINED
        bench.feed(1)
        assert stays.wait(DEADLINE_S) == 0

    assert bench.records("bars.1s") == bench.wanted("bars.1s")


def test_of_two_processes_with_one_name_the_older_one_stops(bench: Bench) -> None:
    with bench.running("go", BUILDER) as zombie:
        bench.wait_for("bars.1s", bench.feed(0.3))
        with bench.running("go", BUILDER) as owner:
            assert zombie.wait(DEADLINE_S) == 1
            assert "has taken over" in bench.log(BUILDER)
            bench.feed(1)
            assert owner.wait(DEADLINE_S) == 0

    assert bench.records("bars.1s") == bench.wanted("bars.1s")


def test_a_poison_message_is_the_same_dead_letter_in_both_languages(
    bench: Bench, kafka: LocalKafka
) -> None:
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    for key, value in ((b"SBIN", b"{"), (b"\xff\xfe", b'{"kind":"tick"}'), (b"@no", None)):
        producer.produce(f"{bench.prefix}.ticks", value, key, 0)
    producer.flush(DEADLINE_S)
    with bench.running("go", BUILDER) as builder:
        bench.feed(1)
        assert builder.wait(DEADLINE_S) == 0

    assert bench.records("bars.1s") == bench.wanted("bars.1s")
    letters = [json.loads(row.value or b"") for row in bench.records("ticks.dead")]
    buried = [letter for letter in letters if letter["reason"] == "SCHEMA"]
    assert [(letter["offset"], letter["payload_b64"]) for letter in buried] == [
        (0, "ew=="),
        (1, "eyJraW5kIjoidGljayJ9"),
        (2, ""),
    ]
    assert {letter["detail"] for letter in buried} == {"these bytes are no record of ticks"}


def test_a_state_of_newer_code_is_refused_with_what_to_do(bench: Bench) -> None:
    bench.save_newer(BUILDER, "feed")
    with bench.running("go", BUILDER) as builder:
        assert builder.wait(DEADLINE_S) == 2
    assert "version 99, this code reads up to 1; start the newer release" in bench.log(BUILDER)


def test_a_topic_with_another_number_of_partitions_is_refused(bench: Bench) -> None:
    name = bench.widen("ticks", 3)
    with bench.running("go", BUILDER) as builder:
        assert builder.wait(DEADLINE_S) == 2
    assert f"topic {name} has 3 partitions, the plan says 1" in bench.log(BUILDER)


def test_it_waits_for_a_broker_that_is_away_and_says_so(bench: Bench, tmp_path: Path) -> None:
    bench.bootstrap = "127.0.0.1:1"
    port_file = tmp_path / "port"
    with bench.running("go", BUILDER, 0, "--port-file", str(port_file)) as builder:
        end = time.monotonic() + DEADLINE_S
        while "kafka.unreachable" not in bench.log(BUILDER):
            assert time.monotonic() < end
            time.sleep(0.1)
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(f"http://127.0.0.1:{port_file.read_text().strip()}/readyz")
        assert answer.value.code == 503
        assert "no broker at 127.0.0.1:1 answers" in answer.value.read().decode()
        assert stop(builder) == DRAINED


def test_a_broker_that_is_restarted_under_load_costs_time_only(tmp_path: Path) -> None:
    broker = LocalKafka(tmp_path / "broker")
    broker.start()
    try:
        bench = Bench(broker.bootstrap, "restarted", tmp_path)
        with bench.running("go", BUILDER) as builder, bench.running("go", AGGREGATOR) as aggregator:
            for turn in range(1, 3):
                bench.feed(turn / 3)
                broker.kill()
                broker.start()
            bench.feed(1)
            assert [builder.wait(DEADLINE_S), aggregator.wait(DEADLINE_S)] == [0, 0]
        for topic in BARS:
            assert bench.records(topic) == bench.wanted(topic), topic
    finally:
        broker.stop()
