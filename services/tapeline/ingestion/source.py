"""What a source of records is, and one made of sorted chunks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Protocol

from tapeline.contracts.messages import Control
from tapeline.contracts.reasons import Reason
from tapeline.ingestion.settings import Settings
from tapeline.runner.stage import Output
from tapeline.session.manifest import Drill, ManifestError

CHUNK_RECORDS = 2048
"""Records taken at a time from a stream; a chunk of ticks is about 1.5 MB."""

AT_NS = attrgetter("message.at_ns")
"""Session time of an Output."""


MERGE_ORDER = attrgetter("message.at_ns", "topic", "key")
"""Order in which the streams of a source are merged; heartbeats (key "") before ticks."""


class SourceError(ManifestError):
    """A file of the manifest cannot be played; the message names file, line and what to do."""


class Source(Protocol):
    """A stage without inputs: a pure function of (settings, seed), read in the order of at_ns.

    After a crash the shell makes a new one and skips as many records as were committed.
    """

    def slice(self, until_ns: int) -> Sequence[Output]:
        """All records with at_ns <= until_ns not yet returned, in at_ns order."""
        ...

    def next_ns(self) -> int | None:
        """at_ns of the next record, None when exhausted. UTC nanoseconds."""
        ...


class ChunkedSource:
    """A Source over an iterator of chunks.

    Args:
        chunks: lists of records; each list, and the lists one after another, in at_ns order.
    """

    __slots__ = ("_chunks", "_last_ns", "_ready", "_taken")

    def __init__(self, chunks: Iterator[list[Output]]) -> None:
        self._chunks = chunks
        self._ready: list[Output] = []
        self._taken = 0
        self._last_ns = 0

    def slice(self, until_ns: int) -> Sequence[Output]:
        """See Source."""
        found: list[Output] = []
        while self._refill():
            end = bisect_right(self._ready, until_ns, lo=self._taken, key=AT_NS)
            found += self._ready[self._taken : end]
            self._taken = end
            if end < len(self._ready):
                break
        return found

    def next_ns(self) -> int | None:
        """See Source."""
        return AT_NS(self._ready[self._taken]) if self._refill() else None

    def _refill(self) -> bool:
        """Whether a record waits, after fetching the next chunk when needed."""
        while self._taken == len(self._ready):
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            if chunk:
                assert AT_NS(chunk[0]) >= self._last_ns, "a source's time must not go back"
                self._last_ns = AT_NS(chunk[-1])
            self._ready, self._taken = chunk, 0
        return True


def in_chunks(records: Iterable[Output]) -> Iterator[list[Output]]:
    """Lists of CHUNK_RECORDS records of a stream."""
    stream = iter(records)
    while chunk := list(islice(stream, CHUNK_RECORDS)):
        yield chunk


def with_drills(chunks: Iterator[list[Output]], settings: Settings) -> Iterator[list[Output]]:
    """Chunks with the session's planned control commands, each before the ticks of its time.

    Commands of one time keep the order of the settings.
    """
    drills = [
        Output("control", settings.account, _control(at_ns, drill))
        for at_ns, drill in settings.drills
    ]
    for chunk in chunks:
        after = 0
        while drills and chunk and AT_NS(drills[0]) <= AT_NS(chunk[-1]):
            drill = drills.pop(0)
            place = bisect_left(chunk, AT_NS(drill), lo=after, key=AT_NS)
            chunk.insert(place, drill)
            after = place + 1
        yield chunk
    yield drills


def _control(at_ns: int, drill: Drill) -> Control:
    return Control(
        at_ns=at_ns,
        command=drill.command,
        by="drill",
        reason=Reason.OK,
        key=drill.key,
        value=drill.value,
    )
