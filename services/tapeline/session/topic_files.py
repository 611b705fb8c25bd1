"""Reads topics/*.ndjson of a run: one pass, line by line, decoding only what may matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tapeline.contracts import codec


class RunFilesError(Exception):
    """Files of a run are missing or damaged; the message names the file and what to do."""


class RunFiles:
    """The output folder of one run.

    Args:
        folder: what `tapeline run --out` was given.

    Raises:
        RunFilesError: there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise RunFilesError(
                f"{folder}: there is no such folder: name the --out folder of a `tapeline run`"
            )
        self.folder = folder

    def has_topics(self) -> bool:
        """Whether the run kept its topics."""
        return any((self.folder / "topics").glob("*.ndjson"))

    def require_topics(self) -> None:
        """Checks that the topics are there.

        Raises:
            RunFilesError: they are not.
        """
        if not self.has_topics():
            raise RunFilesError(
                f"{self.folder / 'topics'}: holds no topics: run again without --no-topics"
            )

    def paths(self, topic: str) -> list[Path]:
        """Files of a topic, by partition; none when nothing was published to it."""
        folder = self.folder / "topics"
        later = folder.glob(f"{topic}.p[0-9]*.ndjson")
        numbered = sorted((int(path.suffixes[-2][2:]), path) for path in later)
        first = folder / f"{topic}.ndjson"
        return [*([first] if first.is_file() else []), *(path for _, path in numbered)]

    def dead_topics(self) -> list[str]:
        """Topics that have dead letters, without the suffix `.dead`."""
        files = (self.folder / "topics").glob("*.dead*.ndjson")
        return sorted({path.name.split(".dead")[0] for path in files})

    def records(
        self, topic: str, needles: tuple[str, ...] = (), span_ns: tuple[int, int] | None = None
    ) -> Iterator[Any]:
        """Messages of a topic in the order in which they were published.

        Args:
            topic: name without prefix.
            needles: a record is decoded only when its line holds one of these; () = all.
            span_ns: only records with at_ns in [first, last]; UTC nanoseconds. Each file is read
                no further than that.

        Raises:
            RunFilesError: a line is no record of its topic.
        """
        wanted = tuple(needle.encode() for needle in needles)
        for path in self.paths(topic):
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if span_ns is not None:
                        at_ns = _at_ns(line)
                        if at_ns > span_ns[1]:
                            break
                        if at_ns < span_ns[0]:
                            continue
                    if wanted and not any(needle in line for needle in wanted):
                        continue
                    yield _decode(path, number, topic, line)


_AT = b'"at_ns":'


def _at_ns(line: bytes) -> int:
    """at_ns of a record without decoding it: the first field but for the kind."""
    start = line.find(_AT) + len(_AT)
    end = line.find(b",", start)
    digits = line[start:end]
    return int(digits) if digits.isdigit() else -1


def _decode(path: Path, number: int, topic: str, line: bytes) -> Any:
    try:
        return codec.decode(topic, line)
    except codec.BadRecordError as error:
        raise RunFilesError(
            f"{path}:{number}: is no record of {topic} ({error.detail}): the file is damaged or "
            "from another version; run the session again"
        ) from error
