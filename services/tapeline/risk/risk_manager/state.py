"""State of the risk manager: positions, marks, profit and loss, and orders in flight."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Allowed, Bar, Fill, LiveOrder
from tapeline.contracts.order_states import TERMINAL
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import (
    Account,
    Flight,
    FlightLeg,
    Limits,
    Mark,
    Position,
    Timer,
    Wanted,
)
from tapeline.market.positions import after_trade, signed
from tapeline.risk.entries import Entries
from tapeline.risk.limits import DEFAULT_BUCKET, RiskBudget, with_limits
from tapeline.risk.risk_manager.hours import timer_plan
from tapeline.risk.risk_manager.settings import Settings


@dataclass
class Exposure:
    """What is held or pending, summed over strategies without netting, at marks for positions and
    at the worst price for entries in flight."""

    symbol_qty: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    symbol_e4: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bucket_e4: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gross_e4: int = 0

    def add(self, symbol: str, bucket: str, qty: int, price_e4: int) -> None:
        """Counts `qty` shares at a price."""
        self.symbol_qty[symbol] += qty
        self.symbol_e4[symbol] += qty * price_e4
        self.bucket_e4[bucket] += qty * price_e4
        self.gross_e4 += qty * price_e4


class State(Entries):
    """Entries under schemas/state/risk_manager.schema.json, with caches of what they add up to."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.initial = settings.budget
        self._plan = timer_plan(
            settings.square_off_ns, settings.phases, settings.budget.square_off.repeat_s
        )
        capital = settings.budget.capital_e4
        self.entries["account"] = Account(
            realised_e4=0, charges_e4=0, peak_e4=capital, day=0, day_start_e4=capital, halt="NONE"
        )
        self.entries["limits"] = Limits(
            trading="ACTIVE", overrides={}, control_rejections=0, last_rejection=None, echoes=()
        )
        self.entries["timer"] = Timer(done_ns=0, again_ns=None, emitted=0, unwanted=0)
        self.budget: RiskBudget = settings.budget
        self.net_qty: dict[str, int] = defaultdict(int)
        """Net shares of the account, by symbol."""
        self.unrealised_e4 = 0
        self._looks: dict[str, int] = {}
        """Times of the entries `wanted/`, by key; a cache that is kept at every change."""
        self._look_ns: int | None = None

    @property
    def account(self) -> Account:
        """Profit and loss of the account."""
        found: Account = self.entries["account"]
        return found

    @property
    def limits(self) -> Limits:
        """Trading state and limits that control changed."""
        found: Limits = self.entries["limits"]
        return found

    @property
    def timer(self) -> Timer:
        """Progress of the square-off and of repeated exits."""
        found: Timer = self.entries["timer"]
        return found

    def timer_ns(self) -> int | None:
        """The next look of the square-off, or at a position that its strategy does not want."""
        timer = self.timer
        if timer.again_ns is not None:
            return timer.again_ns
        following = bisect_right(self._plan, timer.done_ns)
        planned_ns = self._plan[following] if following < len(self._plan) else None
        if planned_ns is None or self._look_ns is None:
            return self._look_ns if planned_ns is None else planned_ns
        return min(planned_ns, self._look_ns)

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry; the time of the next look must be right before the next step."""
        super().load(key, entry)
        if isinstance(entry, Wanted):
            self._look(key, entry)

    def put_wanted(self, wanted: Wanted) -> None:
        """Notes what a strategy wants of a symbol."""
        key = f"wanted/{wanted.strategy}/{wanted.symbol}"
        if self.entries.get(key) != wanted:
            self.put(key, wanted)
            self._look(key, wanted)

    def wanted(self, strategy: str, symbol: str) -> Wanted | None:
        """What a strategy wants of a symbol since its last exit, None before its first."""
        found: Wanted | None = self.entries.get(f"wanted/{strategy}/{symbol}")
        return found

    def to_look_at(self) -> list[Wanted]:
        """What is to be looked at some time, by strategy and symbol."""
        return [self.entries[key] for key in sorted(self._looks)]

    def _look(self, key: str, wanted: Wanted) -> None:
        self._looks.pop(key, None)
        if wanted.again_ns is not None:
            self._looks[key] = wanted.again_ns
        self._look_ns = min(self._looks.values(), default=None)

    def refresh(self) -> None:
        """Rebuilds limits, net shares and unrealised profit from the entries."""
        self.budget = with_limits(self.initial, self.limits.overrides)
        self.net_qty = defaultdict(int)
        self.unrealised_e4 = 0
        for position in self.positions():
            self.net_qty[position.symbol] += position.net_qty
            self.unrealised_e4 += self._unrealised(position)

    def equity_e4(self) -> int:
        """Capital + realised + unrealised - charges, 1/10,000 rupee."""
        account = self.account
        profit_e4 = account.realised_e4 + self.unrealised_e4 - account.charges_e4
        return self.initial.capital_e4 + profit_e4

    def positions(self) -> list[Position]:
        """Every position, flat ones too, by strategy and symbol."""
        return self.under("position/")

    def position(self, strategy: str, symbol: str) -> Position | None:
        """What a strategy holds of a symbol."""
        found: Position | None = self.entries.get(f"position/{strategy}/{symbol}")
        return found

    def mark(self, symbol: str) -> Mark | None:
        """Present price of a symbol, None before its first bar or fill."""
        found: Mark | None = self.entries.get("mark/" + symbol)
        return found

    def take_bar(self, bar: Bar) -> bool:
        """Marks a symbol at a 1s bar; True when that changed the equity.

        A revision of the bar that is the mark replaces it; one of an earlier bar is old news.
        """
        key = "mark/" + bar.symbol
        old: Mark | None = self.entries.get(key)
        if old is not None and bar.end_ns < old.end_ns:
            return False
        mark = Mark(
            symbol=bar.symbol,
            price_e4=bar.close_e4,
            start_ns=bar.start_ns,
            end_ns=bar.end_ns,
            rev=bar.rev,
        )
        self.put(key, mark)
        net_qty = self.net_qty.get(bar.symbol, 0)
        if net_qty == 0 or old is None or old.price_e4 == bar.close_e4:
            return False
        self.unrealised_e4 += net_qty * (bar.close_e4 - old.price_e4)
        return True

    def take_fill(self, fill: Fill) -> None:
        """Books a fill: position, profit, charges, and what is still in flight of its order."""
        flight: Flight | None = self.entries.get("flight/" + fill.intent_id)
        if self.mark(fill.symbol) is None:
            first = Mark(symbol=fill.symbol, price_e4=fill.price_e4, start_ns=0, end_ns=0, rev=0)
            self.put("mark/" + fill.symbol, first)
        before = self.position(fill.strategy, fill.symbol) or Position(
            strategy=fill.strategy,
            symbol=fill.symbol,
            bucket=flight.bucket if flight else DEFAULT_BUCKET,
            product=fill.product,
            net_qty=0,
            cost_e4=0,
            realised_e4=0,
            charges_e4=0,
        )
        qty = signed(fill.side, fill.qty)
        now = after_trade(before.net_qty, before.cost_e4, qty, fill.price_e4)
        after = replace(
            before,
            bucket=flight.bucket if flight else before.bucket,
            product=fill.product,
            net_qty=now.net_qty,
            cost_e4=now.cost_e4,
            realised_e4=before.realised_e4 + now.realised_e4,
            charges_e4=before.charges_e4 + fill.charges.total_e4,
        )
        self.put(f"position/{fill.strategy}/{fill.symbol}", after)
        self.net_qty[fill.symbol] += qty
        self.unrealised_e4 += self._unrealised(after) - self._unrealised(before)
        account = self.account
        booked = replace(
            account,
            realised_e4=account.realised_e4 + now.realised_e4,
            charges_e4=account.charges_e4 + fill.charges.total_e4,
        )
        self.put("account", booked)
        if flight is not None and flight.action == fill.action:
            self._land(flight, fill)

    def take_off(self, flight: Flight) -> None:
        """Counts an approved order as in flight."""
        self.put("flight/" + flight.intent_id, flight)

    def take_order(self, event: LiveOrder, now_ns: int) -> Flight | None:
        """Notes which orders of an intent are open.

        A late truth may open an order again; then its intent is in flight again.

        Returns:
            The flight when the last of its open orders ended, None otherwise.
        """
        flight: Flight | None = self.entries.get("flight/" + event.intent_id)
        if flight is None:
            return None
        still = {*flight.open_orders, event.order_id}
        if event.state in TERMINAL:
            still.remove(event.order_id)
        open_orders = tuple(sorted(still))
        if open_orders == flight.open_orders and (open_orders or flight.quiet_ns is not None):
            return None
        quiet = replace(
            flight,
            open_orders=open_orders,
            quiet_ns=None if open_orders else now_ns,
            landed=flight.landed and not open_orders,
        )
        self.put("flight/" + flight.intent_id, quiet)
        return None if open_orders else quiet

    def take_refusal(self, allowed: Allowed) -> Flight | None:
        """Forgets an intent that the budget guard refused: no order of it exists.

        A repeated intent is refused for its own sake; the first one with its id lives on.

        Returns:
            The flight, None when there is none.
        """
        key = "flight/" + allowed.intent_id
        flight: Flight | None = self.entries.get(key)
        if allowed.decision == "APPROVED" or allowed.reason == Reason.DUPLICATE_INTENT:
            return None
        if flight is not None:
            self.drop(key)
        return flight

    def prune(self, now_ns: int) -> None:
        """Lands orders in flight that have ended, and forgets those that can no longer be filled.

        An entry whose order is still open after its time (UNKNOWN, say) keeps its room; an exit
        does not, since the OMS refuses a further exit of what its open orders cover.
        """
        settle_ns = self.budget.flight.settle_s * SECOND_NS
        for flight in self.under("flight/"):
            held = flight.action == "ENTRY" and flight.open_orders
            if flight.gone_ns <= now_ns and not held:
                self.drop("flight/" + flight.intent_id)
                continue
            quiet_ns = now_ns if flight.quiet_ns is None else flight.quiet_ns
            if quiet_ns + settle_ns <= now_ns and not flight.landed:
                self.put("flight/" + flight.intent_id, replace(flight, landed=True))

    def flights(self) -> list[Flight]:
        """Orders that are pending. Call `prune` first."""
        return [flight for flight in self.under("flight/") if not flight.landed]

    def in_flight(self, action: str, strategy: str, symbol: str, side: str) -> int:
        """Shares of a strategy's pending orders of one side. Call `prune` first."""
        return sum(
            leg.open_qty
            for flight in self.flights()
            if flight.action == action and flight.strategy == strategy
            for leg in flight.legs
            if leg.symbol == symbol and leg.side == side
        )

    def exposure(self) -> Exposure:
        """What is held or pending now. Call `prune` first."""
        total = Exposure()
        for position in self.positions():
            if position.net_qty:
                price_e4 = self.entries["mark/" + position.symbol].price_e4
                total.add(position.symbol, position.bucket, abs(position.net_qty), price_e4)
        for flight in self.flights():
            if flight.action == "ENTRY":
                for leg in flight.legs:
                    total.add(leg.symbol, flight.bucket, leg.open_qty, leg.price_e4)
        return total

    def _land(self, flight: Flight, fill: Fill) -> None:
        legs = tuple(_landed(leg, fill) for leg in flight.legs)
        if any(leg.open_qty for leg in legs):
            self.put("flight/" + flight.intent_id, replace(flight, legs=legs))
        else:
            self.drop("flight/" + flight.intent_id)

    def _unrealised(self, position: Position) -> int:
        price_e4: int = self.entries["mark/" + position.symbol].price_e4
        return position.net_qty * price_e4 - position.cost_e4


def _landed(leg: FlightLeg, fill: Fill) -> FlightLeg:
    if leg.symbol != fill.symbol or leg.side != fill.side:
        return leg
    return replace(leg, open_qty=max(0, leg.open_qty - fill.qty))
