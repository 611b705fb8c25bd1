"""Runs a session on Kafka and PostgreSQL, each stage as a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tapeline.local.targets import TARGETS, remove_targets, write_targets
from tapeline.runner.embedded_postgres import EmbeddedPostgres
from tapeline.runner.kafka import KafkaLog
from tapeline.runner.kafka_clients import KafkaMeans
from tapeline.runner.kafka_topics import create_topics, delete_session
from tapeline.runner.postgres import OutboxRelay, PostgresDatabase
from tapeline.runner.roles import READER, RELAY, STORE
from tapeline.runner.sink import TransientError
from tapeline.session.collect import collect, holds_records
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.fingerprint import differences, fingerprint
from tapeline.session.manifest import ManifestError
from tapeline.session.out_folder import claimed
from tapeline.session.summary import Figures, RunSummary, summarise, write_summary
from tapeline.session.tables import export_tables
from tapeline.session.topics import possible_topics, session_topics
from tapeline.supervisor.child import Program, Restarts
from tapeline.supervisor.commands import Commands
from tapeline.supervisor.control import Requests
from tapeline.supervisor.database import SessionDatabase, database_name
from tapeline.supervisor.group import ProcessGroup
from tapeline.supervisor.readings import Readings
from tapeline.supervisor.serve import Service
from tapeline.supervisor.state_file import SessionState, read_state, state_of, write_state
from tapeline.supervisor.supervisor import Outcome, Supervisor

LOGS = "logs"


class SessionFailedError(Exception):
    """A process was given up; the message says which, why, and how to go on."""


class BrokersAwayError(Exception):
    """No broker answers at the start; the message says what to check."""


class EarlierRunError(Exception):
    """Topics or tables of an earlier run are in the way; the message says what to do."""


@dataclass(frozen=True)
class ProcessOptions:
    """How to run, where the manifest leaves it open."""

    manifest: Path
    out_dir: Path
    kafka: str
    """Brokers, host:port, several with commas."""
    postgres: str | None = None
    """Connection string of a server; None = the embedded one."""
    lanes: int = 1
    """Partitions of a market topic for each writer."""
    prefix: str | None = None
    """First part of topics, groups and of the database's name; None = the session's name."""
    fresh: bool = False
    """Delete what an earlier run left."""
    resume: bool = False
    """Go on where an earlier run ended."""
    keep_topics: bool = True
    """Write topics/*.ndjson."""
    configs: Path | None = None
    seed: int | None = None
    """As given on the command line: processes resolve the manifest themselves."""
    restarts: Restarts = field(default_factory=Restarts)
    data_dir: Path = Path("build/postgres")
    """Data folder of the embedded PostgreSQL."""
    speed: float = 1.0
    """Real time: session seconds in a wall second."""
    programs: Callable[[list[Program]], list[Program]] = lambda programs: programs
    """Changes the programs before they are started: fault injection."""


@dataclass
class Running:
    """What a person sees while the processes run."""

    context: SessionContext
    supervisor: Supervisor
    readings: Readings
    started: float


OnProgress = Callable[[Running], bool]


def run_processes(
    context: SessionContext,
    options: ProcessOptions,
    on_progress: OnProgress = lambda _running: True,
    tell: Callable[[str], None] = lambda _text: None,
) -> RunSummary:
    """Runs a session to its end, or until `on_progress` returns False.

    Args:
        context: the resolved session.
        options: where and how.
        on_progress: called many times a second.
        tell: called with sentences on what happened to a process.

    Returns:
        The summary, which is also written to `summary.json`.

    Raises:
        EarlierRunError: there are topics or tables of an earlier run, or it was another session.
        DatabaseRefusedError: another run of the session lasts, or the server cannot take it.
        SessionFailedError: a process failed for good.
        ManifestError: a stage cannot run as the manifest says.
    """
    started = perf_counter()
    prefix = options.prefix or context.name
    means = KafkaMeans(options.kafka, prefix)
    replicas = {name: spec.replicas for name, spec in context.spec.stages.items()}
    lanes = Lanes(context.pipeline, context.spec.mode, prefix, options.lanes, replicas)
    with ExitStack() as stack:
        stack.enter_context(claimed(options.out_dir))
        server = options.postgres or stack.enter_context(
            EmbeddedPostgres(options.data_dir, f"{database_name(prefix)}_server"[-63:])
        )
        database = SessionDatabase(server, prefix)
        commands = Commands(
            context=context,
            lanes=lanes,
            manifest=options.manifest,
            folder=options.out_dir,
            kafka=options.kafka,
            prefix=prefix,
            configs=options.configs,
            seed=options.seed,
            more=_clock(context, options),
        )
        commands.all()  # refuses what cannot run before anything is created or deleted
        _check_same(context, database, options)
        _prepare(means, lanes, database, options, tell)
        stack.enter_context(database.held())
        if not (options.resume and database.resolved()):
            database.record(fingerprint(context))
        commands = replace(commands, postgres=database.conninfo_as(STORE))
        outcome, readings = _supervise(context, commands, options, on_progress, tell)
        if outcome.failure is not None:
            raise SessionFailedError(f"{outcome.failure}\nmend it and go on with --resume")
        _publish_outbox(means, database)
        flow = Flow(started, perf_counter() - started, outcome, readings)
        summary = _gather(context, options, means, database, flow)
    write_summary(summary, options.out_dir)
    return summary


class Flow(NamedTuple):
    """How the processes ran."""

    started: float
    """Wall clock at the start, seconds of perf_counter."""
    flow_s: float
    outcome: Outcome
    readings: Readings


def _gather(
    context: SessionContext,
    options: ProcessOptions,
    means: KafkaMeans,
    database: SessionDatabase,
    flow: Flow,
) -> RunSummary:
    """Topics and tables as files, and what they add up to."""
    folder = options.out_dir / "topics" if options.keep_topics else None
    collected = collect(means, context.pipeline, folder)
    reader = database.conninfo_as(READER)
    different = export_tables(database.conninfo, options.out_dir / "tables", reader)
    first_fill_s = None
    if collected.first_fill_ms is not None:
        ago_s = time.time_ns() / 1e9 - collected.first_fill_ms / 1e3
        first_fill_s = max(0.0, perf_counter() - flow.started - ago_s)
    figures = Figures(
        counts=collected.counts,
        differences=different,
        first_fill_s=first_fill_s,
        flow_s=flow.flow_s,
        stopped=flow.outcome.stopped,
        wall_s=perf_counter() - flow.started,
        peak_memory_mb=flow.readings.peak_mb(),
        stages=flow.readings.stage_times(),
    )
    return summarise(context, collected.tally, figures)


def _check_same(
    context: SessionContext, database: SessionDatabase, options: ProcessOptions
) -> None:
    """Refuses a session that another run plays, and to go on with another one than was begun."""
    if not database.exists():
        return
    with database.held():
        begun = database.resolved() if options.resume else {}
    changed = differences(begun, fingerprint(context)) if begun else []
    if changed:
        raise EarlierRunError(
            f"--resume: the session was begun with other values of {', '.join(changed)}: go on "
            "with the same manifest, --seed and --configs, or start anew with --fresh"
        )


def _prepare(
    means: KafkaMeans,
    lanes: Lanes,
    database: SessionDatabase,
    options: ProcessOptions,
    tell: Callable[[str], None],
) -> None:
    """Creates topics and database; what an earlier run left is kept, deleted, or refused."""
    left = []
    try:
        written = holds_records(means, lanes.pipeline)
    except TransientError as error:
        raise BrokersAwayError(
            f"--kafka {means.brokers}: no broker answers ({error}): check that it runs (`make ps`) "
            "and the address"
        ) from error
    if written:
        left.append(f"the topics {means.prefix}.* hold records")
    if database.used():
        left.append(f"the database {database.name} holds rows")
    if left and not (options.fresh or options.resume):
        raise EarlierRunError(
            f"{' and '.join(left)} of an earlier run: add --fresh to delete them and start anew, "
            "or --resume to go on where it ended"
        )
    if options.fresh:
        _delete(means, lanes, tell)
        database.drop()
    create_topics(means.client(), means.prefix, session_topics(lanes))
    database.prepare()


def _delete(means: KafkaMeans, lanes: Lanes, tell: Callable[[str], None]) -> None:
    """Deletes the topics and groups that are the session's, and says what else is there."""
    pipeline = lanes.pipeline
    deleted = delete_session(
        means.client(), means.prefix, possible_topics(pipeline), pipeline.stages
    )
    if deleted.left:
        tell(f"--fresh: not of the session, so left as they are: {', '.join(deleted.left)}")


def _supervise(
    context: SessionContext,
    commands: Commands,
    options: ProcessOptions,
    on_progress: OnProgress,
    tell: Callable[[str], None],
) -> tuple[Outcome, Readings]:
    logs = options.out_dir / LOGS
    logs.mkdir(exist_ok=True)
    if not options.resume:
        for old in logs.glob("*.log"):
            old.unlink()

    def on_change() -> None:
        state = SessionState(
            session=context.name,
            prefix=commands.prefix,
            kafka=commands.kafka,
            lanes=commands.lanes.market,
            manifest=str(commands.manifest),
            configs=None if commands.configs is None else str(commands.configs),
            seed=commands.seed,
            supervisor_pid=os.getpid(),
            processes=[state_of(child) for child in supervisor.children],
            options=dict(commands.more),
        )
        write_state(options.out_dir, state)
        if TARGETS.is_dir():  # made by `make up` with Prometheus
            running = [c for c in supervisor.children if c.pid is not None]
            write_targets(commands.prefix, [(c.program.name, c.http_port) for c in running])

    with ProcessGroup() as group:
        programs = options.programs(commands.all())
        supervisor = Supervisor(programs, logs, group, options.restarts, on_change, tell)
        serve = Service(Requests(options.out_dir), supervisor, commands.of, (ManifestError,))
        with Readings(lambda: supervisor.children) as readings:
            running = Running(context, supervisor, readings, perf_counter())

            def keep_on() -> bool:
                serve()
                return on_progress(running)

            try:
                outcome = supervisor.run(keep_on)
            finally:
                remove_targets(commands.prefix)
    return outcome, readings


def _clock(context: SessionContext, options: ProcessOptions) -> dict[str, str]:
    """Options that give all processes the same session clock; it goes on over a resumption."""
    if context.spec.clock != "real":
        return {}
    if options.resume:
        return read_state(options.out_dir).options
    return {"--started-ns": str(time.time_ns()), "--speed": str(options.speed)}


def _publish_outbox(means: KafkaMeans, database: SessionDatabase) -> None:
    """The store's own records go out when it has ended: dead letters of what it could not read."""
    kafka = KafkaLog(means, [], "outbox_relay", None)
    tables = PostgresDatabase(database.conninfo_as(RELAY), ())
    try:
        OutboxRelay(tables, kafka, means.prefix).publish()
    finally:
        tables.close()
        kafka.close()
