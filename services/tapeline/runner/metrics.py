"""Metrics of the runner itself; the one file of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tapeline.runner.progress import Stats
from tapeline.runner.scheduler import Runnable

EVENTS = "tapeline_stage_events"
OUTPUTS = "tapeline_stage_outputs"
DEAD = "tapeline_stage_dead_letters"
COMMITS = "tapeline_stage_commits"
BUSY = "tapeline_stage_busy_seconds"
HORIZON = "tapeline_stage_horizon_seconds"
REPLAYED = "tapeline_stage_replayed_events"


class RunnerCollector(Collector):
    """Reads the statistics of the replicas when Prometheus asks.

    Args:
        runners: the replicas as they are now (they are replaced after a crash).
    """

    def __init__(self, session: str, runners: Callable[[], Iterable[Runnable]]) -> None:
        self._session = session
        self._runners = runners

    def collect(self) -> Iterator[Metric]:
        """One family for each name."""
        labels = ["session", "stage"]
        events = CounterMetricFamily(EVENTS, "Events handled.", labels=labels)
        commits = CounterMetricFamily(COMMITS, "Transactions committed.", labels=labels)
        busy = CounterMetricFamily(BUSY, "Seconds spent in the loop.", labels=labels)
        replayed = CounterMetricFamily(REPLAYED, "Events replayed at a restart.", labels=labels)
        horizon = GaugeMetricFamily(HORIZON, "Session time reached, UTC seconds.", labels=labels)
        outputs = CounterMetricFamily(OUTPUTS, "Records published.", labels=[*labels, "topic"])
        dead = CounterMetricFamily(DEAD, "Records refused.", labels=[*labels, "reason"])
        for name, stats in _by_stage(self._runners()).items():
            names = [self._session, name]
            events.add_metric(names, stats.events)
            commits.add_metric(names, stats.commits)
            busy.add_metric(names, stats.busy_s)
            replayed.add_metric(names, stats.replayed)
            horizon.add_metric(names, stats.horizon_ns / 1e9)
            for topic, count in sorted(stats.outputs.items()):
                outputs.add_metric([*names, topic], count)
            for reason, count in sorted(stats.dead.items()):
                dead.add_metric([*names, reason], count)
        yield from (events, commits, busy, replayed, horizon, outputs, dead)


def _by_stage(runners: Iterable[Runnable]) -> dict[str, Stats]:
    """Statistics of each stage: those of its tasks added up, and the slowest one's time."""
    found: dict[str, Stats] = {}
    for runner in runners:
        sums = found.setdefault(runner.name, Stats(horizon_ns=runner.stats.horizon_ns))
        stats = runner.stats
        sums.events += stats.events
        sums.commits += stats.commits
        sums.replayed += stats.replayed
        sums.busy_s += stats.busy_s
        sums.horizon_ns = min(sums.horizon_ns, stats.horizon_ns)
        for topic, count in list(stats.outputs.items()):
            sums.outputs[topic] = sums.outputs.get(topic, 0) + count
        for reason, count in list(stats.dead.items()):
            sums.dead[reason] = sums.dead.get(reason, 0) + count
    return found
