"""Pairs that stay incomplete, exits that do not trade, the kill switch."""

from __future__ import annotations

from typing import Any

from oms_desk import START_NS, Desk, brief, leg, live, market
from tapeline.contracts.clock import MINUTE_NS

CANCEL_LEG = ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "LEG_RISK")
FLATTEN = ("ALLOWED", "PENDING_SUBMIT", "PLACE", "LEG_RISK")
CHASE = ("ALLOWED", "PENDING_SUBMIT", "PLACE", "CHASED")
CHASED = ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "CHASED")


def pair(desk: Desk, **changes: Any) -> None:
    desk.allow("P", leg(), leg("TCS", "SELL"), **({"leg_timeout_ms": 10_000} | changes))
    for index in range(2):
        desk.report("ACK", "P", index)


def test_a_complete_pair_is_left_alone() -> None:
    desk = Desk()
    pair(desk)
    desk.trade(10, "T1", "P", 0)
    desk.trade(10, "T2", "P", 1)

    assert desk.wait(60_000) == []


def test_an_incomplete_pair_is_unwound_after_the_timeout() -> None:
    desk = Desk()
    pair(desk)
    desk.trade(10, "T1", "P", 0)
    desk.trade(4, "T2", "P", 1)

    assert brief(desk.wait(9_999)) == []
    unwound = live(desk.wait(1))

    assert [(e.event, e.state, e.command, e.reason) for e in unwound] == [
        FLATTEN,
        CANCEL_LEG,
        FLATTEN,
    ]
    flatten = [(e.symbol, e.side, e.qty, e.action, e.order_type) for e in unwound if e.n == 0]
    assert flatten == [
        ("INFY", "SELL", 10, "EXIT", "MARKET"),
        ("TCS", "BUY", 4, "EXIT", "MARKET"),
    ]
    assert {e.strategy for e in unwound} == {"sma"}
    assert all(e.reserved_e4 == 0 for e in unwound if e.action == "EXIT")
    late = live(desk.trade(6, "T3", "P", 1))
    assert [(e.event, e.qty, e.reason) for e in late] == [
        ("FULL_FILL", 10, "OK"),
        ("ALLOWED", 6, "LEG_RISK"),
    ]


def test_a_pair_with_a_dead_leg_is_unwound_at_once() -> None:
    desk = Desk()
    pair(desk, leg_timeout_ms=None)
    desk.trade(4, "T1", "P", 0)

    assert brief(desk.report("REJECT", "P", 1))[1:] == [CANCEL_LEG, FLATTEN]


def test_a_flattening_order_that_is_refused_is_not_repeated() -> None:
    desk = Desk()
    pair(desk)
    desk.trade(10, "T1", "P", 0)
    desk.wait(10_000)

    assert len(brief(desk.report("REJECT", "P", 0, 1))) == 1


def test_an_unfilled_exit_is_chased_wider_until_it_rests() -> None:
    desk = Desk(max_chases=2)
    desk.allow("X", market(), action="EXIT", reserved_e4=0)
    prices = [desk.order("X").limit_price_e4]
    for attempt in range(2):
        desk.report("ACK", "X", attempt=attempt)
        assert brief(desk.wait(3_000)) == [CHASED]
        placed = desk.report("CANCELLED", "X", attempt=attempt)
        assert brief(placed)[1:] == [CHASE]
        prices.append(live(placed)[1].limit_price_e4)
    desk.report("ACK", "X", attempt=2)

    assert desk.wait(60_000) == []
    assert prices == [990_000, 987_500, 985_000]


def test_a_chase_places_only_what_the_broker_has_not_filled() -> None:
    desk = Desk()
    desk.allow("X", market(), action="EXIT")
    desk.report("ACK", "X")
    desk.trade(3, "T1", "X", price_e4=980_000)
    desk.wait(3_000)

    placed = live(desk.report("CANCELLED", "X", cum_qty=5))[1]

    assert (placed.qty, placed.limit_price_e4) == (5, 967_500)


def test_a_late_trade_withdraws_the_surplus_of_the_next_attempt() -> None:
    desk = Desk()
    desk.allow("X", market(), action="EXIT")
    desk.report("ACK", "X")
    desk.wait(3_000)
    desk.report("CANCELLED", "X")
    desk.report("ACK", "X", attempt=1)

    late = desk.trade(4, "T1", "X")

    assert brief(late) == [("FILL", "CANCELLED", "NONE", "LATE_FILL"), CHASED]
    again = live(desk.report("CANCELLED", "X", attempt=1))
    assert [e.qty for e in again if e.command == "PLACE"] == [6]
    assert live(desk.trade(4, "T9", "X", attempt=2))[0].qty == 6
    assert sum(f.qty for f in desk.fills) == 8


def test_an_exit_whose_time_is_over_is_not_chased() -> None:
    desk = Desk()
    desk.allow("X", market(), action="EXIT", expires_ns=START_NS + 4_000_000_000)
    desk.report("ACK", "X")
    desk.wait(5_000)

    assert len(brief(desk.report("CANCELLED", "X"))) == 1


def test_an_exit_with_a_limit_of_its_own_is_not_chased() -> None:
    desk = Desk()
    desk.allow("X", leg(side="SELL"), action="EXIT")
    desk.report("ACK", "X")

    assert desk.wait(60_000) == []


def test_an_exit_waits_for_its_acknowledgement_before_it_is_chased() -> None:
    desk = Desk()
    desk.allow("X", market(), action="EXIT")

    assert brief(desk.wait(4_000)) == []
    assert brief(desk.report("ACK", "X"))[1:] == [CHASED]


def test_a_second_exit_leaves_out_what_the_first_covers() -> None:
    desk = Desk()
    desk.allow("X", market(qty=6), action="EXIT")
    more = live(desk.allow("Y", market(qty=10), action="EXIT", reserved_e4=1000))

    assert [(e.event, e.qty, e.reason, e.reserved_e4) for e in more] == [
        ("ALLOWED", 4, "EXIT_IN_PROGRESS", 400)
    ]
    refused = live(desk.allow("Z", market(qty=10), action="EXIT"))
    assert [(e.event, e.qty, e.reason) for e in refused] == [("REFUSED", 10, "EXIT_IN_PROGRESS")]


def test_a_second_exit_sets_a_resting_first_one_going_again() -> None:
    desk = Desk(max_chases=0)
    desk.allow("X", market(), action="EXIT")
    desk.report("ACK", "X")
    desk.wait(MINUTE_NS // 1_000_000)

    again = desk.allow("Y", market(reference_price_e4=950_000), action="EXIT")

    assert brief(again) == [("REFUSED", "REJECTED", "NONE", "EXIT_IN_PROGRESS"), CHASED]
    placed = live(desk.report("CANCELLED", "X"))[1]
    assert placed.limit_price_e4 == 938_000


def test_an_exit_of_another_strategy_is_its_own() -> None:
    desk = Desk()
    desk.allow("X", market(), action="EXIT")

    assert brief(desk.allow("Y", market(), action="EXIT", strategy="rsi"))[0][0] == "ALLOWED"


def test_the_kill_switch_cancels_entries_and_lets_exits_pass() -> None:
    desk = Desk()
    desk.allow("E")
    desk.report("ACK", "E")
    desk.allow("X", market("TCS"), action="EXIT")

    assert brief(desk.control("KILL")) == [
        ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "HALTED")
    ]
    assert brief(desk.allow("E2")) == [("REFUSED", "REJECTED", "NONE", "HALTED")]
    assert brief(desk.allow("X2", market()))[0][0] == "REFUSED"
    assert brief(desk.allow("X3", market(), action="EXIT"))[0][0] == "ALLOWED"
    desk.control("REDUCE")
    assert desk.state.account.mode == "HALTED"
    desk.control("RESUME")
    assert brief(desk.allow("E3"))[0][0] == "ALLOWED"
    desk.control("REDUCE")
    assert brief(desk.allow("E4")) == [("REFUSED", "REJECTED", "NONE", "REDUCING")]


def test_a_pair_that_the_kill_switch_breaks_is_flattened() -> None:
    desk = Desk()
    pair(desk)
    desk.trade(10, "T1", "P", 0)
    desk.control("KILL")

    assert brief(desk.report("CANCELLED", "P", 1))[1:] == [FLATTEN]


def test_an_exit_leaves_out_trades_that_the_broker_counted_and_has_not_sent() -> None:
    desk = Desk()
    desk.allow("I1", market(), action="EXIT")
    desk.report("ACK")
    desk.report("CANCELLED", cum_qty=7)
    desk.restart()

    (placed,) = live(desk.allow("I2", market(), action="EXIT"))
    assert (placed.event, placed.qty, placed.reason) == ("ALLOWED", 3, "EXIT_IN_PROGRESS")
    desk.trade(7, "T1", cum_qty=7)
    assert desk.state.trades_missing() == []
