"""What a real-time feed tells Prometheus."""

from __future__ import annotations

from collections.abc import Sequence

import builders
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.ingestion import metrics
from tapeline.ingestion.pump import Pump
from tapeline.ingestion.queue import LatestWinsQueue
from tapeline.runner.stage import Output


class Three:
    """Three ticks of one symbol, all due at once."""

    def __init__(self) -> None:
        self.left = [Output("ticks", "INFY", builders.tick(seq=n)) for n in range(3)]

    def slice(self, until_ns: int) -> Sequence[Output]:
        due, self.left = self.left, []
        return due

    def next_ns(self) -> int | None:
        return self.left[0].message.at_ns if self.left else None  # type: ignore[attr-defined]


def figures(collector: metrics.FeedCollector) -> dict[str, float]:
    return {s.name: s.value for family in collector.collect() for s in family.samples}


def test_depth_drops_age_and_lag_are_told() -> None:
    now_ns = builders.tick().at_ns
    queue = LatestWinsQueue(2)
    pump = Pump(Three(), queue, lambda: now_ns, lambda _s: None)
    collector = metrics.FeedCollector("s", queue, pump, lambda: now_ns + 3 * SECOND_NS)

    before = figures(collector)
    pump.deliver()
    after = figures(collector)

    assert metrics.AGE not in before
    assert before[metrics.DEPTH] == 0
    assert after[metrics.DEPTH] == after[metrics.HIGH_WATER] == 2
    assert after[metrics.PUT + "_total"] == 3
    assert after[metrics.DROPPED + "_total"] == 1
    assert after[metrics.AGE] == 3.0
    assert after[metrics.LAG] == 500 * MS_NS / SECOND_NS
    assert list(collector.describe()) == []
