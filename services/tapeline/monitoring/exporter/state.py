"""Counters and gauges of the session, in integers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tapeline.contracts.clock import ist_day
from tapeline.contracts.states.exporter import Count, Holding, Intent, Performance
from tapeline.monitoring.exporter.names import Metric
from tapeline.monitoring.exporter.settings import Settings

PERFORMANCE = "performance"

ENTRY_TYPES: dict[str, type[msgspec.Struct]] = {
    "count": Count,
    "holding": Holding,
    "intent": Intent,
    PERFORMANCE: Performance,
}
"""Type of entry by the first part of its key."""


class State:
    """Entries by key; see schemas/state/exporter.schema.json."""

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.capital_e4 = settings.capital_e4
        self.counts: dict[str, Count] = {}
        self.holdings: dict[str, Holding] = {}
        self.intents: dict[str, Intent] = {}
        self.performance = Performance(
            realised_e4=0, charges_e4=0, peak_e4=settings.capital_e4, drawdown_bp_max=0
        )
        self._entries: dict[str, dict[str, Any]] = {
            "count": self.counts,
            "holding": self.holdings,
            "intent": self.intents,
        }

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry, None when it does not exist."""
        if key == PERFORMANCE:
            return self.performance
        kind, _, name = key.partition("/")
        found: msgspec.Struct | None = self._entries[kind].get(name)
        return found

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry."""
        if key == PERFORMANCE:
            self.performance = entry
            return
        kind, _, name = key.partition("/")
        self._entries[kind][name] = entry

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield PERFORMANCE
        for kind, entries in self._entries.items():
            yield from (f"{kind}/{name}" for name in entries)

    def timer_ns(self) -> int | None:
        """Never: every figure follows from a record."""
        return None

    def put(self, kind: str, name: str, entry: msgspec.Struct) -> None:
        """Keeps an entry."""
        self._entries[kind][name] = entry
        self.dirty.add(f"{kind}/{name}")

    def drop(self, kind: str, name: str) -> None:
        """Forgets an entry."""
        del self._entries[kind][name]
        self.dirty.add(f"{kind}/{name}")

    def forget_intents_before(self, day: int) -> None:
        """Drops what never filled on finished days: no order outlives its day.

        All intents kept are of one day, so that any of them tells whether a day has ended.

        Args:
            day: Indian calendar day that has begun, days since 1970-01-01.
        """
        some = next(iter(self.intents.values()), None)
        if some is None or ist_day(some.at_ns) >= day:
            return
        for intent_id in list(self.intents):
            self.drop("intent", intent_id)

    def add(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """Raises (or lowers) a count."""
        self.set(metric, *labels, value=self.value(metric, *labels) + by)

    def set(self, metric: Metric, *labels: str, value: int) -> None:
        """Sets a count."""
        name = _name(metric, labels)
        self.put("count", name, Count(name=metric.name, labels=labels, value=value))

    def value(self, metric: Metric, *labels: str) -> int:
        """Present count, 0 when nothing was counted."""
        count = self.counts.get(_name(metric, labels))
        return count.value if count else 0

    def put_performance(self, performance: Performance) -> None:
        """Keeps the profit and loss."""
        if performance != self.performance:
            self.performance = performance
            self.dirty.add(PERFORMANCE)


def entry_type(key: str) -> type[msgspec.Struct]:
    """Type of the entry with a key."""
    return ENTRY_TYPES[key.partition("/")[0]]


def _name(metric: Metric, labels: tuple[str, ...]) -> str:
    return "/".join((metric.name, *labels))
