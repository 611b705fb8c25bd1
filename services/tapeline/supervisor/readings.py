"""What the processes of a session say of themselves: their metrics, read once a second."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

from tapeline.runner import metrics
from tapeline.session.summary import StageTime
from tapeline.supervisor.child import Child

EVERY_S = 1.0
"""A dozen answers of a process take some milliseconds together."""

ANSWER_S = 1.0
"""A process that does not answer in this time is asked again at the next reading."""

KIB_IN_MB = 1024


class Reading(NamedTuple):
    """What one process had done when it was last asked."""

    horizon_ns: int
    """Session time that each of its tasks has reached, UTC nanoseconds; -1 = it has none yet."""
    events: int
    commits: int
    busy_s: float
    outputs: Mapping[str, int]
    """Records published, by topic."""
    peak_mb: float
    """Most resident memory, MB; 0 where the system does not say."""


class Asked(NamedTuple):
    """A process to ask."""

    stage: str
    replica: int
    pid: int
    port: int


class Readings:
    """Reads the metrics of the processes that run, in a thread of its own.

    Args:
        children: the processes as they are now.
    """

    def __init__(self, children: Callable[[], Iterable[Child]]) -> None:
        self._children = children
        self._by_process: dict[tuple[str, int, int], Reading] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="readings", daemon=True)

    def __enter__(self) -> Readings:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def take(self) -> None:
        """Reads every process once."""
        running = [
            Asked(child.program.stage, child.program.replica, pid, child.http_port)
            for child in self._children()
            if (pid := child.pid) is not None
        ]
        for asked in running:
            text = _fetch(asked.port)
            if text is None:
                continue
            try:
                reading = parse(text, _peak_mb(asked.pid))
            except (KeyError, ValueError):
                # The process has ended and a stranger listens on its port.
                continue
            key = asked.stage, asked.replica, asked.pid
            self._by_process = {**self._by_process, key: reading}

    def horizons_ns(self) -> dict[str, int]:
        """Session time that each stage has reached: of its last processes, the earliest."""
        latest: dict[tuple[str, int], int] = {}
        for (stage, replica, _), reading in self._by_process.items():
            latest[stage, replica] = reading.horizon_ns
        found: dict[str, int] = {}
        for (stage, _), horizon_ns in latest.items():
            found[stage] = min(horizon_ns, found.get(stage, horizon_ns))
        return found

    def events(self) -> int:
        """Events handled so far."""
        return sum(reading.events for reading in self._by_process.values())

    def published(self, topic: str) -> int:
        """Records published to a topic so far."""
        return sum(reading.outputs.get(topic, 0) for reading in self._by_process.values())

    def peak_mb(self) -> float:
        """Most resident memory of all stages together, at most one process of each replica."""
        most: dict[tuple[str, int], float] = {}
        for (stage, replica, _), reading in self._by_process.items():
            most[stage, replica] = max(reading.peak_mb, most.get((stage, replica), 0.0))
        return sum(most.values())

    def stage_times(self) -> list[StageTime]:
        """What each replica did, over its restarts."""
        found: dict[str, StageTime] = {}
        for (stage, _, _), reading in self._by_process.items():
            before = found.get(stage, StageTime(stage=stage, events=0, commits=0, busy_s=0.0))
            found[stage] = StageTime(
                stage=stage,
                events=before.events + reading.events,
                commits=before.commits + reading.commits,
                busy_s=round(before.busy_s + reading.busy_s, 3),
            )
        return list(found.values())

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            self.take()


def parse(text: str, peak_mb: float) -> Reading:
    """A process's metrics in Prometheus' text format."""
    counts = {metrics.EVENTS: 0.0, metrics.COMMITS: 0.0, metrics.BUSY: 0.0}
    outputs: dict[str, int] = {}
    horizons_s: list[float] = []
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if family.name in counts and sample.name == f"{family.name}_total":
                counts[family.name] += sample.value
            elif family.name == metrics.HORIZON:
                horizons_s.append(sample.value)
            elif sample.name == f"{metrics.OUTPUTS}_total":
                topic = sample.labels["topic"]
                outputs[topic] = outputs.get(topic, 0) + int(sample.value)
    return Reading(
        horizon_ns=int(min(horizons_s, default=-1e-9) * 1e9),
        events=int(counts[metrics.EVENTS]),
        commits=int(counts[metrics.COMMITS]),
        busy_s=counts[metrics.BUSY],
        outputs=outputs,
        peak_mb=peak_mb,
    )


def _fetch(port: int) -> str | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except (OSError, UnicodeDecodeError, http.client.HTTPException):
        # It starts, it ends, or it is busy; its exit code says what matters.
        return None
    finally:
        connection.close()


def _peak_mb(pid: int) -> float:
    """Most resident memory of a process, as Linux tells it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    kib = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return kib[0] / KIB_IN_MB if kib else 0.0
