"""The log on Apache Kafka, for one process: what its tasks read, and the transactions they commit.

A topic holds records and watermarks. A watermark is a record without a value whose key is `@` and a
session time: the partition is complete up to there. A commit is one transaction: records,
watermarks, state and offsets become visible together. The horizon of a commit travels as the
metadata of its offsets.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import structlog
from confluent_kafka import (
    Consumer,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from tapeline.runner.kafka_clients import (
    COMMIT_TIMEOUT_S,
    REQUEST_TIMEOUT_S,
    AbortedError,
    KafkaMeans,
    connect,
    translated,
)
from tapeline.runner.kafka_queue import Queue, by_partition, one_lot
from tapeline.runner.kafka_state import WAIT_S, read_state, without_errors
from tapeline.runner.kafka_transaction import HORIZON_KEY, KafkaTransaction
from tapeline.runner.log import END_OF_TIME_NS, Batch, Committed, FencedError
from tapeline.runner.sink import TransientError
from tapeline.runner.wiring import Place, Wiring

FETCH_MESSAGES = 10_000
"""What waits in the queues before more is fetched; what one turn of a task can commit."""

CONSUME_MESSAGES = 1_000
"""Messages taken from the client at once: few enough to stay in a processor's cache."""

QUEUE_MAX = 12_000
"""A partition whose queue holds this many records is paused: some megabytes of ticks."""

QUEUE_LOW = QUEUE_MAX // 4
"""It is resumed below this many."""

PAUSE_S = 0.025
"""Without an input for this long, watermarks that were put off are written: some times a commit,
so that the other stages of a loop have answered by then if they can."""


REPLAY_S = 60.0
"""Longest wait for a record that is known to exist: it is gone, or the broker is."""

log = structlog.get_logger()


class KafkaLog:
    """Log of one process. See log.Log.

    Args:
        means: how to reach the brokers.
        wirings: every task of the stage; those whose partitions the group grants this process run.
        instance: name of this replica among the stage's, fixed over restarts.
        step_ns: a commit of nothing but watermarks is put off while they say less than this that
            is new, until no input has come for PAUSE_S: in a loop of stages each would otherwise
            answer every small step of every other. None = real time: no watermark but the last,
            since stages take their inputs as they arrive.
    """

    def __init__(
        self, means: KafkaMeans, wirings: Sequence[Wiring], instance: str, step_ns: int | None
    ) -> None:
        self.means = means
        self.granted: set[Place] = set()
        """Partitions that the group lets this process read."""
        self.granted_changed = True
        """Whether tasks may have to be built or dropped; who has looked clears it."""
        self._step_ns = step_ns
        self._wirings = {wiring.group: wiring for wiring in wirings}
        self._queues: dict[Place, Queue] = {}
        self._places: dict[tuple[str | None, int | None], Place] = {}
        """Partitions that are read, by their names on the brokers."""
        self._assigned: set[Place] = set()
        self._paused: set[Place] = set()
        self._news: set[str] = set()
        self.stopping = False
        """Set when the process was asked to stop: nothing may wait for long any more."""
        self._readers = {
            place: wiring.group for wiring in wirings for place in wiring.input_places()
        }
        self._producers: dict[str, Producer] = {}
        self._written: dict[Place, int] = {}
        self._postponed: dict[str, dict[Place, int]] = {}
        self._epochs: dict[str, int] = {}
        self._consumer: Consumer | None = None
        self._connected: dict[str, Producer] = {}
        """Producers that have not been registered yet."""
        self._joined = False
        self._topics = sorted({i.topic for wiring in wirings for i in wiring.inputs})
        if self._topics:
            group = f"{wirings[0].session}.{wirings[0].stage}"
            self._consumer = Consumer(means.member(group, instance))

    @property
    def reads(self) -> bool:
        """Whether the stage has inputs."""
        return self._consumer is not None

    # Membership and reading

    def connect(self) -> None:
        """Does what takes time and disturbs nobody: a successor calls it while it waits.

        The group is joined by the first `fetch`, and predecessors are fenced by `register`.
        """
        self._connected = connect(self.means, list(self._wirings.values()), self._consumer)

    def _join(self, consumer: Consumer) -> None:
        self._joined = True
        consumer.subscribe(
            [self.means.topic(topic) for topic in self._topics],
            on_assign=self._on_assign,
            on_revoke=self._on_revoke,
            on_lost=self._on_revoke,
        )

    def fetch(self, timeout_s: float) -> bool:
        """Takes what has arrived into the queues; waits for the first message.

        Returns:
            Whether anything came.

        Raises:
            FencedError: another process has this replica's place.
            KafkaSettingsError: records were deleted before they were read.
        """
        consumer = self._consumer
        if consumer is None:
            return False
        if not self._joined:
            self._join(consumer)
        if timeout_s == 0 and self._backlog() >= FETCH_MESSAGES:
            return True
        self._resume()
        alone = len(self._places) == 1
        try:
            first = consumer.poll(min(timeout_s, PAUSE_S) if self._postponed else timeout_s)
            if first is None:
                return False
            messages = [first, *consumer.consume(CONSUME_MESSAGES - 1, 0)]
            self._arrived(messages, alone=alone)
            for _ in range(FETCH_MESSAGES // CONSUME_MESSAGES):
                if len(messages) < CONSUME_MESSAGES or self._backlog() >= FETCH_MESSAGES:
                    break
                alone = len(self._places) == 1
                messages = consumer.consume(CONSUME_MESSAGES, 0)
                self._arrived(messages, alone=alone)
        except KafkaException as raised:
            raise translated(raised, "consumer") from raised
        return True

    def _arrived(self, messages: list[Message], *, alone: bool) -> None:
        for place in self._sort(messages, alone=alone):
            self._news.add(self._readers[place])
            if len(self._queues[place]) >= QUEUE_MAX:
                self._pause(place)

    def _sort(self, messages: list[Message], *, alone: bool) -> set[Place]:
        """Puts messages into the queues of their partitions. Returns the partitions.

        Args:
            messages: what has come.
            alone: whether only one partition was read when they were asked for.
        """
        if any(map(Message.error, messages)):
            messages = without_errors(messages)
        # Whatever arrives is of the one partition: a look at the last message will do.
        lots = one_lot(messages) if alone and len(self._places) == 1 else by_partition(messages)
        touched = {self._places[name]: lot for name, lot in lots.items() if name in self._places}
        for place, lot in touched.items():
            self._queues[place].put(lot)
        return set(touched)

    def _backlog(self) -> int:
        """Records that wait in the queues of partitions that are not paused."""
        return sum(len(q) for place, q in self._queues.items() if place not in self._paused)

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """The group grants partitions; their task says later where it wants to begin."""
        consumer.incremental_assign([])
        self.granted |= {(self.means.own(p.topic), p.partition) for p in partitions}
        self.granted_changed = True

    def _on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        lost = {(self.means.own(p.topic), p.partition) for p in partitions}
        self.granted -= lost
        self.granted_changed = True
        held = lost & self._assigned
        consumer.incremental_unassign(self._named(held))
        self._forget(held)

    def holds(self, wiring: Wiring) -> bool:
        """Whether a task's partitions are read, without a break since the task was built."""
        return set(wiring.input_places()) <= self._assigned

    def leave(self, wiring: Wiring) -> None:
        """Stops reading for a task that was given up, keeping the group's grant."""
        held = set(wiring.input_places()) & self._assigned
        if held and self._consumer is not None:
            self._consumer.incremental_unassign(self._named(held))
        self._forget(held)
        self.drop_producer(wiring.group)

    def _forget(self, places: set[Place]) -> None:
        self._assigned -= places
        self._paused -= places
        for topic, partition in places:
            self._queues.pop((topic, partition), None)
            self._places.pop((self.means.topic(topic), partition), None)

    def _named(self, places: set[Place]) -> list[TopicPartition]:
        return [TopicPartition(self.means.topic(t), p) for t, p in sorted(places)]

    def _pause(self, place: Place) -> None:
        if place not in self._paused and self._consumer is not None:
            self._consumer.pause(self._named({place}))
            self._paused.add(place)

    def _resume(self) -> None:
        ready = {place for place in self._paused if len(self._queues[place]) <= QUEUE_LOW}
        if ready and self._consumer is not None:
            self._consumer.resume(self._named(ready))
            self._paused -= ready

    def start(self, offsets: Mapping[Place, int]) -> None:
        """See log.Log."""
        if not offsets:
            return
        assert self._consumer is not None
        assert set(offsets) <= self.granted, "a task was built before the group granted its inputs"
        for topic, partition in offsets:
            self._queues[topic, partition] = Queue(offsets[topic, partition])
            self._places[self.means.topic(topic), partition] = topic, partition
        self._consumer.incremental_assign(
            [TopicPartition(self.means.topic(t), p, n) for (t, p), n in sorted(offsets.items())]
        )
        self._assigned |= set(offsets)

    def poll(self, topic: str, partition: int, offset: int, records_max: int) -> Batch:
        """See log.Log."""
        queue = self._queues.get((topic, partition))
        if queue is None:
            raise AbortedError(f"{topic}/{partition} was taken away by the group")
        return queue.take(offset, records_max)

    def wait(self, topic: str, partition: int) -> bool:
        """See log.Log.

        Raises:
            AbortedError: the process was asked to stop.
            TransientError: nothing has come for a minute.
        """
        before, until_s = self.end(topic, partition), time.monotonic() + REPLAY_S
        while self.end(topic, partition) == before and (topic, partition) in self._queues:
            if self.stopping:
                raise AbortedError("asked to stop while it restored its state")
            if time.monotonic() > until_s:
                raise TransientError(
                    f"{topic}/{partition}: no record for {REPLAY_S:.0f} s although some are known "
                    "to exist"
                )
            self.fetch(WAIT_S)
        return True

    def news(self, group: str) -> bool:
        """See log.Log."""
        if group in self._news:
            self._news.discard(group)
            return True
        return False

    def end(self, topic: str, partition: int) -> int:
        """See log.Log: of what has arrived in this process."""
        queue = self._queues.get((topic, partition))
        return 0 if queue is None else queue.end

    def watermark_ns(self, topic: str, partition: int) -> int:
        """Watermark of a partition behind everything that was polled; -1 before the first."""
        queue = self._queues.get((topic, partition))
        return -1 if queue is None else queue.watermark_ns

    # Claims

    def register(self, producer_id: str) -> int:
        """Fences the earlier owner of a transactional id and settles what it left open."""
        # Always a new producer: one that served before may have been fenced by another process.
        producer = self._connected.pop(producer_id, None)
        if producer is None:
            producer = Producer(self.means.producer(producer_id))
        try:
            producer.init_transactions(COMMIT_TIMEOUT_S)
        except KafkaException as error:
            raise translated(error, f"{producer_id}: init") from error
        self._producers[producer_id] = producer
        self._epochs[producer_id] = self._epochs.get(producer_id, -1) + 1
        return self._epochs[producer_id]

    def committed(self, group: str) -> Committed | None:
        """See log.Log."""
        wiring = self._wirings[group]
        places = wiring.input_places()
        if not places:
            horizon = self.state(wiring.state).get(HORIZON_KEY)
            return None if horizon is None else Committed({}, int(horizon))
        assert self._consumer is not None
        try:
            found = self._consumer.committed(self._named(set(places)), REQUEST_TIMEOUT_S)
        except KafkaException as error:
            raise translated(error, f"{group}: committed offsets") from error
        offsets = {(self.means.own(p.topic), p.partition): p.offset for p in found if p.offset >= 0}
        if not offsets:
            return None
        horizon_ns = max(int(p.metadata or "-1") for p in found if p.offset >= 0)
        return Committed({place: offsets.get(place, 0) for place in places}, horizon_ns)

    def state(self, stage: str) -> Mapping[str, bytes]:
        """See log.Log."""
        name, _, task = stage.rpartition(".")
        return read_state(self.means, name, int(task))

    def transaction(self, producer_id: str, epoch: int) -> KafkaTransaction:
        """See log.Log."""
        if self._epochs.get(producer_id) != epoch:
            raise FencedError(f"{producer_id} has a newer owner in this process")
        return KafkaTransaction(self, producer_id)

    def close(self) -> None:
        """Leaves the group; open transactions were committed or are abandoned."""
        if self._consumer is not None:
            self._consumer.close()
        self._producers.clear()

    # What transactions need

    def producer(self, producer_id: str) -> Producer:
        """Producer of a task."""
        return self._producers[producer_id]

    def is_news(self, topic: str, partition: int, watermark_ns: int) -> bool:
        """Whether a watermark says more than the last one written."""
        if self._step_ns is None and watermark_ns < END_OF_TIME_NS:
            return False
        return watermark_ns > self._written.get((topic, partition), -1)

    def may_wait(self, watermarks: Mapping[Place, int]) -> bool:
        """Whether watermarks say so little that is new that their commit is put off."""
        step_ns = self._step_ns or 0
        return all(
            place in self._written and watermark_ns - self._written[place] < step_ns
            for place, watermark_ns in watermarks.items()
        )

    def postpone(self, producer_id: str, watermarks: dict[Place, int]) -> None:
        """Puts watermarks off until the producer's next commit, or until nothing else comes."""
        if watermarks:
            self._postponed[producer_id] = watermarks

    def take_postponed(self, producer_id: str) -> dict[Place, int]:
        """Watermarks that were put off; they are the caller's now."""
        return self._postponed.pop(producer_id, {})

    def catch_up(self, producer_id: str) -> None:
        """Nothing else comes: whoever waits for a small step gets it."""
        if producer_id in self._postponed:
            self.transaction(producer_id, self._epochs[producer_id]).commit_time()

    def written(self, watermarks: Mapping[Place, int]) -> None:
        """Notes watermarks that were committed."""
        self._written.update(watermarks)

    def send_offsets(self, producer: Producer, committed: Committed, limit_s: float) -> None:
        """Step 6: offsets into the transaction, fenced by the group's generation."""
        assert self._consumer is not None
        offsets = [
            TopicPartition(self.means.topic(t), p, n, metadata=str(committed.horizon_ns))
            for (t, p), n in committed.offsets.items()
        ]
        metadata = self._consumer.consumer_group_metadata()
        producer.send_offsets_to_transaction(offsets, metadata, limit_s)

    def drop_producer(self, producer_id: str) -> None:
        """After a failed commit the task is built anew, with a new producer."""
        self._postponed.pop(producer_id, None)
        self._producers.pop(producer_id, None)
