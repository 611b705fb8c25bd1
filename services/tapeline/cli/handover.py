"""tapeline handover: moves a stage of a running session to its other language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tapeline.cli.console import RUNS, AsJson, Language, out, print_json, table
from tapeline.session.load import load_session
from tapeline.supervisor.handed_state import HandoverError
from tapeline.supervisor.handover import Handover, hand_over
from tapeline.supervisor.state_file import NAME, read_state

Stage = Annotated[str, typer.Argument(help="A stage of the session.", show_default=False)]
To = Annotated[Language, typer.Option("--to", help="Language that takes over.", show_default=False)]
Folder = Annotated[
    Path | None,
    typer.Option("--run", help="Output folder of the session; default: the one started last."),
]


def hand(stage: Stage, to: To, folder: Folder = None, as_json: AsJson = False) -> None:
    """Hand a stage of a running session (`tapeline run --kafka`) over to its other language.

    The old process saves its state and ends; the saved state must restore in the other language to
    the same hash; then the new process goes on at the offset where the old one stopped.
    """
    place = folder or _newest()
    session = read_state(place)
    configs, seed = session.configs, session.seed
    context = load_session(
        Path(session.manifest), configs_dir=Path(configs) if configs else None, seed=seed
    )
    handover = hand_over(place, stage, to.value, context)
    if as_json:
        print_json(handover)
    else:
        _show(handover)


def _newest() -> Path:
    started = sorted(RUNS.glob(f"*/{NAME}"), key=lambda path: path.stat().st_mtime)
    if not started:
        raise HandoverError(f"{RUNS}: holds no run on Kafka: name its folder with --run")
    return started[-1].parent


def _show(handover: Handover) -> None:
    h = handover
    out.print(f"[bold]{h.stage}: {h.before} to {h.after}, {h.pause_ms:,.0f} ms[/bold]")
    out.print(f"of it {h.freeze_ms:,.0f} ms to freeze, {h.verify_ms:,.0f} ms to verify the state")
    rows = [
        (task.task, place, offset, task.entries, task.state_hash[:16])
        for task in h.tasks
        for place, offset in (task.offsets or {"none": 0}).items()
    ]
    columns = (">task", "input", ">offset", ">entries", "state hash")
    out.print(table("Handed over", columns, rows))
