"""State of the OMS: orders, intents, and the head of the account's audit chain."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import msgspec

from tapeline.contracts import ids
from tapeline.contracts.order_states import TERMINAL, OrderState
from tapeline.contracts.states.oms import OmsAccount, OmsIntent, OmsOrder
from tapeline.execution.audit import GENESIS

ORDER = "order/"
INTENT = "intent/"
ACCOUNT = "account"
REPORT_IDS_MAX = 16
"""Reports remembered for each order. Repeats come within seconds, and an order sees about five
reports in its life, one more for each look-up; a repeat that is older than 16 reports only confirms
what is known or causes a look-up, by the rules of the state machine."""

WAITS_FOR_ANSWER = (
    OrderState.PENDING_SUBMIT,
    OrderState.PENDING_CANCEL,
    OrderState.PENDING_MODIFY,
)
ENTRY_TYPES: dict[str, type[msgspec.Struct]] = {
    ORDER: OmsOrder,
    INTENT: OmsIntent,
    ACCOUNT: OmsAccount,
}


def entry_type(key: str) -> type[msgspec.Struct]:
    """Type of the state entry with a given key."""
    return ENTRY_TYPES[key[: key.find("/") + 1] or key]


def is_terminal(order: OmsOrder) -> bool:
    """True when nothing more is expected of the order."""
    return order.state in TERMINAL


def is_cancellable(order: OmsOrder) -> bool:
    """True when a cancel may be sent for the order now."""
    return not (
        is_terminal(order) or order.state in (OrderState.PENDING_CANCEL, OrderState.UNKNOWN)
    )


def due_ns(order: OmsOrder) -> int | None:
    """When the order needs something done, None when only a report can change it."""
    times: list[int | None] = []
    if order.state in WAITS_FOR_ANSWER:
        times.append(order.answer_ns)
    if order.state == OrderState.UNKNOWN or order.broker_qty > order.filled_qty:
        times.append(order.query_ns)
    if is_cancellable(order) and not traded_out(order):
        times += [order.cancel_ns] if order.cancel_reason else [order.expires_ns, chase_ns(order)]
    return min((time for time in times if time is not None), default=None)


def chase_ns(order: OmsOrder) -> int | None:
    """When an exit is chased; an exit that was not acknowledged is waited for instead."""
    return None if order.state == OrderState.PENDING_SUBMIT else order.chase_ns


def traded_out(order: OmsOrder) -> bool:
    """True when the broker states that all of it is filled, so that nothing is left to cancel."""
    return order.broker_qty >= order.qty


class State:
    """Implements runner.stage.State.

    Timers lie in a heap of (time, key). A changed entry leaves its old time behind; such a time no
    longer equals the entry's own and is dropped when it comes to the top.
    """

    def __init__(self) -> None:
        self.dirty: set[str] = set()
        self.orders: dict[str, OmsOrder] = {}
        self.intents: dict[str, OmsIntent] = {}
        self.account = OmsAccount(
            head=GENESIS,
            mode="ACTIVE",
            day=0,
            repeated_intents=0,
            repeated_reports=0,
            foreign_reports=0,
            overfills=0,
            cancel_second=0,
            cancels=0,
            cancels_deferred=0,
        )
        self._by_tag: dict[str, str] = {}
        self._open: set[str] = set()
        self._owed: set[str] = set()
        self._timers: list[tuple[int, str]] = []

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry."""
        if key == ACCOUNT:
            return self.account
        if key.startswith(ORDER):
            return self.orders.get(key.removeprefix(ORDER))
        return self.intents.get(key.removeprefix(INTENT))

    def load(self, key: str, entry: msgspec.Struct) -> None:
        """Restores one entry."""
        if isinstance(entry, OmsOrder):
            self._index(entry)
        elif isinstance(entry, OmsIntent):
            self.intents[entry.intent_id] = entry
            self._arm(key, entry.leg_due_ns)
        else:
            assert isinstance(entry, OmsAccount), key
            self.account = entry

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield ACCOUNT
        yield from (ORDER + order_id for order_id in self.orders)
        yield from (INTENT + intent_id for intent_id in self.intents)

    def timer_ns(self) -> int | None:
        """When the next order or pair needs something done."""
        while self._timers:
            at_ns, key = self._timers[0]
            if self._due_of(key) == at_ns:
                return at_ns
            heapq.heappop(self._timers)
        return None

    def pop_due(self, now_ns: int) -> str | None:
        """Key of the next order or intent that needs something done by now."""
        at_ns = self.timer_ns()
        if at_ns is None or at_ns > now_ns:
            return None
        return self._timers[0][1]

    def put_order(self, order: OmsOrder) -> None:
        """Stores a new or changed order."""
        self._index(order)
        self.dirty.add(ORDER + order.order_id)

    def put_intent(self, intent: OmsIntent) -> None:
        """Stores a new or changed intent."""
        key = INTENT + intent.intent_id
        self.intents[intent.intent_id] = intent
        self._arm(key, intent.leg_due_ns)
        self.dirty.add(key)

    def put_account(self, account: OmsAccount) -> None:
        """Stores the account's entry."""
        self.account = account
        self.dirty.add(ACCOUNT)

    def by_tag(self, tag: str) -> OmsOrder | None:
        """The order that the broker knows by a tag."""
        order_id = self._by_tag.get(tag)
        return None if order_id is None else self.orders[order_id]

    def open_orders(self) -> list[OmsOrder]:
        """Orders that are not terminal, oldest first."""
        orders = (self.orders[order_id] for order_id in self._open)
        return sorted(orders, key=lambda order: (order.created_ns, order.order_id))

    def trades_missing(self) -> list[OmsOrder]:
        """Orders of which the broker counts more than the trades that came."""
        return [self.orders[order_id] for order_id in sorted(self._owed)]

    def orders_of(self, session: str, intent: OmsIntent, leg: int) -> list[OmsOrder]:
        """All orders of a leg, first attempt first."""
        return [
            self.orders[order_id(session, intent.intent_id, leg, attempt)]
            for attempt in range(intent.legs[leg].attempts)
        ]

    def forget_before(self, session: str, day_start_ns: int) -> None:
        """Drops intents of earlier days whose orders have all ended."""
        for intent in [i for i in self.intents.values() if i.created_ns < day_start_ns]:
            orders = [
                order
                for leg in range(len(intent.legs))
                for order in self.orders_of(session, intent, leg)
            ]
            if not all(is_terminal(order) for order in orders):
                continue
            for order in orders:
                del self.orders[order.order_id]
                del self._by_tag[order.tag]
                self._owed.discard(order.order_id)
                self.dirty.add(ORDER + order.order_id)
            del self.intents[intent.intent_id]
            self.dirty.add(INTENT + intent.intent_id)

    def _index(self, order: OmsOrder) -> None:
        self.orders[order.order_id] = order
        self._by_tag[order.tag] = order.order_id
        if order.broker_qty > order.filled_qty:
            self._owed.add(order.order_id)
        else:
            self._owed.discard(order.order_id)
        if is_terminal(order):
            self._open.discard(order.order_id)
        else:
            self._open.add(order.order_id)
        self._arm(ORDER + order.order_id, due_ns(order))

    def _arm(self, key: str, at_ns: int | None) -> None:
        if at_ns is not None:
            heapq.heappush(self._timers, (at_ns, key))

    def _due_of(self, key: str) -> int | None:
        if key.startswith(INTENT):
            intent = self.intents.get(key.removeprefix(INTENT))
            return None if intent is None else intent.leg_due_ns
        order = self.orders.get(key.removeprefix(ORDER))
        return None if order is None else due_ns(order)


def order_id(session: str, intent_id: str, leg: int, attempt: int) -> str:
    """Id of an order; the same in every replay."""
    return ids.derive(session, "oms", intent_id, leg, attempt)
