"""Walks every interleaving of what can happen to one order, and checks the invariants at each step.

A world that was reached before, up to a shift in time, is not walked again: what can follow depends
on the entries alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from oms_desk import Desk, live, reloaded
from tapeline.contracts import codec
from tapeline.contracts.messages import LiveOrder
from tapeline.contracts.order_states import TERMINAL, TRANSITIONS
from tapeline.execution.oms.logic import State

DEPTH = 6
QTY = 10
RESERVE_E4 = 10_005_000
LEGAL = {(before.value, event.value, after.value) for before, event, after in TRANSITIONS}


class World:
    """A desk with one order, and what its broker has said so far."""

    def __init__(self) -> None:
        self.desk = Desk(unknown_deadline_s=4)
        self.trades: dict[str, int] = {}
        self.said: set[str] = set()
        self.ended = 0
        self.path: tuple[str, ...] = ()
        self.check(self.desk.allow())

    def copy(self) -> World:
        twin = World.__new__(World)
        twin.desk = Desk(unknown_deadline_s=4)
        twin.desk.now_ns = self.desk.now_ns
        for key in self.desk.state.keys():  # noqa: SIM118  # a protocol's method, not a dict's
            twin.desk.state.load(key, self.desk.state.entry(key))
        twin.trades = dict(self.trades)
        twin.said = set(self.said)
        twin.ended = self.ended
        twin.path = self.path
        return twin

    def signature(self) -> bytes:
        """What the future depends on: a time that is past is past, a closed order has none."""
        now_ns = self.desk.now_ns
        order = msgspec.structs.asdict(self.desk.order())
        closed = order["state"] in ("FILLED", "CANCELLED")
        for name, value in order.items():
            if name == "not_found_ns" and value is not None:
                order[name] = now_ns - value
            elif name.endswith("_ns") and value is not None:
                order[name] = 0 if closed or name == "created_ns" else max(value - now_ns, 0)
            elif name.endswith("_ids"):
                order[name] = sorted(value)
        if closed:
            order["cancel_reason"] = order["reason"] = ""
        order["n"] = 0
        rest = (sorted(self.trades), sorted(self.said), self.desk.state.account.mode)
        return msgspec.json.encode((order, rest))

    def check(self, outputs: list[Any]) -> None:
        order = self.desk.order()
        where = (*self.path, order.state)
        assert not [o for o in outputs if o.topic.endswith(".dead")], where
        for event in live(outputs):
            self.check_event(event)
        assert order.filled_qty == sum(self.trades.values()) <= QTY, where
        assert self.ended == (1 if order.state in TERMINAL else 0), where

    def check_event(self, event: LiveOrder) -> None:
        assert (event.prev_state, event.event, event.state) in LEGAL
        if event.state == "REJECTED" and event.prev_state != "REJECTED":
            assert event.event == "NOT_FOUND_FINAL"
        open_qty = QTY - event.filled_qty
        held_e4 = 0 if event.state in TERMINAL else -(-RESERVE_E4 * open_qty // QTY)
        assert event.reserved_e4 == held_e4, (self.path, event)
        self.ended += (event.state in TERMINAL) - (event.prev_state in TERMINAL)


def trade(trade_id: str, qty: int) -> Callable[[World], list[Any]]:
    def act(world: World) -> list[Any]:
        is_new = trade_id not in world.trades
        world.trades[trade_id] = qty
        outputs = world.desk.trade(qty, trade_id)
        assert [o.message.qty for o in outputs if o.topic == "fills"] == ([qty] if is_new else [])
        return outputs

    return act


def say(kind: str, **changes: Any) -> Callable[[World], list[Any]]:
    def act(world: World) -> list[Any]:
        world.said.add(kind)
        return world.desk.report(kind, report_id=kind, **changes)

    return act


def not_found(world: World) -> list[Any]:
    if world.desk.order().state != "UNKNOWN":
        return []
    return world.desk.report("NOT_FOUND", report_id=f"N{world.desk.now_ns}", broker_order_id=None)


def pass_time(world: World) -> list[Any]:
    return world.desk.wait(2_000 if world.desk.order().state == "UNKNOWN" else 5_000)


def cancelled(world: World) -> list[Any]:
    if len(world.trades) == 2 and "CANCELLED" not in world.said:
        return []
    return say("CANCELLED")(world)


def restart(world: World) -> list[Any]:
    before = saved(world.desk.state)
    world.desk.state = reloaded(world.desk.state)
    assert saved(world.desk.state) == before
    return []


def saved(state: State) -> dict[str, bytes]:
    entries = {key: state.entry(key) for key in state.keys()}  # noqa: SIM118
    return {key: codec.encode(entry) for key, entry in entries.items() if entry is not None}


ACTIONS: dict[str, Callable[[World], list[Any]]] = {
    "time passes": pass_time,
    "timeout": say("TIMEOUT", broker_order_id=None),
    "ack": say("ACK"),
    "trade 1": trade("T1", 4),
    "trade 2": trade("T2", 6),
    "cancel request": lambda world: world.desk.control("KILL"),
    "cancelled": cancelled,
    "cancel refused": say("CANCEL_REJECT", broker_order_id=None),
    "found": say("FOUND", message="OPEN"),
    "not found": not_found,
    "restart": restart,
}
STRAY_BEFORE_CANCEL = ("PENDING_SUBMIT",)
"""A refused cancel before any cancel is no history that a broker can produce."""


def explore(names: tuple[str, ...], depth: int) -> dict[str, int]:
    """How often each state was reached."""
    frontier = [World()]
    seen = {frontier[0].signature()}
    reached: dict[str, int] = {}
    for _ in range(depth):
        following = []
        for world in frontier:
            for name in names:
                if name == "cancel refused" and world.desk.order().state in STRAY_BEFORE_CANCEL:
                    continue
                twin = world.copy()
                twin.path = (*world.path, name)
                twin.check(ACTIONS[name](twin))
                signature = twin.signature()
                if signature not in seen:
                    seen.add(signature)
                    following.append(twin)
                    state = twin.desk.order().state
                    reached[state] = reached.get(state, 0) + 1
        frontier = following
    return reached


def test_no_interleaving_breaks_an_invariant() -> None:
    reached = explore(tuple(ACTIONS), DEPTH)

    assert {"FILLED", "CANCELLED", "REJECTED", "UNKNOWN", "PENDING_CANCEL"} <= set(reached)


def test_without_a_denial_of_the_broker_nothing_is_given_up() -> None:
    names = ("time passes", "timeout", "cancel request", "restart")

    assert "REJECTED" not in explore(names, 12)
