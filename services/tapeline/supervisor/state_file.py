"""processes.json: what runs where, for `tapeline handover`, for tests and for people."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from tapeline.supervisor.child import Child

NAME = "processes.json"


class ProcessState(msgspec.Struct, frozen=True, kw_only=True):
    """One replica of a stage."""

    stage: str
    replica: int
    language: str
    phase: str
    """running, paused (before a restart), stopping, ended or failed."""
    pid: int | None
    http_port: int
    """Of its health and metrics, on 127.0.0.1."""
    restarts: int
    exit_code: int | None
    """Of its last process that has ended; negative = the signal that ended it."""
    started: str
    log: str


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """The processes of a session, and where its topics are."""

    session: str
    prefix: str
    kafka: str
    lanes: int
    """Partitions of a market topic."""
    manifest: str
    configs: str | None = None
    """Folder of the configuration files; None = the manifest's own."""
    seed: int | None = None
    """What takes the place of the manifest's seed."""
    supervisor_pid: int
    processes: list[ProcessState]
    options: dict[str, str]
    """Further options that every process was given, such as the start of a real-time session."""


class StateFileError(Exception):
    """There is no such file, or it is from another version; the message says what to do."""


def state_of(child: Child) -> ProcessState:
    """A process as it is now."""
    return ProcessState(
        stage=child.program.stage,
        replica=child.program.replica,
        language=child.program.language,
        phase=child.phase.value,
        pid=child.pid,
        http_port=child.http_port,
        restarts=child.restarted,
        exit_code=child.exit_code,
        started=child.started,
        log=str(child.log),
    )


def write_state(folder: Path, state: SessionState) -> None:
    """Writes the file in one step, so that a reader sees the old one or the new one."""
    beside = folder / f"{NAME}.new"
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n")
    beside.replace(folder / NAME)


def read_state(folder: Path) -> SessionState:
    """Reads the file of a run.

    Raises:
        StateFileError: with the sentence for a person.
    """
    path = folder / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=SessionState)
    except OSError as error:
        raise StateFileError(
            f"{path}: cannot be read ({error.strerror}): name the --out folder of a `tapeline run` "
            "with --kafka"
        ) from error
    except msgspec.DecodeError as error:
        raise StateFileError(
            f"{path}: is damaged or from another version ({error}): start the session again"
        ) from error


def runs(state: SessionState) -> bool:
    """Whether the supervisor that wrote it still lives."""
    try:
        os.kill(state.supervisor_pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
