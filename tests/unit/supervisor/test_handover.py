"""Handovers with small programs: what is refused, what happens when something goes wrong."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tapeline.runner.wiring import Wiring
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.plan import tasks
from tapeline.supervisor.child import Phase, Program, Restarts
from tapeline.supervisor.control import FOLDER, Requests
from tapeline.supervisor.group import ProcessGroup
from tapeline.supervisor.handed_state import (
    HandoverError,
    TaskHandover,
    checked,
    hash_of,
    in_go,
    lags,
)
from tapeline.supervisor.handover import Handover, hand_over, take_over
from tapeline.supervisor.serve import Service
from tapeline.supervisor.state_file import ProcessState, SessionState, state_of, write_state
from tapeline.supervisor.supervisor import Supervisor

MANIFEST = Path("tests/fault/session.yaml")
STAGE = "bar_builder_1s"

PATIENCE_S = 60.0

STAND_IN = """
import http.server, os, signal, sys
from pathlib import Path
from tapeline.runner import gate

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass

port, before, after, drained = (int(word) for word in sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os._exit(drained))
if before:
    print("no such setting", flush=True)
    os._exit(before)
if gate.VARIABLE in os.environ:
    gate.wait_at(Path(os.environ[gate.VARIABLE]), 0, lambda: True)
if after:
    os._exit(after)
http.server.HTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""
"""A stage: waits at its gate, is ready, ends after SIGTERM; or ends with an exit code before the
gate, behind it, or when it is asked to stop."""


@dataclass
class Codes:
    """Exit codes of the stand-ins of a language; 0 before or after = it goes on."""

    before: int = 0
    after: int = 0
    drained: int = 0


@dataclass
class Desk:
    """A supervisor with one stage, which serves requests in a thread."""

    folder: Path
    codes: dict[str, Codes] = field(default_factory=lambda: {"python": Codes(), "go": Codes()})
    verified: list[TaskHandover] = field(default_factory=list)
    follows: int = 0
    on_verify: Callable[[], None] = lambda: None
    running: bool = True
    pid: int = os.getpid()

    def programs(self, stage: str, language: str) -> list[Program]:
        codes = self.codes[language]
        words = [str(code) for code in (codes.before, codes.after, codes.drained)]
        command = [sys.executable, "-c", STAND_IN]
        return [Program(stage, 0, language, lambda port: [*command, str(port), *words])]

    def follow(self) -> None:
        self.follows += 1

    def __call__(self) -> list[TaskHandover]:
        self.on_verify()
        return self.verified

    def hand(self, to: str = "go") -> Handover:
        before = self.supervisor.of(STAGE)[0].program.language
        return take_over(self.folder, STAGE, (before, to), self)

    def write(self) -> None:
        processes = [state_of(child) for child in self.supervisor.children]
        write_state(self.folder, session(processes, self.pid))

    def run(self) -> None:
        with ProcessGroup() as group:
            self.supervisor = Supervisor(
                self.programs(STAGE, "python"),
                self.folder,
                group,
                Restarts(first_s=0.05, count=1_000),
                self.write,
            )
            serve = Service(Requests(self.folder), self.supervisor, self.programs, ())

            def keep_on() -> bool:
                serve()
                return self.running

            self.supervisor.run(keep_on)

    def now(self) -> tuple[str, Phase]:
        """Language and phase of the stage's one process."""
        (child,) = self.supervisor.of(STAGE)
        return child.program.language, child.phase


def session(processes: list[ProcessState], pid: int) -> SessionState:
    return SessionState(
        session="fault",
        prefix="fault",
        kafka="127.0.0.1:1",
        lanes=1,
        manifest=str(MANIFEST),
        supervisor_pid=pid,
        processes=processes,
        options={},
    )


def until(reached: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.005)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    thread = threading.Thread(target=made.run)
    thread.start()
    until((tmp_path / "processes.json").exists)
    # A signal before the program has set its handler would not be caught.
    until(lambda: _listens(made))
    yield made
    made.running = False
    thread.join()


def _listens(desk: Desk) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", desk.supervisor.of(STAGE)[0].http_port)) == 0


def differs() -> None:
    raise HandoverError("restored it has another hash")


def test_a_stage_goes_on_in_the_other_language_and_back(desk: Desk) -> None:
    there = desk.hand("go")
    assert desk.now() == ("go", Phase.RUNNING)
    back = desk.hand("python")

    assert desk.now() == ("python", Phase.RUNNING)
    assert [(h.before, h.after) for h in (there, back)] == [("python", "go"), ("go", "python")]
    assert there.pause_ms >= there.freeze_ms + there.verify_ms
    assert desk.follows == 4


def test_a_state_that_differs_is_refused_and_the_old_language_goes_on(desk: Desk) -> None:
    desk.on_verify = differs

    with pytest.raises(HandoverError) as raised:
        desk.hand()

    assert str(raised.value) == f"restored it has another hash\n{STAGE} goes on in python"
    assert desk.now() == ("python", Phase.RUNNING)


def test_an_old_process_that_does_not_end_in_order_goes_on(desk: Desk) -> None:
    desk.codes["go"] = Codes(drained=1)
    desk.hand()

    with pytest.raises(HandoverError, match=r"did not end in good order \(exit codes \[1\]\)"):
        desk.hand("python")

    assert desk.now() == ("go", Phase.RUNNING)


def test_a_new_process_that_fails_gives_the_stage_back(desk: Desk) -> None:
    desk.codes["go"] = Codes(after=1)

    with pytest.raises(HandoverError, match=r"exit code 1 when it started in go") as raised:
        desk.hand()

    assert str(raised.value).endswith(f"{STAGE} goes on in python")
    assert desk.now() == ("python", Phase.RUNNING)


def test_a_successor_that_cannot_be_loaded_disturbs_nobody(desk: Desk) -> None:
    desk.codes["go"] = Codes(before=2)
    pid = desk.supervisor.of(STAGE)[0].pid

    with pytest.raises(HandoverError, match=r"successor could not be loaded(.|\n)*no such setting"):
        desk.hand()

    assert desk.now() == ("python", Phase.RUNNING)
    assert desk.supervisor.of(STAGE)[0].pid == pid


def test_a_successor_that_dies_while_it_waits_is_replaced(desk: Desk) -> None:
    killed: list[int] = []

    def kill() -> None:
        (waiting,) = desk.supervisor.prepared(STAGE) or []
        assert waiting.pid is not None
        killed.append(waiting.pid)
        os.kill(waiting.pid, signal.SIGKILL)
        until(lambda: waiting.exit_code is not None)

    desk.on_verify = kill
    desk.hand()

    assert desk.now() == ("go", Phase.RUNNING)
    assert desk.supervisor.of(STAGE)[0].pid not in killed


def test_a_supervisor_that_ends_in_the_middle_is_said_with_what_to_do(desk: Desk) -> None:
    def end() -> None:
        with subprocess.Popen([sys.executable, "-c", ""]) as gone:
            gone.wait()
        desk.running = False
        until(lambda: all(child.over for child in desk.supervisor.children))
        desk.pid = gone.pid
        desk.write()

    desk.on_verify = end

    with pytest.raises(HandoverError, match=r"its supervisor has ended\n.*--resume"):
        desk.hand()


@pytest.fixture(scope="module")
def context() -> SessionContext:
    return load_session(MANIFEST)


def process(stage: str, phase: str = "running") -> ProcessState:
    return ProcessState(
        stage=stage,
        replica=0,
        language="python",
        phase=phase,
        pid=1,
        http_port=0,
        restarts=0,
        exit_code=None,
        started="",
        log="",
    )


@pytest.mark.parametrize(
    ("stage", "to", "phase", "refusal"),
    [
        ("bars", "go", "running", "bars: is no stage of this session: use one of bar_builder_1s, "),
        ("oms", "go", "running", "oms: has no go implementation, only python"),
        (STAGE, "python", "running", f"{STAGE}: runs in python already"),
        (STAGE, "go", "ended", f"{STAGE}: has reached the session's end"),
    ],
)
def test_what_cannot_be_handed_over_is_refused(
    stage: str, to: str, phase: str, refusal: str, context: SessionContext, tmp_path: Path
) -> None:
    write_state(tmp_path, session([process(STAGE, phase), process("oms")], os.getpid()))

    with pytest.raises(HandoverError) as raised:
        hand_over(tmp_path, stage, to, context)

    assert str(raised.value).startswith(refusal)


def test_a_session_that_has_ended_is_refused(context: SessionContext, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    write_state(tmp_path, session([process(STAGE)], gone.pid))

    with pytest.raises(HandoverError, match="the session does not run any more"):
        hand_over(tmp_path, STAGE, "go", context)


def test_a_second_handover_of_a_stage_is_refused(context: SessionContext, tmp_path: Path) -> None:
    write_state(tmp_path, session([process(STAGE)], os.getpid()))
    (tmp_path / FOLDER).mkdir()
    with (tmp_path / FOLDER / f"{STAGE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(HandoverError, match="another handover of it is on its way"):
            hand_over(tmp_path, STAGE, "go", context)


def test_a_source_of_real_time_is_not_handed_over(context: SessionContext, tmp_path: Path) -> None:
    spec = context.spec.model_copy(update={"clock": "real"})
    write_state(tmp_path, session([process("ingestion")], os.getpid()))

    with pytest.raises(HandoverError, match="in real time a source begins anew"):
        hand_over(tmp_path, "ingestion", "go", replace(context, spec=spec))


ENTRIES = {"feed": b'{"a":1}', "SBIN": b'{"b":2}', "@snapshot": b"{}"}


def test_a_state_that_restores_to_its_hash_is_told_with_its_offsets(
    context: SessionContext,
) -> None:
    wiring = wiring_of(context)

    told = checked(wiring, (ENTRIES, {"ticks/0": 7}), hash_of)

    assert told == TaskHandover(
        task=0,
        offsets={"ticks/0": 7},
        entries=2,
        state_hash=hash_of({"SBIN": b'{"b":2}', "feed": b'{"a":1}'}),
    )


def test_a_state_that_restores_to_another_hash_is_refused(context: SessionContext) -> None:
    with pytest.raises(HandoverError, match=rf"{STAGE} task 0: the saved state has the hash "):
        checked(wiring_of(context), (ENTRIES, {}), lambda _entries: "0" * 64)


REACHED = {"@snapshot": b'{"offsets":[["ticks",0,7]],"horizon_ns":1}'}


@pytest.mark.parametrize(
    ("entries", "offset", "behind"),
    [
        (REACHED, 7, False),
        (REACHED, 8, True),
        # A commit returns before its last records are visible: then there may be no state at all.
        ({}, 7, True),
        ({}, 0, False),
    ],
)
def test_a_state_lags_behind_until_it_is_that_of_the_commits(
    entries: dict[str, bytes], offset: int, behind: bool
) -> None:
    assert lags(entries, {"ticks/0": offset}) is behind


@pytest.mark.parametrize(
    ("script", "refusal"),
    [
        ("echo entry feed: no such key >&2; exit 2", "Go does not take the saved state: entry"),
        (None, "cannot restore the saved state"),
    ],
)
def test_a_binary_that_cannot_restore_is_said(
    script: str | None, refusal: str, tmp_path: Path
) -> None:
    binary = tmp_path / STAGE
    if script is not None:
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)

    with pytest.raises(HandoverError, match=refusal):
        in_go(binary, b"{}", ENTRIES)


def test_a_binary_that_restores_something_else_has_another_hash(tmp_path: Path) -> None:
    binary = tmp_path / STAGE
    binary.write_text(
        '#!/bin/sh\nwhile [ "$1" != --state-out ]; do shift; done\necho "{}" > "$2"\n'
    )
    binary.chmod(0o755)

    assert in_go(binary, b"{}", ENTRIES) == hash_of({"": b"{}"}) != hash_of(ENTRIES)


def wiring_of(context: SessionContext) -> Wiring:
    lanes = Lanes(context.pipeline, context.spec.mode, "fault", 1, {})
    return tasks(lanes, STAGE)[0]
