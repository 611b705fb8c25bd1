"""The state that a stage hands over: read, restored in the language that takes over, compared."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from tapeline.runner.kafka_clients import REQUEST_TIMEOUT_S, KafkaMeans, translated
from tapeline.runner.kafka_state import refused
from tapeline.runner.snapshot import (
    MARK,
    SNAPSHOT_KEY,
    StateError,
    load_entries,
    state_hash,
)
from tapeline.runner.stage import StageApp
from tapeline.runner.wiring import Wiring


class HandoverError(Exception):
    """The stage was not handed over; the message says why, and what runs now."""


RESTORE_S = 30.0
"""A state of some megabytes is restored in well under a second."""

ROOMY = {"GOMEMLIMIT": "off"}
"""A stage in Go is told to stay small; one that restores a state once is to be quick."""

SETTLE_S = 5.0
"""A commit returns before its records are visible everywhere; that takes milliseconds."""

SETTLE_LOOK_S = 0.01

FOLLOW_S = 0.5
"""While the stage runs its offsets are nearly always part of an open transaction, for whose end the
brokers let a reader wait: its answer is not needed before the stage has ended."""

MESSAGES = 1_000
"""Taken from the client at once."""


class TaskHandover(msgspec.Struct, frozen=True, kw_only=True):
    """One task of the stage."""

    task: int
    offsets: dict[str, int]
    """By topic/partition: where the old one stopped and the new one goes on."""
    entries: int
    state_hash: str
    """SHA-256 of the state that both languages agree on."""


class SavedState:
    """Reads what the tasks of a stage have saved and committed; no member of their group.

    It follows the state while the old process still runs, so that only the last entries are left to
    read when that has ended.

    Args:
        means: how to reach the brokers.
        wirings: tasks of the stage.
    """

    def __init__(self, means: KafkaMeans, wirings: Sequence[Wiring]) -> None:
        self._means = means
        self._wirings = wirings
        stage = wirings[0].stage
        topic = means.topic(f"state.{stage}")
        self._places = [TopicPartition(topic, wiring.replica, 0) for wiring in wirings]
        self._entries: dict[int, dict[str, bytes]] = {wiring.replica: {} for wiring in wirings}
        settings = means.consumer(f"{means.prefix}.{stage}")
        own = {"auto.offset.reset": "earliest", "fetch.wait.max.ms": 1}
        self._consumer = Consumer({**settings, **own})
        self._consumer.assign(self._places)

    def close(self) -> None:
        """Ends the connections."""
        self._consumer.close()

    def follow(self) -> None:
        """Reads up to the present end, and finds the group's coordinator, while the stage runs.

        Raises:
            HandoverError: the brokers do not answer.
        """
        with _answered():
            self._read()
            try:
                self._committed(FOLLOW_S)
            except KafkaException as error:
                if error.args[0].code() != KafkaError._TIMED_OUT:  # noqa: SLF001 - see kafka_clients.py
                    raise

    def settled(self) -> list[tuple[dict[str, bytes], dict[str, int]]]:
        """Entries and committed offsets of each task, when no process of the stage runs.

        Raises:
            HandoverError: a state does not reach up to the commits, or the brokers do not answer.
        """
        until_s = time.monotonic() + SETTLE_S
        while True:
            with _answered():
                self._read()
                self._committed(REQUEST_TIMEOUT_S)
            found = [(self._entries[w.replica], self._offsets_of(w)) for w in self._wirings]
            behind = [(w, o) for w, (e, o) in zip(self._wirings, found, strict=True) if lags(e, o)]
            if not behind:
                return found
            if time.monotonic() >= until_s:
                wiring, offsets = behind[0]
                raise HandoverError(
                    f"{wiring.stage} task {wiring.replica}: its state does not reach up to its "
                    f"commits ({offsets}): the old process did not save its last state"
                )
            time.sleep(SETTLE_LOOK_S)

    def _read(self) -> None:
        consumer = self._consumer
        for place in self._places:
            _, end = consumer.get_watermark_offsets(place, REQUEST_TIMEOUT_S)
            while end > 0 and consumer.position([place])[0].offset < end:
                first = consumer.poll(SETTLE_LOOK_S)
                for message in [] if first is None else [first, *consumer.consume(MESSAGES, 0)]:
                    error, value = message.error(), message.value()
                    if error is not None:
                        refused(error)
                        continue
                    entries = self._entries[int(message.partition() or 0)]
                    key = (message.key() or b"").decode()
                    if value is None:
                        entries.pop(key, None)
                    else:
                        entries[key] = value

    def _committed(self, limit_s: float) -> None:
        places = [place for wiring in self._wirings for place in wiring.input_places()]
        self._offsets: dict[tuple[str, int], int] = {}
        if places:
            asked = [TopicPartition(self._means.topic(t), p) for t, p in places]
            found = self._consumer.committed(asked, limit_s)
            self._offsets = {
                (self._means.own(p.topic), p.partition): max(p.offset, 0) for p in found
            }

    def _offsets_of(self, wiring: Wiring) -> dict[str, int]:
        return {f"{t}/{p}": self._offsets[t, p] for t, p in wiring.input_places()}


@contextmanager
def _answered() -> Iterator[None]:
    """Whatever the client raises is a handover that failed."""
    try:
        yield
    except KafkaException as error:
        raise HandoverError(str(translated(error, "state"))) from error


def lags(entries: Mapping[str, bytes], offsets: Mapping[str, int]) -> bool:
    """Whether a saved state is not that of the committed offsets."""
    snapshot = entries.get(SNAPSHOT_KEY)
    if snapshot is None:
        return any(offsets.values())
    reached = {f"{t}/{p}": n for t, p, n in msgspec.json.decode(snapshot)["offsets"]}
    return reached != offsets


def checked(
    wiring: Wiring,
    saved: tuple[Mapping[str, bytes], dict[str, int]],
    restore: Callable[[Mapping[str, bytes]], str] | None,
) -> TaskHandover:
    """Compares the hash of a task's saved state with that of the restored one.

    Args:
        wiring: the task.
        saved: its entries and committed offsets.
        restore: restores entries in the language that takes over, and returns the hash of the
            state; None = the stage has no state but its time.

    Raises:
        HandoverError: they differ.
    """
    entries = {key: value for key, value in saved[0].items() if not key.startswith(MARK)}
    expected = hash_of(entries)
    if restore is not None and entries:  # nothing is saved before the first record
        restored = restore(entries)
        if restored != expected:
            raise HandoverError(
                f"{wiring.stage} task {wiring.replica}: the saved state has the hash "
                f"{expected[:16]}…, restored it has {restored[:16]}…: nothing was handed over; "
                "compare the two with `replay --state-in --state-out`"
            )
    return TaskHandover(
        task=wiring.replica, offsets=saved[1], entries=len(entries), state_hash=expected
    )


def in_python(app: StageApp, entries: Mapping[str, bytes]) -> str:
    """Hash of the state that Python makes of saved entries.

    Raises:
        HandoverError: it does not take them.
    """
    state = app.new_state()
    try:
        load_entries(app, state, entries)
    except (StateError, ValueError, KeyError) as error:
        raise HandoverError(f"{app.name}: Python does not take the saved state: {error}") from error
    return state_hash(app, state)


def in_go(binary: Path, plan: bytes, entries: Mapping[str, bytes]) -> str:
    """Hash of the state that the stage's binary makes of saved entries.

    Raises:
        HandoverError: it does not take them.
    """
    with tempfile.TemporaryDirectory() as place:
        plan_file, before, after = (Path(place) / name for name in ("plan", "before", "after"))
        plan_file.write_bytes(plan)
        before.write_bytes(b"".join(value + b"\n" for _, value in sorted(entries.items())))
        command: list[str | Path] = [binary, "replay", "--plan", plan_file]
        command += ["--until-ns", "0", "--state-in", before, "--state-out", after]
        try:
            done = subprocess.run(  # noqa: S603 - our own binary
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=RESTORE_S,
                env={**os.environ, **ROOMY},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise HandoverError(f"{binary}: cannot restore the saved state: {error}") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise HandoverError(f"{binary.name}: Go does not take the saved state: {said}")
        written = after.read_bytes().splitlines()
    return hashlib.sha256(b"".join(written)).hexdigest()


def hash_of(entries: Mapping[str, bytes]) -> str:
    """SHA-256 over saved entries in the order of their keys: `state_hash` of what they restore."""
    digest = hashlib.sha256()
    for _, value in sorted(entries.items()):
        digest.update(value)
    return digest.hexdigest()
