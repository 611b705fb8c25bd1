"""Bounded queue between a feed's callback and the session: the newest tick of a symbol wins.

A websocket whose callback blocks is cut off by the broker, so `put` never waits: when the queue
is full, an old tick goes. Snapshots carry the cumulative volume, so that a dropped one costs
detail and no volume.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from tapeline.contracts.messages import Tick
from tapeline.runner.stage import Output


@dataclass(frozen=True)
class QueueStats:
    """What a queue has seen so far."""

    put: int
    """Records put, all kinds."""
    taken: int
    """Records taken."""
    depth: int
    """Ticks that wait."""
    high_water: int
    """Most ticks that ever waited."""
    dropped: dict[str, int]
    """Ticks dropped, by symbol, in symbol order."""


class LatestWinsQueue:
    """First in, first out; at most `capacity` ticks wait.

    When it is full, `put` drops the oldest waiting tick of the same symbol. When that symbol has
    none, it drops the oldest tick that is not the last of its symbol; only when every symbol has
    but one (more symbols than capacity), the oldest of all. So with a capacity of at least the
    number of symbols, the last tick of each symbol is never lost. Control records and heartbeats
    are never dropped and do not count: they are a few a second.

    Safe for one or more producer threads and one consumer thread.

    Args:
        capacity: ticks, at least 1; usually 50 for each symbol.
    """

    def __init__(self, capacity: int) -> None:
        assert capacity >= 1
        self._capacity = capacity
        self._filled = threading.Condition()
        self._records: dict[int, Output] = {}
        self._places: dict[str, deque[int]] = {}
        self._depth = 0
        self._next = 0
        self._taken = 0
        self._high_water = 0
        self._dropped: dict[str, int] = {}
        self._closed = False

    def put(self, output: Output) -> None:
        """Adds a record; never blocks for longer than another put or drain takes."""
        with self._filled:
            assert not self._closed, "a closed queue takes no records"
            if isinstance(output.message, Tick):
                if self._depth == self._capacity:
                    self._drop(self._victim(output.key))
                self._places.setdefault(output.key, deque()).append(self._next)
                self._depth += 1
                self._high_water = max(self._high_water, self._depth)
            self._records[self._next] = output
            self._next += 1
            self._filled.notify()

    def drain(self, limit: int | None = None, wait_s: float = 0.0) -> list[Output]:
        """Takes what waits, oldest first.

        Args:
            limit: most records to take; None = all.
            wait_s: how long to wait for the first one, seconds; 0 = not at all.
        """
        with self._filled:
            if wait_s > 0:
                self._filled.wait_for(lambda: self._records or self._closed, wait_s)
            places = list(self._records)[:limit]
            found = [self._records.pop(place) for place in places]
            for output in found:
                if isinstance(output.message, Tick):
                    self._forget(output.key)
            self._taken += len(found)
            return found

    def close(self) -> None:
        """Says that no more will be put; wakes the consumer."""
        with self._filled:
            self._closed = True
            self._filled.notify_all()

    @property
    def finished(self) -> bool:
        """Whether it is closed and empty."""
        with self._filled:
            return self._closed and not self._records

    def stats(self) -> QueueStats:
        """Counts so far, all of one moment."""
        with self._filled:
            return QueueStats(
                put=self._next,
                taken=self._taken,
                depth=self._depth,
                high_water=self._high_water,
                dropped=dict(sorted(self._dropped.items())),
            )

    def _victim(self, symbol: str) -> str:
        """Symbol whose oldest tick makes room for a tick of `symbol`."""
        if symbol in self._places:
            return symbol
        crowded = [(p[0], name) for name, p in self._places.items() if len(p) > 1]
        return min(crowded or [(p[0], name) for name, p in self._places.items()])[1]

    def _drop(self, symbol: str) -> None:
        del self._records[self._places[symbol][0]]
        self._forget(symbol)
        self._dropped[symbol] = self._dropped.get(symbol, 0) + 1

    def _forget(self, symbol: str) -> None:
        """Takes the oldest tick of a symbol out of the count."""
        places = self._places[symbol]
        places.popleft()
        self._depth -= 1
        if not places:
            del self._places[symbol]
