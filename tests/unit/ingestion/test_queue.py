"""The bounded queue and the pump that fills it at the speed of a clock."""

from __future__ import annotations

import threading

import pytest

import ingestion_sessions as build
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Control, Heartbeat, Tick
from tapeline.ingestion.app import source
from tapeline.ingestion.beats import beats
from tapeline.ingestion.pump import Pump, shift_to_now
from tapeline.ingestion.queue import LatestWinsQueue
from tapeline.ingestion.source import ChunkedSource
from tapeline.runner.stage import Output


def tick(symbol, seq, at_ns=0):
    return Output(
        "ticks",
        symbol,
        Tick(
            at_ns=at_ns,
            symbol=symbol,
            seq=seq,
            event_ns=at_ns,
            last_price_e4=1,
            last_qty=0,
            day_volume=0,
            trade=True,
            bids=(),
            asks=(),
        ),
    )


def filled(capacity, names):
    queue = LatestWinsQueue(capacity)
    for seq, name in enumerate(names):
        queue.put(tick(name, seq))
    return queue


@pytest.mark.parametrize(
    ("capacity", "names", "left", "dropped"),
    {
        "room for all": (3, "ABA", [0, 1, 2], {}),
        "the oldest of the same symbol goes": (3, "BAAA", [0, 2, 3], {"A": 1}),
        "else the oldest that is not the last of its symbol": (3, "ABBC", [0, 2, 3], {"B": 1}),
        "else the oldest of all": (2, "ABC", [1, 2], {"A": 1}),
        "a queue of one": (1, "ABAB", [3], {"A": 2, "B": 1}),
    }.values(),
)
def test_what_a_full_queue_drops(capacity, names, left, dropped):
    queue = filled(capacity, names)
    stats = queue.stats()
    assert (stats.put, stats.depth, stats.dropped) == (len(names), len(left), dropped)
    assert stats.high_water == min(capacity, len(names))
    assert [each.message.seq for each in queue.drain()] == left
    assert queue.stats().taken == len(left)
    assert queue.stats().depth == 0


def test_heartbeats_and_controls_are_never_dropped_and_do_not_count():
    queue = LatestWinsQueue(1)
    beat = next(beats(0, SECOND_NS))
    control = Control(at_ns=0, command="KILL", by="drill", reason="OK", key=None, value=None)
    for output in (beat, tick("A", 0), Output("control", "PAPER1", control), beat, tick("A", 1)):
        queue.put(output)
    assert queue.stats().depth == 1
    kinds = [type(each.message) for each in queue.drain()]
    assert kinds == [Heartbeat, Control, Heartbeat, Tick]


def test_a_drain_takes_no_more_than_its_limit():
    queue = filled(5, "ABCDE")
    assert [each.key for each in queue.drain(limit=2)] == ["A", "B"]
    assert queue.stats().depth == 3


def test_a_consumer_waits_for_a_producer_in_another_thread():
    queue = LatestWinsQueue(100)
    found = []

    def consume():
        while not queue.finished:
            found.extend(queue.drain(wait_s=5.0))

    consumer = threading.Thread(target=consume)
    consumer.start()
    for seq in range(1000):
        queue.put(tick("A", seq))
    queue.close()
    consumer.join(timeout=10)

    seqs = [each.message.seq for each in found]
    assert not consumer.is_alive()
    assert seqs == sorted(seqs)
    assert seqs[-1] == 999
    assert len(seqs) + sum(queue.stats().dropped.values()) == 1000


def test_a_closed_queue_takes_nothing():
    queue = LatestWinsQueue(1)
    queue.close()
    assert queue.finished
    assert queue.drain(wait_s=5.0) == []
    with pytest.raises(AssertionError, match="closed"):
        queue.put(tick("A", 0))


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, now_ns):
        self.now_ns = now_ns
        self.slept_s = []

    def __call__(self):
        return self.now_ns

    def sleep(self, seconds):
        self.slept_s.append(seconds)
        self.now_ns += round(seconds * SECOND_NS)


def test_the_pump_delivers_each_record_at_its_time_shifted_to_now():
    played = [tick("A", 0, 5 * SECOND_NS), tick("B", 0, 5 * SECOND_NS + 400 * MS_NS)]
    played += list(beats(6 * SECOND_NS, 7 * SECOND_NS))
    feed = ChunkedSource(iter([played]))
    clock = Clock(1_000 * SECOND_NS)
    queue = LatestWinsQueue(10)
    shift_ns = shift_to_now(feed, clock)
    Pump(feed, queue, clock, clock.sleep, shift_ns).run()

    found = [each.message for each in queue.drain()]
    assert [each.at_ns for each in found] == [
        1_000 * SECOND_NS,
        1_000 * SECOND_NS + 400 * MS_NS,
        1_001 * SECOND_NS,
    ]
    assert [each.event_ns for each in found[:2]] == [each.at_ns for each in found[:2]]
    assert found[2].complete_ns == 1_001 * SECOND_NS
    assert max(clock.slept_s) == 0.25
    assert queue.finished


def test_a_late_pump_stamps_the_arrival_and_keeps_the_exchange_time():
    kill = Control(at_ns=1, command="KILL", by="drill", reason="OK", key=None, value=None)
    played = [
        Output("control", "PAPER1", kill),
        tick("A", 0, SECOND_NS),
        tick("A", 1, 2 * SECOND_NS),
    ]
    queue = LatestWinsQueue(10)
    Pump(ChunkedSource(iter([played])), queue, Clock(9 * SECOND_NS), pytest.fail).run()

    found = [each.message for each in queue.drain()]
    assert [each.at_ns for each in found] == [9 * SECOND_NS] * 3
    assert [each.event_ns for each in found[1:]] == [SECOND_NS, 2 * SECOND_NS]


def test_the_pump_stops_when_told_and_closes_the_queue():
    session = build.session(plan=build.HALF_HOUR)
    queue = LatestWinsQueue(1000)
    clock = Clock(session.start_ns)
    Pump(source(session), queue, clock, clock.sleep).run(lambda: len(clock.slept_s) < 20)
    assert len(clock.slept_s) == 20
    assert queue.stats().put > 5


def test_an_empty_source_needs_no_shift():
    assert shift_to_now(ChunkedSource(iter(())), Clock(5)) == 0
