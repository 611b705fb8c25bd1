"""tapeline stage and tapeline tail: one stage of a session, and what a topic of it holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tapeline.cli.console import AsJson, Configs, Language, RefusedError
from tapeline.cli.processes import Services, services
from tapeline.cli.run import FromEnvironment, Kafka, Manifest, Partitions, Postgres, Prefix, Seed
from tapeline.cli.stopping import StopRequest
from tapeline.runner.kafka_clients import KafkaMeans, check_partitions
from tapeline.runner.kafka_topics import create_topics
from tapeline.runner.roles import STORE
from tapeline.session.collect import follow
from tapeline.session.compose import SINK, Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.topics import session_topics
from tapeline.supervisor.child import free_port
from tapeline.supervisor.commands import Commands
from tapeline.supervisor.database import SessionDatabase
from tapeline.supervisor.group import environment

STAGES = Path("build/stages")
"""Plans of stages that run alone, by prefix: a run's folder belongs to the run."""


Stage = Annotated[str, typer.Argument(help="A stage of `tapeline pipeline`.", show_default=False)]
Topic = Annotated[str, typer.Argument(help="A topic of `tapeline pipeline`.", show_default=False)]
Replica = Annotated[int, typer.Option(min=0, help="Number of this replica, from 0.")]
Implementation = Annotated[
    Language | None, typer.Option(help="Takes the place of spec.stages.STAGE.implementation.")
]
Port = Annotated[
    int | None,
    typer.Option(
        "--http", min=1, max=65535, help="Port of health and metrics; default: a free one."
    ),
]


def run(
    stage: Stage,
    file: Manifest,
    *,
    replica: Replica = 0,
    implementation: Implementation = None,
    seed: Seed = None,
    partitions: Partitions = 1,
    configs: Configs = None,
    http: Port = None,
    kafka: Kafka = None,
    postgres: Postgres = None,
    from_environment: FromEnvironment = False,
    prefix: Prefix = None,
    as_json: AsJson = False,
) -> None:
    """Run one stage of a session on Kafka until the session's end; the others may run elsewhere.

    It goes on where its last process ended. Topics and the store's tables are created where they
    are missing. What it logs is JSON with and without --json.
    """
    del as_json
    found = _services(kafka, postgres, local=from_environment)
    context = load_session(file, configs_dir=configs, seed=seed)
    lanes = _lanes(context, prefix, partitions)
    if stage not in lanes.stages():
        raise RefusedError(
            f"stage {stage}: does not run in this session: use one of {', '.join(lanes.stages())}"
        )
    if context.spec.clock == "real":
        raise RefusedError(
            f"{file}: spec.clock: real: stages that are started one by one have no common clock: "
            "use `tapeline run --kafka`"
        )
    commands = Commands(
        context=context,
        lanes=lanes,
        manifest=file,
        folder=STAGES / lanes.session,
        kafka=found.kafka,
        prefix=lanes.session,
        configs=configs,
        seed=seed,
    )
    language = implementation.value if implementation else commands.language(stage)
    program = commands.of(stage, language, replicas=replica + 1)[replica]
    means = KafkaMeans(found.kafka, lanes.session)
    create_topics(means.client(), means.prefix, session_topics(lanes))
    variables = dict(program.env)
    if stage == SINK:
        variables["POSTGRES"] = _database(found, means.prefix)
    command = program.command(http or free_port())
    # S606: no shell; this process becomes the stage, so that signals reach it.
    os.execve(command[0], command, environment(variables))  # noqa: S606


def tail(
    topic: Topic,
    file: Manifest,
    *,
    seed: Seed = None,
    partitions: Partitions = 1,
    configs: Configs = None,
    kafka: Kafka = None,
    from_environment: FromEnvironment = False,
    prefix: Prefix = None,
    as_json: AsJson = False,
) -> None:
    """Print the records of a session's topic, one JSON line each, and go on as they come.

    Ends at the session's end. The output is JSON with and without --json.
    """
    del as_json
    found = _services(kafka, None, local=from_environment)
    context = load_session(file, configs_dir=configs, seed=seed)
    lanes = _lanes(context, prefix, partitions)
    topics = session_topics(lanes)
    known = [spec.name for spec in topics if not spec.name.startswith("state.")]
    if topic not in known:
        raise RefusedError(f"topic {topic}: does not exist: use one of {', '.join(known)}")
    means = KafkaMeans(found.kafka, lanes.session)
    check_partitions(means, {spec.name: spec.partitions for spec in topics if spec.name == topic})
    with StopRequest() as stop:
        for value in follow(means, topic, context.end_ns, lambda: not stop.asked):
            sys.stdout.buffer.write(value + b"\n")
            sys.stdout.buffer.flush()


def _services(kafka: str | None, postgres: str | None, *, local: bool) -> Services:
    found = services(kafka, postgres, local=local, environment=os.environ)
    if found is None:
        raise RefusedError(
            "--kafka: which brokers? Give HOST:PORT, or --services for those of `make up`"
        )
    return found


def _lanes(context: SessionContext, prefix: str | None, partitions: int) -> Lanes:
    replicas = {name: spec.replicas for name, spec in context.spec.stages.items()}
    session = prefix or context.name
    return Lanes(context.pipeline, context.spec.mode, session, partitions, replicas)


def _database(found: Services, prefix: str) -> str:
    """Connection string of the session's database, created where it is missing."""
    if found.postgres is None:
        raise RefusedError("--postgres: the store alone needs a server: give it, or run `make up`")
    database = SessionDatabase(found.postgres, prefix)
    database.prepare()
    return database.conninfo_as(STORE)
