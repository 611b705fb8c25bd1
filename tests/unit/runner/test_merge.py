"""The two orders of a stage's inputs: by session time in virtual time, by arrival in real time."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.runner.merge import Arrival, Buffer, Merge, until
from tapeline.runner.stage import PARTITION_SHIFT, Event
from tapeline.runner.wiring import Input

END_NS = 1_000
FEEDBACK_NS = 100

CONTROL = Input("control", 0, (0,), feedback=True)
TICKS = Input("ticks", 4, (0, 1), feedback=False)


def event(source: Input, at_ns: int, key: str = "A", position: int = 0) -> Event:
    return Event(at_ns, source.rank, key, position, source.topic, None)


def fill(buffer: Buffer, *events: Event, watermark_ns: int = -1) -> None:
    """What the runner's steps 1 and 2 leave in a buffer."""
    buffer.events += events
    buffer.watermark_ns = max(buffer.watermark_ns, watermark_ns)
    if events:
        buffer.last_ns = events[-1].at_ns
        buffer.fetched = events[-1].position + 1


def merge(*inputs: Input) -> Merge:
    return Merge(inputs, FEEDBACK_NS, END_NS)


def test_a_commit_ends_before_a_watermark_that_the_next_owner_does_not_know() -> None:
    (buffer,) = merge(CONTROL).buffers
    fill(buffer, event(CONTROL, 5, position=3))
    assert buffer.next_offset == 3

    buffer.events, buffer.fetched, buffer.marked_at = [], 6, 5
    assert buffer.next_offset == 5


def times(events: list[Event]) -> list[int]:
    return [e.at_ns for e in events]


def test_events_of_one_time_come_by_rank_then_key_then_place() -> None:
    order = merge(CONTROL, TICKS)
    control, first, second = order.buffers
    fill(second, event(TICKS, 5, "Z", 0), watermark_ns=9)
    fill(first, event(TICKS, 5, "B", 1), event(TICKS, 5, "B", 2), watermark_ns=9)
    fill(control, event(CONTROL, 5, "Z"), watermark_ns=9)

    taken, horizon_ns = order.take(100)

    assert [(e.topic, e.key, e.position) for e in taken] == [
        ("control", "Z", 0),
        ("ticks", "B", 1),
        ("ticks", "B", 2),
        ("ticks", "Z", 0),
    ]
    assert horizon_ns == 9


def test_nothing_is_handed_out_before_the_slowest_input_is_complete_to_its_time() -> None:
    order = merge(TICKS)
    first, second = order.buffers
    fill(first, event(TICKS, 5), event(TICKS, 8, position=1), watermark_ns=50)
    fill(second, watermark_ns=6)

    taken, horizon_ns = order.take(100)

    assert (times(taken), horizon_ns) == ([5], 6)
    assert (order.head_ns(), first.next_offset) == (8, 1)


def test_an_input_without_a_watermark_holds_everything_back() -> None:
    order = merge(TICKS)
    fill(order.buffers[0], event(TICKS, 5), watermark_ns=50)

    assert order.take(100) == ([], -1)


def test_while_the_log_holds_more_the_last_time_that_was_fetched_may_yet_get_company() -> None:
    order = merge(CONTROL)
    (buffer,) = order.buffers
    fill(buffer, event(CONTROL, 5), event(CONTROL, 8, position=1))

    taken, horizon_ns = order.take(100)

    assert (times(taken), horizon_ns) == ([5], 7)

    fill(buffer, event(CONTROL, 8, position=2), watermark_ns=50)
    taken, horizon_ns = order.take(100)
    assert (times(taken), horizon_ns) == ([8, 8], 50)


def test_nothing_after_the_end_is_handed_out() -> None:
    order = merge(CONTROL)
    fill(
        order.buffers[0],
        event(CONTROL, END_NS),
        event(CONTROL, END_NS + 1, position=1),
        watermark_ns=2 * END_NS,
    )

    taken, horizon_ns = order.take(100)

    assert (times(taken), horizon_ns) == ([END_NS], END_NS)


def test_only_feedback_edges_have_latency_and_are_lifted() -> None:
    order = merge(CONTROL, TICKS)
    control, ticks, _ = order.buffers

    assert (control.latency_ns, ticks.latency_ns) == (FEEDBACK_NS, 0)
    order.lift(77)
    assert (control.watermark_ns, ticks.watermark_ns) == (77, -1)
    order.lift(50)
    assert control.watermark_ns == 77


def test_a_batch_ends_between_two_session_times() -> None:
    order = merge(CONTROL)
    (buffer,) = order.buffers
    at = [1, 2, 2, 2, 3]
    fill(buffer, *(event(CONTROL, t, position=n) for n, t in enumerate(at)), watermark_ns=50)

    assert [order.take(2) for _ in range(3)] == [
        ([event(CONTROL, 1)], 1),
        ([event(CONTROL, 2, position=n) for n in (1, 2, 3)], 2),
        ([event(CONTROL, 3, position=4)], 50),
    ]


def test_a_session_time_with_more_events_than_a_batch_is_taken_whole() -> None:
    order = merge(CONTROL)
    (buffer,) = order.buffers
    fill(buffer, *(event(CONTROL, 7, position=n) for n in range(9)), watermark_ns=50)

    taken, horizon_ns = order.take(2)

    assert (len(taken), horizon_ns) == (9, 7)


def test_a_full_buffer_stops_polling_except_within_one_session_time() -> None:
    (buffer,) = merge(CONTROL).buffers
    fill(buffer, *(event(CONTROL, 7, position=n) for n in range(3)))
    assert not buffer.is_full(3)

    fill(buffer, event(CONTROL, 8, position=3))
    assert buffer.is_full(3)
    assert not buffer.is_full(5)


def test_broadcasts_are_taken_from_the_last_partition_only() -> None:
    """In real time it is taken last: a heartbeat comes behind what it speaks of in the others."""
    first, second = Arrival((TICKS,), lambda: 0).buffers

    assert first.drops_broadcasts()
    assert not second.drops_broadcasts()
    assert (first.place, second.place) == (("ticks", 0), ("ticks", 1))


def test_an_empty_buffer_commits_what_was_fetched() -> None:
    (buffer,) = merge(CONTROL).buffers
    assert buffer.next_offset == 0

    fill(buffer, event(CONTROL, 3, position=41))
    assert buffer.next_offset == 41
    assert until(buffer, 3) == [event(CONTROL, 3, position=41)]
    assert buffer.next_offset == 42
    assert until(buffer, 99) == []


@settings(max_examples=60, deadline=None)
@given(
    at=st.lists(st.integers(0, 30), max_size=60),
    batch=st.integers(1, 9),
    seed=st.integers(0, 99),
)
def test_whatever_the_partitions_and_batches_the_order_is_the_same(
    at: list[int], batch: int, seed: int
) -> None:
    chance = random.Random(seed)
    records = [(t, chance.choice("ABC")) for t in sorted(at)]

    def handed_out(partition_of: dict[str, int], size: int) -> list[tuple[int, str]]:
        order = merge(TICKS)
        for partition, buffer in enumerate(order.buffers):
            own = [r for r in records if partition_of[r[1]] == partition]
            fill(buffer, *(event(TICKS, t, k, n) for n, (t, k) in enumerate(own)))
            buffer.watermark_ns = END_NS
        taken: list[Event] = []
        while order.head_ns() is not None:
            events, _ = order.take(size)
            taken += events
        return [(e.at_ns, e.key) for e in taken]

    expected = sorted(records)
    assert handed_out({"A": 0, "B": 0, "C": 0}, 10_000) == expected
    assert handed_out({key: chance.randint(0, 1) for key in "ABC"}, batch) == expected


def test_merge_orders_a_replay_as_it_handed_out() -> None:
    events = [event(TICKS, 5, "B"), event(CONTROL, 5, "Z"), event(TICKS, 2, "A")]

    assert merge(CONTROL, TICKS).ordered(events) == [events[2], events[1], events[0]]


class Hands:
    """A clock that a test moves."""

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns

    def __call__(self) -> int:
        return self.now_ns


def test_arrival_takes_everything_that_waits_at_the_time_of_the_clock() -> None:
    clock = Hands(100)
    order = Arrival((CONTROL, TICKS), clock)
    control, _, second = order.buffers
    fill(second, event(TICKS, 7, "B", 3))
    fill(control, event(CONTROL, 900, "Z", 1), event(CONTROL, 901, "Z", 2))

    assert order.head_ns() == 7
    taken, now_ns = order.take(1)

    assert now_ns == 100
    assert [(e.at_ns, e.topic, e.position) for e in taken] == [
        (100, "control", 1),
        (100, "control", 2),
        (100, "ticks", 3),
    ]
    assert order.head_ns() is None


def test_arrival_never_goes_back_with_the_clock() -> None:
    clock = Hands(100)
    order = Arrival((CONTROL, TICKS), clock)
    order.take(1)
    clock.now_ns = 60

    assert order.take(1) == ([], 100)
    assert not order.lift(5_000)
    assert order.take(1) == ([], 100)


def test_with_one_input_arrival_keeps_the_records_own_times() -> None:
    order = Arrival((CONTROL,), Hands(10**9))
    (buffer,) = order.buffers
    fill(buffer, event(CONTROL, 40), event(CONTROL, 30, position=1), event(CONTROL, 50, position=2))
    waiting = list(buffer.events)

    taken, now_ns = order.take(1)

    assert times(taken) == [40, 40, 50]
    assert now_ns == 50
    assert order.ordered(waiting) == waiting


def test_with_one_input_arrival_goes_to_the_end_though_no_record_brings_it_there() -> None:
    order = Arrival((CONTROL,), Hands(10**9))
    fill(order.buffers[0], event(CONTROL, 40))
    order.take(1)

    assert order.lift(END_NS)
    assert order.take(1) == ([], END_NS)
    assert not order.lift(END_NS - 1)
    assert order.take(1) == ([], END_NS)


def test_two_writers_with_one_time_and_key_are_ordered_by_writer() -> None:
    first, second = object(), object()
    events = [
        Event(5, 0, "A1", (1 << PARTITION_SHIFT) + 0, "control", second),
        Event(5, 0, "A1", 0, "control", first),
    ]

    assert [e.message for e in sorted(events)] == [first, second]
    assert [(e.partition, e.position) for e in sorted(events)] == [(0, 0), (1, 0)]
