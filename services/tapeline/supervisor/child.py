"""One process of a session: started, restarted with growing pauses, given up, stopped."""

from __future__ import annotations

import itertools
import os
import secrets
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from tapeline.contracts.exit_codes import DRAINED, OK, REFUSED
from tapeline.local.ports import taken
from tapeline.supervisor.group import ProcessGroup, said

TAIL_BYTES = 8_192
TAIL_LINES = 12
"""Of the log, shown when a process is given up: a traceback's end, which says what was wrong."""


class Phase(StrEnum):
    """Where a process is in its life."""

    RUNNING = "running"
    PAUSED = "paused"
    """It failed and is started again after its pause."""
    STOPPING = "stopping"
    ENDED = "ended"
    """It has reached the session's end (exit code 0), or was stopped."""
    FAILED = "failed"
    """Given up."""


@dataclass(frozen=True)
class Restarts:
    """How often and how fast a failed process is started again."""

    first_s: float = 0.2
    """Pause before the first restart; doubles with each restart within `within_s`. Default 0.2: a
    stage that was killed is back before anyone waits for it."""
    longest_s: float = 5.0
    """Longest pause. Default 5: a broker takes some seconds to come back."""
    count: int = 8
    """Restarts within `within_s`, after which the next failure is final. Default 8: with their
    pauses they take 21 s, longer than a broker or a database takes to restart."""
    within_s: float = 60.0
    """Default 60: what failed less often than 8 times a minute is worth another try."""

    def pause_s(self, recent: int) -> float:
        """Pause before the next restart, after so many recent ones."""
        return min(self.first_s * 2.0**recent, self.longest_s)


@dataclass(frozen=True)
class Program:
    """What runs for one replica of a stage."""

    stage: str
    replica: int
    language: str
    command: Callable[[int], list[str]]
    """Program and arguments, for the port of its health and metrics."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment; an empty value removes a variable."""

    @property
    def name(self) -> str:
        """Of the process, its log and its lines."""
        return f"{self.stage}.{self.replica}"


class Child:
    """A program and its present process.

    Args:
        program: what to run.
        group: where to start it.
        logs: folder of `<stage>.<replica>.log`.
        restarts: how often to start it again.
        clock_s: monotonic seconds.
        tell: called with a sentence when something happened that a person wants to know.
    """

    def __init__(
        self,
        program: Program,
        group: ProcessGroup,
        logs: Path,
        restarts: Restarts,
        clock_s: Callable[[], float],
        tell: Callable[[str], None],
    ) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.phase = Phase.PAUSED
        self.restarted = 0
        self.http_port = 0
        self.started = ""
        """Wall clock of the present process's start, ISO 8601."""
        self.exit_code: int | None = None
        """Of its last process that has ended."""
        self._group = group
        self._restarts = restarts
        self._clock_s = clock_s
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None
        self._failures_s: deque[float] = deque()
        self._resume_s = 0.0
        self._kill_s = float("inf")

    @property
    def pid(self) -> int | None:
        """Of the present process; None when there is none."""
        return None if self._process is None else self._process.pid

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing will by itself."""
        return self.phase in (Phase.ENDED, Phase.FAILED)

    def start(self) -> None:
        """Starts the program."""
        self.http_port = free_port()
        self.started = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._kill_s = float("inf")
        command = self.program.command(self.http_port)
        try:
            self._process = self._group.start(command, self.program.env, self.log)
        except OSError as error:
            self._process = None
            self.phase = Phase.FAILED
            self._tell(f"{self.program.name}: {command[0]} cannot be started: {error.strerror}")
        else:
            self.phase = Phase.RUNNING

    def stop(self, within_s: float) -> None:
        """Asks the process to drain and end; kills it when it has not within so many seconds."""
        if self._process is None:
            self.phase = self.phase if self.over else Phase.ENDED
            return
        if self.phase is not Phase.STOPPING:
            self.phase = Phase.STOPPING
            self._kill_s = self._clock_s() + within_s
            self._process.terminate()

    def tick(self) -> bool:
        """Looks after the process. Returns whether its phase or pid has changed."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                if self._clock_s() >= self._kill_s:
                    self._tell(f"{self.program.name} did not stop in time and is killed")
                    self._process.kill()
                    self._kill_s = float("inf")
                return False
            self._process, self.exit_code = None, code
            self._after(code)
            return True
        if self.phase is Phase.PAUSED and self._clock_s() >= self._resume_s:
            self.restarted += 1
            self.start()
            return True
        return False

    def tail(self) -> list[str]:
        """Last lines of its log."""
        try:
            with self.log.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - TAIL_BYTES))
                text = file.read().decode(errors="replace")
        except OSError:
            return []
        return text.splitlines()[-TAIL_LINES:]

    def _after(self, code: int) -> None:
        if code == OK or (code == DRAINED and self.phase is Phase.STOPPING):
            self.phase = Phase.ENDED
            return
        if self.phase is Phase.STOPPING:
            # What it had not committed is done again by its successor; nothing is lost.
            self._tell(f"{self.program.name} was to stop and {said(code)}")
            self.phase = Phase.ENDED
            return
        now_s = self._clock_s()
        while self._failures_s and self._failures_s[0] <= now_s - self._restarts.within_s:
            self._failures_s.popleft()
        recent = len(self._failures_s)
        self._failures_s.append(now_s)
        if code == REFUSED or recent >= self._restarts.count:
            self.phase = Phase.FAILED
            return
        pause_s = self._restarts.pause_s(recent)
        self._resume_s = now_s + pause_s
        self.phase = Phase.PAUSED
        self._tell(f"{self.program.name} {said(code)}; it is started again in {pause_s:.1f} s")


FIRST_PORT, PORTS = 15_000, 4_000
"""Where ports are looked for: below those that systems give to outgoing connections, of which a
dozen stages make hundreds."""

_ports = itertools.islice(
    itertools.cycle(range(FIRST_PORT, FIRST_PORT + PORTS)), secrets.randbelow(PORTS), None
)
"""All of them in turn; two supervisors begin at different places."""


def free_port() -> int:
    """A TCP port that nobody listens on now, and another one each time.

    Someone may take it before the program does; the program then fails, and gets another one.
    """
    return next(port for port in _ports if not taken(port))
