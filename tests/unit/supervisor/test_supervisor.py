"""The supervisor with small programs: restarts, giving up, order of a stop, no survivors."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tapeline.contracts.exit_codes import DRAINED
from tapeline.supervisor.child import (
    FIRST_PORT,
    PORTS,
    Child,
    Phase,
    Program,
    Restarts,
    free_port,
)
from tapeline.supervisor.group import ProcessGroup, said
from tapeline.supervisor.supervisor import Supervisor

PATIENCE_S = 60.0
"""A test waits so long for something that happens at once on a machine that is not busy."""

ENDS = "pass"
REFUSES = "print('spec.mode: no such mode'); raise SystemExit(2)"
CRASHES = "raise RuntimeError('no such symbol')"
SERVES = """
import signal, sys, time
def drain(number, frame):
    with open(sys.argv[1], 'a') as file:
        file.write(sys.argv[2] + '\\n')
    sys.exit(0)
signal.signal(signal.SIGTERM, drain)
print('ready', flush=True)
while True:
    time.sleep(1)
"""
"""Runs until SIGTERM, then adds its name to a file."""
DRAINS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(3))
print('ready', flush=True)
while True:
    time.sleep(1)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('ready', flush=True)
while True:
    time.sleep(1)
"""


@pytest.fixture
def group() -> Iterator[ProcessGroup]:
    with ProcessGroup() as made:
        yield made


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def program(stage: str, source: str, *arguments: str, replica: int = 0) -> Program:
    command = [sys.executable, "-c", source, *arguments]
    return Program(stage, replica, "python", lambda _port: command)


def until(reached: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def changed(child: Child) -> Phase:
    """The phase after the next change."""
    until(child.tick)
    return child.phase


def child_of(made: Program, group: ProcessGroup, logs: Path, clock: Clock, **more: float) -> Child:
    said_so: list[str] = []
    restarts = Restarts(count=3, **more)
    child = Child(made, group, logs, restarts, clock, said_so.append)
    child.start()
    return child


def test_a_process_that_fails_is_started_again_after_pauses_that_double(
    group: ProcessGroup, tmp_path: Path
) -> None:
    clock = Clock()
    child = child_of(program("oms", CRASHES), group, tmp_path, clock, first_s=1.0, longest_s=3.0)

    for restart, pause_s in enumerate((1.0, 2.0, 3.0), 1):
        assert changed(child) is Phase.PAUSED
        clock.now_s += pause_s - 0.5
        assert (child.tick(), child.phase) == (False, Phase.PAUSED)
        clock.now_s += 0.5
        assert (child.tick(), child.phase) == (True, Phase.RUNNING)
        assert child.restarted == restart
    assert changed(child) is Phase.FAILED
    assert child.exit_code == 1
    assert child.tail()[-1] == "RuntimeError: no such symbol"


def test_failures_that_are_long_past_do_not_count(group: ProcessGroup, tmp_path: Path) -> None:
    clock = Clock()
    child = child_of(program("oms", CRASHES), group, tmp_path, clock, first_s=1.0)

    for _ in range(6):
        assert changed(child) is Phase.PAUSED
        clock.now_s += 61.0
        assert (child.tick(), child.phase) == (True, Phase.RUNNING)


def test_a_process_that_refuses_to_run_is_not_started_again(
    group: ProcessGroup, tmp_path: Path
) -> None:
    child = child_of(program("oms", REFUSES), group, tmp_path, Clock())

    assert changed(child) is Phase.FAILED
    assert child.tail() == ["spec.mode: no such mode"]


def test_a_process_that_was_killed_is_started_again(group: ProcessGroup, tmp_path: Path) -> None:
    clock = Clock()
    child = child_of(program("oms", SERVES, os.devnull, "oms"), group, tmp_path, clock)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)

    assert changed(child) is Phase.PAUSED
    assert child.exit_code == -signal.SIGKILL
    clock.now_s += 1.0
    assert (child.tick(), child.phase) == (True, Phase.RUNNING)


def test_a_process_that_was_ended_by_hand_has_drained_and_is_started_again(
    group: ProcessGroup, tmp_path: Path
) -> None:
    clock = Clock()
    child = child_of(program("oms", DRAINS), group, tmp_path, clock)
    until(lambda: child.tail() == ["ready"])
    assert child.pid is not None
    os.kill(child.pid, signal.SIGTERM)

    assert changed(child) is Phase.PAUSED
    assert child.exit_code == DRAINED
    clock.now_s += 1.0
    assert (child.tick(), child.phase) == (True, Phase.RUNNING)


def test_a_process_that_was_to_stop_and_has_drained_is_in_order(
    group: ProcessGroup, tmp_path: Path
) -> None:
    told: list[str] = []
    drains = program("oms", DRAINS)
    child = Child(drains, group, tmp_path, Restarts(), Clock(), told.append)
    child.start()
    until(lambda: child.tail() == ["ready"])
    child.stop(10.0)

    assert changed(child) is Phase.ENDED
    assert (child.exit_code, told) == (DRAINED, [])


def test_a_process_that_does_not_drain_is_killed(group: ProcessGroup, tmp_path: Path) -> None:
    clock = Clock()
    child = child_of(program("oms", STUBBORN), group, tmp_path, clock)
    until(lambda: child.tail() == ["ready"])
    child.stop(10.0)
    clock.now_s = 9.0
    assert (child.tick(), child.phase) == (False, Phase.STOPPING)
    clock.now_s = 10.0

    assert changed(child) is Phase.ENDED
    assert child.exit_code == -signal.SIGKILL


def test_a_program_that_is_not_there_is_said_at_once(group: ProcessGroup, tmp_path: Path) -> None:
    missing = Program("oms", 0, "go", lambda _port: ["bin/none"])
    told: list[str] = []

    outcome = Supervisor([missing], tmp_path, group, tell=told.append).run(lambda: True)

    assert told == ["oms.0: bin/none cannot be started: No such file or directory"]
    assert outcome.failure is not None
    assert outcome.failure.startswith("oms.0: its program could not be started")


def test_a_session_ends_when_every_process_has_ended(group: ProcessGroup, tmp_path: Path) -> None:
    changes: list[list[str]] = []
    programs = [program("ingestion", ENDS), program("oms", ENDS)]
    supervisor = Supervisor(
        programs,
        tmp_path,
        group,
        on_change=lambda: changes.append([c.phase.value for c in supervisor.children]),
    )

    outcome = supervisor.run(lambda: True)

    assert (outcome.stopped, outcome.failure) == (False, None)
    assert changes[0] == ["running", "running"]
    assert changes[-1] == ["ended", "ended"]


def test_a_stop_goes_through_the_stages_in_the_order_of_the_flow(
    group: ProcessGroup, tmp_path: Path
) -> None:
    stops = tmp_path / "stops"
    flow = [("ingestion", 0), ("bars", 0), ("bars", 1), ("oms", 0)]
    programs = [program(s, SERVES, str(stops), s, replica=n) for s, n in flow]
    supervisor = Supervisor(programs, tmp_path, group)

    outcome = supervisor.run(lambda: not all(c.tail() == ["ready"] for c in supervisor.children))

    assert outcome.stopped
    assert stops.read_text().split() == ["ingestion", "bars", "bars", "oms"]
    assert [child.exit_code for child in supervisor.children] == [0, 0, 0, 0]


def test_a_failure_for_good_stops_the_session_and_shows_the_end_of_the_log(
    group: ProcessGroup, tmp_path: Path
) -> None:
    stops = tmp_path / "stops"
    programs = [
        program("ingestion", SERVES, str(stops), "ingestion"),
        program("bars", CRASHES),
        program("oms", SERVES, str(stops), "oms"),
    ]
    restarts = Restarts(first_s=0.01, count=1)

    outcome = Supervisor(programs, tmp_path, group, restarts).run(lambda: True)

    assert outcome.failure is not None
    assert outcome.failure.startswith(
        "bars.0 ended with exit code 1: it failed more than 1 times in 60 s, so the session was "
        f"stopped; {tmp_path / 'bars.0.log'} ends with\n"
    )
    assert outcome.failure.endswith("\n  RuntimeError: no such symbol")


def test_a_stage_that_is_held_drains_and_starts_again_as_another_program(
    group: ProcessGroup, tmp_path: Path
) -> None:
    stops = tmp_path / "stops"
    last = program("oms", SERVES, os.devnull, "oms")
    programs = [program("bars", SERVES, str(stops), "old"), last]
    supervisor = Supervisor(programs, tmp_path, group)
    for child in supervisor.children:
        child.start()
    until(lambda: all(c.tail() == ["ready"] for c in supervisor.children))
    other = supervisor.of("oms")[0].pid

    supervisor.hold("bars", 60.0)
    until(lambda: (supervisor.tick(), supervisor.held("bars"))[1])
    assert [child.exit_code for child in supervisor.of("bars")] == [0]
    (new,) = supervisor.release("bars", [program("bars", SERVES, str(stops), "new")])
    until(lambda: new.tail() == ["ready", "ready"])

    assert (new.phase, supervisor.of("oms")[0].pid) == (Phase.RUNNING, other)
    supervisor.stop()
    assert stops.read_text().split() == ["old", "new"]


def test_a_stage_that_is_held_too_long_goes_on_by_itself(
    group: ProcessGroup, tmp_path: Path
) -> None:
    told: list[str] = []
    supervisor = Supervisor([program("bars", ENDS)], tmp_path, group, tell=told.append)
    supervisor.of("bars")[0].start()
    until(lambda: (supervisor.tick(), supervisor.of("bars")[0].over)[1])

    supervisor.hold("bars", 0.0)
    until(lambda: (supervisor.tick(), bool(told))[1])

    assert told == ["bars was held too long and is started again"]


def test_leaving_the_group_kills_what_still_runs(tmp_path: Path) -> None:
    with ProcessGroup() as group:
        process = group.start([sys.executable, "-c", STUBBORN], {}, tmp_path / "log")
    process.wait(PATIENCE_S)

    assert process.returncode == -signal.SIGKILL


SUPERVISOR = """
import sys
from pathlib import Path
from tapeline.supervisor.child import Program
from tapeline.supervisor.group import ProcessGroup
from tapeline.supervisor.supervisor import Supervisor

folder = Path(sys.argv[1])
command = [sys.executable, "-c", sys.argv[2]]
programs = [Program("bars", n, "python", lambda port: command) for n in range(2)]
with ProcessGroup() as group:
    supervisor = Supervisor(programs, folder, group)
    def write():
        pids = [str(child.pid) for child in supervisor.children]
        (folder / "pids").write_text(" ".join(pids))
    supervisor._on_change = write
    supervisor.run(lambda: True)
"""


def test_processes_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(tmp_path), STUBBORN]) as process:
        logs = [tmp_path / f"bars.{n}.log" for n in range(2)]
        until(lambda: all(log.exists() and "ready" in log.read_text() for log in logs))
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        assert [alive(pid) for pid in pids] == [True, True]
        process.kill()
        process.wait()

    until(lambda: not any(alive(pid) for pid in pids))


def test_variables_are_added_to_the_environment_and_empty_ones_are_removed(
    group: ProcessGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES", "secret")
    show = "import os; print(os.environ.get('POSTGRES'), os.environ['KAFKA'])"
    log = tmp_path / "log"

    for env in ({"KAFKA": "one", "POSTGRES": ""}, {"KAFKA": "two"}):
        group.start([sys.executable, "-c", show], env, log).wait(PATIENCE_S)

    assert log.read_text().splitlines() == ["None one", "secret two"]


@pytest.mark.parametrize(
    ("code", "words"),
    [(1, "ended with exit code 1"), (-9, "was ended by SIGKILL"), (0, "ended with exit code 0")],
)
def test_exit_codes_in_words(code: int, words: str) -> None:
    assert said(code) == words


def test_ports_are_free_and_never_the_same_twice() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        found = [free_port() for _ in range(50)]

        assert len({*found, listener.getsockname()[1]}) == 51
        assert all(FIRST_PORT <= port < FIRST_PORT + PORTS for port in found)
