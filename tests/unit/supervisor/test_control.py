"""Requests to a supervisor, and the file that says what runs where."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tapeline.supervisor.child import Program
from tapeline.supervisor.control import Answer, NoAnswerError, Request, Requests, ask
from tapeline.supervisor.group import ProcessGroup
from tapeline.supervisor.serve import Service
from tapeline.supervisor.state_file import (
    NAME,
    SessionState,
    StateFileError,
    read_state,
    runs,
    state_of,
    write_state,
)
from tapeline.supervisor.supervisor import Supervisor

SERVES = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"


class RefusedError(Exception):
    pass


def programs(stage: str, language: str) -> list[Program]:
    if stage == "oms" and language == "go":
        raise RefusedError("oms has no go implementation")
    command = ["/bin/sh", "-c", SERVES]
    return [Program(stage, n, language, lambda _port: command) for n in range(2)]


REQUESTS = (
    Request(command="hold", stage="bars"),
    Request(command="release", stage="bars", implementation="go"),
    Request(command="hold", stage="bars"),
    Request(command="release", stage="bars"),
    Request(command="release", stage="bars"),
    Request(command="hold", stage="none"),
    Request(command="hold", stage="oms"),
    Request(command="release", stage="oms", implementation="go"),
    Request(command="release", stage="oms"),
)


def started(supervisor: Supervisor, times: dict[str, int]) -> bool:
    """Whether each process has said so as often: a signal before that would not be caught."""
    return all(
        child.tail() == ["ready"] * times[child.program.stage] for child in supervisor.children
    )


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with ProcessGroup() as group:
        both = [*programs("bars", "python"), *programs("oms", "python")]
        yield Supervisor(both, tmp_path, group)


@pytest.fixture
def asked(supervisor: Supervisor, tmp_path: Path) -> list[Answer]:
    """Answers to handovers of bars, and to requests that are refused, while a session runs."""
    serve = Service(Requests(tmp_path), supervisor, programs, (RefusedError,))
    answers: list[Answer] = []
    times = {"bars": 1, "oms": 1}
    with ThreadPoolExecutor(1) as pool:
        pending: list[Future[Answer]] = []

        def keep_on() -> bool:
            serve()
            if pending and pending[0].done():
                answers.append(pending.pop().result())
                if answers[-1].pids:
                    times[REQUESTS[len(answers) - 1].stage] += 1
            if not pending and len(answers) < len(REQUESTS):
                request = REQUESTS[len(answers)]
                if request.command == "release" or started(supervisor, times):
                    pending.append(pool.submit(ask, tmp_path, request, 60.0))
            return len(answers) < len(REQUESTS)

        supervisor.run(keep_on)
    return answers


def test_a_stage_is_held_and_released_in_another_language(
    supervisor: Supervisor, asked: list[Answer]
) -> None:
    held, released, *_ = asked

    assert held == Answer(exit_codes=[0, 0])
    assert len(released.pids) == 2
    assert [child.program.language for child in supervisor.of("bars")] == ["go", "go"]


def test_what_cannot_be_done_is_refused_with_a_sentence(asked: list[Answer]) -> None:
    assert [answer.refused for answer in asked] == [
        None,
        None,
        None,
        None,
        "bars: is not held: ask to hold it first",
        "none: is no stage of this session: use one of bars, oms",
        None,
        "oms has no go implementation",
        None,
    ]


def test_without_a_supervisor_nobody_answers(tmp_path: Path) -> None:
    request = Request(command="hold", stage="bars")
    with pytest.raises(NoAnswerError, match="no supervisor serves this folder"):
        ask(tmp_path, request, 1.0)

    requests = Requests(tmp_path)
    with pytest.raises(NoAnswerError, match="its supervisor did not hold bars within 0 s"):
        ask(tmp_path, request, 0.0)
    assert list(requests.waiting()) == []


def test_requests_of_an_earlier_run_are_dropped(tmp_path: Path) -> None:
    Requests(tmp_path)
    (tmp_path / "control" / "old.request").write_text("{}")

    assert list(Requests(tmp_path).waiting()) == []


def test_a_request_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    requests = Requests(tmp_path)
    (tmp_path / "control" / "bad.request").write_text("{}")

    assert list(requests.waiting()) == []
    assert "cannot be read" in (tmp_path / "control" / "bad.answer").read_text()


def state(supervisor: Supervisor) -> SessionState:
    return SessionState(
        session="demo",
        prefix="demo",
        kafka="127.0.0.1:9092",
        lanes=2,
        manifest="demo.yaml",
        supervisor_pid=os.getpid(),
        processes=[state_of(child) for child in supervisor.children],
        options={},
    )


def test_the_state_file_says_what_runs_where(supervisor: Supervisor, tmp_path: Path) -> None:
    for child in supervisor.children:
        child.start()
    write_state(tmp_path, state(supervisor))

    read = read_state(tmp_path)

    assert read == state(supervisor)
    assert runs(read)
    assert [(p.stage, p.replica, p.phase) for p in read.processes] == [
        ("bars", 0, "running"),
        ("bars", 1, "running"),
        ("oms", 0, "running"),
        ("oms", 1, "running"),
    ]
    assert [p.pid for p in read.processes] == [c.pid for c in supervisor.children]
    assert len({p.http_port for p in read.processes}) == 4


def test_a_state_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="cannot be read"):
        read_state(tmp_path)
    (tmp_path / NAME).write_text('{"session": 1}')
    with pytest.raises(StateFileError, match="is damaged or from another version"):
        read_state(tmp_path)
