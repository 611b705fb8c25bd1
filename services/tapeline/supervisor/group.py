"""A process group that does not outlive this process, whatever kills it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

GUARD = ("/bin/sh", "-c", "trap '' TERM INT HUP; cat >/dev/null; kill -KILL 0")
"""Waits until its input ends, then kills its own process group. Only this process holds the other
end of the pipe, so that it ends with this process, also after SIGKILL."""


class ProcessGroup:
    """Starts processes that end with this one at the latest.

    They are a group of their own: Ctrl-C in a terminal reaches this process alone, which then stops
    them in order.
    """

    def __init__(self) -> None:
        # S603: the command is the constant above.
        self._guard = subprocess.Popen(GUARD, stdin=subprocess.PIPE, process_group=0)  # noqa: S603
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> ProcessGroup:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kills what still runs."""
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        for process in (self._guard, *self._started):
            process.wait()

    def guarded(self) -> bool:
        """Whether the guard lives; without it a process could outlive this one."""
        return self._guard.poll() is None

    def start(
        self, command: Sequence[str], env: Mapping[str, str], log: Path
    ) -> subprocess.Popen[bytes]:
        """Starts a program in the group; what it prints is added to a file.

        Args:
            command: program and arguments.
            env: added to this process's environment; an empty value removes a variable.
            log: file for its standard output and error.
        """
        self._started = [process for process in self._started if process.poll() is None]
        with log.open("ab") as file:
            process = subprocess.Popen(  # noqa: S603 - commands come from commands.py, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=environment(env),
                process_group=self._guard.pid,
            )
        self._started.append(process)
        return process


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Variables of a program: those of this process and its own; an empty value removes one."""
    return {k: v for k, v in {**os.environ, **env}.items() if env.get(k) != ""}


def said(code: int) -> str:
    """An exit code in words; negative = the signal that ended the process."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
