"""Shows the exporter's figures to prometheus_client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tapeline.monitoring.exporter.metrics import MetricRow, families
from tapeline.monitoring.exporter.state import State


class ExporterCollector(Collector):
    """Collector around a getter of the present state, so that a restart may replace it.

    Args:
        state: Returns the state as of the last commit, None before there is one.
        labels: Added to each sample, for example the session's name.
    """

    def __init__(
        self, state: Callable[[], State | None], labels: dict[str, str] | None = None
    ) -> None:
        self._state = state
        self._labels = labels or {}

    def collect(self) -> Iterable[Metric]:
        """Families for one scrape."""
        state = self._state()
        return [] if state is None else list(self._families(families(state)))

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry need not call `collect` to register this."""
        return []

    def _families(self, rows: list[MetricRow]) -> Iterator[Metric]:
        for name, group in groupby(rows, key=lambda row: row.name):
            first, *rest = group
            family = Metric(name, first.help, first.type)
            for row in (first, *rest):
                suffix = "_total" if row.type == "counter" else row.suffix
                family.add_sample(name + suffix, {**self._labels, **row.labels}, row.value)
            yield family
