"""Plays a source at the speed of the clock into a queue, as a live feed would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Heartbeat, Tick
from tapeline.ingestion.queue import LatestWinsQueue
from tapeline.ingestion.source import Source
from tapeline.runner.stage import Output

NAP_S = 0.25
"""Longest sleep, so that a stop is noticed at once."""


class Pump:
    """Puts each record into the queue when the clock reaches its time.

    A record's at_ns becomes the time of its arrival by that clock; the exchange time of a tick
    and the time of a heartbeat are shifted by `shift_ns` and no more, so that lags stay true.

    Args:
        source: what to play.
        queue: where to; closed when the source is exhausted or the pump is stopped.
        clock_ns: present time, UTC nanoseconds: the session clock (shift_ns = 0), or the wall
            clock, with `shift_to_now`.
        sleep: waits so many seconds.
        shift_ns: what to add to the source's times to get the clock's, nanoseconds.
    """

    def __init__(
        self,
        source: Source,
        queue: LatestWinsQueue,
        clock_ns: Callable[[], int],
        sleep: Callable[[float], None],
        shift_ns: int = 0,
    ) -> None:
        self._source = source
        self._queue = queue
        self._clock_ns = clock_ns
        self._sleep = sleep
        self._shift_ns = shift_ns
        self.arrived_ns = 0
        """When the last record came, by the clock; 0 = none did. UTC nanoseconds."""
        self.lag_ns = 0
        """From exchange to arrival of the last tick, nanoseconds."""

    def run(self, keep_on: Callable[[], bool] = lambda: True) -> None:
        """Plays until the source is exhausted or `keep_on` says false."""
        try:
            while keep_on() and (next_ns := self._source.next_ns()) is not None:
                wait_ns = next_ns + self._shift_ns - self._clock_ns()
                if wait_ns > 0:
                    self._sleep(min(wait_ns / SECOND_NS, NAP_S))
                else:
                    self.deliver()
        finally:
            self._queue.close()

    def deliver(self) -> None:
        """Puts everything that is due by the clock now."""
        now_ns = max(self._clock_ns(), self.arrived_ns)
        self.arrived_ns = now_ns
        for output in self._source.slice(now_ns - self._shift_ns):
            self._queue.put(self._arrived(output, now_ns))

    def _arrived(self, output: Output, now_ns: int) -> Output:
        message: Any = output.message
        times = {"at_ns": now_ns}
        if isinstance(message, Tick):
            times["event_ns"] = message.event_ns + self._shift_ns
            self.lag_ns = now_ns - times["event_ns"]
        elif isinstance(message, Heartbeat):
            times["complete_ns"] = message.complete_ns + self._shift_ns
        return replace(output, message=replace(message, **times))


def shift_to_now(source: Source, clock_ns: Callable[[], int]) -> int:
    """Shift that makes a source's first record due now, nanoseconds; 0 when it has none."""
    first_ns = source.next_ns()
    return 0 if first_ns is None else clock_ns() - first_ns
