"""How commands speak: people's output or JSON on stdout, everything else on stderr."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from tapeline.session.report.report import rupees

USAGE = 2
"""Exit code when what was asked for cannot be done as it stands: a person must change it."""

RUNS = Path("build/runs")
"""Where runs go by default."""


class Language(StrEnum):
    """Languages that a stage may be written in."""

    PYTHON = "python"
    GO = "go"


AsJson = Annotated[bool, typer.Option("--json", help="Machine output: JSON on stdout.")]
Configs = Annotated[
    Path | None, typer.Option(help="Folder of the configs; default: the manifest's own.")
]
RunFolder = Annotated[
    Path | None, typer.Option("--run", help="Folder of a run; default: the newest in build/runs.")
]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class RefusedError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


def print_json(content: Any) -> None:
    """One JSON value on stdout, and nothing else."""
    typer.echo(msgspec.json.format(msgspec.json.encode(content), indent=2))


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    """A table; columns whose name starts with `>` hold numbers."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        made.add_column(column.lstrip(">"), justify="right" if column[0] == ">" else "left")
    for row in rows:
        made.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return made


def money(value_e4: int) -> str:
    """Rupees, green or red by sign in a terminal."""
    colour = "red" if value_e4 < 0 else "green"
    return f"[{colour}]{rupees(value_e4)}[/{colour}]"


def run_folder(given: Path | None) -> Path:
    """The run that a command is about.

    Raises:
        RefusedError: none was named and there is none.
    """
    if given is not None:
        return given
    ended = sorted(RUNS.glob("*/summary.json"), key=lambda path: path.stat().st_mtime)
    if not ended:
        raise RefusedError(f"{RUNS}: holds no run: name one with --run, or start `tapeline run`")
    return ended[-1].parent
