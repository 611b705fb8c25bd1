"""Everything a session left, record by record and row by row, against an undisturbed run."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, Message, TopicPartition
from confluent_kafka.admin import AdminClient

from tapeline.contracts import codec
from tapeline.contracts.messages import Fill
from tapeline.execution.audit import verify_chain
from tapeline.session.tables import CSV_TABLES

Place = tuple[str, int]
"""Topic and partition."""

ANSWER_S = 10.0

SHOWN = 400
"""Characters of a record that a difference shows."""
OWN_TOPICS = ("state.", "journal.")
"""What a stage writes for itself: where it is saved depends on when it was killed."""

OF_THE_RUN = {"stage_epochs", "stage_offsets"}
"""Tables that tell how often a run was started and which offsets it reached."""

OFFSET_COLUMN = "seq"
"""Of order_events: on Kafka transactions and watermarks have offsets too."""

DEAD = ".dead"
OFFSET = re.compile(rb'"offset":\d+,')
"""In dead letters, for the same reason."""


@dataclass(frozen=True)
class Difference:
    """What a topic, a partition or a table has too few and too many of."""

    where: str
    lost: int
    doubled: int
    """More often there than in the undisturbed run: doubled, or changed."""
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.lost} lost, {self.doubled} doubled or changed; {self.detail}"


def read_topics(brokers: str, prefix: str) -> dict[Place, list[bytes]]:
    """Values of all committed records, by partition, in order; watermarks are none.

    This reader shares no code with the product's: it must not share its mistakes.
    """
    client = {"bootstrap.servers": brokers, "log_level": 0}
    held = AdminClient(client).list_topics(timeout=ANSWER_S).topics
    names = [name for name in held if _is_data(name, prefix)]
    settings = {
        **client,
        "group.id": f"{prefix}.compare",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
    }
    consumer = Consumer(settings)
    found: dict[Place, list[bytes]] = {}
    try:
        for name in names:
            for partition in held[name].partitions:
                topic = name.removeprefix(f"{prefix}.")
                found[topic, partition] = list(_values(consumer, name, partition))
    finally:
        consumer.close()
    return found


def _is_data(name: str, prefix: str) -> bool:
    topic = name.removeprefix(f"{prefix}.")
    return name != topic and not topic.startswith(OWN_TOPICS)


def _values(consumer: Consumer, name: str, partition: int) -> Iterator[bytes]:
    """Records of one partition from its first to its last offset."""
    place = TopicPartition(name, partition, 0)
    low, high = consumer.get_watermark_offsets(place, ANSWER_S)
    assert low == 0, f"{name}: records were deleted, nothing can be compared"
    consumer.assign([place])
    position = 0
    while position < high:
        messages: list[Message] = consumer.consume(10_000, 0.2)
        for message in messages:
            error, value = message.error(), message.value()
            assert error is None or error.retriable(), f"{name}: {error}"
            if error is None and value is not None:
                yield value
        position = max(position, consumer.position([place])[0].offset)
    consumer.unassign()


def expected_topics(folder: Path) -> dict[Place, list[bytes]]:
    """The same of the files of a run in one process: `<topic>.ndjson`, `<topic>.p<N>.ndjson`."""
    found: dict[Place, list[bytes]] = {}
    for path in sorted(folder.glob("*.ndjson")):
        topic, _, part = path.name.removesuffix(".ndjson").rpartition(".p")
        place = (topic, int(part)) if part.isdigit() else (path.name.removesuffix(".ndjson"), 0)
        found[place] = path.read_bytes().splitlines()
    return found


def compare_topics(
    found: Mapping[Place, Sequence[bytes]], expected: Mapping[Place, Sequence[bytes]]
) -> list[Difference]:
    """Differences of the records, partition by partition, with their order."""
    different = []
    for place in sorted(set(found) | set(expected)):
        topic, partition = place
        ours, theirs = list(found.get(place, ())), list(expected.get(place, ()))
        if topic.endswith(DEAD):
            # Several replicas write to its one partition, so that it has no order.
            ours, theirs = (sorted(OFFSET.sub(b"", v) for v in lines) for lines in (ours, theirs))
        different += _differences(f"{topic} partition {partition}", ours, theirs)
    return different


def compare_tables(found: Path, expected: Path) -> list[Difference]:
    """Differences of the rows, table by table."""
    different = []
    for table in sorted(set(CSV_TABLES) - OF_THE_RUN):
        ours, theirs = _rows(found / f"{table}.csv"), _rows(expected / f"{table}.csv")
        different += _differences(f"table {table}", ours, theirs)
    return different


def _rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        return sorted(
            tuple(f"{k}={v}" for k, v in row.items() if k != OFFSET_COLUMN) for row in rows
        )


def _differences(
    where: str, ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> list[Difference]:
    if ours == theirs:
        return []
    lost, more = Counter(theirs) - Counter(ours), Counter(ours) - Counter(theirs)
    pairs = enumerate(zip(ours, theirs, strict=False))
    first = next((n for n, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
    detail = f"{len(ours)} there, {len(theirs)} expected, first difference at {first}"
    for title, which in (("lost", lost), ("doubled", more)):
        if which:
            detail += f", {title}: {next(iter(which))!r:.{SHOWN}}"
    if not lost and not more:
        detail += ", in another order"
    return [Difference(where, lost.total(), more.total(), detail)]


def broken_invariants(topics: Mapping[Place, Sequence[bytes]], tables: Path) -> list[str]:
    """What must hold whatever the undisturbed run says."""
    broken = []
    orders = [codec.decode("live_orders", value) for value in topics["live_orders", 0]]
    index = verify_chain(orders)
    if index is not None:
        broken.append(f"the audit chain breaks at event {index}")
    fills: list[Fill] = [codec.decode("fills", value) for value in topics["fills", 0]]
    if not fills:
        broken.append("there are no fills: the run shows nothing")
    doubled = [n for n, count in Counter(fill.fill_id for fill in fills).items() if count > 1]
    if doubled:
        broken.append(f"fills with one id: {', '.join(doubled)}")
    if _summed(fills) != _positions(tables / "positions.csv"):
        broken.append("the positions of the database are not the sum of the fills of the topic")
    return broken


def _summed(fills: Sequence[Fill]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for fill in fills:
        sums[fill.strategy, fill.symbol] += fill.qty if fill.side == "BUY" else -fill.qty
    return dict(sums)


def _positions(path: Path) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            sums[row["strategy"], row["symbol"]] += int(row["qty"])
    return dict(sums)
