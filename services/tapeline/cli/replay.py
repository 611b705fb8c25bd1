"""tapeline replay: one stage as a filter of ndjson."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer

from tapeline.cli.console import AsJson, Configs, RefusedError
from tapeline.runner.replay import Replay
from tapeline.session.compose import SINK, stage_app
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session

Stage = Annotated[str, typer.Argument(help="A stage of `tapeline pipeline`.", show_default=False)]
Manifest = Annotated[Path, typer.Option(help="Manifest that the stage is set up from.")]
StateIn = Annotated[
    Path | None, typer.Option(help="State to start with: ndjson, as --state-out writes it.")
]
StateOut = Annotated[
    Path | None,
    typer.Option(help="Gets the state after the last line; its hash goes to stderr."),
]
StateLog = Annotated[
    Path | None, typer.Option(help="Gets the entries that changed: what the state topic would get.")
]
StateEvery = Annotated[int, typer.Option(help="Lines after which --state-log is written.", min=1)]
UntilNs = Annotated[
    int | None,
    typer.Option(help="Timers fire up to here after the last line; default: the session's end."),
]


def run_stage(
    stage: Stage,
    manifest: Manifest,
    configs: Configs = None,
    as_json: AsJson = False,
    *,
    state_in: StateIn = None,
    state_out: StateOut = None,
    state_log: StateLog = None,
    state_every: StateEvery = 1,
    until_ns: UntilNs = None,
) -> None:
    """Feed a stage ndjson from stdin, and print what it publishes.

    A line in: {"topic": "ticks", "key": "INFY", "value": {...}}. Lines out are alike; the output is
    JSON with and without --json. Instead of "value" there may be "value_b64", the bytes of a record
    as they stand in the log. Optional are "at_ns", when the stage takes the line, and "offset".
    """
    del as_json
    context = load_session(manifest, configs_dir=configs)
    _check(context, stage)
    with ExitStack() as files:
        saved = files.enter_context(_opened(state_in, "rb")) if state_in else ()
        end = files.enter_context(_opened(state_out, "wb")) if state_out else None
        log = files.enter_context(_opened(state_log, "wb")) if state_log else None
        shell = Replay(
            stage_app(context, stage),
            saved,
            (lambda line: log.write(line + b"\n")) if log else None,
            state_every,
        )
        last_ns = context.end_ns if until_ns is None else until_ns
        for line in shell.run(sys.stdin.buffer, last_ns):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
        if end:
            end.writelines(line + b"\n" for line in shell.entries())
            typer.echo(f"state hash {shell.state_hash()}", err=True)


def _check(context: SessionContext, stage: str) -> None:
    known = context.pipeline.stages
    stages = [name for name, s in known.items() if s.reads and name != SINK]
    if stage not in stages:
        why = "does not exist"
        if stage in known:
            why = "reads no topic" if not known[stage].reads else "publishes nothing to replay"
        raise RefusedError(f"stage {stage}: {why}: use one of {', '.join(stages)}")


def _opened(path: Path, mode: str) -> IO[bytes]:
    try:
        return path.open(mode)
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror}") from error
