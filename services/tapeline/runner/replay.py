"""The ndjson shell: a stage as a filter from lines to lines, for debugging and parity.

A line in:  {"topic": "ticks", "key": "INFY", "value": {...}}  with an optional "at_ns", the time
at which the stage takes it (default: the record's own). Lines are taken in the order of the file.
A line out: {"topic": "bars.1s", "key": "INFY", "value": {...}}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from tapeline.contracts import codec
from tapeline.runner.realtime import drive
from tapeline.runner.stage import Event, StageApp


class ReplayInputError(Exception):
    """A line is not a replay record; the message names the line and what is wrong."""


class _Line(msgspec.Struct):
    topic: str
    value: msgspec.Raw
    key: str = ""
    at_ns: int | None = None


def replay(app: StageApp, lines: Iterable[bytes], until_ns: int) -> Iterator[bytes]:
    """Lines that the stage publishes for the given lines.

    Args:
        app: the stage, with a new state.
        lines: ndjson.
        until_ns: timers fire up to here after the last line.

    Raises:
        ReplayInputError: for a line that is no record of its topic.
    """
    for topic, key, message in drive(app, _events(lines), until_ns):
        yield msgspec.json.encode({"topic": topic, "key": key, "value": message})


def _events(lines: Iterable[bytes]) -> Iterator[Event]:
    for number, text in enumerate(lines):
        if not text.strip():
            continue
        try:
            line = msgspec.json.decode(text, type=_Line)
            message = codec.decode(line.topic, bytes(line.value))
        except (msgspec.MsgspecError, UnicodeDecodeError, codec.BadRecordError) as error:
            raise ReplayInputError(f"line {number + 1}: {error}") from error
        except KeyError as error:
            raise ReplayInputError(
                f"line {number + 1}: {error} is no topic of configs/pipeline.yaml"
            ) from error
        at_ns = message.at_ns if line.at_ns is None else line.at_ns
        yield Event(at_ns, 0, line.key, number, line.topic, message)
