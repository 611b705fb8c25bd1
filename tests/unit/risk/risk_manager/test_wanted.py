"""Positions that their strategies do not want are exited until they are gone."""

from typing import Any

import pytest
from msgspec.structs import replace

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
    leg,
    limits,
    live,
    messages,
    ns,
    order,
    risk_shell,
    timer,
)
from tapeline.contracts import messages as m
from tapeline.contracts.clock import SECOND_NS

LEG_RISK = {"event": "ALLOWED", "reason": "LEG_RISK", "action": "EXIT"}


def at(seconds: float) -> int:
    return TEN + round(seconds * SECOND_NS)


def told(made: Shell, seconds: float, **changes: Any) -> None:
    made.send(event("live_orders", live(**changes), at(seconds)))


def filled(made: Shell, seconds: float, *args: Any, **changes: Any) -> None:
    made.send(event("fills", fill(*args, **changes), at(seconds)))


def until(made: Shell, until_ns: int) -> list[tuple[float, m.Sized]]:
    """Own exits up to a time: seconds after ten, decision."""
    found = []
    while (due_ns := made.state.timer_ns()) is not None and due_ns <= until_ns:
        found += [((due_ns - TEN) / SECOND_NS, s) for s in messages(made.send(timer(due_ns)))]
        due_after_ns = made.state.timer_ns()
        assert due_after_ns is None or due_after_ns > due_ns
    return found


def brief(found: list[tuple[float, m.Sized]]) -> list[tuple[float, str, str, int]]:
    """(seconds, symbol, side, shares) of own exits."""
    legs = [(seconds, sized.order.legs[0]) for seconds, sized in found]
    return [(seconds, one.symbol, one.side, one.qty or 0) for seconds, one in legs]


def stop() -> m.Order:
    """An exit of a short position by its stop."""
    wanted = exit_order(exit_leg(side="BUY"))
    return replace(wanted, extra=m.Extra(signal=replace(wanted.extra.signal, cause="STOP")))


def died(made: Shell, seconds: float, intent_id: str = "X1") -> None:
    """The exit is chased three times within 15 s and expires after a minute, unfilled."""
    for n in range(4):
        order_ = {"intent_id": intent_id, "order_id": f"{intent_id}-{n}", "action": "EXIT"}
        told(made, seconds + 1 + 5 * n, **order_)
        ended = seconds + (62 if n == 3 else 6 + 5 * n)
        told(made, ended, **order_, state="CANCELLED", reason="EXPIRY_REACHED" if n == 3 else "OK")


def test_a_stop_that_expires_unfilled_is_sent_again_when_it_has_ended() -> None:
    made = risk_shell()
    hold(made, -36)
    assert decide(made, stop()).order.legs[0].qty == 36
    assert until(made, at(45)) == []
    died(made, 0)
    made.restart()
    ((seconds, again),) = until(made, at(90))

    assert seconds == 64
    assert (again.decision, again.order.strategy) == ("APPROVED", "sma")
    assert [(one.side, one.qty) for one in again.order.legs] == [("BUY", 36)]
    assert (again.order.extra.signal.strategy, again.order.extra.signal.cause) == (
        "repeated_exit",
        "STOP",
    )
    assert made.state.timer.unwanted == 1
    filled(made, 70, side="BUY", qty=36, intent_id=again.intent_id, action="EXIT")
    assert until(made, ns("15:00")) == []
    assert made.state.timer.unwanted == 0


def test_an_exit_is_repeated_for_as_long_as_it_dies_each_time_with_an_id_of_its_own() -> None:
    made = risk_shell()
    hold(made, -36)
    decide(made, exit_order(exit_leg(side="BUY")))
    made.send(event("orders.allowed", allowed(exit_order(), "REJECTED", "THROTTLED_SECOND")))
    found = []
    for _ in range(3):
        ((seconds, again),) = until(made, made.state.timer_ns() or 0)
        found.append((seconds, again.intent_id))
        told(made, seconds + 1, intent_id=again.intent_id, state="REJECTED", action="EXIT")
    assert [seconds for seconds, _ in found] == [30, 60, 90]
    assert len({intent_id for _, intent_id in found}) == 3


def test_an_entry_that_is_filled_after_its_exit_is_exited() -> None:
    made = risk_shell()
    decide(made, order())
    assert decide(made, exit_order(), at(1)).reason == "NOTHING_TO_EXIT"
    assert until(made, at(1.5)) == []
    filled(made, 2, qty=20, intent_id="I1")
    filled(made, 2.5, qty=10, intent_id="I1")
    made.restart()
    assert brief(until(made, at(30))) == [(3, "AAA", "SELL", 30)]


def test_an_exit_of_too_much_is_taken_back() -> None:
    made = risk_shell()
    hold(made, 10)
    decide(made, exit_order())
    filled(made, 1, side="SELL", qty=10, intent_id="X1", action="EXIT")
    assert until(made, at(39)) == []
    filled(made, 40, side="SELL", qty=10, intent_id="X1", action="EXIT")
    assert brief(until(made, at(60))) == [(41, "AAA", "BUY", 10)]


def test_a_broken_pair_whose_flattening_is_refused_is_exited() -> None:
    made = risk_shell()
    decide(made, order(leg(), leg("BBB", "SELL")))
    filled(made, 1, qty=50, intent_id="I1")
    told(made, 6, side="SELL", order_id="O2", **LEG_RISK)
    told(made, 7, side="SELL", order_id="O2", action="EXIT", state="REJECTED")
    assert brief(until(made, at(40))) == [(36, "AAA", "SELL", 50)]


def test_other_order_events_say_nothing_about_what_is_wanted() -> None:
    made = risk_shell()
    hold(made, 10)
    told(made, 1, event="CANCEL_REQUESTED", reason="LEG_RISK")
    told(made, 1, reason="CHASED", action="EXIT")
    assert made.state.wanted("sma", "AAA") is None


def test_a_newer_entry_ends_it_for_its_own_side_only() -> None:
    made = risk_shell()
    hold(made, 10)
    decide(made, exit_order())
    assert decide(made, order(intent_id="I2", expires_ns=at(46)), at(1)).decision == "APPROVED"
    assert until(made, ns("10:30")) == []
    decide(made, exit_order(intent_id="X2"), at(1_801))
    opposite = order(leg(side="SELL"), intent_id="I3")
    made.send(event("bars.1s", bar(at_ns=at(1_801)), at(1_801)))
    assert decide(made, opposite, at(1_802)).decision == "APPROVED"
    made.send(event("orders.allowed", allowed(exit_order(intent_id="X2"), "REJECTED"), at(1_803)))
    assert brief(until(made, at(1_850))) == [(1_831, "AAA", "SELL", 10)]


def test_an_entry_that_is_refused_ends_nothing() -> None:
    made = risk_shell()
    hold(made, 10)
    decide(made, exit_order())
    assert decide(made, order(leg(stop_distance_e4=None), intent_id="I2")).reason == "NO_STOP"
    assert made.state.wanted("sma", "AAA").side is None


@pytest.mark.parametrize("bad", [(exit_leg("ZZZ"),), (exit_leg(), exit_leg())])
def test_an_exit_that_contradicts_itself_says_nothing(bad: tuple[m.Leg, ...]) -> None:
    made = risk_shell()
    hold(made, 10)
    decide(made, exit_order(*bad))
    assert [key for key in made.state.keys() if key.startswith("wanted/")] == []  # noqa: SIM118


def test_nothing_is_sent_while_the_market_is_not_continuous() -> None:
    made = risk_shell()
    hold(made, 10, product="CNC")
    assert decide(made, exit_order(), ns("09:05")).reason == "PHASE_CLOSED"
    assert made.state.timer_ns() == ns("09:05:30")
    ((seconds, _),) = until(made, ns("09:16"))
    assert at(seconds) == ns("09:15")


def test_after_the_last_close_nothing_is_looked_at() -> None:
    made = risk_shell()
    hold(made, 10, product="CNC")
    decide(made, exit_order(), ns("15:14:50"))
    until(made, ns("15:15:20"))
    assert made.state.timer_ns() is None


def test_a_symbol_that_left_the_session_is_not_looked_at_again() -> None:
    made = risk_shell()
    told(made, 1, symbol="OLD", side="SELL", **LEG_RISK)
    hold(made, 10, "OLD")
    assert until(made, at(60)) == []


def test_repeated_exits_leave_in_batches() -> None:
    made = risk_shell(limits(square_off__orders_per_s=1))
    for symbol in ("AAA", "BBB", "CCC"):
        hold(made, 10, symbol)
        told(made, 1, symbol=symbol, side="SELL", intent_id=f"I{symbol}", **LEG_RISK)
    found = brief(until(made, at(60)))
    assert found == [
        (31, "AAA", "SELL", 10),
        (32, "BBB", "SELL", 10),
        (33, "CCC", "SELL", 10),
    ]
    assert made.state.timer.unwanted == 3


def test_the_square_off_and_a_repeated_exit_are_one_order() -> None:
    made = risk_shell()
    hold(made, 10)
    decide(made, exit_order(), ns("15:07:30"))
    made.send(event("orders.allowed", allowed(exit_order(), "REJECTED", "SCHEMA"), ns("15:07:31")))
    found = until(made, ns("15:08:20"))
    assert [s.order.extra.signal.strategy for _, s in found] == ["square_off"]
