"""Metrics of a real-time feed; the one file of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tapeline.contracts.clock import SECOND_NS
from tapeline.ingestion.pump import Pump
from tapeline.ingestion.queue import LatestWinsQueue

DEPTH = "tapeline_feed_queue_depth"
HIGH_WATER = "tapeline_feed_queue_high_water"
PUT = "tapeline_feed_records"
DROPPED = "tapeline_feed_dropped_ticks"
AGE = "tapeline_feed_age_seconds"
LAG = "tapeline_feed_lag_seconds"


class FeedCollector(Collector):
    """Reads queue and pump when Prometheus asks.

    A source that plays in the same process cannot lose its connection: reconnects by reason come
    with the websocket.

    Args:
        session: name of the session.
        queue: the feed's queue.
        pump: what fills it.
        clock_ns: session clock.
    """

    def __init__(
        self, session: str, queue: LatestWinsQueue, pump: Pump, clock_ns: Callable[[], int]
    ) -> None:
        self._session = session
        self._queue = queue
        self._pump = pump
        self._clock_ns = clock_ns

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering needs no reading."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """One family for each name."""
        stats, names = self._queue.stats(), [self._session]
        depth = GaugeMetricFamily(DEPTH, "Ticks that wait in the queue.", labels=["session"])
        depth.add_metric(names, stats.depth)
        high = GaugeMetricFamily(HIGH_WATER, "Most ticks that ever waited.", labels=["session"])
        high.add_metric(names, stats.high_water)
        put = CounterMetricFamily(PUT, "Records received.", labels=["session"])
        put.add_metric(names, stats.put)
        dropped = CounterMetricFamily(
            DROPPED, "Ticks that made room for newer ones.", labels=["session", "symbol"]
        )
        for symbol, count in stats.dropped.items():
            dropped.add_metric([self._session, symbol], count)
        age = GaugeMetricFamily(AGE, "Time since the last record came.", labels=["session"])
        lag = GaugeMetricFamily(LAG, "Exchange to receive of the last tick.", labels=["session"])
        if self._pump.arrived_ns:
            age.add_metric(names, max(0, self._clock_ns() - self._pump.arrived_ns) / SECOND_NS)
            lag.add_metric(names, self._pump.lag_ns / SECOND_NS)
        yield from (depth, high, put, dropped, age, lag)
