"""One stage of a session as a process of its own: `python -m tapeline.session.process`.

The supervisor starts one of these for each replica, and so does a container. Exit codes: 0 the
session's end was reached, 1 it failed and may be started again, 2 it was refused: the sentence on
standard error says what to change, 3 it was asked to stop before the end and has saved everything.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from tapeline.contracts.clock import MS_NS
from tapeline.contracts.errors import SettingsError
from tapeline.contracts.exit_codes import DRAINED, FAILED, OK, REFUSED
from tapeline.monitoring.store.logic import TABLES
from tapeline.runner import gate as gates
from tapeline.runner import logs
from tapeline.runner.garbage import collect_seldom
from tapeline.runner.health import HealthServer
from tapeline.runner.kafka import KafkaLog
from tapeline.runner.kafka_clients import (
    AbortedError,
    KafkaMeans,
    KafkaSettingsError,
    wait_for_brokers,
)
from tapeline.runner.log import END_OF_TIME_NS, FencedError
from tapeline.runner.metrics import RunnerCollector
from tapeline.runner.pace import BROKER_PACE
from tapeline.runner.process import LIVE_REST_S, StageProcess, Task
from tapeline.runner.realtime import QueueRunner, RealTimeRunner, SessionClock
from tapeline.runner.sink import Database, SinkMeans, SinkRunner, TransientError
from tapeline.runner.snapshot import StateError
from tapeline.runner.wiring import Wiring
from tapeline.session.compose import SINK, SOURCE, Lanes, Session
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.manifest import ManifestError
from tapeline.session.plan import tasks
from tapeline.session.topics import DEAD, STATE, session_topics

STORE_LINGER_S = 0.2
"""The store writes at least this often, so that tables follow the session closely."""

CRASH_VARIABLE = "TAPELINE_CRASH_AFTER"
"""Fault injection: `step:count` kills the process with SIGKILL after that step's count-th time;
`step:count:STOP` stops it there, until SIGCONT."""

log = structlog.get_logger()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one replica of a stage. Returns the exit code."""
    options = _parser().parse_args(arguments)
    logs.configure(as_json=True)
    structlog.contextvars.bind_contextvars(stage=options.stage, replica=options.replica)
    try:
        return _run(options)
    except (ManifestError, SettingsError, KafkaSettingsError, StateError) as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - for the person who started it
        return REFUSED
    except (AbortedError, FencedError, TransientError) as error:
        log.error("stage.failed", why=str(error))  # noqa: TRY400 - the sentence says it all
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tapeline stage", description=__doc__)
    add = parser.add_argument
    add("--manifest", type=Path, required=True, help="manifest of the session")
    add("--stage", required=True, help="stage of configs/pipeline.yaml")
    add("--kafka", default=os.environ.get("KAFKA"), help="brokers, host:port; default: $KAFKA")
    add("--postgres", default=os.environ.get("POSTGRES"), help="default: $POSTGRES")
    add("--configs", type=Path, default=None, help="folder of the configuration files")
    add("--prefix", default=None, help="first part of topic names; default: the session's name")
    add("--replica", type=int, default=0, help="number of this replica, from 0")
    add("--lanes", type=int, default=1, help="partitions of a market topic for each writer")
    add("--seed", type=int, default=None, help="takes the place of spec.seed")
    add("--http", type=int, default=0, help="port of health and metrics; 0 = a free one")
    add("--http-host", default="127.0.0.1", help="address of health and metrics")
    add("--port-file", type=Path, default=None, help="receives the port of health and metrics")
    add("--started-ns", type=int, default=None, help="real time: wall time of the session's start")
    add("--speed", type=float, default=1.0, help="real time: session seconds in a wall second")
    return parser


def _run(options: argparse.Namespace) -> int:
    context = load_session(options.manifest, configs_dir=options.configs, seed=options.seed)
    if not options.kafka:
        raise ManifestError("--kafka: no brokers given: add it, or set KAFKA")
    means = KafkaMeans(options.kafka, options.prefix or context.name)
    lanes = Lanes(context.pipeline, context.spec.mode, means.prefix, options.lanes, {})
    if options.stage not in lanes.stages():
        known = ", ".join(lanes.stages())
        raise ManifestError(f"--stage {options.stage}: runs not in this session; it has {known}")
    wirings = tasks(lanes, options.stage)
    with ExitStack() as stack:
        process = _Host(context, lanes, wirings, options)
        signal.signal(signal.SIGTERM, process.ask_to_stop)
        signal.signal(signal.SIGINT, process.ask_to_stop)
        server = stack.enter_context(process.server())
        if options.port_file is not None:
            options.port_file.write_text(f"{server.port}\n")
        if not wait_for_brokers(means, _topics(lanes, wirings), process.keep_waiting):
            return DRAINED
        instance = f"{means.prefix}.{options.stage}.{options.replica}"
        # Half a round of a loop: every full round is told at once, smaller steps may wait.
        step_ns = context.pipeline.feedback_latency_ms * MS_NS // 2
        real_time = context.spec.clock == "real"
        kafka = KafkaLog(means, wirings, instance, None if real_time else step_ns)
        stack.callback(kafka.close)
        gate = os.environ.get(gates.VARIABLE)
        if gate:
            kafka.connect()
            if not process.wait_at(Path(gate)):
                return DRAINED
        return process.run(kafka, stack)


def _topics(lanes: Lanes, wirings: list[Wiring]) -> dict[str, int]:
    """Partitions of every topic that a stage reads or writes."""
    read = {i.topic for w in wirings for i in w.inputs}
    written = {topic for w in wirings for topic in w.targets}
    stage = wirings[0].stage
    own = {*read, *written, *(DEAD.format(t) for t in read), STATE.format(stage)}
    return {spec.name: spec.partitions for spec in session_topics(lanes) if spec.name in own}


class _Host:
    """What surrounds the tasks: signals, health, metrics, and how a task is built."""

    def __init__(
        self,
        context: SessionContext,
        lanes: Lanes,
        wirings: list[Wiring],
        options: argparse.Namespace,
    ) -> None:
        self._context = context
        self._lanes = lanes
        self._wirings = wirings
        self._options = options
        self._process: StageProcess | None = None
        self._kafka: KafkaLog | None = None
        self._waits_for: str | None = "the brokers"
        self._stop = False
        self._clock: SessionClock | None = None
        if context.spec.clock == "real":
            self._clock = SessionClock(
                context.start_ns, speed=options.speed, first_ns=options.started_ns
            )

    def ask_to_stop(self, *_: Any) -> None:
        """Signal handler: the present commit is finished, the state is saved, then it ends."""
        self._stop = True
        if self._process is not None and self._kafka is not None:
            self._process.stopping = self._kafka.stopping = True

    def keep_waiting(self, why: str) -> bool:
        """Called while no broker answers."""
        log.warning("kafka.unreachable", why=why)
        self._waits_for = why
        time.sleep(0.5)
        return not self._stop

    def wait_at(self, gate: Path) -> bool:
        """Waits for the predecessor's end; False when asked to stop meanwhile."""
        self._waits_for = "its start"
        return gates.wait_at(gate, self._options.replica, lambda: not self._stop)

    def server(self) -> HealthServer:
        """Probes and metrics of this process."""
        registry = CollectorRegistry()
        registry.register(
            RunnerCollector(
                self._context.name,
                lambda: list(self._process.tasks.values()) if self._process else [],
            )
        )
        return HealthServer(
            self._options.http, registry, self._why_not_ready, self._options.http_host
        )

    def _why_not_ready(self) -> str | None:
        return self._process.why_not_ready() if self._process else f"waits for {self._waits_for}"

    def run(self, kafka: KafkaLog, stack: ExitStack) -> int:
        """Runs the tasks to the session's end, or until asked to stop."""
        database = self._database(stack) if self._options.stage == SINK else None
        session = Session(self._context, self._lanes, kafka, database, self._clock, start=False)
        session.pace = BROKER_PACE
        session.sink_means = lambda: SinkMeans(linger_s=STORE_LINGER_S)
        after_step = _crash_hook(os.environ.get(CRASH_VARIABLE))

        feeds = stack.enter_context(ExitStack())

        def build(wiring: Wiring) -> Task:
            feeds.close()
            task: Any = session.build(wiring, after_step)
            if session.feed is not None:
                feeds.enter_context(session.feed)
            return task  # type: ignore[no-any-return]

        process = StageProcess(
            kafka,
            self._wirings,
            build,
            lambda task: self._is_done(kafka, task),
            lambda wiring: self._has_ended(kafka, wiring),
            keeps_time=self._options.stage == SOURCE or self._clock is not None,
        )
        if self._options.stage == SOURCE and self._clock is not None:
            process.rest_s = LIVE_REST_S
        self._process = process
        self._kafka = kafka
        process.stopping = kafka.stopping = self._stop
        collect_seldom()
        ended = process.run()
        log.info("stage.ended" if ended else "stage.stopped")
        return OK if ended else DRAINED

    def _database(self, stack: ExitStack) -> Database:
        if not self._options.postgres:
            raise ManifestError("--postgres: the store needs a database: add it")
        # Only the store loads the client of PostgreSQL: it is a sixth of a stage's memory.
        client = import_module("tapeline.runner.postgres")
        database: Database = client.PostgresDatabase(self._options.postgres, TABLES)
        stack.callback(client.PostgresDatabase.close, database)
        return database

    def _has_ended(self, kafka: KafkaLog, wiring: Wiring) -> bool:
        committed = kafka.committed(wiring.group)
        return committed is not None and committed.horizon_ns >= self._context.end_ns

    def _is_done(self, kafka: KafkaLog, task: Task) -> bool:
        end_ns = self._context.end_ns
        if isinstance(task, SinkRunner):
            places = task.wiring.input_places()
            return min(kafka.watermark_ns(*place) for place in places) >= end_ns
        if self._clock is None:
            return task.horizon_ns >= end_ns
        if self._clock() < end_ns:
            return False
        if isinstance(task, RealTimeRunner):
            causes = [
                (i.topic, p) for i in task.wiring.inputs if not i.feedback for p in i.partitions
            ]
            if any(kafka.watermark_ns(*place) < END_OF_TIME_NS for place in causes):
                return False
            task.finish(end_ns)
        elif isinstance(task, QueueRunner):
            task.finish(end_ns)
        return True


def _crash_hook(setting: str | None) -> Callable[[int], None] | None:
    """Kills or stops this process after a commit step, as the setting says; None = never."""
    if not setting:
        return None
    step, count, *more = setting.split(":")
    how = signal.SIGSTOP if more == ["STOP"] else signal.SIGKILL
    left = [int(count)]

    def after(done: int) -> None:
        if done == int(step):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), how)

    return after


if __name__ == "__main__":
    sys.exit(main())
