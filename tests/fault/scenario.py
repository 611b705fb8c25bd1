"""One seeded session under faults, and the same session undisturbed."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from tapeline.contracts import codec
from tapeline.contracts.messages import BrokerReport
from tapeline.monitoring.store.logic import TABLES
from tapeline.runner import pace, sink
from tapeline.runner.log import Batch as Polled
from tapeline.runner.log import FencedError, Record
from tapeline.runner.memory import Keyed, MemoryLog, MemoryTransaction
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.sink import Batch, SinkMeans, TransientError
from tapeline.runner.wiring import Wiring
from tapeline.session.compose import SINK, Lanes, Session
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session

HERE = Path(__file__).parent
CONFIGS = HERE.parents[1] / "configs"

DATA_SEEDS = 6
"""Different markets; each undisturbed run is made once and compared with many disturbed ones."""

FAST = {
    "sma_cross": {"fast": "sma_2", "slow": "sma_3", "atr": "atr_2", "band_bp": 0.0},
    "opening_range_breakout": {"range_minutes": 2, "until_minute": 9, "beyond_bp": 1},
    "pair_spread": {"ratio": "hedge_ratio_4", "entry_z": 0.6, "exit_z": 0.2, "gap_bp_min": 1},
}
"""Parameters with which the strategies trade within minutes."""


class Crash(Exception):
    """A process that was killed."""


@dataclasses.dataclass(frozen=True)
class Faults:
    """How often what goes wrong; 0 = never. Chances are per opportunity."""

    crash: float = 0.0
    """After a commit step of any replica."""
    duplicate: float = 0.0
    """A broker report is delivered again."""
    short_poll: float = 0.0
    """A poll returns only some of what waits."""
    database: float = 0.0
    """A write to PostgreSQL fails before or after its commit, or is slow."""
    snapshot_events: int = pace.MEMORY_PACE.snapshot_events
    """State is saved after so many events."""
    partitions: int = 1
    replicas: int = 1


def context(data_seed: int) -> SessionContext:
    """The session of tests/fault/session.yaml with fast strategies."""
    loaded = load_session(HERE / "session.yaml", configs_dir=CONFIGS, seed=data_seed)
    registry = _fast(loaded.configs["registry"])
    indicators = {
        "indicators": {
            **loaded.configs["indicators"]["indicators"],
            "sma_2": {"kind": "sma", "length": 2, "input": "close"},
            "sma_3": {"kind": "sma", "length": 3, "input": "close"},
            "atr_2": {"kind": "atr", "length": 2, "seed": "sma"},
            "hedge_ratio_4": {"kind": "hedge_ratio", "length": 4, "input": "close"},
        }
    }
    broker = {**loaded.configs["paper_broker"], "lost_request_bp": 400, "lost_ack_bp": 800}
    configs = {
        **loaded.configs,
        "registry": registry,
        "indicators": indicators,
        "ensemble": {},
        "paper_broker": broker,
    }
    return dataclasses.replace(loaded, configs=configs)


def _fast(registry: dict[str, Any]) -> dict[str, Any]:
    orders = {**registry["orders"], "entry_cutoff_s": 60, "exit_before_end_s": 50}
    strategies = {
        name: {
            **registry["strategies"][name],
            "parameters": parameters,
            "entries_per_day_max": 20,
            "max_holding_bars": 2,
        }
        for name, parameters in FAST.items()
    }
    return {**registry, "orders": orders, "strategies": strategies}


class FaultyLog(MemoryLog):
    """A log that keeps everything, polls short, and delivers broker reports again."""

    def __init__(self, lanes: Lanes, faults: Faults, chance: random.Random) -> None:
        super().__init__(lanes.partitions())
        self._faults = faults
        self._chance = chance

    def poll(self, topic: str, partition: int, offset: int, records_max: int) -> Polled:
        if self._faults.short_poll and self._chance.random() < self._faults.short_poll:
            records_max = min(records_max, self._chance.randint(1, 7))
        return super().poll(topic, partition, offset, records_max)

    def apply(self, transaction: MemoryTransaction) -> None:
        if self._faults.duplicate:
            for (topic, _), records in transaction.produced.items():
                if topic == "broker.reports":
                    records[:] = [r for record in records for r in self._repeated(record)]
        super().apply(transaction)

    def _repeated(self, record: Keyed) -> list[Keyed]:
        return [record] * (2 if self._chance.random() < self._faults.duplicate else 1)


class FaultyDatabase:
    """A database in memory with real transactions, fencing and failures."""

    def __init__(self, faults: Faults, chance: random.Random) -> None:
        self.rows: dict[str, list[str]] = defaultdict(list)
        self._offsets: dict[tuple[str, int], int] = {}
        self._epoch = -1
        self._faults = faults
        self._chance = chance

    def own(self, stage: str) -> int:
        self._epoch += 1
        return self._epoch

    def offsets(self, stage: str) -> dict[tuple[str, int], int]:
        if self._fails():
            raise TransientError("injected: connection refused")
        return dict(self._offsets)

    def write(self, stage: str, epoch: int, batch: Batch) -> None:
        if self._fails():
            raise TransientError("injected: the server closed the connection before the commit")
        if epoch != self._epoch:
            raise FencedError(f"{stage} epoch {epoch}")
        for table, lines in batch.rows.items():
            assert table in TABLES
            self.rows[table] += lines
        self._offsets |= batch.offsets
        if self._fails():
            raise TransientError("injected: the connection broke after the commit")

    def _fails(self) -> bool:
        return self._chance.random() < self._faults.database


class LateFuture(Future[Any]):
    """A write that happens some time after it was begun: when asked for, or when the dice say."""

    def __init__(self, task: Callable[[], Any], chance: random.Random) -> None:
        super().__init__()
        self._task = task
        self._chance = chance

    def done(self) -> bool:
        if not super().done() and self._chance.random() < 0.2:
            self._write()
        return super().done()

    def result(self, timeout: float | None = None) -> Any:
        if not super().done():
            self._write()
        return super().result(timeout)

    def _write(self) -> None:
        try:
            self.set_result(self._task())
        except Exception as error:  # noqa: BLE001 - as a thread would, for whoever asks
            self.set_exception(error)


class LateWriter(Executor):
    """Runs the store's writes late, and repeatably, where the product has a thread."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def submit(self, task: Any, /, *args: Any, **options: Any) -> LateFuture:
        return LateFuture(lambda: task(*args, **options), self._chance)


class Clock:
    """A clock that each sleep moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def __call__(self) -> float:
        return self.now_s


class Mortal:
    """A replica that is killed at random commit steps, and started again each time."""

    def __init__(
        self, session: Session, wiring: Wiring, faults: Faults, chance: random.Random
    ) -> None:
        self._session = session
        self._wiring = wiring
        self._faults = faults
        self._chance = chance
        self.crashes = 0
        self._lifted_ns = -1
        self._inner = self._start()

    @property
    def name(self) -> str:
        return self._wiring.stage

    @property
    def stats(self) -> Stats:
        return self._inner.stats

    @property
    def horizon_ns(self) -> int:
        return self._inner.horizon_ns

    def cycle(self) -> Progress:
        try:
            if self.name == SINK:
                return self._sink_cycle()
            return self._inner.cycle()
        except (Crash, TransientError):
            # A store that gave up on a database that stayed away is started again, as by a person.
            self.crashes += 1
            self._inner = self._start()
            return Progress.WORK

    def next_ns(self) -> int | None:
        return self._inner.next_ns()

    def lift(self, until_ns: int) -> None:
        self._lifted_ns = until_ns
        self._inner.lift(until_ns)

    def finish(self) -> None:
        """Writes what the store has not written yet."""
        while True:
            try:
                self._inner.flush()
                self._inner.close()
            except TransientError:
                self._inner = self._start()
            else:
                return

    def _start(self) -> Any:
        """Starts the replica; a database that is away while it starts is tried again."""
        while True:
            try:
                runner = self._session.build(self._wiring, self._after_step)
            except TransientError:
                continue
            runner.lift(self._lifted_ns)
            return runner

    def _sink_cycle(self) -> Progress:
        if self._chance.random() < self._faults.crash:
            self._inner.close()
            raise Crash
        if self._chance.random() < 0.02:
            self._inner.flush()
        return self._inner.cycle()

    def _after_step(self, step: int) -> None:
        del step  # every step is an opportunity
        if self._chance.random() < self._faults.crash:
            raise Crash


@dataclasses.dataclass
class Outcome:
    """What a run left behind."""

    topics: dict[str, dict[str, list[bytes]]]
    """Records by topic and key, in order."""
    rows: dict[str, list[str]]
    """Rows by table, sorted."""
    crashes: int


def run(
    session_context: SessionContext,
    seed: int,
    faults: Faults,
    log_type: type[FaultyLog] = FaultyLog,
) -> Outcome:
    """Runs a session to its end.

    Args:
        session_context: what to run.
        seed: draws every fault and the order of the stages.
        faults: how much goes wrong.
        log_type: the log; planted bugs bring their own.
    """
    pace.MEMORY_PACE = pace.MEMORY_PACE._replace(snapshot_events=faults.snapshot_events)
    sink.BATCH_RECORDS_MIN = 150
    chance = random.Random(seed)
    replicas = {
        name: faults.replicas for name, s in session_context.pipeline.stages.items() if s.scales
    }
    lanes = Lanes(
        session_context.pipeline,
        session_context.spec.mode,
        session_context.name,
        faults.partitions,
        replicas,
    )
    log = log_type(lanes, faults, chance)
    database = FaultyDatabase(faults, chance)
    session = Session(session_context, lanes, log, database, start=False)
    clock = Clock()
    session.sink_means = lambda: SinkMeans(clock.sleep, clock, LateWriter(chance))
    mortals = [
        Mortal(session, wiring, faults, chance)
        for name in lanes.stages()
        for wiring in lanes.wirings(name)
    ]
    session.runners = {str(n): mortal for n, mortal in enumerate(mortals)}
    session.scheduler(random.Random(seed + 1)).run()
    for mortal in mortals:
        if mortal.name == SINK:
            mortal.finish()
    crashes = sum(mortal.crashes for mortal in mortals)
    rows = {table: sorted(lines) for table, lines in database.rows.items()}
    return Outcome(_topics(log), rows, crashes)


def _topics(log: MemoryLog) -> dict[str, dict[str, list[bytes]]]:
    """Records by topic and key; broadcasts of one partition; reports without their repeats."""
    topics: dict[str, dict[str, list[bytes]]] = {}
    for topic in log.topics():
        by_key: dict[str, list[bytes]] = defaultdict(list)
        seen: set[str] = set()
        for record in _records(log, topic):
            if topic == "broker.reports":
                report: BrokerReport = codec.decode(topic, record.value)
                if report.report_id in seen:
                    continue
                seen.add(report.report_id)
            by_key[record.key].append(record.value)
        topics[topic] = dict(by_key)
    return topics


def _records(log: MemoryLog, topic: str) -> list[Record]:
    first = log.held(topic, 0)
    others = [
        record
        for partition in range(1, log.partitions(topic))
        for record in log.held(topic, partition)
        if record.key
    ]
    return first + others


Undisturbed = Callable[[int], Outcome]


def undisturbed() -> Undisturbed:
    """Outcome of a data seed without faults; each is computed once."""
    known: dict[int, Outcome] = {}

    def of(data_seed: int) -> Outcome:
        if data_seed not in known:
            known[data_seed] = run(context(data_seed), 0, Faults())
        return known[data_seed]

    return of


def draw(seed: int) -> tuple[int, Faults]:
    """Data seed and faults of a seed."""
    chance = random.Random(f"faults {seed}")
    partitions = chance.choice((1, 1, 2, 3, 4))
    return seed % DATA_SEEDS + 1, Faults(
        crash=chance.choice((0.0, 0.0005, 0.002, 0.01)),
        duplicate=chance.choice((0.0, 0.1, 0.5)),
        short_poll=chance.choice((0.0, 0.2, 0.6)),
        database=chance.choice((0.0, 0.1, 0.4)),
        snapshot_events=chance.choice((1, 20, 300, 5_000)),
        partitions=partitions,
        replicas=chance.randint(1, partitions),
    )
