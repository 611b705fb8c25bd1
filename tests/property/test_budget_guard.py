"""Whatever comes: never over the budget, an open-order cap or the throttle; reservations neither
leak nor vanish; a restart anywhere changes nothing.

A random list of moves plays a small world: sized orders, and an OMS that opens, fills, loses and
closes what was allowed.
"""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builders_risk import (
    RUPEE,
    SYMBOLS,
    Shell,
    content,
    control,
    event,
    exit_leg,
    exit_order,
    guard_settings,
    leg,
    limits,
    live,
    ns,
    order,
    sized,
)
from tapeline.contracts.clock import MINUTE_NS, MS_NS, SECOND_NS, ist_day
from tapeline.risk.budget_guard.logic import State, step
from tapeline.runner.stage import Event, Output

BUDGET = limits(
    budget__max_trade_e4=100_000 * RUPEE,
    budget__daily_e4=150_000 * RUPEE,
    budget__max_open_orders=6,
    throttle__per_second=5,
    throttle__per_minute=70,
    throttle__exits_per_minute=60,
)
OPEN, DONE = ("ACCEPTED", "UNKNOWN", "PENDING_CANCEL"), ("CANCELLED", "REJECTED", "EXPIRED")

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["entry", "entry", "pair", "exit", "live", "live", "live", "wait", "day"]),
        st.integers(0, 2),
        st.booleans(),
        st.integers(1, 120),
    ),
    min_size=15,
    max_size=70,
)


class Placed:
    """One allowed leg, as the OMS sees it."""

    def __init__(self, intent: Any, n: int) -> None:
        self.intent, self.n, self.leg = intent, n, intent.legs[n]
        self.filled = 0
        self.state = "WAITING"
        entry = intent.action == "ENTRY"
        self.price_e4 = self.leg.limit_price_e4 if entry else 0

    @property
    def reserved_e4(self) -> int:
        closed = self.state in (*DONE, "FILLED")
        return 0 if closed else (self.leg.qty - self.filled) * self.price_e4


class World:
    """Turns moves into events, sends them, and checks what must hold after each."""

    def __init__(self) -> None:
        config = guard_settings(BUDGET)
        self.settings = config
        self.shell = Shell(lambda: State(config), step, config)
        self.now_ns = ns("10:00")
        self.placed: list[Placed] = []
        self.sent: list[tuple[int, str]] = []
        """When each order was sent, and its action."""
        self.burnt_e4: Counter[int] = Counter()
        self.taken: list[tuple[Event, list[Output]]] = []
        self.n = 0

    @property
    def state(self) -> Any:
        return self.shell.state

    def play(self, moves: list[tuple[str, int, bool, int]]) -> None:
        for kind, which, flag, size in moves:
            self.n += 1
            self.now_ns += size * MS_NS
            getattr(self, f"_{kind}")(which, flag, size)
            self.check()

    def send(self, topic: str, message: Any) -> list[Output]:
        one = event(topic, message, self.now_ns)
        outputs = self.shell.send(one)
        self.taken.append((one, outputs))
        return outputs

    def check(self) -> None:
        """Reservations are what the world still has open; the throttle holds in every window."""
        assert self.state.reserved_e4() == sum(p.reserved_e4 for p in self.placed)
        day = ist_day(self.now_ns)
        if self.state.entry("burn").day == day:
            assert self.state.burnt_e4 == self.burnt_e4[day]
        for unit, most, entries in ((SECOND_NS, 4, 2), (MINUTE_NS, 70, 10)):
            windows = Counter(sent // unit for sent, _ in self.sent)
            assert all(count <= most for count in windows.values())
            by_entry = Counter(sent // unit for sent, action in self.sent if action == "ENTRY")
            assert all(count <= entries for count in by_entry.values())

    def _ask(self, wanted: Any) -> None:
        (output,) = self.send("orders.sized", sized(wanted))
        allowed = output.message
        if allowed.decision == "REJECTED":
            assert allowed.reserved_e4 == 0
            return
        new = [Placed(wanted, n) for n in range(len(wanted.legs))]
        assert allowed.reserved_e4 == sum(p.reserved_e4 for p in new)
        self.placed += new
        self.sent += [(self.now_ns + self.settings.send_delay_ns, wanted.action)] * len(new)
        if wanted.action == "ENTRY":
            limit = BUDGET.budget
            spent = self.state.reserved_e4() + self.state.burnt_e4
            assert spent <= limit.daily_e4
            assert len(list(self.state.resting())) <= limit.max_open_orders

    def _entry(self, which: int, flag: bool, size: int) -> None:
        side, price = ("BUY", 999 * RUPEE) if flag else ("SELL", 1_001 * RUPEE)
        one = leg(SYMBOLS[which], side, qty=size, limit_price_e4=price)
        self._ask(order(one, intent_id=f"I{self.n}"))

    def _pair(self, which: int, flag: bool, size: int) -> None:
        first = leg(SYMBOLS[which], "BUY", qty=size)
        second = leg(SYMBOLS[(which + 1) % 3], "SELL", qty=size, limit_price_e4=1_002 * RUPEE)
        self._ask(order(first, second, intent_id=f"I{self.n}", strategy="pair"))

    def _exit(self, which: int, flag: bool, size: int) -> None:
        side = "BUY" if flag else "SELL"
        self._ask(exit_order(exit_leg(SYMBOLS[which], side, qty=size), intent_id=f"I{self.n}"))

    def _live(self, which: int, flag: bool, size: int) -> None:
        """The OMS tells of one order: opened, partly filled, lost, closed, or filled late."""
        if not self.placed:
            return
        told = self.placed[size % len(self.placed)]
        closed = told.state in (*DONE, "FILLED")
        late_or_open = not closed or size % 5 == 0
        grown = min(told.leg.qty - told.filled, size // 2) if flag and late_or_open else 0
        told.filled += grown
        if told.intent.action == "ENTRY":
            self.burnt_e4[ist_day(self.now_ns)] += grown * told.price_e4
        if told.filled == told.leg.qty:
            told.state = "FILLED"
        elif not closed:
            told.state = DONE[which] if size % 4 == 0 else OPEN[which]
        self.send(
            "live_orders",
            live(
                order_id=f"{told.intent.intent_id}-{told.n}",
                intent_id=told.intent.intent_id,
                leg=told.n,
                state=told.state,
                symbol=told.leg.symbol,
                side=told.leg.side,
                action=told.intent.action,
                qty=told.leg.qty,
                filled_qty=told.filled,
                limit_price_e4=told.leg.limit_price_e4,
                reserved_e4=told.reserved_e4,
            ),
        )

    def _wait(self, which: int, flag: bool, size: int) -> None:
        self.now_ns += size * SECOND_NS
        commands = ("PAUSE", "RESUME", "RESUME")
        self.send("control", control(commands[which]))

    def _day(self, which: int, flag: bool, size: int) -> None:
        if size > 110:
            self.now_ns += 86_400 * SECOND_NS
            self.placed = [p for p in self.placed if p.state not in (*DONE, "FILLED")]


@given(MOVES)
@settings(deadline=None, max_examples=120)
def test_budget_throttle_and_reservations_hold(moves: list[tuple[str, int, bool, int]]) -> None:
    World().play(moves)


@given(MOVES, st.integers(0, 80))
@settings(deadline=None, max_examples=80)
def test_a_restart_anywhere_changes_nothing(
    moves: list[tuple[str, int, bool, int]], cut: int
) -> None:
    world = World()
    world.play(moves)
    again = Shell(lambda: State(world.settings), step, world.settings)
    for n, (one, outputs) in enumerate(world.taken):
        if n == cut:
            again.restart()
        assert again.send(one) == outputs
    assert content(again.state) == content(world.state)
    assert again.saved.keys() == world.shell.saved.keys()
