"""tapeline validate: what a manifest would run, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tapeline.cli.console import AsJson, Configs, out, print_json, table
from tapeline.contracts.clock import ist
from tapeline.session.compose import SINK, SOURCE, stage_app
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session

Manifest = Annotated[Path, typer.Argument(help="Manifest of a TradingSession.", show_default=False)]


def validate(file: Manifest, configs: Configs = None, as_json: AsJson = False) -> None:
    """Check a manifest with its configs, and say what would run."""
    context = load_session(file, configs_dir=configs)
    for name in context.pipeline.active(context.spec.mode):
        if name not in (SOURCE, SINK):
            stage_app(context, name)  # its settings are checked as it is made
    found = description(context)
    if as_json:
        print_json(found)
        return
    out.print(
        f"{file}: session [bold]{found['session']}[/bold], {found['mode']} mode, "
        f"{found['clock']} clock, account {found['account']}, seed {found['seed']}",
        soft_wrap=True,
    )
    out.print(f"stages: {', '.join(found['stages'])}", soft_wrap=True)
    out.print(f"strategies: {', '.join(found['strategies']) or 'none'}", soft_wrap=True)
    columns = ("class", "phase", "from (IST)", "to (IST)", "symbols")
    out.print(table("Phases", columns, _phase_rows(found)))


def description(context: SessionContext) -> dict[str, Any]:
    """What will run."""
    spec = context.spec
    classes: dict[str, list[str]] = {}
    for symbol, instrument in context.instruments.items():
        classes.setdefault(instrument.instrument_class, []).append(symbol)
    return {
        "session": context.name,
        "mode": spec.mode,
        "clock": spec.clock,
        "account": spec.account,
        "seed": context.seed,
        "dates": [day.isoformat() for day in spec.dates],
        "stages": list(context.pipeline.active(spec.mode)),
        "strategies": list(spec.strategies),
        "symbols": list(context.instruments),
        "classes": {
            name: {
                "symbols": classes[name],
                "phases": [
                    {"name": p.name, "start": _time(p.start_ns), "end": _time(p.end_ns)}
                    for p in phases
                ],
            }
            for name, phases in context.phases.items()
        },
    }


def _time(ns: int) -> str:
    return ist(ns).isoformat(sep=" ", timespec="seconds").removesuffix("+05:30")


def _phase_rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            name if first else "",
            phase["name"],
            phase["start"],
            phase["end"],
            ", ".join(of_class["symbols"]) if first else "",
        )
        for name, of_class in found["classes"].items()
        for first, phase in zip(
            (True, *[False] * len(of_class["phases"])), of_class["phases"], strict=False
        )
    ]
