"""Requests to a supervisor that runs: files in the session's folder, answered in files beside them.

Whoever may write into the folder may ask; nothing listens on a network.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = "control"

ASK_POLL_S = 0.005
"""A look for the answer costs some microseconds, and a handover's pause has two of them."""

HOLD_S = 120.0
"""A stage that is held goes on by itself after this, should the one who asked have gone."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a supervisor."""

    command: Literal["prepare", "hold", "release"]
    """prepare: load successors, which wait. hold: stop the stage until it has drained. release:
    start it again, as its successors when they are of the language asked for."""
    stage: str
    implementation: Literal["python", "go"] | None = None
    """prepare, release: language from now on; None = as it was."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a request."""

    refused: str | None = None
    """Why it was not done; None when it was."""
    exit_codes: list[int | None] = []
    """hold: of each replica; 0 = it has drained and committed."""
    pids: list[int | None] = []
    """prepare, release: of each replica."""


class NoAnswerError(Exception):
    """The supervisor did not answer in time; the message says so."""


def ask(
    folder: Path,
    request: Request,
    within_s: float,
    alive: Callable[[], bool] = lambda: True,
) -> Answer:
    """Asks the supervisor of a session and waits for its answer.

    Args:
        folder: output folder of the session.
        request: what to do.
        within_s: how long to wait, seconds.
        alive: whether the supervisor runs; asked between two looks for the answer.

    Raises:
        NoAnswerError: it did not answer.
    """
    place = folder / FOLDER
    name = uuid.uuid4().hex
    beside, path, answer = (place / f"{name}.{s}" for s in ("new", "request", "answer"))
    try:
        beside.write_bytes(msgspec.json.encode(request))
    except OSError as error:
        raise NoAnswerError(f"{place}: no supervisor serves this folder") from error
    beside.replace(path)
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        if answer.exists():
            content = answer.read_bytes()
            answer.unlink()
            return msgspec.json.decode(content, type=Answer)
        if not alive():
            raise NoAnswerError(f"{folder}: its supervisor has ended")
        time.sleep(ASK_POLL_S)
    path.unlink(missing_ok=True)
    raise NoAnswerError(
        f"{folder}: its supervisor did not {request.command} {request.stage} within "
        f"{within_s:.0f} s; see the stage's log below {folder / 'logs'}"
    )


class Requests:
    """The supervisor's side: the requests that wait.

    Args:
        folder: output folder of the session; requests of an earlier run are dropped.
    """

    def __init__(self, folder: Path) -> None:
        self._place = folder / FOLDER
        self._place.mkdir(parents=True, exist_ok=True)
        for old in self._place.iterdir():
            old.unlink()

    def waiting(self) -> Iterator[tuple[str, Request]]:
        """Name and content of each request without an answer, in the order of their names."""
        for path in sorted(self._place.glob("*.request")):
            try:
                yield path.stem, msgspec.json.decode(path.read_bytes(), type=Request)
            except (OSError, msgspec.DecodeError) as error:
                self.answer(path.stem, Answer(refused=f"the request cannot be read: {error}"))

    def gate(self, name: str) -> Path:
        """File that lets the successors of a request go on."""
        return self._place / f"{name}.gate"

    def answer(self, name: str, answer: Answer) -> None:
        """Answers a request, once."""
        beside = self._place / f"{name}.said"
        beside.write_bytes(msgspec.json.encode(answer))
        beside.replace(self._place / f"{name}.answer")
        (self._place / f"{name}.request").unlink(missing_ok=True)
