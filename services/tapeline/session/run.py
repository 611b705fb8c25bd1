"""Runs a session in one process: in-memory log, real PostgreSQL, files below an output folder."""

from __future__ import annotations

import hashlib
import random
import re
import resource
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tapeline.monitoring.store.logic import TABLES
from tapeline.runner.archive import Archive
from tapeline.runner.embedded_postgres import EmbeddedPostgres
from tapeline.runner.garbage import collect_seldom
from tapeline.runner.migrations import migrate
from tapeline.runner.postgres import OutboxRelay, PostgresDatabase
from tapeline.runner.progress import Stats
from tapeline.runner.queries import sql_dir
from tapeline.runner.realtime import SessionClock, run_until
from tapeline.session.compose import Lanes, Session, memory_log
from tapeline.session.context import SessionContext
from tapeline.session.out_folder import claimed
from tapeline.session.summary import (
    Figures,
    RunSummary,
    StageTime,
    Tally,
    observers,
    summarise,
    write_summary,
)
from tapeline.session.tables import export_tables


@dataclass(frozen=True)
class RunOptions:
    """How to run, where the manifest leaves it open."""

    out_dir: Path
    """Receives topics/*.ndjson, tables/*.csv and summary.json."""
    data_dir: Path = Path("build/postgres")
    """Data folder of the embedded PostgreSQL."""
    shuffle: int | None = None
    """Seed of a random order of the stages; None = in turn."""
    partitions: int = 1
    """Partitions of each market topic."""
    keep_topics: bool = True
    """Write topics/*.ndjson."""
    database: bool = True
    """Run the store; without it there are no tables."""
    speed: float = 1.0
    """Real time: session seconds in a wall second. A live feed needs 1; more plays a seeded or a
    recorded source in less time."""


@dataclass
class Progress:
    """What a person sees while a session runs."""

    session: Session
    archive: Archive
    tally: Tally
    started: float
    first_fill_s: float | None = None
    flow_s: float = 0.0
    stopped: bool = False


OnProgress = Callable[[Progress], bool]


def run_session(
    context: SessionContext,
    options: RunOptions,
    on_progress: OnProgress = lambda _progress: True,
) -> RunSummary:
    """Runs a session to its end, or until `on_progress` returns False.

    Returns:
        The summary, which is also written to `summary.json`.
    """
    started = perf_counter()
    with ExitStack() as stack:
        stack.enter_context(claimed(options.out_dir))
        tally = Tally()
        archive = stack.enter_context(
            Archive(
                options.out_dir / "topics" if options.keep_topics else None,
                observers(tally, list(context.pipeline.topics)),
            )
        )
        database = conninfo = None
        if options.database:
            name = _database_name(context.name, options.out_dir)
            conninfo = stack.enter_context(EmbeddedPostgres(options.data_dir, name))
            migrate(conninfo, sql_dir() / "migrations")
            database = PostgresDatabase(conninfo, TABLES)
            stack.callback(database.close)
        replicas = {name: spec.replicas for name, spec in context.spec.stages.items()}
        lanes = Lanes(
            context.pipeline, context.spec.mode, context.name, options.partitions, replicas
        )
        log = memory_log(lanes, archive)
        clock = None
        if context.spec.clock == "real":
            clock = SessionClock(context.start_ns, speed=options.speed)
        session = Session(context, lanes, log, database, clock)
        if session.sink is not None:
            stack.callback(session.sink.close)
        progress = Progress(session, archive, tally, started)
        flow_started = perf_counter()
        progress.stopped = not _drive(session, options, lambda: _observe(progress, on_progress))
        if session.sink is not None and database is not None:
            session.sink.flush()
            OutboxRelay(database, log, context.name).publish()
        progress.flow_s = perf_counter() - flow_started
        differences = export_tables(conninfo, options.out_dir / "tables") if conninfo else (0, 0)
        summary = _summary(progress, differences)
    write_summary(summary, options.out_dir)
    return summary


def _drive(session: Session, options: RunOptions, keep_on: Callable[[], bool]) -> bool:
    """Runs the stages to the session's end; False when `keep_on` stopped it."""
    collect_seldom()
    if session.clock_ns is None:
        shuffle = None if options.shuffle is None else random.Random(options.shuffle)  # noqa: S311
        return session.scheduler(shuffle, keep_on).run()
    assert session.feed is not None
    with session.feed:
        runners = list(session.runners.values())
        return run_until(runners, session.clock_ns, session.context.end_ns, keep_on)


def _observe(progress: Progress, on_progress: OnProgress) -> bool:
    if progress.first_fill_s is None and progress.tally.fills:
        progress.first_fill_s = perf_counter() - progress.started
    return on_progress(progress)


def _database_name(session: str, out_dir: Path) -> str:
    """One database for each output folder, so that runs side by side do not meet."""
    digest = hashlib.sha256(str(out_dir.resolve()).encode()).hexdigest()[:8]
    return re.sub(r"[^a-z0-9]+", "_", f"{session}_{digest}")[:63]


def _summary(progress: Progress, differences: tuple[int, int]) -> RunSummary:
    figures = Figures(
        counts=progress.archive.counts,
        differences=differences,
        first_fill_s=progress.first_fill_s,
        flow_s=progress.flow_s,
        stopped=progress.stopped,
        wall_s=perf_counter() - progress.started,
        peak_memory_mb=peak_memory_mb(),
        stages=[_stage_time(r.name, r.stats) for r in progress.session.runners.values()],
    )
    return summarise(progress.session.context, progress.tally, figures)


def peak_memory_mb() -> float:
    """Most resident memory of this process so far.

    Linux tells it since the program began; elsewhere getrusage does, which also counts what the
    parent held when it forked (kilobytes, on macOS bytes).
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _stage_time(name: str, stats: Stats) -> StageTime:
    return StageTime(
        stage=name, events=stats.events, commits=stats.commits, busy_s=round(stats.busy_s, 3)
    )
