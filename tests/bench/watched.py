"""Runs a competitor as a process and watches it from outside: when it began, what became visible
when, how much processor time and memory it took.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from confluent_kafka import Consumer, TopicPartition

LOOK_S = 0.01
"""Between two looks at a topic's end: half a percent of a run of two seconds."""

ENDS_S = 120.0
"""A competitor that takes longer hangs."""

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Watched(NamedTuple):
    """What was seen of a process."""

    started_s: float
    """When it said that it begins to read; clock of `time.perf_counter`."""
    ends: list[tuple[float, int]]
    """(time, offset behind the last committed record), when it changed."""
    cpu_s: float
    """User and system time of the whole process."""
    cpu_working_s: float
    """The same without what it took until it began to read."""
    peak_mb: float
    """Most resident memory it ever had, MB of 1,000,000 bytes."""


class CompetitorError(Exception):
    """A competitor failed; the message holds the end of what it said."""


def watch(command: Sequence[str], mark: str, brokers: str, topic: str) -> Watched:
    """Runs a command to its end.

    Args:
        command: program and arguments.
        mark: what it says when it begins to read.
        brokers: host:port.
        topic: its partition 0 is watched.

    Raises:
        CompetitorError: it failed, hung, or never said the mark.
    """
    place = TopicPartition(topic, 0)
    observer = Consumer({"bootstrap.servers": brokers, "group.id": "bench.observer"})
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert child.stdout is not None
    listener = _Listener(child.stdout, mark)
    ends: list[tuple[float, int]] = []
    peak_mb = last = 0.0
    used_before_s = None
    deadline = time.perf_counter() + ENDS_S
    try:
        while (usage := _ended(child.pid)) is None:
            if time.perf_counter() > deadline:
                child.kill()
                child.wait()
                raise CompetitorError(f"{command[0]} hangs:\n{listener.tail()}")
            peak_mb = max(peak_mb, memory_mb(child.pid, "VmHWM"))
            if used_before_s is None and listener.marked_s is not None:
                used_before_s = used_cpu_s(child.pid)
            _, end = observer.get_watermark_offsets(place, timeout=5, cached=False)
            if end != last:
                ends.append((time.perf_counter(), end))
                last = end
            time.sleep(LOOK_S)
        _, end = observer.get_watermark_offsets(place, timeout=5, cached=False)
        ends.append((time.perf_counter(), end))
    finally:
        observer.close()
        child.stdout.close() if child.poll() is None else None
    code, cpu_s = usage
    child.returncode = code  # It was waited for here: Popen must not look again.
    listener.join()
    if code != 0 or listener.marked_s is None or used_before_s is None:
        raise CompetitorError(f"{command[0]} ended with {code}:\n{listener.tail()}")
    return Watched(listener.marked_s, ends, cpu_s, cpu_s - used_before_s, peak_mb)


def _ended(pid: int) -> tuple[int, float] | None:
    """Exit code and processor time of a child that has ended."""
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if found == 0:
        return None
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


class _Listener:
    """Reads what a process says, so that it never waits for a reader."""

    def __init__(self, lines: IO[str], mark: str) -> None:
        self.marked_s: float | None = None
        self._said: list[str] = []
        self._mark = mark
        self._thread = threading.Thread(target=self._listen, args=(lines,), daemon=True)
        self._thread.start()

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            if self.marked_s is None and self._mark in line:
                self.marked_s = time.perf_counter()
            self._said = [*self._said[-20:], line]

    def join(self) -> None:
        """Waits until everything was read."""
        self._thread.join(5)

    def tail(self) -> str:
        """The last lines."""
        return "".join(self._said)


def used_cpu_s(pid: int) -> float:
    """User and system time of a running process; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK_S


def memory_mb(pid: int, what: str) -> float:
    """VmRSS (now) or VmHWM (most ever) of a process, MB of 1,000,000 bytes; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found: Mapping[str, str] = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(found.get(what, "0 kB").split()[0]) * 1024 / 1_000_000
