"""Puts the outputs of a stage or source into a transaction: the one place that routes records."""

from __future__ import annotations

from collections.abc import Iterable

from tapeline.contracts import codec
from tapeline.runner.log import Committed, Transaction
from tapeline.runner.stage import Output
from tapeline.runner.wiring import Wiring


class Discarded:
    """A transaction that keeps nothing: what a silent replay finds was published before."""

    def produce(self, topic: str, partition: int, key: str, value: bytes) -> None: ...
    def advance(self, topic: str, partition: int, watermark_ns: int) -> None: ...
    def put_state(self, stage: str, key: str, value: bytes | None) -> None: ...
    def save(self, group: str, committed: Committed, retain_from: Committed | None) -> None: ...
    def commit(self) -> None: ...


def publish(
    outputs: Iterable[Output], wiring: Wiring, transaction: Transaction, counts: dict[str, int]
) -> None:
    """Encodes each output and routes it to its partitions, in order.

    Args:
        outputs: what the stage returned; dead letters go to partition 0 of their topic.
        wiring: the topics that the stage may write.
        transaction: receives the records.
        counts: outputs by topic so far; a broadcast counts once.
    """
    targets, encode, produce = wiring.targets, codec.encode, transaction.produce
    for output in outputs:
        topic, key, message = output.topic, output.key, output.message
        target = targets.get(topic)
        counts[topic] = counts.get(topic, 0) + 1
        if target is None:
            assert topic.endswith(".dead"), f"{wiring.stage} may not write {topic}"
            produce(topic, 0, key, encode(message))
        elif target.only is not None:
            produce(topic, target.only, key, encode(message))
        else:
            value = encode(message)
            for partition in target.partitions(key):
                produce(topic, partition, key, value)
