"""The budget guard, decision by decision."""

from datetime import date
from typing import Any

import pytest

from builders_risk import (
    RUPEE,
    TEN,
    Shell,
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
from tapeline.contracts import messages as m
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.risk.budget_guard.logic import State, step

LAKH = 100_000 * RUPEE
"""Notional of 100 shares at 1,000 rupees."""


def shell(**overrides: int) -> Shell:
    settings = guard_settings(limits(**overrides))
    return Shell(lambda: State(settings), step, settings)


def entry(intent_id: str = "I1", symbol: str = "AAA", side: str = "BUY", **changes: Any) -> m.Order:
    named = {k: changes.pop(k) for k in ("strategy", "bucket") if k in changes}
    return order(leg(symbol, side, **{"qty": 100, **changes}), intent_id=intent_id, **named)


def leave(intent_id: str = "X1", **changes: Any) -> m.Order:
    return exit_order(exit_leg(**{"qty": 100, **changes}), intent_id=intent_id)


def decide(made: Shell, order_: m.Order, at_ns: int = TEN) -> m.Allowed:
    (output,) = made.send(event("orders.sized", sized(order_), at_ns))
    assert (output.topic, output.key) == ("orders.allowed", "PAPER1")
    assert output.message.at_ns == at_ns + 200_000
    assert output.message.order == order_
    found: m.Allowed = output.message
    return found


def follow(made: Shell, at_ns: int = TEN + SECOND_NS, **changes: Any) -> None:
    assert made.send(event("live_orders", live(**changes), at_ns)) == []


def test_an_approved_entry_reserves_quantity_times_worst_price() -> None:
    made = shell()
    assert decide(made, entry()).reserved_e4 == LAKH
    market = entry("I2", "BBB", order_type="MARKET", limit_price_e4=None, qty=50)
    assert decide(made, market).reserved_e4 == 50 * 1_010 * RUPEE
    assert made.state.reserved_e4() == LAKH + 50 * 1_010 * RUPEE
    assert made.state.timer_ns() is None


def test_what_the_risk_manager_rejected_gets_no_decision() -> None:
    made = shell()
    assert made.send(event("orders.sized", sized(order(), "REJECTED"))) == []
    assert not made.state.seen("I1")


REFUSALS: dict[str, tuple[str, dict[str, int], list[m.Order], m.Order]] = {
    "a known intent": ("DUPLICATE_INTENT", {}, [entry()], entry(symbol="BBB")),
    "an intent that was rejected before": (
        "DUPLICATE_INTENT",
        {},
        [entry(qty=10_000)],
        entry(),
    ),
    "the same order again": ("DUPLICATE_ORDER", {}, [entry()], entry("I2")),
    "too large a trade": ("MAX_TRADE_NOTIONAL", {}, [], entry(qty=201)),
    "more than is left of the budget": (
        "BUDGET_EXHAUSTED",
        {"budget__daily_e4": LAKH + LAKH // 2, "budget__max_trade_e4": LAKH},
        [entry()],
        entry("I2", "BBB", qty=51),
    ),
    "more open orders than allowed": (
        "MAX_OPEN_ORDERS",
        {"budget__max_open_orders": 1},
        [entry()],
        entry("I2", "BBB"),
    ),
    "more open orders of a symbol than allowed": (
        "MAX_OPEN_ORDERS_SYMBOL",
        {"budget__max_open_orders_symbol": 1},
        [entry()],
        entry("I2", qty=99),
    ),
    "a sale into an own purchase": ("SELF_CROSS", {}, [entry()], entry("I2", side="SELL")),
    "a purchase into an own sale of another strategy": (
        "SELF_CROSS",
        {},
        [entry(side="SELL", strategy="other")],
        entry("I2"),
    ),
    "a market order against a resting one": (
        "SELF_CROSS",
        {},
        [entry()],
        entry("I2", side="SELL", order_type="MARKET", limit_price_e4=None),
    ),
    "an entry against a pending exit": ("SELF_CROSS", {}, [leave()], entry("I2")),
    "one order too many in a second": (
        "THROTTLED_SECOND",
        {"throttle__per_second": 4},
        [entry()],
        entry("I2", "BBB"),
    ),
    "one order too many in a minute": (
        "THROTTLED_MINUTE",
        {"throttle__per_minute": 61},
        [entry()],
        entry("I2", "BBB"),
    ),
    "one order too many in a day": (
        "THROTTLED_DAY",
        {"throttle__per_day": 1_001},
        [entry()],
        entry("I2", "BBB"),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_refuses(case: str) -> None:
    reason, overrides, before, order_ = REFUSALS[case]
    made = shell(**overrides)
    for one in before:
        decide(made, one)
    reserved_e4 = made.state.reserved_e4()
    found = decide(made, order_)
    assert (found.decision, found.reason, found.reserved_e4) == ("REJECTED", reason, 0)
    assert made.state.reserved_e4() == reserved_e4


def test_prices_that_do_not_meet_do_not_cross() -> None:
    made = shell()
    decide(made, entry())
    above = entry("I2", side="SELL", limit_price_e4=1_001 * RUPEE)
    assert decide(made, above).decision == "APPROVED"
    assert decide(made, entry("I3", "BBB", side="SELL")).decision == "APPROVED"


HALTS: dict[str, tuple[str, str]] = {
    "pause": ("PAUSE", "PAUSED"),
    "reduce": ("REDUCE", "REDUCING"),
    "kill": ("KILL", "HALTED"),
}


@pytest.mark.parametrize("case", HALTS)
def test_a_halt_stops_entries_and_not_exits_until_resume(case: str) -> None:
    command, reason = HALTS[case]
    made = shell()
    made.send(event("control", control(command, by="risk_manager")))
    assert decide(made, entry()).reason == reason
    assert decide(made, leave()).decision == "APPROVED"
    made.send(event("control", control("RESUME")))
    assert decide(made, entry("I2", "BBB")).decision == "APPROVED"


def test_an_exit_reserves_nothing_and_passes_budget_open_orders_and_crossing() -> None:
    made = shell(budget__daily_e4=LAKH, budget__max_trade_e4=LAKH, budget__max_open_orders=1)
    decide(made, entry())
    found = decide(made, leave(qty=5_000))
    assert (found.decision, found.reserved_e4) == ("APPROVED", 0)
    assert decide(made, leave("X2", qty=5_000)).reason == "DUPLICATE_ORDER"
    assert decide(made, leave()).reason == "DUPLICATE_INTENT"


def test_a_repeat_after_the_window_is_no_duplicate() -> None:
    made = shell()
    decide(made, entry())
    at_ns = TEN + 2_000 * MS_NS
    assert decide(made, entry("I2"), at_ns - 1).reason == "DUPLICATE_ORDER"
    assert decide(made, entry("I3"), at_ns).decision == "APPROVED"
    assert decide(made, entry("I4", qty=99), at_ns).decision == "APPROVED"
    assert made.state.entry("recent/sma/AAA/BUY").qtys == (100, 99)


def test_orders_count_in_the_second_in_which_they_are_sent() -> None:
    made = shell(throttle__per_second=4)
    just_before = TEN - 400_000
    decide(made, entry(), just_before)
    assert decide(made, entry("I2", "BBB"), TEN).reason == "THROTTLED_SECOND"
    assert decide(made, entry("I3", "BBB"), TEN + SECOND_NS - 400_000).decision == "APPROVED"


def test_exits_use_what_is_kept_for_them_and_never_the_cancels_share() -> None:
    made = shell()
    symbols = [f"S{n}" for n in range(12)]
    entries = [decide(made, entry(s, s)).decision for s in symbols]
    exits = [decide(made, leave("X" + s, symbol=s)).decision for s in symbols]
    assert entries.count("APPROVED") == 7
    assert exits.count("APPROVED") == 2


def test_a_pair_takes_two_places() -> None:
    made = shell(throttle__per_second=4, throttle__exits_per_second=0)
    pair = order(leg(qty=10), leg("BBB", "SELL", qty=10))
    assert decide(made, pair).decision == "APPROVED"
    other = order(leg("CCC", qty=10), leg("DDD", "SELL", qty=10), intent_id="I2")
    assert decide(made, other).reason == "THROTTLED_SECOND"


def test_a_reservation_follows_its_order_until_that_is_terminal() -> None:
    made = shell()
    decide(made, entry())
    follow(made)
    assert made.state.reserved_e4() == LAKH
    follow(made, state="PARTIALLY_FILLED", filled_qty=40, reserved_e4=60_000 * RUPEE)
    assert (made.state.reserved_e4(), made.state.burnt_e4) == (60_000 * RUPEE, 40_000 * RUPEE)
    follow(made, state="UNKNOWN", filled_qty=40, reserved_e4=60_000 * RUPEE)
    assert made.state.reserved_e4() == 60_000 * RUPEE
    follow(made, state="CANCELLED", filled_qty=40, reserved_e4=0)
    assert (made.state.reserved_e4(), made.state.burnt_e4) == (0, 40_000 * RUPEE)
    assert list(made.state.resting()) == []
    follow(made, state="CANCELLED", filled_qty=50, reserved_e4=0)
    assert made.state.burnt_e4 == 50_000 * RUPEE


def test_a_second_leg_stays_reserved_by_its_intent_until_its_order_appears() -> None:
    made = shell()
    decide(made, order(leg(qty=100), leg("BBB", "SELL", qty=50)))
    follow(made, state="REJECTED", command="NONE", reserved_e4=0)
    assert made.state.reserved_e4() == LAKH // 2
    follow(made, order_id="O2", leg=1, symbol="BBB", side="SELL", reserved_e4=LAKH // 2, qty=50)
    assert [order.symbol for order in made.state.resting()] == ["BBB"]


def test_a_further_attempt_of_the_oms_counts_as_an_order_and_burns_nothing_as_an_exit() -> None:
    made = shell()
    decide(made, leave())
    counts = made.state.throttle
    first = {"intent_id": "X1", "action": "EXIT", "side": "SELL", "limit_price_e4": None}
    follow(made, **first, reserved_e4=0)
    assert made.state.throttle == counts
    follow(made, **first, order_id="O2", reserved_e4=0, filled_qty=100, state="FILLED")
    assert made.state.throttle.day_orders == counts.day_orders + 1
    late = TEN + 70 * SECOND_NS
    decide(made, leave("X2", symbol="BBB"), late)
    old = live(**first, order_id="O3", reserved_e4=0, at_ns=late - 30 * SECOND_NS)
    made.send(event("live_orders", old, late))
    assert (made.state.throttle.minute_orders, made.state.throttle.day_orders) == (1, 4)
    assert made.state.burnt_e4 == 0


def test_an_order_of_an_unknown_intent_is_followed_at_its_own_price() -> None:
    made = shell()
    follow(made, intent_id="OLD", filled_qty=10, command="NONE", reserved_e4=90_000 * RUPEE)
    assert (made.state.reserved_e4(), made.state.burnt_e4) == (90_000 * RUPEE, 10_000 * RUPEE)
    assert made.state.throttle.day_orders == 0


def test_a_new_day_burns_anew_and_keeps_what_is_open() -> None:
    made = shell()
    decide(made, entry())
    follow(made, state="FILLED", filled_qty=100, reserved_e4=0)
    decide(made, entry("I2", "BBB"))
    decide(made, entry("I3", "CCC"))
    follow(made, intent_id="I3", order_id="O3", symbol="CCC")
    follow(made, ns("10:00", date(2026, 11, 23)), order_id="O9", intent_id="I9", symbol="DDD")
    assert made.state.burnt_e4 == 0
    assert sorted(made.state.keys()) == [
        "burn", "intent/I2", "limits", "order/O3", "order/O9", "throttle",
    ]  # fmt: skip
    assert made.state.reserved_e4() == 3 * LAKH


def test_control_sets_a_limit_and_survives_a_restart() -> None:
    made = shell()
    made.send(event("control", control("SET", key="budget.max_trade_e4", value=LAKH - 1)))
    made.restart()
    assert decide(made, entry()).reason == "MAX_TRADE_NOTIONAL"


def test_control_that_cannot_be_obeyed_is_counted_and_changes_nothing() -> None:
    made = shell()
    made.send(event("control", control("SET", key="budget.max_trade_e4", value=10**14)))
    assert made.state.limits.control_rejections == 1
    assert made.state.budget == limits()


def test_another_source_may_bound_the_day() -> None:
    class Margins:
        def daily_e4(self, limits: Any) -> int:
            return LAKH - 1

    settings = guard_settings(source=Margins())
    made = Shell(lambda: State(settings), step, settings)
    assert decide(made, entry()).reason == "BUDGET_EXHAUSTED"
