"""tapeline run: a session from its manifest to its report."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from tapeline.cli.console import RUNS, AsJson, Configs, RefusedError, err, money, out, print_json
from tapeline.cli.console import table as make_table
from tapeline.cli.processes import run_watched, services
from tapeline.cli.progress import Watch
from tapeline.cli.serving import RunMetrics, server
from tapeline.cli.stopping import StopRequest
from tapeline.runner import logs
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.report.report import rupees, write_report
from tapeline.session.run import Progress, RunOptions, run_session
from tapeline.session.summary import RunSummary
from tapeline.supervisor.child import Restarts
from tapeline.supervisor.session import ProcessOptions, SessionFailedError

FAILED = 1
"""Exit code of a run whose processes could not go on."""

STOPPED = 130
"""Exit code of a run that was asked to stop, as shells give it for SIGINT."""

Manifest = Annotated[Path, typer.Argument(help="Manifest of a TradingSession.", show_default=False)]
Seed = Annotated[int | None, typer.Option(help="Takes the place of spec.seed.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Output folder; default: build/runs/SESSION.")
]
Shuffle = Annotated[
    int | None,
    typer.Option(help="Run the stages in a random order with this seed; the result is the same."),
]
Partitions = Annotated[int, typer.Option(min=1, max=1024, help="Partitions of a market topic.")]
Http = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Serve health and metrics on this port; 0 = a free one."),
]
NoTopics = Annotated[bool, typer.Option("--no-topics", help="Keep no topics/*.ndjson.")]
Kafka = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="Run each stage as a process of its own, on this Kafka."
    ),
]
Postgres = Annotated[
    str | None,
    typer.Option(
        metavar="CONNINFO",
        help="With --kafka: PostgreSQL server that gets the session's database; default: "
        "$POSTGRES, else the embedded one.",
    ),
]
FromEnvironment = Annotated[
    bool,
    typer.Option(
        "--services",
        help="As --kafka and --postgres, from $KAFKA and $POSTGRES or build/services.env.",
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="With --kafka: delete what an earlier run left there.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="With --kafka: go on where an earlier run ended.")
]
Prefix = Annotated[
    str | None,
    typer.Option(help="With --kafka: first part of topics and groups; default: the session."),
]
RestartsMax = Annotated[
    int | None,
    typer.Option(
        "--restarts", min=0, help="With --kafka: restarts of a process within a minute; default 8."
    ),
]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended; --json prints it with the fields of its summary."""

    stopped: bool
    """True when it was asked to stop before the session's end."""
    out: str
    """Its files."""
    report: str


def run(
    file: Manifest,
    *,
    seed: Seed = None,
    out_dir: Out = None,
    shuffle: Shuffle = None,
    partitions: Partitions = 1,
    configs: Configs = None,
    http: Http = None,
    no_topics: NoTopics = False,
    kafka: Kafka = None,
    postgres: Postgres = None,
    from_environment: FromEnvironment = False,
    fresh: Fresh = False,
    resume: Resume = False,
    prefix: Prefix = None,
    restarts: RestartsMax = None,
    as_json: AsJson = False,
) -> None:
    """Run a session; keep its topics, tables, summary and report in the output folder."""
    logs.configure(as_json=as_json)
    found = services(kafka, postgres, local=from_environment, environment=os.environ)
    context = load_session(file, configs_dir=configs, seed=seed)
    if context.spec.paused:
        raise RefusedError(f"{file}: spec.paused: the session is paused: set it to false to run it")
    folder = out_dir or RUNS / context.name
    if found is None:
        _say_what_runs_in_python(context)
        _refuse({"--fresh": fresh, "--resume": resume, "--prefix": prefix, "--restarts": restarts})
        options: RunOptions | ProcessOptions = RunOptions(
            out_dir=folder, shuffle=shuffle, partitions=partitions, keep_topics=not no_topics
        )
    else:
        _refuse_for_processes(shuffle, http, fresh=fresh, resume=resume)
        options = ProcessOptions(
            manifest=file,
            out_dir=folder,
            kafka=found.kafka,
            postgres=found.postgres,
            lanes=partitions,
            prefix=prefix,
            fresh=fresh,
            resume=resume,
            keep_topics=not no_topics,
            configs=configs,
            seed=seed,
            restarts=Restarts() if restarts is None else Restarts(count=restarts),
        )
    with StopRequest() as stop:
        summary = _summary(context, options, stop, http)
        ended = Ended(stopped=summary.stopped, out=str(folder), report=str(write_report(folder)))
    if as_json:
        print_json({**msgspec.to_builtins(summary), **msgspec.to_builtins(ended)})
    else:
        show(out, summary, ended)
    if ended.stopped:
        err.print(f"stopped before the session's end; files are in {ended.out}", soft_wrap=True)
        raise typer.Exit(STOPPED)


def _summary(
    context: SessionContext,
    options: RunOptions | ProcessOptions,
    stop: StopRequest,
    http: int | None,
) -> RunSummary:
    if isinstance(options, RunOptions):
        return _watched(context, options, stop, http)
    try:
        return run_watched(context, options, stop)
    except SessionFailedError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


def _say_what_runs_in_python(context: SessionContext) -> None:
    """One process is a Python process: the results are the same, the times are not."""
    go = [name for name, spec in context.spec.stages.items() if spec.implementation == "go"]
    if go:
        what = f"{', '.join(go)}: in one process they run in Python; with --kafka they run in Go"
        err.print(what, markup=False, soft_wrap=True)


def _refuse(given: dict[str, object]) -> None:
    """Refuses options that only a run on Kafka has."""
    for option, value in given.items():
        if value is not None and value is not False:
            raise RefusedError(
                f"{option}: goes with --kafka: a run in one process has no use of it"
            )


def _refuse_for_processes(
    shuffle: int | None, http: int | None, *, fresh: bool, resume: bool
) -> None:
    """Refuses options that do nothing where each stage is a process of its own."""
    if shuffle is not None:
        raise RefusedError("--shuffle: processes run in no order of ours: leave it out")
    if http is not None:
        raise RefusedError(
            "--http: each process serves its own health and metrics: leave it out, and find the "
            "ports in processes.json of the output folder"
        )
    if fresh and resume:
        raise RefusedError("--fresh and --resume: one deletes what the other goes on with")


def _watched(
    context: SessionContext, options: RunOptions, stop: StopRequest, http: int | None
) -> RunSummary:
    """Runs the session, shows its progress, and serves its metrics."""
    with ExitStack() as stack:
        watch = stack.enter_context(Watch(context, err))
        metrics = RunMetrics()
        if http is not None:
            served = _serve(stack, http, metrics)
            err.print(f"health and metrics: http://127.0.0.1:{served}/metrics", soft_wrap=True)

        def on_progress(progress: Progress) -> bool:
            watch(progress)
            if http is not None:
                metrics.read(progress)
            return not stop.asked

        return run_session(context, options, on_progress)


def _serve(stack: ExitStack, port: int, metrics: RunMetrics) -> int:
    try:
        return stack.enter_context(server(port, metrics)).port
    except OSError as error:
        raise RefusedError(
            f"--http {port}: cannot listen there ({error.strerror}): use another port, or 0"
        ) from error


def show(console: Console, summary: RunSummary, ended: Ended) -> None:
    """The summary for people."""
    days = summary.first_day
    if summary.last_day != summary.first_day:
        days += f" to {summary.last_day}"
    title = f"{summary.session}: {summary.mode}, {days}, seed {summary.seed}"
    console.print(f"[bold]{title}[/bold]")
    console.print(make_table("Records", ("topic", ">records"), summary.counts.items()))
    if summary.rejections:
        rows = summary.rejections.items()
        console.print(make_table("Rejections", ("reason", ">intents"), rows))
    if summary.dead:
        console.print(make_table("Dead letters", ("reason", ">records"), summary.dead.items()))
    console.print(make_table("Time by stage", _TIME_COLUMNS, _time_rows(summary)))
    console.print(make_table("Result", ("figure", ">value"), _figures(summary)))
    if summary.stopped:
        console.print("[bold]stopped before the session's end[/bold]: open minutes count as")
        console.print("differences, and positions may be open")
    console.print(f"digest over all fills: {summary.fills_digest}", soft_wrap=True)
    console.print(f"files: {ended.out}, report: {ended.report}", soft_wrap=True)


_TIME_COLUMNS = ("stage", ">events", ">commits", ">seconds", ">share")


def _time_rows(summary: RunSummary) -> list[tuple[str, int, int, str, str]]:
    total_s = sum(stage.busy_s for stage in summary.stages) or 1.0
    return [
        (s.stage, s.events, s.commits, f"{s.busy_s:.2f}", f"{s.busy_s / total_s:.0%}")
        for s in summary.stages
    ]


def _figures(s: RunSummary) -> list[tuple[str, str]]:
    held = ", ".join(f"{symbol} {qty:,}" for symbol, qty in s.open_positions.items())
    first = "none" if s.first_fill_s is None else f"after {s.first_fill_s:.1f} s"
    return [
        ("fills", f"{s.fills:,}"),
        ("first fill", first),
        ("turnover", rupees(s.filled_notional_e4)),
        ("P&L before charges", money(s.gross_pnl_e4)),
        ("charges", rupees(s.charges_e4)),
        ("P&L after charges", money(s.net_pnl_e4)),
        ("open positions", held or "none"),
        ("recon runs", f"{s.recon_runs:,}"),
        ("recon breaks", f"{s.recon_breaks:,}"),
        ("bar differences", f"{s.bar_differences:,}"),
        ("position differences", f"{s.position_differences:,}"),
        ("wall time", f"{s.wall_s:.1f} s"),
        ("peak memory", f"{s.peak_memory_mb:.0f} MB"),
    ]
