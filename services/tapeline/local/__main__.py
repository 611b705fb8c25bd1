"""The command behind `make up`, `down`, `ps` and `logs`."""

from __future__ import annotations

import os
import sys

import typer

from tapeline.local.daemon import LocalServiceError
from tapeline.local.folders import SERVICES
from tapeline.local.services import Services
from tapeline.runner.migrations import MigrationError

USAGE = "usage: python -m tapeline.local up | down [--wipe] | ps | logs"


def main(arguments: list[str]) -> int:
    """Runs one command. Returns its exit code."""
    services = Services(SERVICES, typer.echo, os.environ)
    try:
        match arguments:
            case ["up"]:
                services.up()
            case ["down"]:
                services.down(wipe=False)
            case ["down", "--wipe"]:
                services.down(wipe=True)
            case ["ps"]:
                services.ps()
            case ["logs"]:
                services.logs()
            case _:
                typer.echo(USAGE, err=True)
                return 2
    except (LocalServiceError, MigrationError) as error:
        typer.echo(str(error), err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
