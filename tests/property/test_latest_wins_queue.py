"""What the bounded queue promises, under any order of puts and drains."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import ingestion_sessions as build
from tapeline.contracts.messages import Tick
from tapeline.ingestion.app import source
from tapeline.ingestion.beats import beats
from tapeline.ingestion.queue import LatestWinsQueue

RECORDS = [
    each
    for each in source(build.session(plan=build.ONE_HOUR)).slice(2**62)
    if isinstance(each.message, Tick)
][:60]
BEAT = next(beats(0, 10**9))
STEPS = st.lists(
    st.one_of(
        st.integers(0, 59).map(lambda place: ("put", place)),
        st.just(("beat", 0)),
        st.integers(0, 5).map(lambda limit: ("drain", limit)),
    ),
    max_size=80,
)


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 8), STEPS)
def test_order_last_tick_depth_and_counts(capacity, steps):
    queue = LatestWinsQueue(capacity)
    puts: dict[str, list[int]] = {}
    taken: dict[str, list[int]] = {}
    n_beats = n_taken_beats = number = 0

    def take(limit):
        nonlocal n_taken_beats
        for each in queue.drain(limit):
            if isinstance(each.message, Tick):
                taken.setdefault(each.key, []).append(each.message.seq)
            else:
                n_taken_beats += 1

    for action, value in steps:
        if action == "put":
            record = RECORDS[value]
            named = replace(record.message, seq=number)
            queue.put(replace(record, message=named))
            puts.setdefault(record.key, []).append(number)
            number += 1
        elif action == "beat":
            queue.put(BEAT)
            n_beats += 1
        else:
            take(value)
        assert queue.stats().depth <= capacity
    take(None)

    stats = queue.stats()
    assert n_taken_beats == n_beats
    assert stats.put == stats.taken + sum(stats.dropped.values())
    assert stats.high_water <= capacity
    for symbol, numbers in puts.items():
        found = taken.get(symbol, [])
        assert found == sorted(found)
        assert len(found) + stats.dropped.get(symbol, 0) == len(numbers)
        if capacity >= len(build.LIQUID):
            assert found[-1] == numbers[-1]
