"""The broker of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tapeline.local import LocalKafka

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench" / "broker"


@contextmanager
def fresh_broker() -> Iterator[LocalKafka]:
    """A new, empty broker that nobody else uses; nothing of it is left at the end."""
    broker = LocalKafka(FOLDER)
    broker.stop()
    broker.wipe()
    try:
        with broker:
            yield broker
    finally:
        broker.wipe()
