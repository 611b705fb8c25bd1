"""Any order of reports gives the same fills; any restart the same outputs; no change is unseen."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_desk import START_NS, Desk, leg, market, reloaded
from tapeline.contracts import codec
from tapeline.contracts.messages import LiveOrder
from tapeline.execution.audit import verify_chain

REPORTS = (
    "ACK", "REJECT", "CANCELLED", "CANCEL_REJECT", "MODIFIED", "MODIFY_REJECT", "EXPIRED",
    "TRIGGER_PENDING", "TRIGGERED", "TIMEOUT", "FOUND", "NOT_FOUND",
)  # fmt: skip
STATUSES = ("", "OPEN", "COMPLETE", "CANCELLED", "REJECTED", "TRIGGER PENDING")
SLOTS = (("E", 0, 0), ("P", 0, 0), ("P", 1, 0), ("P", 0, 1), ("P", 1, 1), ("X", 0, 0), ("X", 0, 1))

few = st.integers(0, 5)
slots = st.sampled_from(SLOTS)
actions = st.one_of(
    st.tuples(st.just("intent"), st.sampled_from("EPX")),
    st.tuples(st.just("wait"), st.sampled_from((1, 900, 3_000, 31_000))),
    st.tuples(st.just("control"), st.sampled_from(("KILL", "REDUCE", "RESUME", "PAUSE"))),
    st.tuples(st.just("trade"), slots, st.integers(1, 7), few),
    st.tuples(st.just("report"), slots, st.sampled_from(REPORTS), few, st.sampled_from(STATUSES)),
)


def play(desk: Desk, action: tuple[Any, ...]) -> list[Any]:
    kind = action[0]
    if kind == "intent":
        return intent(desk, action[1])
    if kind == "wait":
        return desk.wait(action[1])
    if kind == "control":
        return desk.control(action[1])
    slot = action[1]
    if desk.id(*slot) not in desk.state.orders:
        return []
    if kind == "trade":
        return desk.trade(action[2], f"T{action[3]}", *slot)
    report_id = f"{action[2]}{action[3]}"
    return desk.report(action[2], *slot, report_id=report_id, message=action[4], cum_qty=action[3])


def intent(desk: Desk, name: str) -> list[Any]:
    if name == "E":
        return desk.allow("E", leg(), expires_ns=START_NS + 45_000_000_000)
    if name == "P":
        return desk.allow("P", leg(), leg("TCS", "SELL"), leg_timeout_ms=5_000)
    return desk.allow("X", market(), action="EXIT", reserved_e4=0)


@settings(deadline=None, max_examples=150)
@given(st.lists(actions, max_size=40), st.integers(0, 40))
def test_a_restart_anywhere_changes_nothing(stream: list[tuple[Any, ...]], cut: int) -> None:
    whole, broken = Desk(), Desk()
    for index, action in enumerate([("intent", "P"), ("intent", "E"), ("intent", "X"), *stream]):
        if index == cut:
            broken.state = reloaded(broken.state)
        assert play(whole, action) == play(broken, action)

    assert verify_chain(whole.events) is None
    head = whole.events[-1].hash
    assert whole.state.account.head == head
    position: dict[str, int] = {}
    for fill in whole.fills:
        position[fill.order_id] = position.get(fill.order_id, 0) + fill.qty
    for order_id, order in whole.state.orders.items():
        assert order.filled_qty == position.get(order_id, 0)


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_reports_in_any_order_and_number_give_the_same_fills(data: st.DataObject) -> None:
    quantities = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    ends = data.draw(st.sampled_from(((), ("CANCELLED",), ("EXPIRED",))))
    reports = [("FILL", f"T{n}", qty) for n, qty in enumerate(quantities)]
    reports += [(kind, kind, 0) for kind in ("ACK", "TIMEOUT", *ends)]
    copies = data.draw(st.lists(st.sampled_from(reports), max_size=6))
    order = data.draw(st.permutations([*reports, *copies]))

    straight, mixed = Desk(), Desk()
    for desk, stream in ((straight, reports), (mixed, order)):
        desk.allow()
        for kind, name, qty in stream:
            if kind == "FILL":
                desk.trade(qty, name)
            else:
                desk.report(kind, report_id=name)

    assert fills_of(straight) == fills_of(mixed)
    assert straight.order().filled_qty == mixed.order().filled_qty == sum(quantities)
    assert straight.order().state == mixed.order().state


def fills_of(desk: Desk) -> list[tuple[str, int, int, int]]:
    return sorted((f.fill_id, f.qty, f.price_e4, f.charges.total_e4) for f in desk.fills)


def history() -> list[LiveOrder]:
    desk = Desk()
    desk.allow()
    desk.report("ACK")
    desk.trade(4, "T1")
    desk.control("KILL")
    desk.report("CANCELLED")
    return desk.events


EVENTS = history()


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_changed_byte_of_the_audit_is_found(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(EVENTS) - 1))
    content = bytearray(codec.encode(EVENTS[index]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    try:
        changed = codec.decode("live_orders", bytes(content))
    except codec.BadRecordError:
        return

    assert verify_chain([*EVENTS[:index], changed, *EVENTS[index + 1 :]]) == index


def test_a_missing_doubled_or_moved_event_is_found() -> None:
    assert verify_chain(EVENTS) is None
    assert verify_chain(EVENTS[2:], EVENTS[1].hash) is None
    assert verify_chain(EVENTS[1:]) == 0
    assert verify_chain([EVENTS[0], *EVENTS[2:]]) == 1
    assert verify_chain([EVENTS[0], EVENTS[0], *EVENTS[1:]]) == 1
    assert verify_chain([EVENTS[1], EVENTS[0], *EVENTS[2:]]) == 0
    forged = msgspec.structs.replace(EVENTS[-1], state="FILLED")
    assert verify_chain([*EVENTS[:-1], forged]) == len(EVENTS) - 1
