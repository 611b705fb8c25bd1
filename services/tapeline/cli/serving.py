"""Health and metrics of a run over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from tapeline.ingestion.metrics import FeedCollector
from tapeline.monitoring.exporter.collector import ExporterCollector
from tapeline.runner.health import HealthServer
from tapeline.runner.metrics import RunnerCollector
from tapeline.session.run import Progress

READ_EVERY_S = 1.0
"""Prometheus asks each 15 s or so; a reading takes a few milliseconds of the run's time."""

EXPORTER = "exporter"


class RunMetrics(Collector):
    """Metrics as of the last second, read in the thread of the run: its state is not shared."""

    def __init__(self) -> None:
        self._metrics: list[Metric] = []
        self._read_s = float("-inf")

    def collect(self) -> Iterator[Metric]:
        """The last reading."""
        yield from self._metrics

    def describe(self) -> Iterator[Metric]:
        """Nothing: there is no reading yet when the registry asks."""
        return iter(())

    def why_not_ready(self) -> str | None:
        """None once the session runs."""
        return None if self._metrics else "the session is starting"

    def read(self, progress: Progress) -> None:
        """Reads the metrics when the last reading is a second old."""
        now_s = perf_counter()
        if now_s - self._read_s < READ_EVERY_S:
            return
        self._read_s = now_s
        session = progress.session
        runners = RunnerCollector(session.context.name, session.runners.values)
        trading = ExporterCollector(
            lambda: session.stage(EXPORTER).state, {"session": session.context.name}
        )
        self._metrics = [*runners.collect(), *trading.collect()]
        if session.feed is not None and session.clock_ns is not None:
            feed = session.feed
            self._metrics += FeedCollector(
                session.context.name, feed.queue, feed.pump, session.clock_ns
            ).collect()


def server(port: int, metrics: RunMetrics) -> HealthServer:
    """Serves /healthz, /readyz and /metrics on a port; 0 picks a free one."""
    registry = CollectorRegistry()
    registry.register(metrics)
    return HealthServer(port, registry, metrics.why_not_ready)
