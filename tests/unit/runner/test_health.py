"""Probes and metrics over real HTTP on loopback, and the collector behind them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from prometheus_client import CollectorRegistry

from tapeline.runner.health import HealthServer
from tapeline.runner.metrics import RunnerCollector
from tapeline.runner.progress import Progress, Stats

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer(NamedTuple):
    status: int
    kind: str
    text: str


class Replica:
    """A replica with statistics."""

    horizon_ns = 0

    def __init__(self, name: str, stats: Stats) -> None:
        self.name = name
        self.stats = stats

    def cycle(self) -> Progress:
        raise AssertionError("nothing runs here")

    def next_ns(self) -> int | None:
        return None

    def lift(self, until_ns: int) -> None:
        raise AssertionError("nothing runs here")


OMS = Replica(
    "oms",
    Stats(
        events=7,
        outputs={"live_orders": 5, "fills": 2},
        dead={"SCHEMA": 1, "OVERSIZED": 3},
        commits=4,
        replayed=6,
        busy_s=0.25,
        horizon_ns=1_500_000_000,
    ),
)


class Site:
    """A running server and what it says of its readiness."""

    def __init__(self, server: HealthServer, why: list[str | None]) -> None:
        self._server = server
        self.why = why

    def get(self, path: str) -> Answer:
        address = f"http://127.0.0.1:{self._server.port}{path}"
        try:
            with DIRECT.open(address, timeout=10) as answer:
                kind = answer.headers["Content-Type"]
                return Answer(answer.status, kind, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers["Content-Type"], error.read().decode())


@pytest.fixture
def site() -> Iterator[Site]:
    registry = CollectorRegistry()
    registry.register(RunnerCollector("demo", lambda: [OMS]))
    why: list[str | None] = [None]
    with HealthServer(0, registry, lambda: why[0]) as server:
        yield Site(server, why)


def test_a_live_process_is_healthy_even_when_it_is_not_ready(site: Site) -> None:
    site.why[0] = "the session is starting"

    assert site.get("/healthz") == (200, "text/plain; charset=utf-8", "alive\n")


def test_readiness_gives_the_reason_why_not(site: Site) -> None:
    assert site.get("/readyz")[::2] == (200, "ready\n")

    site.why[0] = "the session is starting"
    assert site.get("/readyz")[::2] == (503, "the session is starting\n")


def test_metrics_are_in_the_format_of_prometheus(site: Site) -> None:
    answer = site.get("/metrics")

    assert answer.status == 200
    assert answer.kind.startswith("text/plain")
    assert 'tapeline_stage_events_total{session="demo",stage="oms"} 7.0' in answer.text


def test_another_path_names_those_there_are(site: Site) -> None:
    assert site.get("/secret")[::2] == (404, "paths: /healthz /readyz /metrics\n")


def test_after_it_has_ended_nobody_listens() -> None:
    with HealthServer(0, CollectorRegistry(), lambda: None) as server:
        pass

    with pytest.raises(urllib.error.URLError):
        DIRECT.open(f"http://127.0.0.1:{server.port}/healthz", timeout=5)


def test_a_port_in_use_is_refused_at_once() -> None:
    with (
        HealthServer(0, CollectorRegistry(), lambda: None) as server,
        pytest.raises(OSError, match="in use"),
    ):
        HealthServer(server.port, CollectorRegistry(), lambda: None)


def test_the_collector_shows_each_figure_of_each_replica_as_it_is_when_asked() -> None:
    replicas = [OMS]
    registry = CollectorRegistry()
    registry.register(RunnerCollector("demo", lambda: replicas))
    stage = {"session": "demo", "stage": "oms"}

    figures = {
        "tapeline_stage_events_total": 7,
        "tapeline_stage_commits_total": 4,
        "tapeline_stage_busy_seconds_total": 0.25,
        "tapeline_stage_horizon_seconds": 1.5,
        "tapeline_stage_replayed_events_total": 6,
    }
    for name, value in figures.items():
        assert registry.get_sample_value(name, stage) == value, name
    outputs = "tapeline_stage_outputs_total"
    assert registry.get_sample_value(outputs, {**stage, "topic": "fills"}) == 2
    assert registry.get_sample_value(outputs, {**stage, "topic": "live_orders"}) == 5
    dead = "tapeline_stage_dead_letters_total"
    assert registry.get_sample_value(dead, {**stage, "reason": "OVERSIZED"}) == 3

    replicas[:] = [Replica("oms", Stats(events=9))]
    assert registry.get_sample_value("tapeline_stage_events_total", stage) == 9
    assert registry.get_sample_value(outputs, {**stage, "topic": "fills"}) is None
