"""Hands a stage of a running session over to its other language, at an exact offset.

Prepare: the new process loads and waits. Freeze: the old one finishes its commit, saves its state
and ends. Verify: the saved state, restored by the language that takes over, must give the same
hash. Go on: the new process takes the same group, transactional ids and state. When the state does
not restore, the old language goes on.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import msgspec
from confluent_kafka import Consumer, KafkaException, TopicPartition

from tapeline.runner.kafka_clients import REQUEST_TIMEOUT_S, KafkaMeans, translated
from tapeline.runner.kafka_state import read_state as read_entries
from tapeline.runner.snapshot import SNAPSHOT_KEY, load_entries, state_hash
from tapeline.runner.wiring import Wiring
from tapeline.session.compose import SOURCE, Lanes, stage_app
from tapeline.session.context import SessionContext
from tapeline.session.plan import tasks, write_plan
from tapeline.supervisor.commands import BINARIES
from tapeline.supervisor.control import Answer, Request, ask
from tapeline.supervisor.state_file import SessionState, read_state, runs

FREEZE_S = 30.0
"""A stage drains within 10 s after it is asked to; three times that."""

READY_S = 60.0
"""A process starts and restores its state within seconds."""

LOOK_S = 0.01
"""Between two looks at whether the new process is ready: it is part of the pause."""

MARKS = "@"
"""First character of entries that are the runner's own and no part of the state."""


class HandoverError(Exception):
    """The stage was not handed over; the message says why, and what runs now."""


class TaskHandover(msgspec.Struct, frozen=True, kw_only=True):
    """One task of the stage."""

    task: int
    offsets: dict[str, int]
    """By topic/partition: where the old one stopped and the new one goes on."""
    entries: int
    state_hash: str
    """SHA-256 of the state that both languages agree on."""


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
    session = read_state(folder)
    before = _language(folder, session, context, stage, to)
    lanes = Lanes(context.pipeline, context.spec.mode, session.prefix, session.lanes, {})
    means = KafkaMeans(session.kafka, session.prefix)
    verify = _Verifier(context, lanes, means, stage, binaries)
    _asked(folder, _request("prepare", stage, to), READY_S)
    started = time.perf_counter()
    frozen = _asked(folder, Request(command="hold", stage=stage), FREEZE_S)
    frozen_ms = _ms_since(started)
    try:
        _check_exits(folder, stage, frozen)
        handed = [verify(wiring, to) for wiring in tasks(lanes, stage)]
        verified_ms = _ms_since(started)
        _go_on(folder, stage, to)
    except HandoverError as error:
        _go_on(folder, stage, before)
        raise HandoverError(f"{error}\n{stage} goes on in {before}") from error
    return Handover(
        stage=stage,
        before=before,
        after=to,
        pause_ms=_ms_since(started),
        freeze_ms=frozen_ms,
        verify_ms=verified_ms - frozen_ms,
        tasks=handed,
    )


def _language(
    folder: Path, session: SessionState, context: SessionContext, stage: str, to: str
) -> str:
    """Language that a stage runs in now; refuses what cannot be handed over."""
    if not runs(session):
        raise HandoverError(f"{folder}: the session does not run any more")
    found = [process.language for process in session.processes if process.stage == stage]
    if not found:
        known = ", ".join(dict.fromkeys(process.stage for process in session.processes))
        raise HandoverError(f"{stage}: is no stage of this session: use one of {known}")
    languages = context.pipeline.stages[stage].languages
    if to not in languages:
        raise HandoverError(f"{stage}: has no {to} implementation, only {' and '.join(languages)}")
    if found[0] == to:
        raise HandoverError(f"{stage}: runs in {to} already")
    return found[0]


def _request(command: str, stage: str, language: str) -> Request:
    content = {"command": command, "stage": stage, "implementation": language}
    return msgspec.convert(content, type=Request)


def _asked(folder: Path, request: Request, within_s: float) -> Answer:
    answer = ask(folder, request, within_s)
    if answer.refused is not None:
        raise HandoverError(answer.refused)
    return answer


def _check_exits(folder: Path, stage: str, frozen: Answer) -> None:
    if any(frozen.exit_codes):
        raise HandoverError(
            f"{stage}: did not end in good order (exit codes {frozen.exit_codes}), so that its "
            f"last state is not saved: see its log below {folder / 'logs'}"
        )


def _go_on(folder: Path, stage: str, language: str) -> None:
    """Starts the stage and waits until its processes have their tasks."""
    _asked(folder, _request("release", stage, language), FREEZE_S)
    until_s = time.monotonic() + READY_S
    while time.monotonic() < until_s:
        processes = [p for p in read_state(folder).processes if p.stage == stage]
        if all(p.phase == "ended" or _is_ready(p.http_port) for p in processes):
            return
        time.sleep(LOOK_S)
    raise HandoverError(
        f"{stage}: was not ready within {READY_S:.0f} s in {language}: see {folder / 'logs'}"
    )


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


class _Verifier:
    """Restores the saved state of a task in the language that takes over."""

    def __init__(
        self,
        context: SessionContext,
        lanes: Lanes,
        means: KafkaMeans,
        stage: str,
        binaries: Path,
    ) -> None:
        self._context = context
        self._means = means
        self._stage = stage
        self._plan = write_plan(context, lanes, stage, means.prefix)
        self._binary = binaries / stage

    def __call__(self, wiring: Wiring, to: str) -> TaskHandover:
        """Compares the hash of a task's saved state with that of the restored one."""
        saved = read_entries(self._means, self._stage, wiring.replica)
        entries = {key: value for key, value in saved.items() if not key.startswith(MARKS)}
        expected = hash_of(entries)
        if self._stage != SOURCE:
            restore: Callable[[Mapping[str, bytes]], str]
            restore = self._in_go if to == "go" else self._in_python
            restored = restore(entries)
            if restored != expected:
                raise HandoverError(
                    f"{self._stage} task {wiring.replica}: the saved state has the hash "
                    f"{expected[:16]}…, restored in {to} it has {restored[:16]}…: nothing was "
                    "handed over; compare the two with `replay --state-in --state-out`"
                )
        return TaskHandover(
            task=wiring.replica,
            offsets=self._offsets(wiring, saved),
            entries=len(entries),
            state_hash=expected,
        )

    def _in_python(self, entries: Mapping[str, bytes]) -> str:
        app = stage_app(self._context, self._stage)
        state = app.new_state()
        load_entries(app, state, entries)
        return state_hash(app, state)

    def _in_go(self, entries: Mapping[str, bytes]) -> str:
        with tempfile.TemporaryDirectory() as place:
            plan, before, after = (Path(place) / name for name in ("plan", "before", "after"))
            plan.write_bytes(self._plan)
            before.write_bytes(b"".join(v + b"\n" for _, v in sorted(entries.items())))
            command: list[str | Path] = [self._binary, "replay", "--plan", plan]
            command += ["--until-ns", "0", "--state-in", before, "--state-out", after]
            done = subprocess.run(  # noqa: S603 - our own binary
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=FREEZE_S,
            )
            if done.returncode:
                said = done.stderr.decode(errors="replace").strip()
                raise HandoverError(f"{self._stage}: Go does not take the saved state: {said}")
            written = after.read_bytes().splitlines()
        return hashlib.sha256(b"".join(written)).hexdigest()

    def _offsets(self, wiring: Wiring, saved: Mapping[str, bytes]) -> dict[str, int]:
        """Committed offsets of a task; a saved state must reach exactly up to them."""
        places = wiring.input_places()
        if not places:
            return {}
        group = f"{wiring.session}.{wiring.stage}"
        consumer = Consumer(self._means.consumer(group))
        try:
            found = consumer.committed(
                [TopicPartition(self._means.topic(t), p) for t, p in places], REQUEST_TIMEOUT_S
            )
        except KafkaException as error:
            raise HandoverError(str(translated(error, group))) from error
        finally:
            consumer.close()
        offsets = {f"{self._means.own(p.topic)}/{p.partition}": max(p.offset, 0) for p in found}
        snapshot = saved.get(SNAPSHOT_KEY)
        if snapshot is not None:
            reached = {f"{t}/{p}": n for t, p, n in msgspec.json.decode(snapshot)["offsets"]}
            if reached != offsets:
                raise HandoverError(
                    f"{self._stage} task {wiring.replica}: the state reaches up to {reached}, the "
                    f"commits up to {offsets}: the old process did not save its last state"
                )
        return offsets


def hash_of(entries: Mapping[str, bytes]) -> str:
    """SHA-256 over saved entries in the order of their keys: `state_hash` of what they restore."""
    digest = hashlib.sha256()
    for _, value in sorted(entries.items()):
        digest.update(value)
    return digest.hexdigest()


def _ms_since(started_s: float) -> float:
    return round((time.perf_counter() - started_s) * 1000, 1)
