"""tapeline version."""

from __future__ import annotations

from importlib.metadata import version

import typer

from tapeline.cli.console import AsJson, print_json


def show(as_json: AsJson = False) -> None:
    """Say which version this is."""
    if as_json:
        print_json({"version": version("tapeline")})
    else:
        typer.echo(f"tapeline {version('tapeline')}")
