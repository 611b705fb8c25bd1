"""tapeline replay: one stage as a filter of ndjson."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tapeline.cli.console import AsJson, Configs, RefusedError
from tapeline.runner.replay import replay
from tapeline.session.compose import SINK, stage_app
from tapeline.session.load import load_session

Stage = Annotated[str, typer.Argument(help="A stage of `tapeline pipeline`.", show_default=False)]
Manifest = Annotated[Path, typer.Option(help="Manifest that the stage is set up from.")]


def run_stage(
    stage: Stage, manifest: Manifest, configs: Configs = None, as_json: AsJson = False
) -> None:
    """Feed a stage ndjson from stdin, and print what it publishes.

    A line in: {"topic": "ticks", "key": "INFY", "value": {...}}. Lines out are alike; the output is
    JSON with and without --json.
    """
    del as_json
    context = load_session(manifest, configs_dir=configs)
    known = context.pipeline.stages
    stages = [name for name, s in known.items() if s.reads and name != SINK]
    if stage not in stages:
        why = "does not exist"
        if stage in known:
            why = "reads no topic" if not known[stage].reads else "publishes nothing to replay"
        raise RefusedError(f"stage {stage}: {why}: use one of {', '.join(stages)}")
    for line in replay(stage_app(context, stage), sys.stdin.buffer, context.end_ns):
        sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
