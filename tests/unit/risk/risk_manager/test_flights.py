"""Orders in flight: when an intent no longer counts as pending."""

from typing import Any

import pytest

from builders_risk import (
    TEN,
    Shell,
    allowed,
    bar,
    decide,
    event,
    exit_leg,
    exit_order,
    fill,
    hold,
    limits,
    live,
    order,
    risk_shell,
)
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Sized


def at(seconds: float) -> int:
    return TEN + round(seconds * SECOND_NS)


def told(made: Shell, seconds: float, **changes: Any) -> None:
    """An order event, as the risk manager takes it."""
    made.send(event("live_orders", live(**changes), at(seconds)))


def exit_again(made: Shell, seconds: float, number: int = 2) -> Sized:
    return decide(made, exit_order(intent_id=f"X{number}"), at(seconds))


def held_and_exited() -> Shell:
    made = risk_shell()
    hold(made, 100)
    assert decide(made, exit_order()).decision == "APPROVED"
    return made


def test_an_exit_that_the_guard_refuses_frees_its_position_at_once() -> None:
    made = held_and_exited()
    refused = allowed(exit_order(), "REJECTED", "THROTTLED_SECOND")
    made.send(event("orders.allowed", refused, at(1)))
    assert made.state.entry("flight/X1") is None
    assert exit_again(made, 1).decision == "APPROVED"


@pytest.mark.parametrize(
    ("decision", "reason"), [("APPROVED", "OK"), ("REJECTED", "DUPLICATE_INTENT")]
)
def test_other_decisions_of_the_guard_change_nothing(decision: str, reason: str) -> None:
    made = held_and_exited()
    made.send(event("orders.allowed", allowed(exit_order(), decision, reason), at(1)))
    assert exit_again(made, 5).reason == "EXIT_IN_FLIGHT"
    made.send(event("orders.allowed", allowed(order(), "REJECTED", "BUDGET_EXHAUSTED"), at(1)))


@pytest.mark.parametrize("state", ["REJECTED", "CANCELLED", "EXPIRED"])
def test_an_exit_lands_shortly_after_its_only_order_has_ended(state: str) -> None:
    made = held_and_exited()
    told(made, 1, intent_id="X1", action="EXIT")
    told(made, 2, intent_id="X1", action="EXIT", state="ACCEPTED")
    told(made, 3, intent_id="X1", action="EXIT", state=state)
    assert exit_again(made, 4.9).reason == "EXIT_IN_FLIGHT"
    made.restart()
    assert exit_again(made, 5, 3).decision == "APPROVED"


def test_a_chase_keeps_its_intent_in_flight() -> None:
    made = held_and_exited()
    told(made, 1, intent_id="X1")
    told(made, 6, intent_id="X1", state="CANCELLED", reason="CHASED")
    told(made, 6, intent_id="X1", order_id="O2")
    assert exit_again(made, 30).reason == "EXIT_IN_FLIGHT"
    told(made, 31, intent_id="X1", order_id="O2", state="CANCELLED")
    assert exit_again(made, 33, 3).decision == "APPROVED"


def test_both_legs_of_a_pair_must_have_ended() -> None:
    made = risk_shell()
    hold(made, 10)
    hold(made, 10, "BBB")
    decide(made, exit_order(exit_leg(), exit_leg("BBB")))
    told(made, 1, intent_id="X1")
    told(made, 1, intent_id="X1", order_id="O2", leg=1, symbol="BBB")
    told(made, 2, intent_id="X1", state="REJECTED")
    assert exit_again(made, 20).reason == "EXIT_IN_FLIGHT"


def test_a_late_truth_puts_an_intent_in_flight_again_and_a_late_trade_is_booked() -> None:
    made = risk_shell(limits(sizing__max_symbol_qty=60))
    entry = order(expires_ns=at(45))
    assert decide(made, entry).order.legs[0].qty == 50
    told(made, 1)
    told(made, 2, state="REJECTED")
    told(made, 3, state="REJECTED")
    made.state.prune(at(4))
    assert made.state.exposure().symbol_qty["AAA"] == 0
    told(made, 5, state="SUBMITTED", event="FOUND")
    made.state.prune(at(9))
    assert made.state.exposure().symbol_qty["AAA"] == 50
    told(made, 10, state="CANCELLED", filled_qty=20)
    made.send(event("fills", fill(qty=20, intent_id="I1"), at(10)))
    made.state.prune(at(12))
    assert made.state.exposure().symbol_qty["AAA"] == 20
    assert made.state.position("sma", "AAA").bucket == "trend"


def test_an_entry_whose_order_stays_open_keeps_its_room_and_an_exit_does_not() -> None:
    made = risk_shell(limits(sizing__max_symbol_qty=60))
    decide(made, order(expires_ns=at(45)))
    told(made, 1, state="UNKNOWN")
    hold(made, -5, "BBB")
    decide(made, exit_order(exit_leg("BBB", "BUY")))
    told(made, 1, intent_id="X1", order_id="O2", state="UNKNOWN")
    later_ns = at(300)
    made.send(event("bars.1s", bar(at_ns=later_ns), later_ns))
    assert decide(made, order(intent_id="I2"), later_ns).order.legs[0].qty == 10
    again = exit_order(exit_leg("BBB", "BUY"), intent_id="X2")
    assert decide(made, again, later_ns).decision == "APPROVED"


def test_events_of_an_order_that_says_nothing_new_are_not_saved() -> None:
    made = held_and_exited()
    told(made, 1, intent_id="X1")
    before = dict(made.saved)
    made.state.take_order(live(intent_id="X1", state="ACCEPTED"), at(2))
    made.state.take_order(live(intent_id="GONE"), at(2))
    assert made.state.dirty == set()
    assert made.saved == before
