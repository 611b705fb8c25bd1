"""Collects what the report shows, in one pass over each of the run's smaller topics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from tapeline.contracts.messages import Dead, Fill, Recon
from tapeline.session.summary import RunSummary
from tapeline.session.topic_files import RunFiles, RunFilesError

SHOWN_MAX = 200
"""Dead letters and breaks listed one by one; the counts cover all. A person reads no more."""

Closes = dict[str, dict[int, int]]
"""By symbol: close (1/10,000 rupee) by the end of the 1m bar (UTC nanoseconds), ascending."""


@dataclass(frozen=True)
class RunData:
    """A run, as far as its report shows it."""

    summary: RunSummary
    fills: list[Fill]
    """In the order of the account."""
    closes: Closes
    breaks: list[Recon]
    dead: list[Dead]
    has_topics: bool
    """False after --no-topics: there are figures, but no charts."""


def gather(folder: Path) -> RunData:
    """Reads the files of a run.

    Raises:
        RunFilesError: they are missing or damaged.
    """
    run = RunFiles(folder)
    summary = read_summary(folder)
    fills: list[Fill] = list(run.records("fills"))
    breaks = [r for r in run.records("recon", ('"breaks":1',)) if r.finding != "SUMMARY"]
    return RunData(
        summary=summary,
        fills=fills,
        closes=_closes(run),
        breaks=breaks[:SHOWN_MAX],
        dead=_dead(run),
        has_topics=run.has_topics(),
    )


def read_summary(folder: Path) -> RunSummary:
    """summary.json of a run.

    Raises:
        RunFilesError: it is missing or damaged.
    """
    path = folder / "summary.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunSummary)
    except OSError as error:
        raise RunFilesError(
            f"{path}: cannot be read ({error.strerror}): name the folder of a run that has ended"
        ) from error
    except msgspec.MsgspecError as error:
        raise RunFilesError(
            f"{path}: is no summary of a run ({error}): run the session again"
        ) from error


def _closes(run: RunFiles) -> Closes:
    """The newest revision of each 1m close."""
    newest: dict[str, dict[int, tuple[int, int]]] = {}
    for bar in run.records("bars.1m"):
        of_symbol = newest.setdefault(bar.symbol, {})
        known = of_symbol.get(bar.end_ns)
        if known is None or bar.rev >= known[0]:
            of_symbol[bar.end_ns] = (bar.rev, bar.close_e4)
    return {
        symbol: {end_ns: of_symbol[end_ns][1] for end_ns in sorted(of_symbol)}
        for symbol, of_symbol in sorted(newest.items())
    }


def _dead(run: RunFiles) -> list[Dead]:
    dead: list[Dead] = []
    for topic in run.dead_topics():
        for message in run.records(f"{topic}.dead"):
            if len(dead) == SHOWN_MAX:
                return dead
            dead.append(message)
    return dead
