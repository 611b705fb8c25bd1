"""The ndjson shell: a stage as a filter from lines to lines, for debugging and parity.

A line in:  {"topic": "ticks", "key": "INFY", "value": {...}}. Instead of "value" there may be
"value_b64", the bytes of a record as they stand in the log; when they are no record, the stage's
dead letter comes out. Optional are "at_ns", when the stage takes it (default: the record's own
time; for bytes that are no record, that of the line before), and "offset" (default: the number of
the line, from 0). Lines are taken in the order of the file.
A line out: {"topic": "bars.1s", "key": "INFY", "value": {...}}.

The state comes and goes as lines under schemas/state_entry.schema.json. The twin in Go is
go/pkg/shared/replay: the same lines give the same bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from tapeline.contracts import codec
from tapeline.runner.dead_letters import dead_letter
from tapeline.runner.drive import Drive
from tapeline.runner.snapshot import entry_bytes, load_entries, state_hash
from tapeline.runner.stage import BROADCAST, Event, Output, StageApp

NO_VALUE = msgspec.Raw()
"""Stands for a value that the line does not have."""


class ReplayInputError(Exception):
    """A line is not a replay record; the message names the line and what is wrong."""


class _Line(msgspec.Struct):
    topic: str
    value: msgspec.Raw = NO_VALUE
    value_b64: str | None = None
    key: str = ""
    at_ns: int | None = None
    offset: int | None = None


class _Entry(msgspec.Struct):
    stage: str
    key: str
    entry: msgspec.Raw


def replay(app: StageApp, lines: Iterable[bytes], until_ns: int) -> Iterator[bytes]:
    """Lines that a stage with a new state publishes for the given lines; see `Replay.run`."""
    return Replay(app).run(lines, until_ns)


class Replay:
    """One stage, driven by lines.

    Args:
        app: the stage.
        entries: lines of the state that it starts with; the last of several with one key counts.
        log: gets, after every `every` lines and at the end, the lines of the entries that changed,
            sorted by key: what the state topic would get.
        every: how many lines those are.

    Raises:
        ReplayInputError: for a line that is no state entry of this stage.
    """

    def __init__(
        self,
        app: StageApp,
        entries: Iterable[bytes] = (),
        log: Callable[[bytes], Any] | None = None,
        every: int = 1,
    ) -> None:
        self._app = app
        self._log = log
        self._every = every
        self._drive = Drive(app)
        self._last_ns = -1
        """Time of the last line; timers do not count."""
        load_entries(app, self._drive.state, _saved(app, entries))

    def run(self, lines: Iterable[bytes], until_ns: int) -> Iterator[bytes]:
        """Lines that the stage publishes for the given lines.

        Args:
            lines: ndjson.
            until_ns: timers fire up to here after the last line.

        Raises:
            ReplayInputError: for a line that is no record of its topic.
        """
        taken = 0
        for number, text in enumerate(lines):
            if not text.strip():
                continue
            yield from map(_line_of, self._take(text, number))
            taken += 1
            if taken % self._every == 0:
                self._save()
        yield from map(_line_of, self._drive.timers(until_ns))
        self._save()

    def entries(self) -> Iterator[bytes]:
        """Lines of all entries of the state, sorted by key."""
        return (self._entry(key) for key in sorted(self._drive.state.keys()))

    def state_hash(self) -> str:
        """See `snapshot.state_hash`."""
        return state_hash(self._app, self._drive.state)

    def _take(self, text: bytes, number: int) -> Iterator[Output]:
        try:
            line = msgspec.json.decode(text, type=_Line)
            value = _value_of(line)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ReplayInputError(f"line {number + 1}: {error}") from error
        offset = number if line.offset is None else line.offset
        try:
            message = codec.decode(line.topic, value)
        except KeyError as error:
            raise ReplayInputError(
                f"line {number + 1}: {error} is no topic of configs/pipeline.yaml"
            ) from error
        except codec.BadRecordError as error:
            if line.value_b64 is None:
                raise ReplayInputError(f"line {number + 1}: {error}") from error
            yield self._dead(line, offset, value, error)
            return
        at_ns = message.at_ns if line.at_ns is None else line.at_ns
        self._last_ns = at_ns
        yield from self._drive.take(Event(at_ns, 0, line.key, offset, line.topic, message))

    def _dead(self, line: _Line, offset: int, value: bytes, error: codec.BadRecordError) -> Output:
        """What the runner writes for bytes that are no record."""
        at_ns = max(self._last_ns, 0) if line.at_ns is None else line.at_ns
        dead = dead_letter(self._app.name, (line.topic, 0), offset, at_ns, (value, error))
        return Output(f"{line.topic}{codec.DEAD}", BROADCAST, dead)

    def _save(self) -> None:
        if self._log is not None:
            for key in sorted(self._drive.state.dirty):
                self._log(self._entry(key))
            self._drive.state.dirty.clear()

    def _entry(self, key: str) -> bytes:
        gone = {"stage": self._app.name, "key": key, "version": self._app.entry_version}
        return entry_bytes(self._app, self._drive.state, key) or msgspec.json.encode(
            {**gone, "entry": None}
        )


def _value_of(line: _Line) -> bytes:
    if (line.value is NO_VALUE) is (line.value_b64 is None):
        raise ValueError("exactly one of value and value_b64 must be there")
    if line.value_b64 is None:
        return bytes(line.value)
    return base64.b64decode(line.value_b64, validate=True)


def _line_of(output: Output) -> bytes:
    line = {"topic": output.topic, "key": output.key, "value": output.message}
    return msgspec.json.encode(line)


def _saved(app: StageApp, lines: Iterable[bytes]) -> dict[str, bytes]:
    entries: dict[str, bytes] = {}
    for number, text in enumerate(lines):
        if not text.strip():
            continue
        try:
            saved = msgspec.json.decode(text, type=_Entry)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ReplayInputError(f"line {number + 1}: state: {error}") from error
        if saved.stage != app.name:
            why = f"of stage {saved.stage}, not {app.name}"
            raise ReplayInputError(f"line {number + 1}: state: {why}")
        if bytes(saved.entry) == b"null":
            entries.pop(saved.key, None)
        else:
            entries[saved.key] = text
    return entries
