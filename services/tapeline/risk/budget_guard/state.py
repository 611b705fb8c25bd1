"""State of the budget guard: reservations, what is burnt, counters, and intents seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from tapeline.contracts.clock import MS_NS, ist_day
from tapeline.contracts.messages import LiveOrder, Order
from tapeline.contracts.order_states import TERMINAL
from tapeline.contracts.states.budget_guard import (
    Burn,
    Intent,
    IntentLeg,
    Limits,
    OpenOrder,
    Recent,
    Throttle,
)
from tapeline.risk.budget_guard.settings import Settings
from tapeline.risk.budget_guard.throttle import EMPTY, counted
from tapeline.risk.entries import Entries
from tapeline.risk.limits import RiskBudget, with_limits


class Resting(NamedTuple):
    """One order that is, or is about to be, open at the broker."""

    symbol: str
    side: str
    limit_price_e4: int | None
    reserved_e4: int


class State(Entries):
    """Entries under schemas/state/budget_guard.schema.json, with an index of the open ones."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.initial = settings.budget
        self.budget: RiskBudget = settings.budget
        self.entries["limits"] = Limits(
            trading="ACTIVE", overrides={}, control_rejections=0, last_rejection=None
        )
        self.entries["throttle"] = EMPTY
        self.entries["burn"] = Burn(day=0, burnt_e4=0)
        self._open: set[str] = set()
        """Keys of intents and orders that are open or hold a reservation."""

    @property
    def limits(self) -> Limits:
        """Trading state and limits that control changed."""
        found: Limits = self.entries["limits"]
        return found

    @property
    def throttle(self) -> Throttle:
        """Order counts."""
        found: Throttle = self.entries["throttle"]
        return found

    @property
    def burnt_e4(self) -> int:
        """Entry notional filled today, 1/10,000 rupee."""
        burn: Burn = self.entries["burn"]
        return burn.burnt_e4

    def timer_ns(self) -> int | None:
        """The guard acts on orders only; its windows end by themselves."""
        return None

    def refresh(self) -> None:
        """Rebuilds limits and the index of open entries."""
        self.budget = with_limits(self.initial, self.limits.overrides)
        self._open = set()
        for key in self.entries:
            self._index(key)

    def resting(self) -> Iterator[Resting]:
        """Every open order and every leg that waits for its order, by key."""
        for key in sorted(self._open):
            entry = self.entries[key]
            if isinstance(entry, OpenOrder):
                yield Resting(entry.symbol, entry.side, entry.limit_price_e4, entry.reserved_e4)
            else:
                for leg in entry.legs:
                    if leg.waiting:
                        yield Resting(leg.symbol, leg.side, leg.limit_price_e4, leg.reserved_e4)

    def reserved_e4(self) -> int:
        """Sum of all reservations, 1/10,000 rupee."""
        return sum(order.reserved_e4 for order in self.resting())

    def seen(self, intent_id: str) -> bool:
        """True when an intent was decided on today."""
        return "intent/" + intent_id in self.entries

    def repeats(self, order: Order, now_ns: int) -> bool:
        """True when a leg equals one that was allowed within the duplicate window."""
        since_ns = now_ns - self.budget.budget.duplicate_window_ms * MS_NS
        for leg in order.legs:
            recent: Recent | None = self.entries.get(_recent_key(order, leg.symbol, leg.side))
            if recent and any(
                qty == leg.qty and allowed_ns > since_ns
                for qty, allowed_ns in zip(recent.qtys, recent.allowed_ns, strict=True)
            ):
                return True
        return False

    def note(self, order: Order, legs: tuple[IntentLeg, ...], now_ns: int) -> None:
        """Remembers a decision; `legs` hold the reservation, none when the order was rejected."""
        intent = Intent(
            intent_id=order.intent_id,
            strategy=order.strategy,
            action=order.action,
            day=ist_day(now_ns),
            legs=legs,
        )
        self._put("intent/" + order.intent_id, intent)
        since_ns = now_ns - self.budget.budget.duplicate_window_ms * MS_NS
        for leg in legs:
            key = _recent_key(order, leg.symbol, leg.side)
            old: Recent | None = self.entries.get(key)
            pairs = zip(old.qtys, old.allowed_ns, strict=True) if old else ()
            kept = [(qty, ns) for qty, ns in pairs if ns > since_ns] + [(leg.qty, now_ns)]
            recent = Recent(
                strategy=order.strategy,
                symbol=leg.symbol,
                side=leg.side,
                qtys=tuple(qty for qty, _ in kept),
                allowed_ns=tuple(ns for _, ns in kept),
            )
            self.put(key, recent)

    def take(self, live: LiveOrder, now_ns: int) -> None:
        """Follows an order: its reservation moves from the leg to the order on the first event,
        shrinks as the OMS says, and what is filled of an entry is burnt."""
        key = "order/" + live.order_id
        old: OpenOrder | None = self.entries.get(key)
        price_e4 = old.price_e4 if old else self._first_price_e4(live)
        filled = max(0, live.filled_qty - (old.filled_qty if old else 0))
        if filled and live.action == "ENTRY":
            self.put("burn", Burn(day=ist_day(now_ns), burnt_e4=self.burnt_e4 + filled * price_e4))
        order = OpenOrder(
            order_id=live.order_id,
            intent_id=live.intent_id,
            symbol=live.symbol,
            side=live.side,
            action=live.action,
            limit_price_e4=live.limit_price_e4,
            price_e4=price_e4,
            filled_qty=max(live.filled_qty, old.filled_qty if old else 0),
            reserved_e4=live.reserved_e4,
            closed=live.state in TERMINAL,
            day=ist_day(now_ns),
        )
        self._put(key, order)

    def start_day(self, now_ns: int) -> None:
        """On the first event of an Indian calendar day: nothing is burnt, and what is over is
        forgotten. Open orders and reservations stay."""
        day = ist_day(now_ns)
        burn: Burn = self.entries["burn"]
        if burn.day == day:
            return
        self.put("burn", Burn(day=day, burnt_e4=0))
        for key in sorted(self.entries):
            past = key.startswith(("intent/", "order/")) and self.entries[key].day < day
            if key.startswith("recent/") or (past and key not in self._open):
                self.drop(key)

    def _first_price_e4(self, live: LiveOrder) -> int:
        """Price at which a new order burns; takes the reservation over from its leg.

        An order without a waiting leg is a further attempt or a flattening by the OMS: it was not
        counted when it was allowed, so it is counted now.
        """
        key = "intent/" + live.intent_id
        intent: Intent | None = self.entries.get(key)
        if intent and live.leg < len(intent.legs) and intent.legs[live.leg].waiting:
            leg = intent.legs[live.leg]
            legs = list(intent.legs)
            legs[live.leg] = replace(leg, waiting=False, reserved_e4=0)
            self._put(key, replace(intent, legs=tuple(legs)))
            return leg.price_e4
        if live.command == "PLACE":
            self.put("throttle", counted(self.throttle, live.at_ns, 1))
        return live.limit_price_e4 or live.reserved_e4 // live.qty

    def _put(self, key: str, entry: Intent | OpenOrder) -> None:
        self.put(key, entry)
        self._index(key)

    def _index(self, key: str) -> None:
        entry = self.entries[key]
        if isinstance(entry, OpenOrder):
            held = not entry.closed or entry.reserved_e4 > 0
        else:
            held = isinstance(entry, Intent) and any(leg.waiting for leg in entry.legs)
        if held:
            self._open.add(key)
        else:
            self._open.discard(key)


def _recent_key(order: Order, symbol: str, side: str) -> str:
    return f"recent/{order.strategy}/{symbol}/{side}"
