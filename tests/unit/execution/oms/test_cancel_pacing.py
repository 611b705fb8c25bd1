"""Cancels leave at a pace that the broker takes: so many in a calendar second, the oldest first."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from oms_desk import Desk, brief, leg, market
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import LiveOrder


def entries(desk: Desk, count: int) -> list[str]:
    """Acknowledged entries, a millisecond apart; their intents, oldest first."""
    names = [f"I{n:02}" for n in range(count)]
    for name in names:
        desk.allow(name, leg("INFY" if int(name[1:]) % 2 else "TCS"))
        desk.wait(1)
        desk.report("ACK", name)
    return names


def cancels(desk: Desk) -> list[LiveOrder]:
    return [event for event in desk.events if event.command == "CANCEL"]


def by_second(desk: Desk) -> list[int]:
    counts = Counter(event.at_ns // SECOND_NS for event in cancels(desk))
    return [counts[second] for second in sorted(counts)]


def confirm(desk: Desk) -> None:
    """The broker confirms each cancel that was sent."""
    for event in cancels(desk):
        if desk.state.orders[event.order_id].state == "PENDING_CANCEL":
            desk.report("CANCELLED", event.intent_id)


def test_a_kill_cancels_twenty_orders_in_four_seconds_the_oldest_first() -> None:
    desk = Desk()
    names = entries(desk, 20)
    desk.control("KILL")
    assert len(cancels(desk)) == 5
    for _ in range(4):
        desk.wait(1000)
        confirm(desk)

    assert [event.intent_id for event in cancels(desk)] == names
    assert by_second(desk) == [5, 5, 5, 5]
    assert {event.reason for event in cancels(desk)} == {"HALTED"}
    assert desk.state.open_orders() == []


def test_the_queue_survives_a_restart() -> None:
    desk = Desk(cancels_per_second=2)
    names = entries(desk, 7)
    desk.control("KILL")
    desk.wait(1000)
    desk.restart()
    desk.wait(3000)

    assert [event.intent_id for event in cancels(desk)] == names
    assert by_second(desk) == [2, 2, 2, 1]


def test_exits_are_placed_while_cancels_wait_and_their_chases_join_the_queue() -> None:
    desk = Desk(cancels_per_second=1)
    entries(desk, 3)
    desk.allow("X1", market(), action="EXIT")
    desk.report("ACK", "X1")
    desk.wait(2600)
    desk.control("KILL")
    assert [r[2] for r in brief(desk.allow("X2", market("TCS"), action="EXIT"))] == ["PLACE"]
    desk.wait(3500)

    assert [event.intent_id for event in cancels(desk)][:4] == ["I00", "I01", "I02", "X1"]
    assert set(by_second(desk)) == {1}


def test_an_order_that_is_filled_while_its_cancel_waits_is_left_alone() -> None:
    desk = Desk(cancels_per_second=1)
    entries(desk, 3)
    desk.control("KILL")
    desk.trade(10, "T1", "I01")
    desk.wait(4000)

    assert [event.intent_id for event in cancels(desk)] == ["I00", "I02"]
    assert by_second(desk) == [1, 1]


def test_a_second_kill_asks_for_nothing_twice() -> None:
    desk = Desk(cancels_per_second=2)
    entries(desk, 5)
    desk.control("KILL")
    desk.control("KILL")
    desk.wait(4000)

    assert len(cancels(desk)) == 5


@given(
    pace=st.integers(1, 5),
    lives_ms=st.lists(st.integers(1, 4000), min_size=1, max_size=25),
    kill_ms=st.integers(0, 3000),
)
@profile(deadline=None, max_examples=60)
def test_no_second_has_more_cancels_than_its_pace(
    pace: int, lives_ms: list[int], kill_ms: int
) -> None:
    desk = Desk(cancels_per_second=pace)
    for n, life_ms in enumerate(lives_ms):
        expires_ns = desk.now_ns + life_ms * 1_000_000
        desk.allow(f"I{n}", expires_ns=expires_ns)
        desk.report("ACK", f"I{n}")
    desk.wait(kill_ms)
    desk.control("KILL")
    for _ in range(30):
        desk.wait(1000)
        confirm(desk)

    assert max(by_second(desk)) <= pace
    assert len({event.order_id for event in cancels(desk)}) == len(lives_ms)
    assert desk.state.open_orders() == []
