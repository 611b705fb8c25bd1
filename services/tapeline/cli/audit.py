"""tapeline audit: checks of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec
import typer

from tapeline.cli.console import AsJson, RunFolder, print_json, run_folder
from tapeline.contracts.messages import LiveOrder
from tapeline.execution.audit import verify_chain
from tapeline.session.report.gather import read_summary
from tapeline.session.topic_files import RunFiles, RunFilesError

app = typer.Typer(help="Checks of the audit trail.", no_args_is_help=True, rich_markup_mode=None)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Result of a check of the hash chain."""

    run: str
    events: int
    """Order events that were read."""
    intact: bool
    problem: str | None
    """Where the chain breaks; None when it holds."""


@app.callback()
def _group() -> None:
    """Keeps `verify` a command of its own while it is the only one."""


@app.command("verify")
def verify(run: RunFolder = None, as_json: AsJson = False) -> None:
    """Check that no order event of a run was changed, added, removed or moved."""
    verdict = check(run_folder(run))
    if as_json:
        print_json(verdict)
    elif verdict.intact:
        typer.echo(f"{verdict.run}: {verdict.events} order events, the chain is intact")
    else:
        typer.echo(f"{verdict.run}: {verdict.problem}", err=True)
    raise typer.Exit(0 if verdict.intact else 1)


def check(folder: Path) -> Verdict:
    """Reads the order events of a run and follows their hashes.

    Raises:
        RunFilesError: the run kept no topics.
    """
    files = RunFiles(folder)
    files.require_topics()
    counted = _Counted(files.records("live_orders"))
    problem = None
    try:
        for account, events in groupby(counted, key=lambda event: event.account):
            broken = verify_chain(events)
            if broken is not None:
                problem = (
                    f"the chain of {account} breaks at order event {counted.number} of the run: "
                    "it, or one before it, is not as it was written"
                )
                break
    except RunFilesError as error:
        problem = str(error)
    problem = problem or _cut(folder, counted.number)
    return Verdict(run=str(folder), events=counted.number, intact=problem is None, problem=problem)


def _cut(folder: Path, events: int) -> str | None:
    """A cut at the end breaks no hash, but the run counted what it published."""
    expected = read_summary(folder).counts.get("live_orders", 0)
    if events == expected:
        return None
    return f"holds {events} order events, but its summary counted {expected}"


class _Counted:
    """Order events with the number of the last one that was read, from 1."""

    def __init__(self, events: Iterator[LiveOrder]) -> None:
        self.number = 0
        self._events = events

    def __iter__(self) -> Iterator[LiveOrder]:
        for event in self._events:
            self.number += 1
            yield event
