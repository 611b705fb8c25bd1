"""The output folder of a run: empty, or an earlier run's; one run at a time writes into it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".tapeline-run"
"""Marks the folder of a run, and is locked while the run writes."""


class OutFolderError(Exception):
    """The folder cannot take a run; the message says which, why, and what to do."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Holds an output folder for one run.

    Raises:
        OutFolderError: it cannot be made, holds other files, or another run writes into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = not (folder / LOCK).exists() and any(folder.iterdir())
        if foreign and not (folder / "summary.json").exists():
            raise OutFolderError(
                f"{folder}: holds files that are no earlier run's; choose an empty one with --out"
            )
        lock = (folder / LOCK).open("w")
    except OSError as error:
        raise OutFolderError(
            f"{folder}: cannot be an output folder ({error.strerror}); choose another with --out"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutFolderError(
                f"{folder}: another run writes into it; wait for it, or choose another with --out"
            ) from error
        yield
