"""Processes whose lives end as planned: by themselves after a commit step, or from outside."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fault_kafka.plan import Death
from tapeline.supervisor.child import Child, Program

CRASH_VARIABLE = "TAPELINE_CRASH_AFTER"

KILLED = -signal.SIGKILL

ANSWER_S = 0.3
"""A process that does not answer in this time is not ready."""

LOOK_S = 0.1
"""Between two questions whether a process is ready."""


WAIT = ("/bin/sh", "-c", 'until [ -e "$0" ]; do sleep 0.05; done; exec "$@"')
"""Waits for a file, then becomes the program."""


@dataclass(frozen=True)
class Kill:
    """One process that was ended by SIGKILL, as was planned."""

    stage: str
    language: str
    step: int | None


class Mortal:
    """A program whose lives end as planned.

    Args:
        program: what runs.
        deaths: how its first lives end, in their order; the life after the last one is not
            disturbed.
        gates: each life but the first waits for the file of its number in this folder.
    """

    def __init__(
        self, program: Program, deaths: Sequence[Death], gates: Path | None = None
    ) -> None:
        self.inner = program
        self.kills: list[Kill] = []
        self.lives = 0
        """Processes started."""
        self.child: Child | None = None
        """Who starts it; known once the session runs."""
        self.once = ""
        """Takes the place of the next life's fault injection."""
        self._gates = gates
        self._left = list(deaths)
        self._env = dict(program.env)
        self._asked_s = 0.0
        self._due_s: float | None = None
        self._killed_pid: int | None = None

    @property
    def name(self) -> str:
        """Of the process."""
        return self.inner.name

    @property
    def left(self) -> int:
        """Deaths that have not happened yet."""
        return len(self._left)

    @property
    def waits_for_death(self) -> bool:
        """Whether it is to be killed from outside before the session ends."""
        return any(death.step is None for death in self._left)

    def program(self) -> Program:
        """For the supervisor, which asks for the command at every start."""
        return replace(self.inner, command=self._command, env=self._env)

    def _command(self, port: int) -> list[str]:
        self.settle()
        self.lives += 1
        self._due_s = None
        death = self._left[0] if self._left else None
        crash = "" if death is None or death.step is None else f"{death.step}:{death.count}"
        self._env[CRASH_VARIABLE] = self.once or crash
        self.once = ""
        command = self.inner.command(port)
        if self._gates is None or not self.kills:
            return command
        return [*WAIT, str(self._gates / str(len(self.kills))), *command]

    def kill(self) -> None:
        """Kills the present process beyond the plan of its lives."""
        assert self.child is not None
        assert self.child.pid is not None
        os.kill(self.child.pid, signal.SIGKILL)
        self.kills.append(Kill(self.inner.stage, self.inner.language, None))

    def settle(self) -> None:
        """Notes the planned death of the last life, if it was that which ended it.

        A life that ended otherwise, such as without its broker, is followed by one with the same
        plan.
        """
        child = self.child
        if child is None or not self._left or child.exit_code != KILLED:
            return
        death = self._left[0]
        if death.step is None and self._killed_pid is None:
            return
        self._killed_pid = None
        del self._left[0]
        self.kills.append(Kill(self.inner.stage, self.inner.language, death.step))

    def tick(self) -> None:
        """Kills the present process from outside when its time has come."""
        child, now_s = self.child, time.monotonic()
        if child is None or child.pid is None or self._killed_pid == child.pid:
            return
        if not self._left or self._left[0].step is not None:
            return
        if self._due_s is None and now_s >= self._asked_s + LOOK_S:
            self._asked_s = now_s
            if ready(child.http_port):
                self._due_s = now_s + self._left[0].count / 1e3
        if self._due_s is not None and now_s >= self._due_s:
            self._killed_pid = child.pid
            os.kill(child.pid, signal.SIGKILL)


def ready(port: int) -> bool:
    """Whether the process that serves a port says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
