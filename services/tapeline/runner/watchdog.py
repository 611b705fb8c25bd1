"""Ends a process that waits for its Kafka client for ever.

librdkafka does not always keep the time limit that it is given: while the coordinator of a group is
away, `send_offsets_to_transaction` may wait without an end, also when the coordinator is back
(confluentinc/librdkafka#5456). Nothing can be done from within: the call cannot be broken off, and
its producer cannot be closed. The next process fences it and goes on behind the last commit.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

LOOK_S = 1.0
"""Between two looks at what is being waited for."""

log = structlog.get_logger()


def end_process() -> None:
    """Ends this process at once, as a crash does; its supervisor starts it again."""
    sys.stdout.flush()
    os._exit(1)


class Watchdog:
    """Watches one call at a time, from a thread that is started with the first.

    Args:
        end: ends the process.
        look_s: between two looks.
    """

    def __init__(self, end: Callable[[], None] = end_process, look_s: float = LOOK_S) -> None:
        self._end = end
        self._look_s = look_s
        self._watched: tuple[str, float] | None = None
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, what: str, limit_s: float) -> Iterator[None]:
        """Ends the process when the block takes longer than so many seconds."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
            self._thread.start()
        self._watched = what, time.monotonic() + limit_s
        try:
            yield
        finally:
            self._watched = None

    def _run(self) -> None:
        while True:
            time.sleep(self._look_s)
            watched = self._watched
            if watched is not None and time.monotonic() >= watched[1]:
                try:
                    log.error("kafka.stuck", what=watched[0])
                finally:
                    # Also when nobody reads the log any more.
                    self._end()
                return
