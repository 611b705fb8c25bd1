"""Keeps every record of a session in files, one ndjson file for each topic, as it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

BUFFER_BYTES = 1 << 18
"""Written to disk in pieces of 256 KiB: 12 topics use 3 MiB."""

Observer = Callable[[str, str, bytes], None]


class Archive:
    """Files `<topic>.ndjson` below a folder, and the number of records of each topic.

    A topic with several partitions has one file for each: `<topic>.p<N>.ndjson` from N = 1 on.

    Args:
        folder: where to; None keeps counts only.
        observers: called with (topic, key, value) of each record of the topics they are listed
            under.
    """

    def __init__(self, folder: Path | None, observers: dict[str, Observer] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._folder = folder
        self._observers = observers or {}
        self._files: dict[tuple[str, int], IO[bytes]] = {}

    def __call__(self, topic: str, partition: int, records: list[tuple[str, bytes]]) -> None:
        self.counts[topic] += len(records)
        observer = self._observers.get(topic)
        if observer is not None:
            for key, value in records:
                observer(topic, key, value)
        if self._folder is not None:
            file = self._files.get((topic, partition)) or self._open(topic, partition)
            file.write(b"\n".join([value for _, value in records]))
            file.write(b"\n")

    def __enter__(self) -> Archive:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in self._folder.glob("*.ndjson"):
                old.unlink()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()

    def _open(self, topic: str, partition: int) -> IO[bytes]:
        assert self._folder is not None
        suffix = f".p{partition}" if partition else ""
        file = (self._folder / f"{topic}{suffix}.ndjson").open("wb", BUFFER_BYTES)
        self._files[topic, partition] = file
        return file
