"""The command `tapeline`: one file for each group of commands."""

from __future__ import annotations

import sys

import typer

from tapeline.cli import (
    audit,
    handover,
    pipeline,
    replay,
    report,
    run,
    stages,
    trace,
    validate,
    version,
)
from tapeline.cli.console import USAGE, RefusedError
from tapeline.contracts.errors import SettingsError
from tapeline.runner.kafka_clients import KafkaSettingsError
from tapeline.runner.kafka_topics import TopicsError
from tapeline.runner.migrations import MigrationError
from tapeline.runner.replay import ReplayInputError
from tapeline.runner.sink import TransientError
from tapeline.runner.snapshot import StateError
from tapeline.session.manifest import ManifestError
from tapeline.session.out_folder import OutFolderError
from tapeline.session.topic_files import RunFilesError
from tapeline.session.trace import TraceError
from tapeline.supervisor.control import NoAnswerError
from tapeline.supervisor.database import DatabaseRefusedError
from tapeline.supervisor.handed_state import HandoverError
from tapeline.supervisor.session import BrokersAwayError, EarlierRunError
from tapeline.supervisor.state_file import StateFileError

FOR_PEOPLE = (
    BrokersAwayError,
    DatabaseRefusedError,
    EarlierRunError,
    HandoverError,
    KafkaSettingsError,
    ManifestError,
    MigrationError,
    NoAnswerError,
    OutFolderError,
    RefusedError,
    ReplayInputError,
    RunFilesError,
    SettingsError,
    StateError,
    StateFileError,
    TopicsError,
    TraceError,
    TransientError,
)
"""Errors whose message is a sentence that a person can act on; any other is a bug and is shown with
its traceback."""

app = typer.Typer(
    name="tapeline",
    help="Trading sessions from one manifest: run, look into, explain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("validate")(validate.validate)
app.command("trace")(trace.show)
app.command("replay")(replay.run_stage)
app.command("report")(report.write)
app.command("handover")(handover.hand)
app.command("stage")(stages.run)
app.command("tail")(stages.tail)
app.command("pipeline")(pipeline.show)
app.command("version")(version.show)
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Entry point of the command."""
    try:
        app()
    except FOR_PEOPLE as error:
        typer.echo(str(error), err=True)
        sys.exit(USAGE)
