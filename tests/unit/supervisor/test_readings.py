"""What processes say of themselves."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from tapeline.runner.health import HealthServer
from tapeline.runner.metrics import RunnerCollector
from tapeline.runner.progress import Stats
from tapeline.session.summary import StageTime
from tapeline.supervisor.readings import Readings


def task(stage: str, horizon_ns: int, ticks: int) -> Any:
    stats = Stats(events=10, commits=2, busy_s=0.5, outputs={"ticks": ticks}, horizon_ns=horizon_ns)
    return SimpleNamespace(name=stage, stats=stats)


@pytest.fixture
def port() -> Iterator[int]:
    """Of a process with two tasks."""
    registry = CollectorRegistry()
    tasks = [task("bars", 5_000_000_000, 3), task("bars", 9_000_000_000, 4)]
    registry.register(RunnerCollector("demo", lambda: tasks))
    with HealthServer(0, registry, lambda: None) as server:
        yield server.port


def child(stage: str, replica: int, pid: int | None, port: int) -> Any:
    program = SimpleNamespace(stage=stage, replica=replica)
    return SimpleNamespace(program=program, pid=pid, http_port=port)


def test_a_process_is_as_far_as_its_slowest_task_and_did_what_all_did(port: int) -> None:
    readings = Readings(lambda: [child("bars", 0, os.getpid(), port)])
    readings.take()

    assert readings.horizons_ns() == {"bars": 5_000_000_000}
    assert (readings.events(), readings.published("ticks"), readings.published("fills")) == (
        *(20, 7),
        0,
    )
    assert readings.stage_times() == [StageTime(stage="bars", events=20, commits=4, busy_s=1.0)]
    assert readings.peak_mb() > 0


def test_work_counts_over_restarts_and_replicas_and_memory_counts_once(port: int) -> None:
    children = [child("bars", 0, os.getpid(), port), child("bars", 1, os.getppid(), port)]
    readings = Readings(lambda: children)
    readings.take()
    memory = readings.peak_mb()
    children[:] = [child("bars", 0, 1, port)]
    readings.take()

    assert readings.events() == 60
    assert [each.events for each in readings.stage_times()] == [60]
    assert readings.peak_mb() >= memory > 0
    assert readings.peak_mb() < 2 * memory


def test_a_process_that_does_not_answer_or_does_not_run_is_passed_over(port: int) -> None:
    readings = Readings(lambda: [child("oms", 0, 1, 1), child("bars", 0, None, port)])
    readings.take()

    assert (readings.horizons_ns(), readings.events(), readings.peak_mb()) == ({}, 0, 0)


@pytest.mark.parametrize(
    "answer",
    [b"<html>hello</html>", b"\xff\xfe", b"tapeline_stage_outputs_total 3\n", b"# TYPE a\n"],
)
def test_the_answer_of_a_stranger_on_the_port_counts_as_none(answer: bytes) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        readings = Readings(lambda: [child("oms", 0, 1, server.server_port)])
        readings.take()
        server.shutdown()
        thread.join()

    assert readings.published("ticks") == 0


def test_readings_are_taken_in_a_thread_until_the_end(port: int) -> None:
    asked = threading.Event()

    def children() -> list[Any]:
        asked.set()
        return []

    with Readings(children) as readings:
        assert asked.wait(60)
    assert readings.events() == 0
