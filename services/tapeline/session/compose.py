"""Joins the stages of a session as configs/pipeline.yaml says: the one composition root."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Any

from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.ingestion.pump import Pump
from tapeline.ingestion.queue import LatestWinsQueue
from tapeline.runner.log import Log
from tapeline.runner.loop import AfterStep, StageRunner
from tapeline.runner.memory import Archive as MemoryArchive
from tapeline.runner.memory import MemoryLog
from tapeline.runner.merge import Arrival, Merge
from tapeline.runner.pace import Pace
from tapeline.runner.realtime import QueueRunner, RealTimeRunner, SessionClock
from tapeline.runner.scheduler import Runnable, Scheduler
from tapeline.runner.sink import Database, SinkMeans, SinkRunner
from tapeline.runner.source import Source, SourceRunner
from tapeline.runner.stage import StageApp
from tapeline.runner.wiring import Input, Target, Wiring
from tapeline.session.context import SessionContext
from tapeline.session.manifest import ManifestError
from tapeline.session.pipeline import Pipeline, Stage

SOURCE = "ingestion"
SINK = "store"

QUEUED_TICKS = 50
"""Ticks of each symbol that the real-time queue holds: some ten seconds of a liquid share."""

AHEAD_NS = 10 * SECOND_NS
"""The source waits while a stage is further behind than this, so that memory stays flat."""


@dataclass(frozen=True)
class Lanes:
    """Partitions of the topics of a session, and who reads and writes them.

    Args:
        pipeline: configs/pipeline.yaml.
        mode: dry, paper or live: decides which stages run.
        session: name of the session.
        market: partitions of a market topic for each of its writers.
        replicas: replicas by stage.
    """

    pipeline: Pipeline
    mode: str
    session: str
    market: int
    replicas: dict[str, int]

    def stages(self) -> dict[str, Stage]:
        """Stages that run."""
        return self.pipeline.active(self.mode)

    def writers(self, topic: str) -> list[str]:
        """Stages that run and write a topic."""
        return [name for name, stage in self.stages().items() if topic in stage.writes]

    def lanes(self, topic: str) -> int:
        """Partitions of a topic for each of its writers."""
        return self.market if self.pipeline.topics[topic].lane == "market" else 1

    def partitions(self) -> dict[str, int]:
        """Partitions of every topic."""
        return {t: self.lanes(t) * max(1, len(self.writers(t))) for t in self.pipeline.topics}

    def wirings(self, name: str) -> list[Wiring]:
        """One wiring for each replica of a stage.

        Raises:
            ManifestError: more replicas than partitions, or a stage that does not scale.
        """
        stage = self.stages()[name]
        count = self.replicas.get(name, 1)
        if count > 1 and not stage.scales:
            raise ManifestError(
                f"spec.stages.{name}.replicas: {count}, but its topics are one ordered lane for "
                "each account; set it to 1 and scale by accounts"
            )
        if count > max(1, self.market):
            raise ManifestError(
                f"spec.stages.{name}.replicas: {count} is more than the {self.market} partitions "
                "of its topics, so some replicas would stand idle; lower it"
            )
        return [self._wiring(name, stage, replica, count) for replica in range(count)]

    def _wiring(self, name: str, stage: Stage, replica: int, count: int) -> Wiring:
        inputs = tuple(
            Input(
                read.topic,
                self.pipeline.rank(read.topic),
                self._own(read.topic, replica, count, len(self.writers(read.topic))),
                read.feedback,
            )
            for read in stage.reads
        )
        targets = {
            topic: Target(
                topic,
                self.lanes(topic) * self.writers(topic).index(name),
                self.lanes(topic),
                tuple(
                    self.lanes(topic) * self.writers(topic).index(name) + p
                    for p in self._own(topic, replica, count, 1)
                ),
            )
            for topic in stage.writes
        }
        return Wiring(self.session, name, replica, inputs, targets)

    def _own(self, topic: str, replica: int, count: int, writers: int) -> tuple[int, ...]:
        lanes = self.lanes(topic)
        own = [lane for lane in range(lanes) if lane % count == replica]
        return tuple(lanes * writer + lane for writer in range(writers) for lane in own)


def groups(lanes: Lanes) -> dict[str, tuple[str, ...]]:
    """Consumer groups of each topic."""
    wirings = [w for name in lanes.stages() for w in lanes.wirings(name)]
    return {
        topic: tuple(w.group for w in wirings if any(i.topic == topic for i in w.inputs))
        for topic in lanes.pipeline.topics
        if any(i.topic == topic for w in wirings for i in w.inputs)
    }


def memory_log(lanes: Lanes, archive: MemoryArchive | None) -> MemoryLog:
    """A log in memory for the session, which drops what every stage has passed."""
    return MemoryLog(lanes.partitions(), groups(lanes), archive)


def stage_app(context: SessionContext, name: str) -> StageApp:
    """The stage wired for this session."""
    package = context.pipeline.stages[name].package
    app: StageApp = import_module(f"tapeline.{package}.app").app(context)
    return app


class Feed:
    """A source that plays in a thread at the speed of the session clock, into a bounded queue.

    Args:
        source: what to play.
        symbols: number of symbols; the queue holds some ticks of each.
        clock_ns: session clock.
    """

    def __init__(self, source: Source, symbols: int, clock_ns: SessionClock) -> None:
        self.queue = LatestWinsQueue(QUEUED_TICKS * symbols)
        self.pump = Pump(source, self.queue, clock_ns, clock_ns.sleep)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed")

    def __enter__(self) -> Feed:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        self.pump.run(lambda: not self._stop.is_set())


class Session:
    """All replicas of a session in one process.

    Args:
        context: the resolved session.
        lanes: partitions and replicas.
        log: the log that joins the stages.
        database: where the store writes; None leaves the store out.
        clock_ns: session clock of a real-time session; None = virtual time.
        start: starts every replica at once.
    """

    pace: Pace | None = None
    """See StageRunner."""
    sink_means: Callable[[], SinkMeans] = SinkMeans
    """How each new sink waits and writes; the fault simulator brings its own."""

    def __init__(
        self,
        context: SessionContext,
        lanes: Lanes,
        log: Log,
        database: Database | None,
        clock_ns: SessionClock | None = None,
        *,
        start: bool = True,
    ) -> None:
        self.context = context
        self.clock_ns = clock_ns
        self.lanes = lanes
        self.log = log
        self.sink: SinkRunner | None = None
        self.feedback_ns = context.pipeline.feedback_latency_ms * MS_NS
        self.runners: dict[str, Runnable] = {}
        self.feed: Feed | None = None
        self._database = database
        for name in lanes.stages() if start else ():
            if name == SINK and database is None:
                continue
            for wiring in lanes.wirings(name):
                self.runners[wiring.group] = self.build(wiring)

    def build(self, wiring: Wiring, after_step: AfterStep | None = None) -> Runnable:
        """A replica that goes on where its predecessor's last commit ended."""
        if wiring.stage == SOURCE:
            return self._source(wiring, after_step)
        if wiring.stage == SINK:
            return self._sink(wiring)
        app = stage_app(self.context, wiring.stage)
        if self.clock_ns is not None:
            arrival = Arrival(wiring.inputs, self.clock_ns)
            return RealTimeRunner(app, wiring, self.log, arrival, after_step, self.pace)
        merge = Merge(wiring.inputs, self.feedback_ns, self.context.end_ns, self.context.start_ns)
        return StageRunner(app, wiring, self.log, merge, after_step, self.pace)

    def scheduler(
        self,
        shuffle: random.Random | None = None,
        on_round: Callable[[], bool] = lambda: True,
    ) -> Scheduler:
        """A scheduler over the replicas as they are now."""
        return Scheduler(
            list(self.runners.values()),
            self.feedback_ns,
            self.context.end_ns,
            shuffle,
            on_round,
        )

    def stage(self, name: str) -> Any:
        """Replica 0 of a stage."""
        return self.runners[f"{self.context.name}.{name}.0"]

    def _source(self, wiring: Wiring, after_step: AfterStep | None) -> Runnable:
        source: Source = import_module("tapeline.ingestion.app").source(self.context)
        if self.clock_ns is not None:
            committed = self.log.committed(wiring.group)
            if committed is not None:
                # What an earlier process has published must not be published again.
                source.slice(committed.horizon_ns)
            self.feed = Feed(source, len(self.context.instruments), self.clock_ns)
            return QueueRunner(self.feed.queue.drain, wiring, self.log, self.clock_ns)
        return SourceRunner(
            source, wiring, self.log, self.context.end_ns, self._may_read_ahead, after_step
        )

    def _sink(self, wiring: Wiring) -> SinkRunner:
        logic = import_module("tapeline.monitoring.store.logic")
        account = self.context.spec.account
        assert self._database is not None
        self.sink = SinkRunner(
            wiring,
            self.log,
            self._database,
            lambda message, position: logic.rows(message, account, position),
            self.sink_means(),
        )
        return self.sink

    def _may_read_ahead(self, horizon_ns: int) -> bool:
        """Whether every stage is close enough behind the source."""
        slowest = min(
            (r.horizon_ns for r in self.runners.values() if r.name != SOURCE), default=horizon_ns
        )
        return slowest + AHEAD_NS >= horizon_ns
