"""Whatever comes: caps hold when an order is approved, exits only reduce, the peak survives, and a
restart anywhere changes nothing.

A random list of moves plays a small world: strategies that ask, prices that walk, a broker that
fills what was approved (in parts, late, or never), and a person with commands.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builders_risk import (
    RUPEE,
    SYMBOLS,
    Shell,
    allowed,
    bar,
    content,
    control,
    event,
    exit_leg,
    exit_order,
    fill,
    leg,
    limits,
    live,
    ns,
    order,
    risk_settings,
    timer,
)
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.money import BP
from tapeline.risk.risk_manager.logic import State, step
from tapeline.risk.risk_manager.wanted import is_unwanted
from tapeline.runner.stage import Event, Output

BUDGET = limits(
    capital_e4=300_000 * RUPEE,
    sizing__max_symbol_qty=90,
    sizing__max_symbol_notional_e4=80_000 * RUPEE,
    buckets__trend__max_notional_e4=120_000 * RUPEE,
    buckets__default__max_notional_e4=100_000 * RUPEE,
    sizing__max_leverage_bp=8_000,
    loss__max_day_e4=3_000 * RUPEE,
    loss__hard_day_e4=5_000 * RUPEE,
    price__max_deviation_bp=400,
)
STRATEGIES = (("sma", "trend"), ("orb", "breakout"), ("rsi", "trend"))

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "entry",
                "entry",
                "pair",
                "exit",
                "exit",
                "fill",
                "fill",
                "bar",
                "bar",
                "wait",
                "control",
                "live",
                "live",
                "refuse",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 2),
        st.booleans(),
        st.integers(1, 100),
    ),
    min_size=15,
    max_size=60,
)


class World:
    """Turns moves into events, sends them, and checks what must hold after each."""

    def __init__(self, start_ns: int) -> None:
        config = risk_settings(BUDGET)
        self.settings = config
        self.shell = Shell(lambda: State(config), step, config)
        self.now_ns = start_ns
        self.prices = dict.fromkeys(SYMBOLS, 1_000)
        self.open: list[tuple[Any, Any, int]] = []
        """Approved legs at the broker: order, leg, shares open."""
        self.taken: list[tuple[Event, list[Output]]] = []
        self.peak_e4 = BUDGET.capital_e4
        self.n = 0

    @property
    def state(self) -> Any:
        return self.shell.state

    def play(self, moves: list[tuple[str, int, int, bool, int]]) -> None:
        for symbol in SYMBOLS:
            self.send("bars.1s", bar(symbol, at_ns=self.now_ns))
        for kind, first, second, flag, size in moves:
            self.n += 1
            getattr(self, f"_{kind}")(first, second, flag, size)

    def send(self, topic: str, message: Any) -> list[Output]:
        due = self.state.timer_ns()
        if due is not None and due <= self.now_ns:
            self.step(timer(self.now_ns))
        return self.step(event(topic, message, self.now_ns))

    def step(self, one: Event) -> list[Output]:
        held = {(p.strategy, p.symbol): p.net_qty for p in self.state.positions()}
        outputs = self.shell.send(one)
        self.taken.append((one, outputs))
        for output in outputs:
            if output.topic == "orders.sized" and output.message.decision == "APPROVED":
                self._approved(output.message.order, held)
        self._check_equity()
        return outputs

    def _approved(self, approved: Any, held: dict[tuple[str, str], int]) -> None:
        self.open += [(approved, one, one.qty) for one in approved.legs]
        if approved.action == "EXIT":
            for one in approved.legs:
                net = held[(approved.strategy, one.symbol)]
                assert (net > 0) == (one.side == "SELL")
                flying = self.state.in_flight("EXIT", approved.strategy, one.symbol, one.side)
                assert one.qty <= flying <= abs(net)
            return
        now = self.state.exposure()
        limit = self.state.budget.sizing
        for one in approved.legs:
            assert 0 < now.symbol_qty[one.symbol] <= limit.max_symbol_qty
            assert now.symbol_e4[one.symbol] <= limit.max_symbol_notional_e4
        assert now.bucket_e4[approved.bucket] <= self.state.budget.bucket_cap_e4(approved.bucket)
        assert now.gross_e4 <= self.state.budget.gross_cap_e4
        assert self.state.limits.trading == "ACTIVE"

    def _check_equity(self) -> None:
        """The caches equal what the entries add up to."""
        positions = self.state.positions()
        value = sum(p.net_qty * self.state.mark(p.symbol).price_e4 - p.cost_e4 for p in positions)
        assert self.state.unrealised_e4 == value
        realised = sum(p.realised_e4 - p.charges_e4 for p in positions)
        assert self.state.equity_e4() == BUDGET.capital_e4 + realised + value
        account = self.state.account
        if account.halt == "NONE":
            assert account.peak_e4 >= self.state.equity_e4()

    def _entry(self, first: int, second: int, flag: bool, size: int) -> None:
        symbol, (name, bucket) = SYMBOLS[first], STRATEGIES[second]
        price = self.prices[symbol] * RUPEE
        one = leg(
            symbol,
            "BUY" if flag else "SELL",
            limit_price_e4=price,
            reference_price_e4=price,
            stop_distance_e4=size * RUPEE,
            target_distance_e4=size * RUPEE if size % 3 else None,
        )
        self._ask(order(one, intent_id=f"I{self.n}", strategy=name, bucket=bucket))

    def _pair(self, first: int, second: int, flag: bool, size: int) -> None:
        name, bucket = STRATEGIES[second]
        pair = [SYMBOLS[first], SYMBOLS[(first + 1) % 3]]
        legs = [
            leg(
                symbol,
                side,
                weight_bp=weight,
                limit_price_e4=self.prices[symbol] * RUPEE,
                reference_price_e4=self.prices[symbol] * RUPEE,
            )
            for symbol, side, weight in zip(
                pair, ("BUY", "SELL") if flag else ("SELL", "BUY"), (BP, size * 300), strict=True
            )
        ]
        self._ask(order(*legs, intent_id=f"I{self.n}", strategy=name, bucket=bucket))

    def _exit(self, first: int, second: int, flag: bool, size: int) -> None:
        """Mostly a proper exit of something held, sometimes one of anything."""
        name, symbol, side = STRATEGIES[second][0], SYMBOLS[first], "BUY" if flag else "SELL"
        held = [p for p in self.state.positions() if p.net_qty]
        if held and size % 4:
            position = held[size % len(held)]
            name, symbol = position.strategy, position.symbol
            side = "SELL" if position.net_qty > 0 else "BUY"
        one = exit_leg(symbol, side)
        self._ask(exit_order(one, intent_id=f"X{self.n}", strategy=name))

    def _ask(self, wanted: Any) -> None:
        expires_ns = self.now_ns + 45 * SECOND_NS
        self.send("orders", type(wanted)(**{**_fields(wanted), "expires_ns": expires_ns}))

    def _fill(self, first: int, second: int, flag: bool, size: int) -> None:
        if not self.open:
            return
        approved, one, qty = self.open.pop(size % len(self.open))
        part = qty if flag else max(1, qty // 2)
        if part < qty:
            self.open.append((approved, one, qty - part))
        self.send(
            "fills",
            fill(
                one.symbol,
                one.side,
                part,
                self.prices[one.symbol] + first - 1,
                intent_id=approved.intent_id,
                strategy=approved.strategy,
                action=approved.action,
            ),
        )

    def _live(self, first: int, second: int, flag: bool, size: int) -> None:
        """An order of something approved is told of: it opens, ends, or comes back after all."""
        if not self.open:
            return
        approved, one, qty = self.open[size % len(self.open)]
        event_ = live(
            intent_id=approved.intent_id,
            order_id=f"O{approved.intent_id}{one.symbol}{second}",
            strategy=approved.strategy,
            symbol=one.symbol,
            side=one.side,
            action="EXIT" if first == 2 and flag else approved.action,
            event="ALLOWED",
            reason="LEG_RISK" if first == 2 else "OK",
            state=("PENDING_SUBMIT", "CANCELLED", "REJECTED")[first] if flag else "UNKNOWN",
            qty=qty,
        )
        self.send("live_orders", event_)

    def _refuse(self, first: int, second: int, flag: bool, size: int) -> None:
        """The guard refuses something approved, of which no more comes then."""
        if not self.open:
            return
        approved, _, _ = self.open[size % len(self.open)]
        self.open = [row for row in self.open if row[0].intent_id != approved.intent_id]
        self.send("orders.allowed", allowed(approved, "REJECTED", "THROTTLED_SECOND"))

    def _bar(self, first: int, second: int, flag: bool, size: int) -> None:
        symbol = SYMBOLS[first]
        self.prices[symbol] = max(1, self.prices[symbol] + (size if flag else -size) // 4)
        self.now_ns += SECOND_NS
        self.send("bars.1s", bar(symbol, self.prices[symbol], self.now_ns))

    def _wait(self, first: int, second: int, flag: bool, size: int) -> None:
        self.now_ns += size * SECOND_NS
        for symbol in SYMBOLS:
            self.send("bars.1s", bar(symbol, self.prices[symbol], self.now_ns))

    def _control(self, first: int, second: int, flag: bool, size: int) -> None:
        if flag:
            self.send("control", control(("RESUME", "PAUSE", "REDUCE")[first]))
        else:
            keys = ("sizing.max_symbol_qty", "buckets.trend.max_notional_e4", "nonsense")
            value = size if first == 0 else size * 2_000 * RUPEE
            self.send("control", control("SET", key=keys[first], value=value))


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


STARTS = st.sampled_from(["10:00", "14:58", "15:07"])


@given(MOVES, STARTS)
@settings(deadline=None, max_examples=120)
def test_caps_hold_and_exits_only_reduce(
    moves: list[tuple[str, int, int, bool, int]], start: str
) -> None:
    World(ns(start)).play(moves)


@given(MOVES, STARTS, st.integers(0, 80))
@settings(deadline=None, max_examples=80)
def test_a_restart_anywhere_changes_nothing(
    moves: list[tuple[str, int, int, bool, int]], start: str, cut: int
) -> None:
    world = World(ns(start))
    world.play(moves)
    again = Shell(lambda: State(world.settings), step, world.settings)
    for n, (one, outputs) in enumerate(world.taken):
        if n == cut:
            before = again.state
            again.restart()
            assert again.state.account == before.account
            assert again.state.timer_ns() == before.timer_ns()
        assert again.send(one) == outputs
    assert content(again.state) == content(world.state)
    assert again.saved.keys() == world.shell.saved.keys()


@given(MOVES)
@settings(deadline=None, max_examples=80)
def test_with_a_broker_that_trades_nothing_unwanted_stays(
    moves: list[tuple[str, int, int, bool, int]],
) -> None:
    world = World(ns("10:00"))
    world.play(moves)
    while (due_ns := world.state.timer_ns()) is not None and due_ns < ns("15:00"):
        world.now_ns = max(world.now_ns, due_ns)
        world.open.clear()
        world.step(timer(world.now_ns))
        for approved, one, qty in list(world.open):
            traded = fill(
                one.symbol,
                one.side,
                qty,
                intent_id=approved.intent_id,
                strategy=approved.strategy,
                action="EXIT",
            )
            world.step(event("fills", traded, world.now_ns))
    wanted = [entry for key, entry in content(world.state).items() if key.startswith("wanted/")]
    assert not any(is_unwanted(world.state, one) for one in wanted)
