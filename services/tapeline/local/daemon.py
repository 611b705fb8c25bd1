"""A process that outlives its starter and is found again by its pid file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

WAIT_S = 0.02
"""Between two looks at a process: much less than what a start takes."""

STOP_S = 30.0
"""An orderly stop takes under a second; a busy machine may need longer. Then the process is
killed."""

LOG_BYTES_MAX = 10 * 2**20
"""A log above this is moved aside at the next start, so that two of them are kept at the most."""

TAIL_LINES = 15
"""Lines of a log that an error shows: a stack trace's head and its cause."""


class LocalServiceError(Exception):
    """A service cannot start or be reached; the message says which, why and what to do."""


class Daemon:
    """One process of one folder.

    Args:
        name: as a person knows it, for messages.
        folder: holds the pid file and the log.
        mark: an argument of the process that no other has, such as the path of its data. It tells
            the process from a later one that was given the same number.
    """

    def __init__(self, name: str, folder: Path, mark: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._pid_file = folder / f"{name}.pid"
        self._mark = mark

    @property
    def pid(self) -> int | None:
        """Number of the process, None when it does not run."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if self.owns(pid) else None

    def spawn(self, command: Sequence[str], user: str | None = None) -> int:
        """Starts the process, detached from this one; its output goes to the log."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - the command is put together by this package
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        child.returncode = 0  # It may outlive us: Popen must not complain that it still runs.
        self._pid_file.write_text(str(child.pid))
        return child.pid

    def wait_for(self, ready: Callable[[], bool], deadline_s: float) -> bool:
        """Waits until the service is ready. Returns False when its process has ended.

        Raises:
            LocalServiceError: it still runs at the deadline, but is not ready.
        """
        end = time.monotonic() + deadline_s
        while not ready():
            if self.pid is None:
                return False
            if time.monotonic() > end:
                raise LocalServiceError(
                    f"{self.name} runs but is not ready after {deadline_s:.0f} s; "
                    f"its log is {self.log}:\n{self.tail()}"
                )
            time.sleep(WAIT_S)
        return True

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends the process in order; kills it when that takes too long."""
        pid = self.pid
        if pid is not None:
            os.kill(pid, how)
            if not self._gone(pid, STOP_S):
                self.kill()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """Ends the process at once, as a crash does; the pid file stays, as after a crash.

        Raises:
            LocalServiceError: the system does not end it.
        """
        pid = self.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            if not self._gone(pid, STOP_S):
                raise LocalServiceError(
                    f"{self.name}: process {pid} does not end; end it by hand, then start again"
                )

    def tail(self) -> str:
        """The end of the log."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])

    def _gone(self, pid: int, within_s: float) -> bool:
        end = time.monotonic() + within_s
        while self.owns(pid):
            if time.monotonic() > end:
                return False
            time.sleep(WAIT_S)
        return True

    def owns(self, pid: int) -> bool:
        """Whether a number is that of a living process of this service."""
        if pid <= 0:
            return False
        try:
            # A child that has ended stays until its parent looks. One that is ending is shown as a
            # zombie while its threads still hold ports and files.
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return False
            ending = True
        except ChildProcessError:
            ending = False
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return ending
            arguments = process.cmdline()
        except psutil.Error:
            return False
        # While a program is being loaded the system shows no arguments yet.
        return not arguments or any(self._mark in argument for argument in arguments)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a file's lock: whoever else asks for it, in any process, waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
