"""Ticks to 1-second bars over a real broker: bare loops and our runners, side by side in one run.

The competitors take turns, round by round, on the same broker and the same ticks. Each is a process
of its own. The clock runs from the moment its partition is assigned to the moment its last bar can
be read by a reader of committed records. All bars are read back and compared with a reference: a
competitor that loses, doubles or changes one ends the benchmark.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from broker import fresh_broker
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from kafka_feed import ROOT, Figures, Key, expected, write_feed, write_session
from watched import CompetitorError, Watched, used_cpu_s, watch

from tapeline.contracts import codec
from tapeline.contracts.messages import Bar
from tapeline.local import LocalKafka
from tapeline.runner.kafka_topics import create_topics, delete_session
from tapeline.session.compose import Lanes
from tapeline.session.load import load_session
from tapeline.session.plan import write_plan
from tapeline.session.topics import session_topics

STAGE = "bar_builder_1s"
PREFIX = "bench"
TICKS = 1_000_000
ROUNDS = 5
OUTPUTS = ("bars.1s", "ticks.late", "ticks.dead", f"state.{STAGE}")
BARE_GO = ROOT / "build" / "bench" / "barloop"
RUNNER_GO = ROOT / "go" / "bin" / STAGE

PYTHON_BARE, PYTHON_BARE_TX = "Python loop", "Python loop, transactions"
PYTHON_RULES, PYTHON_RUNNER = "Python loop, transactions, our rules", "Python runner"
GO_BARE, GO_BARE_TX = "Go loop", "Go loop, transactions"
GO_FASTJSON, GO_FASTJSON_TX = "Go loop, fastjson", "Go loop, fastjson, transactions"
GO_RUNNER = "Go runner"

GROUP_S = 60.0
"""A static member that has ended leaves its group after its session timeout of 10 s."""

RATIOS = (
    ("Python runner / Python loop with transactions", PYTHON_RUNNER, (PYTHON_BARE_TX,), 0.5),
    ("Go runner / Go loop with transactions", GO_RUNNER, (GO_BARE_TX, GO_FASTJSON_TX), 0.6),
)
"""Name, ours, the yardsticks of which the fastest counts, what is demanded."""

CPU_RATIO = ("Go runner / Python runner, ticks in a second of processor time", 2.5)


class Competitor(NamedTuple):
    """One way to do the work."""

    name: str
    command: list[str]
    mark: str
    """What it says when it begins to read."""


@dataclass
class Result:
    """What the rounds of a competitor gave."""

    name: str
    ticks_per_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    cpu_working_s: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    broker_cpu_s: list[float] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """As it goes into benchmarks.json."""
        return {
            "name": self.name,
            "ticks_per_s": round(median(self.ticks_per_s)),
            "ticks_per_s_min": round(min(self.ticks_per_s)),
            "ticks_per_s_max": round(max(self.ticks_per_s)),
            "rounds": len(self.ticks_per_s),
            "cpu_s": round(median(self.cpu_s), 2),
            "cpu_working_s": round(median(self.cpu_working_s), 2),
            "peak_mb": round(max(self.peak_mb)),
            "broker_cpu_s": round(median(self.broker_cpu_s), 2),
            "commits": round(median(self.commits)),
        }


def measure(broker: LocalKafka, ticks: int = TICKS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Runs all competitors and compares them.

    Args:
        broker: runs, and does nothing else.
        ticks: how many there are.
        rounds: how often each competitor runs.
    """
    folder = ROOT / "build" / "bench" / "kafka"
    manifest = write_session(folder)
    bench = _Bench(broker, manifest, ticks)
    competitors = _competitors(broker.bootstrap, folder, manifest)
    results = {competitor.name: Result(competitor.name) for competitor in competitors}
    tick_bytes = bench.prepare()
    for number in range(rounds):
        # Each begins a round once, so that none always runs behind the same one.
        turn = number % len(competitors)
        for competitor in competitors[turn:] + competitors[:turn]:
            bench.run(competitor, results[competitor.name])
    delete_session({"bootstrap.servers": broker.bootstrap}, PREFIX)
    return {
        "name": "side by side",
        "ticks": ticks,
        "bars": len(bench.expected),
        "tick_bytes": round(tick_bytes, 1),
        "competitors": [result.row() for result in results.values()],
        "ratios": _ratios(results),
    }


def _competitors(brokers: str, folder: Path, manifest: Path) -> list[Competitor]:
    loop = [sys.executable, str(Path(__file__).with_name("bare_loop.py"))]
    where = ["--kafka", brokers, "--prefix", PREFIX]
    bare_mark = "partitions assigned"
    plan = folder / "plan.json"
    context = load_session(manifest)
    plan.write_bytes(write_plan(context, _lanes(manifest), STAGE, PREFIX))
    runner = ["-m", "tapeline.session.process", "--manifest", str(manifest), "--stage", STAGE]

    def go(name: str, *options: str) -> Competitor:
        words = ["-kafka", brokers, "-prefix", PREFIX, *options]
        return Competitor(name, [str(BARE_GO), *words], bare_mark)

    return [
        Competitor(PYTHON_BARE, [*loop, *where], bare_mark),
        Competitor(PYTHON_BARE_TX, [*loop, *where, "--transactions"], bare_mark),
        Competitor(
            PYTHON_RULES, [*loop, *where, "--transactions", "--rules", str(manifest)], bare_mark
        ),
        Competitor(PYTHON_RUNNER, [sys.executable, *runner, *where], '"task.started"'),
        go(GO_BARE),
        go(GO_BARE_TX, "-transactions"),
        go(GO_FASTJSON, "-fastjson"),
        go(GO_FASTJSON_TX, "-transactions", "-fastjson"),
        Competitor(
            GO_RUNNER,
            [str(RUNNER_GO), "run", "--plan", str(plan), "--kafka", brokers],
            '"task.claimed"',
        ),
    ]


def _lanes(manifest: Path) -> Lanes:
    context = load_session(manifest)
    return Lanes(context.pipeline, context.spec.mode, PREFIX, 1, {})


class _Bench:
    """The broker with the ticks, and what must come of them."""

    def __init__(self, broker: LocalKafka, manifest: Path, ticks: int) -> None:
        self.expected = expected(ticks)
        self._broker = broker
        self._client: dict[str, str | int | float | bool] = {"bootstrap.servers": broker.bootstrap}
        self._topics = [
            spec
            for spec in session_topics(_lanes(manifest))
            if spec.name == "ticks" or spec.name in OUTPUTS
        ]
        self._ticks = ticks

    def prepare(self) -> float:
        """Writes the ticks once, for all. Returns the mean size of one."""
        delete_session(self._client, PREFIX)
        create_topics(self._client, PREFIX, self._topics)
        self._create_internal_topics()
        return write_feed(self._broker.bootstrap, f"{PREFIX}.ticks", self._ticks)

    def _create_internal_topics(self) -> None:
        """A new broker makes those of offsets and transactions for its first client, which waits
        for them and may be told to join its group again."""
        producer = Producer({**self._client, "transactional.id": f"{PREFIX}.warm"})
        producer.init_transactions(30)
        member = Consumer({**self._client, "group.id": f"{PREFIX}.warm"})
        deadline = time.monotonic() + GROUP_S
        while True:
            try:
                member.committed([TopicPartition(f"{PREFIX}.ticks", 0)], timeout=30)
            except KafkaException:
                # The coordinator is still being chosen.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                break
        member.close()

    def run(self, competitor: Competitor, result: Result) -> None:
        """One run of one competitor, from empty outputs."""
        self._empty()
        assert self._broker.pid is not None
        broker_before_s = used_cpu_s(self._broker.pid)
        topic = f"{PREFIX}.bars.1s"
        seen = watch(competitor.command, competitor.mark, self._broker.bootstrap, topic)
        broker_s = used_cpu_s(self._broker.pid) - broker_before_s
        last, commits = self._check(competitor.name, topic)
        visible_s = next(when for when, end in seen.ends if end > last)
        self._note(result, seen, visible_s - seen.started_s)
        result.broker_cpu_s.append(broker_s)
        result.commits.append(commits)
        print(
            json.dumps({"run": competitor.name, "ticks_per_s": round(result.ticks_per_s[-1])}),
            file=sys.stderr,
            flush=True,
        )

    def _note(self, result: Result, seen: Watched, took_s: float) -> None:
        result.ticks_per_s.append(self._ticks / took_s)
        result.cpu_s.append(seen.cpu_s)
        result.cpu_working_s.append(seen.cpu_working_s)
        result.peak_mb.append(seen.peak_mb)

    def _empty(self) -> None:
        """Removes what the competitor before has left; the ticks stay."""
        admin = AdminClient(self._client)
        deadline = time.monotonic() + GROUP_S
        while _delete_groups(admin):
            if time.monotonic() > deadline:
                raise CompetitorError("a competitor's consumer group still has members")
            time.sleep(0.1)
        held = admin.list_topics(timeout=10).topics
        old = [f"{PREFIX}.{name}" for name in OUTPUTS if f"{PREFIX}.{name}" in held]
        for future in admin.delete_topics(old, operation_timeout=30).values() if old else ():
            future.result()
        create_topics(self._client, PREFIX, self._topics)

    def _check(self, name: str, topic: str) -> tuple[int, int]:
        """Reads all bars back. Returns the offset of the last one, and the number of commits.

        Raises:
            CompetitorError: the bars are not those of the reference.
        """
        found: dict[Key, Figures] = {}
        doubled = wrong = last = records = 0
        for offset, value in committed_records(self._broker.bootstrap, topic):
            records += 1
            message = None if value is None else codec.decode("bars.1s", value)
            if not isinstance(message, Bar):
                continue
            key, figures = Key(message.symbol, message.start_ns), Figures.of(message)
            last = offset
            doubled += key in found
            wrong += self.expected.get(key) != figures
            found[key] = figures
        missing = len(self.expected.keys() - found.keys())
        if missing or doubled or wrong:
            raise CompetitorError(
                f"{name}: of {len(self.expected)} bars {missing} are missing, {doubled} doubled, "
                f"{wrong} wrong"
            )
        end = _end(self._broker.bootstrap, topic)
        return last, end - records


def _delete_groups(admin: AdminClient) -> bool:
    """Deletes the consumer groups of the benchmark. Returns whether some could not be."""
    groups = [g.group_id for g in admin.list_consumer_groups().result().valid]
    left = [group for group in groups if group.startswith(f"{PREFIX}.")]
    failed = []
    for future in admin.delete_consumer_groups(left).values() if left else ():
        error = future.exception(30)
        if isinstance(error, KafkaException) and error.args[0].code() == KafkaError.NON_EMPTY_GROUP:
            failed.append(error)
        elif error is not None:
            raise error
    return bool(failed)


def committed_records(brokers: str, topic: str) -> list[tuple[int, bytes | None]]:
    """Offset and value of every committed record of partition 0."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "bench.reader",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.queue.backoff.ms": 1,
        }
    )
    consumer.assign([TopicPartition(topic, 0, 0)])
    found: list[tuple[int, bytes | None]] = []
    try:
        while True:
            for message in consumer.consume(10_000, 0.2):
                if message.error() is not None:
                    return found
                offset = message.offset()
                assert offset is not None
                found.append((offset, message.value()))
    finally:
        consumer.close()


def _end(brokers: str, topic: str) -> int:
    observer = Consumer({"bootstrap.servers": brokers, "group.id": "bench.observer"})
    _, end = observer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
    observer.close()
    return int(end)


def _ratios(results: dict[str, Result]) -> list[dict[str, Any]]:
    """The demanded ratios, each of medians."""
    rate = {name: median(result.ticks_per_s) for name, result in results.items()}
    found = []
    for name, ours, yardsticks, demanded in RATIOS:
        best = max(yardsticks, key=rate.__getitem__)
        found.append(_ratio(name, best, rate[ours] / rate[best], demanded))
    cpu_s = {name: median(result.cpu_working_s) for name, result in results.items()}
    name, demanded = CPU_RATIO
    ratio = cpu_s[PYTHON_RUNNER] / cpu_s[GO_RUNNER]
    return [*found, _ratio(name, PYTHON_RUNNER, ratio, demanded)]


def _ratio(name: str, against: str, ratio: float, demanded: float) -> dict[str, Any]:
    return {"name": name, "against": against, "ratio": round(ratio, 3), "demanded": demanded}


def main(arguments: Sequence[str]) -> None:
    """Measures alone, with a broker of its own: ticks and rounds may be given."""
    given = [int(word) for word in arguments]
    ticks, rounds = (given + [TICKS, ROUNDS][len(given) :])[:2]
    with fresh_broker() as broker:
        print(json.dumps(measure(broker, ticks, rounds), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
