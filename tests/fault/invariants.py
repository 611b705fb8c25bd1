"""What must hold after any run, however it was disturbed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import scenario

from tapeline.contracts import codec
from tapeline.contracts.messages import Allowed, Fill, LiveOrder
from tapeline.contracts.order_states import OrderEvent, OrderState, next_state
from tapeline.execution.audit import verify_chain
from tapeline.session.context import SessionContext


class InvariantError(Exception):
    """An invariant was broken; the message says which, and where."""


_PLACE = re.compile(rb'"partition":\d+,"offset":\d+,')

IGNORED_TOPICS = {"recon"}
"""Findings carry the number of repeats a run happened to see; breaks are checked on their own."""


def check(outcome: scenario.Outcome, expected: scenario.Outcome, context: SessionContext) -> None:
    """Checks every invariant.

    Raises:
        InvariantError: for the first one that is broken.
    """
    nothing_lost_or_doubled(outcome, expected)
    orders = [codec.decode("live_orders", v) for v in _all(outcome, "live_orders")]
    fills = [codec.decode("fills", v) for v in _all(outcome, "fills")]
    allowed = [codec.decode("orders.allowed", v) for v in _all(outcome, "orders.allowed")]
    transitions_are_legal(orders)
    one_authority(orders)
    positions_are_the_sum_of_fills(outcome, fills)
    budget_is_kept(allowed, orders, fills, _daily_e4(context))
    breaks = [v for v in _all(outcome, "recon") if b'"SUMMARY"' not in v]
    if breaks:
        raise InvariantError(f"reconciliation found {len(breaks)} breaks: {breaks[0]!r}")


def nothing_lost_or_doubled(outcome: scenario.Outcome, expected: scenario.Outcome) -> None:
    """Every topic and table equals the undisturbed run's, byte for byte."""
    for topic in sorted(set(outcome.topics) | set(expected.topics)):
        if topic in IGNORED_TOPICS:
            continue
        ours, theirs = outcome.topics.get(topic, {}), expected.topics.get(topic, {})
        for key in sorted(set(ours) | set(theirs)):
            ours_here, theirs_here = ours.get(key, []), theirs.get(key, [])
            if topic.endswith(".dead"):
                ours_here, theirs_here = _placeless(ours_here), _placeless(theirs_here)
            _same(f"topic {topic} key {key!r}", ours_here, theirs_here)
    for table in sorted(set(outcome.rows) | set(expected.rows)):
        if not table.startswith("recon"):
            ours_rows = _unplaced(table, outcome.rows.get(table, []))
            _same(f"table {table}", ours_rows, _unplaced(table, expected.rows.get(table, [])))


def _placeless(dead: list[bytes]) -> list[bytes]:
    """Dead letters without partition and offset, which depend on the number of partitions."""
    return [_PLACE.sub(b"", value) for value in dead]


def _unplaced(table: str, rows: list[str]) -> list[str]:
    """Rows without the offset, which repeats of reports may shift."""
    if table != "order_events":
        return rows
    return sorted("\t".join([*r.split("\t")[:1], *r.split("\t")[2:]]) for r in rows)


def _same(what: str, ours: list[Any], theirs: list[Any]) -> None:
    if ours == theirs:
        return
    lost = Counter(theirs) - Counter(ours)
    more = Counter(ours) - Counter(theirs)
    first = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), "end")
    raise InvariantError(
        f"{what}: {len(ours)} records, undisturbed {len(theirs)}; {lost.total()} lost, "
        f"{more.total()} doubled or new, first difference at {first}: "
        f"lost {next(iter(lost), None)!r}, new {next(iter(more), None)!r}"
    )


def transitions_are_legal(orders: list[LiveOrder]) -> None:
    """Every order walks along schemas/order_states.yaml, and the audit chain holds."""
    at: dict[str, str] = {}
    for event in orders:
        before = at.get(event.order_id, "NEW")
        legal = next_state(OrderState(event.prev_state), OrderEvent(event.event))
        if event.prev_state != before or legal != event.state:
            raise InvariantError(f"order {event.order_id}: illegal {event}, it was {before}")
        at[event.order_id] = event.state
    broken = verify_chain(orders)
    if broken is not None:
        raise InvariantError(f"audit chain breaks at event {broken}")


def one_authority(orders: list[LiveOrder]) -> None:
    """The epoch of the order authority never goes back."""
    epochs = [event.authority_epoch for event in orders]
    if epochs != sorted(epochs):
        raise InvariantError(f"order authority went back: {epochs}")


def positions_are_the_sum_of_fills(outcome: scenario.Outcome, fills: list[Fill]) -> None:
    """The fills of the database, of the topic and of the order events give the same positions."""
    from_topic: Counter[tuple[str, str]] = Counter()
    for fill in fills:
        from_topic[fill.strategy, fill.symbol] += fill.qty if fill.side == "BUY" else -fill.qty
    from_rows: Counter[tuple[str, str]] = Counter()
    for row in outcome.rows.get("fills", []):
        columns = row.split("\t")
        sign = 1 if columns[7] == "BUY" else -1
        from_rows[columns[5], columns[6]] += sign * int(columns[9])
    if from_topic != from_rows:
        raise InvariantError(f"positions differ: fills {from_topic}, database {from_rows}")
    doubled = [n for n, count in Counter(fill.fill_id for fill in fills).items() if count > 1]
    if doubled:
        raise InvariantError(f"fills appear twice: {doubled}")


def budget_is_kept(
    allowed: list[Allowed], orders: list[LiveOrder], fills: list[Fill], daily_e4: int
) -> None:
    """Entries: what is reserved and what was filled never exceed the day's budget together."""
    moments: list[tuple[int, int, Any]] = [(a.at_ns, 2, a) for a in allowed]
    moments += [(o.at_ns, 0, o) for o in orders]
    moments += [(f.at_ns, 1, f) for f in fills]
    held: dict[str, int] = defaultdict(int)
    burnt = 0
    for at_ns, _, message in sorted(moments, key=lambda m: m[:2]):
        if isinstance(message, Fill):
            if message.action == "ENTRY":
                burnt += message.qty * message.price_e4
        elif isinstance(message, LiveOrder):
            held.pop(message.intent_id, None)
            held[message.order_id] = message.reserved_e4
        elif message.decision == "APPROVED" and message.order.action == "ENTRY":
            held[message.intent_id] = message.reserved_e4
            if sum(held.values()) + burnt > daily_e4:
                raise InvariantError(
                    f"budget exceeded at {at_ns}: {sum(held.values())} reserved and {burnt} filled "
                    f"of {daily_e4}"
                )


def _daily_e4(context: SessionContext) -> int:
    return context.spec.risk.overrides["budget.daily_e4"]


def _all(outcome: scenario.Outcome, topic: str) -> list[bytes]:
    return [value for values in outcome.topics.get(topic, {}).values() for value in values]
