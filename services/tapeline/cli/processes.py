"""A run whose stages are processes: where its services are, and how it shows its progress."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tapeline.cli.console import RefusedError, err
from tapeline.cli.progress import Snapshot, Watch, share
from tapeline.cli.stopping import StopRequest
from tapeline.session.context import SessionContext
from tapeline.session.summary import RunSummary
from tapeline.supervisor.session import ProcessOptions, Running, run_processes

SERVICES = Path("build/services.env")
"""Written by `make up`: KAFKA and POSTGRES, one NAME=VALUE in a line."""


class Services(NamedTuple):
    """Where Kafka and PostgreSQL are."""

    kafka: str
    postgres: str | None
    """None = the embedded one."""


def services(
    kafka: str | None, postgres: str | None, *, local: bool, environment: Mapping[str, str]
) -> Services | None:
    """What a run was told to use; None = one process with an in-memory log.

    The environment alone switches nothing: it is looked at when --kafka or --services asks for it.

    Args:
        kafka: --kafka.
        postgres: --postgres.
        local: --services.
        environment: variables of this process.

    Raises:
        RefusedError: options that do not go together, or services that are nowhere named.
    """
    if kafka is None and not local:
        if postgres is not None:
            raise RefusedError("--postgres: goes with --kafka; without it the run brings its own")
        return None
    named = {**(_file() if local else {}), **environment}
    brokers = kafka or named.get("KAFKA")
    if not brokers:
        raise RefusedError(
            f"--services: neither KAFKA nor {SERVICES} names a broker: run `make up`, or give "
            "--kafka HOST:PORT"
        )
    return Services(brokers, postgres or named.get("POSTGRES") or None)


def _file() -> dict[str, str]:
    if not SERVICES.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in SERVICES.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value.strip("\"'") for name, _, value in pairs}


def run_watched(context: SessionContext, options: ProcessOptions, stop: StopRequest) -> RunSummary:
    """Runs the session and shows its progress."""
    with Watch(context, err) as watch:

        def on_progress(running: Running) -> bool:
            filled = running.readings.published("fills") > 0
            watch.show(lambda now_s: snapshot(running, now_s), filled=filled)
            return not stop.asked

        def tell(text: str) -> None:
            err.print(text, markup=False, soft_wrap=True)

        return run_processes(context, options, on_progress, tell)


def snapshot(running: Running, now_s: float) -> Snapshot:
    """The session as of the last reading of its processes.

    Args:
        running: its processes.
        now_s: clock of `Running.started`, seconds.
    """
    context, readings = running.context, running.readings
    start_ns, end_ns = context.start_ns, context.end_ns
    reached = readings.horizons_ns()
    horizons_ns = {
        stage: min(max(reached.get(stage, start_ns), start_ns), end_ns)
        for stage in running.supervisor.stages
    }
    session_ns = min(horizons_ns.values())
    ticks = readings.published("ticks")
    wall_s = max(now_s - running.started, 1e-9)
    return Snapshot(
        session_ns=session_ns,
        share=share(context, session_ns),
        events=readings.events(),
        ticks=ticks,
        ticks_per_s=ticks / wall_s,
        fills=readings.published("fills"),
        rejections=None,
        net_pnl_e4=None,
        horizons_ns=horizons_ns,
        wall_s=wall_s,
    )
