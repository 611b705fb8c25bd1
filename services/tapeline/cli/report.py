"""tapeline report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tapeline.cli.console import AsJson, print_json
from tapeline.session.report.report import write_report

Folder = Annotated[Path, typer.Argument(help="Output folder of a run.", show_default=False)]


def write(folder: Folder, as_json: AsJson = False) -> None:
    """Write the HTML report of a run again from its files."""
    path = write_report(folder)
    if as_json:
        print_json({"report": str(path)})
    else:
        typer.echo(f"wrote {path}")
