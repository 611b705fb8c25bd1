"""Hands a stage of a running session over to its other language, at an exact offset.

Prepare: the new process loads and waits. Freeze: the old one finishes its commit, saves its state
and ends. Verify: the saved state, restored by the language that takes over, must give the same
hash. Go on: the new process takes the same group, transactional ids and state. When the state does
not restore, or the new process does not start, the old language goes on.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol
from urllib.error import URLError
from urllib.request import urlopen

import msgspec

from tapeline.contracts.exit_codes import DRAINED, OK
from tapeline.runner.kafka_clients import KafkaMeans
from tapeline.session.compose import SOURCE, Lanes, stage_app
from tapeline.session.context import SessionContext
from tapeline.session.plan import tasks, write_plan
from tapeline.supervisor.commands import BINARIES
from tapeline.supervisor.control import FOLDER, Answer, NoAnswerError, Request, ask
from tapeline.supervisor.handed_state import (
    HandoverError,
    SavedState,
    TaskHandover,
    checked,
    in_go,
    in_python,
)
from tapeline.supervisor.state_file import ProcessState, SessionState, read_state, runs

FREEZE_S = 30.0
"""A stage drains within 10 s after it is asked to; three times that."""

SETTLE_S = 15.0
"""A group of replicas has shared its partitions within seconds."""

READY_S = 60.0
"""A process starts and restores its state within seconds."""

LOOK_S = 0.01
"""Between two looks at whether the new process is ready: it is part of the pause."""


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """What a handover came to."""

    stage: str
    before: str
    after: str
    pause_ms: float
    """From the request to freeze until the new process has its tasks, milliseconds."""
    freeze_ms: float
    """Part of it: until the old process had saved its state and ended."""
    verify_ms: float
    """Part of it: until both languages agreed on the state."""
    tasks: list[TaskHandover]


def hand_over(
    folder: Path, stage: str, to: str, context: SessionContext, binaries: Path = BINARIES
) -> Handover:
    """Hands a stage over.

    Args:
        folder: output folder of a running `tapeline run --kafka`.
        stage: name of the stage.
        to: python or go.
        context: the resolved session.
        binaries: folder of the stages in Go.

    Raises:
        HandoverError: nothing was changed, or the old language runs again.
        StateFileError: the folder is that of no such run.
    """
    _language(folder, read_state(folder), context, stage, to)
    with _alone(folder, stage):
        session = read_state(folder)
        before = _language(folder, session, context, stage, to)
        _settle(folder, stage)
        with _Verifier(context, session, stage, to, binaries) as verify:
            return take_over(folder, stage, (before, to), verify)


def _settle(folder: Path, stage: str) -> None:
    """Waits until replicas have shared their tasks: a commit in the middle of that is given up.

    A stage that does not come to rest is handed over all the same: it may be the sick one.
    """
    until_s = time.monotonic() + SETTLE_S
    while time.monotonic() < until_s:
        processes = _of(read_state(folder), stage)
        if all(p.phase != "running" or _is_ready(p.http_port) for p in processes):
            return
        time.sleep(LOOK_S)


class Verify(Protocol):
    """Says whether the language that takes over restores what is saved."""

    def follow(self) -> None:
        """Reads what is saved so far, while the old process still runs."""
        ...

    def __call__(self) -> list[TaskHandover]:
        """Compares the state of each task; raises HandoverError when one differs."""
        ...


def take_over(folder: Path, stage: str, way: tuple[str, str], verify: Verify) -> Handover:
    """Prepares, freezes, verifies and goes on; goes back when one of the last three fails.

    Args:
        folder: output folder of the session.
        stage: name of the stage.
        way: the language it runs in, and the one that takes over.
        verify: compares the states.

    Raises:
        HandoverError: nothing was changed, or the old language runs again.
    """
    before, to = way
    verify.follow()
    _asked(folder, _request("prepare", stage, to), READY_S)
    verify.follow()
    started = time.perf_counter()
    try:
        frozen = _asked(folder, _request("hold", stage), FREEZE_S)
        frozen_ms = _ms_since(started)
        _check_exits(folder, stage, frozen)
        handed = verify()
        verified_ms = _ms_since(started)
        _go_on(folder, stage, to)
    except HandoverError as error:
        raise HandoverError(f"{error}\n{_back(folder, stage, before)}") from error
    return Handover(
        stage=stage,
        before=before,
        after=to,
        pause_ms=_ms_since(started),
        freeze_ms=frozen_ms,
        verify_ms=round(verified_ms - frozen_ms, 1),
        tasks=handed,
    )


@contextmanager
def _alone(folder: Path, stage: str) -> Iterator[None]:
    """One handover of a stage at a time; the lock goes with the process that holds it."""
    with (folder / FOLDER / f"{stage}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HandoverError(
                f"{stage}: another handover of it is on its way; wait for its end"
            ) from error
        yield


def _language(
    folder: Path, session: SessionState, context: SessionContext, stage: str, to: str
) -> str:
    """Language that a stage runs in now; refuses what cannot be handed over."""
    if not runs(session):
        raise HandoverError(f"{folder}: the session does not run any more")
    found = _of(session, stage)
    if not found:
        known = ", ".join(dict.fromkeys(process.stage for process in session.processes))
        raise HandoverError(f"{stage}: is no stage of this session: use one of {known}")
    languages = context.pipeline.stages[stage].languages
    if to not in languages:
        raise HandoverError(f"{stage}: has no {to} implementation, only {' and '.join(languages)}")
    if found[0].language == to:
        raise HandoverError(f"{stage}: runs in {to} already")
    if all(process.phase == "ended" for process in found):
        raise HandoverError(f"{stage}: has reached the session's end, nothing is left to hand over")
    if stage == SOURCE and context.spec.clock == "real":
        raise HandoverError(
            f"{stage}: in real time a source begins anew with its process and would publish what "
            "it has published; start the session with the other implementation instead"
        )
    return found[0].language


def _of(session: SessionState, stage: str) -> list[ProcessState]:
    return [process for process in session.processes if process.stage == stage]


def _request(command: str, stage: str, language: str | None = None) -> Request:
    content = {"command": command, "stage": stage, "implementation": language}
    return msgspec.convert(content, type=Request)


def _asked(folder: Path, request: Request, within_s: float) -> Answer:
    try:
        answer = ask(folder, request, within_s, lambda: runs(read_state(folder)))
    except NoAnswerError as error:
        raise HandoverError(str(error)) from error
    if answer.refused is not None:
        raise HandoverError(answer.refused)
    return answer


def _check_exits(folder: Path, stage: str, frozen: Answer) -> None:
    if any(code not in (OK, DRAINED) for code in frozen.exit_codes):
        raise HandoverError(
            f"{stage}: did not end in good order (exit codes {frozen.exit_codes}), so that its "
            f"last state is not saved: see its log below {folder / 'logs'}"
        )


def _go_on(folder: Path, stage: str, language: str) -> None:
    """Starts the stage and waits until its processes have their tasks."""
    _asked(folder, _request("release", stage, language), FREEZE_S)
    until_s = time.monotonic() + READY_S
    while time.monotonic() < until_s:
        processes = _of(read_state(folder), stage)
        if all(p.phase == "ended" or _is_ready(p.http_port) for p in processes):
            return
        for process in processes:
            if process.exit_code is not None and process.phase != "ended":
                raise HandoverError(
                    f"{stage}: ended with exit code {process.exit_code} when it started in "
                    f"{language}: see {process.log}"
                )
        time.sleep(LOOK_S)
    raise HandoverError(
        f"{stage}: was not ready within {READY_S:.0f} s in {language}: see {folder / 'logs'}"
    )


def _back(folder: Path, stage: str, language: str) -> str:
    """Starts the stage as it was, whatever was done to it; says what runs now."""
    try:
        _asked(folder, _request("hold", stage), FREEZE_S)
        _go_on(folder, stage, language)
    except HandoverError as error:
        if runs(read_state(folder)):
            return f"{stage} could not be started again in {language} either: {error}"
        return (
            "the session has stopped: nothing is lost, `tapeline run … --resume` goes on with the "
            "manifest's implementations"
        )
    return f"{stage} goes on in {language}"


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


class _Verifier:
    """Restores the saved states of a stage in the language that takes over."""

    def __init__(
        self,
        context: SessionContext,
        session: SessionState,
        stage: str,
        to: str,
        binaries: Path,
    ) -> None:
        lanes = Lanes(context.pipeline, context.spec.mode, session.prefix, session.lanes, {})
        self._wirings = tasks(lanes, stage)
        self._state = SavedState(KafkaMeans(session.kafka, session.prefix), self._wirings)
        self._restore: Callable[[Mapping[str, bytes]], str] | None = None
        if stage == SOURCE:
            return  # its state is its time, which is an entry of the runner
        if to == "go":
            plan = write_plan(context, lanes, stage, session.prefix)
            self._restore = partial(in_go, binaries / stage, plan)
        else:
            self._restore = partial(in_python, stage_app(context, stage))

    def __enter__(self) -> _Verifier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._state.close()

    def follow(self) -> None:
        self._state.follow()

    def __call__(self) -> list[TaskHandover]:
        saved = self._state.settled()
        pairs = zip(self._wirings, saved, strict=True)
        return [checked(wiring, each, self._restore) for wiring, each in pairs]


def _ms_since(started_s: float) -> float:
    return round((time.perf_counter() - started_s) * 1000, 1)
