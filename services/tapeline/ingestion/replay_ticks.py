"""Recorded ticks: the lines of a file as they were, bad ones as dead letters.

A recording of the topic `ticks` begins with a heartbeat and brings its own; when the first record
is a tick, heartbeats are added for each second.
"""

from __future__ import annotations

import base64
import heapq
from collections.abc import Iterator
from pathlib import Path

from tapeline.contracts import codec
from tapeline.contracts.messages import Dead, Heartbeat, Tick
from tapeline.contracts.reasons import Reason
from tapeline.ingestion.beats import beats, spans
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.source import MERGE_ORDER, SourceError, in_chunks
from tapeline.runner.stage import BROADCAST, Output
from tapeline.session.manifest import ReplaySource

DETAIL_CHARS = 1000


def tick_chunks(settings: Settings) -> Iterator[list[Output]]:
    """Records of the whole session in at_ns order.

    Raises:
        SourceError: when the manifest names no file, or it cannot be read.
    """
    assert isinstance(settings.source, ReplaySource)
    if set(settings.source.files) != {"ticks"}:
        raise SourceError("spec.source.files: format ticks takes one entry, `ticks: FILE`")
    path = Path(settings.source.files["ticks"])
    records = _Recording(path, settings).records()
    if _has_beats(path):
        return in_chunks(records)
    alive = spans(settings.phases.values(), settings.beat_tail_s)
    beating = (beat for span in alive for beat in beats(span.start_ns, span.end_ns))
    return in_chunks(heapq.merge(beating, records, key=MERGE_ORDER))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines of a file with their numbers from 1, without line ends and blank lines."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                text = line.rstrip(b"\r\n")
                if text.strip():
                    yield number, text
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _has_beats(path: Path) -> bool:
    """Whether the first good record of a file is a heartbeat."""
    for _, line in _lines(path):
        try:
            return isinstance(codec.decode("ticks", line), Heartbeat)
        except codec.BadRecordError:
            continue
    return False


class _Recording:
    """One pass over a file of recorded ticks."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._start_ns = settings.start_ns
        self._end_ns = settings.end_ns
        self._symbols = frozenset(each.symbol for each in settings.instruments)
        self._at_ns = settings.start_ns

    def records(self) -> Iterator[Output]:
        """A record for each line, in the order of the file."""
        for number, line in _lines(self._path):
            yield self._record(number, line)

    def _record(self, number: int, line: bytes) -> Output:
        try:
            message = codec.decode("ticks", line)
        except codec.BadRecordError as error:
            return self._dead(number, line, error.reason, error.detail)
        key = message.symbol if isinstance(message, Tick) else BROADCAST
        if key != BROADCAST and key not in self._symbols:
            return self._dead(number, line, Reason.UNKNOWN_SYMBOL, f"{key} is not in spec.symbols")
        if not self._start_ns <= message.at_ns <= self._end_ns:
            detail = "received outside the session's time"
            return self._dead(number, line, Reason.TICK_OUTSIDE_SESSION, detail)
        if message.at_ns < self._at_ns:
            detail = f"at_ns goes back from {self._at_ns}; sort the recording by at_ns"
            return self._dead(number, line, Reason.SCHEMA, detail)
        self._at_ns = message.at_ns
        return Output("ticks", key, message)

    def _dead(self, number: int, line: bytes, reason: str, detail: str) -> Output:
        dead = Dead(
            at_ns=self._at_ns,
            topic="ticks",
            partition=0,
            offset=number,
            stage="ingestion",
            reason=reason,
            detail=f"{self._path.name}:{number}: {detail}"[:DETAIL_CHARS],
            payload_b64=base64.b64encode(line).decode(),
        )
        return Output("ticks.dead", self._path.name, dead)
