"""What the three sources have said: broker reports, order events, fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tapeline.contracts.states.recon import (
    ReconBreak,
    ReconCarried,
    ReconCounters,
    ReconForeign,
    ReconOrder,
    ReconStatement,
    ReconTrade,
)
from tapeline.monitoring.recon.settings import Settings

COUNTERS = "counters"

ENTRY_TYPES: dict[str, type[msgspec.Struct]] = {
    COUNTERS: ReconCounters,
    "order": ReconOrder,
    "trade": ReconTrade,
    "foreign": ReconForeign,
    "statement": ReconStatement,
    "carried": ReconCarried,
    "break": ReconBreak,
}
"""Type of entry by the first part of its key."""


class State:
    """Records by key; see schemas/state/recon.schema.json for the entries."""

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.counters = ReconCounters(run=0, next_ns=settings.spans_ns[0][0], day_start_ns=0)
        self.orders: dict[str, ReconOrder] = {}
        self.trades: dict[str, ReconTrade] = {}
        self.foreign: dict[str, ReconForeign] = {}
        self.statements: dict[str, ReconStatement] = {}
        self.carried: dict[str, ReconCarried] = {}
        self.breaks: dict[str, ReconBreak] = {}
        self.order_of_tag: dict[str, str] = {}
        self._entries: dict[str, dict[str, Any]] = {
            "order": self.orders,
            "trade": self.trades,
            "foreign": self.foreign,
            "statement": self.statements,
            "carried": self.carried,
            "break": self.breaks,
        }

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry, None when it does not exist."""
        if key == COUNTERS:
            return self.counters
        kind, _, name = key.partition("/")
        found: msgspec.Struct | None = self._entries[kind].get(name)
        return found

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry."""
        if key == COUNTERS:
            self.counters = entry
            return
        kind, _, name = key.partition("/")
        self._entries[kind][name] = entry
        if kind == "order":
            self.order_of_tag[entry.tag] = entry.order_id

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield COUNTERS
        for kind, entries in self._entries.items():
            yield from (f"{kind}/{name}" for name in entries)

    def timer_ns(self) -> int | None:
        """Time of the next run."""
        return self.counters.next_ns

    def put(self, kind: str, name: str, entry: msgspec.Struct) -> None:
        """Keeps an entry."""
        self._entries[kind][name] = entry
        self.dirty.add(f"{kind}/{name}")

    def drop(self, kind: str, name: str) -> None:
        """Forgets an entry, if there is one."""
        dropped = self._entries[kind].pop(name, None)
        if dropped is None:
            return
        self.dirty.add(f"{kind}/{name}")
        if kind == "order":
            del self.order_of_tag[dropped.tag]

    def count(self, counters: ReconCounters) -> None:
        """Changes the counters."""
        self.counters = counters
        self.dirty.add(COUNTERS)


def entry_type(key: str) -> type[msgspec.Struct]:
    """Type of the entry with a key."""
    return ENTRY_TYPES[key.partition("/")[0]]
