"""Exits: of strategies, and the square-off."""

import pytest

from builders_risk import (
    RUPEE,
    TEN,
    control,
    decide,
    event,
    exit_leg,
    exit_order,
    fill,
    hold,
    instrument,
    limits,
    messages,
    ns,
    risk_shell,
    timer,
)
from tapeline.contracts import messages as m
from tapeline.contracts.clock import SECOND_NS


def test_an_exit_takes_the_whole_position_and_passes_halts_and_stale_prices() -> None:
    made = risk_shell()
    hold(made, 70)
    made.send(event("control", control("KILL")))
    found = decide(made, exit_order(), ns("15:14"))
    assert [one.qty for one in found.order.legs] == [70]
    assert found.order.expires_ns == ns("15:15")


def test_the_closing_auction_takes_an_exit_with_a_limit() -> None:
    made = risk_shell()
    hold(made, 70)
    limited = exit_leg(order_type="LIMIT", limit_price_e4=999 * RUPEE)
    found = decide(made, exit_order(limited), ns("15:20"))
    assert [one.qty for one in found.order.legs] == [70]


EXIT_REFUSALS: dict[str, tuple[str, int, m.Order, int]] = {
    "when nothing is held": ("NOTHING_TO_EXIT", 0, exit_order(), TEN),
    "when it would add": ("NOTHING_TO_EXIT", 10, exit_order(exit_leg(side="BUY")), TEN),
    "when another strategy holds it": (
        "NOTHING_TO_EXIT",
        10,
        exit_order(strategy="other"),
        TEN,
    ),
    "when the market is closed": ("MARKET_CLOSED", 10, exit_order(), ns("20:00")),
    "before the market opens": ("PHASE_CLOSED", 10, exit_order(), ns("09:05")),
    "after the close": ("PHASE_CLOSED", 10, exit_order(), ns("15:55")),
    "at the market in the closing auction": ("ORDER_TYPE", 10, exit_order(), ns("15:20")),
    "for an unknown symbol": ("UNKNOWN_SYMBOL", 10, exit_order(exit_leg("ZZZ")), TEN),
    "for one symbol twice": ("BAD_INTENT", 10, exit_order(exit_leg(), exit_leg()), TEN),
}


@pytest.mark.parametrize("case", EXIT_REFUSALS)
def test_an_exit_is_refused(case: str) -> None:
    reason, held, order_, at_ns = EXIT_REFUSALS[case]
    made = risk_shell()
    if held:
        hold(made, held)
    assert decide(made, order_, at_ns).reason == reason


def test_an_exit_waits_for_the_one_in_flight_until_that_has_expired() -> None:
    made = risk_shell()
    hold(made, 100)
    first = decide(made, exit_order())
    assert first.order.expires_ns == TEN + 60 * SECOND_NS
    again = exit_order(intent_id="X2")
    assert decide(made, again).reason == "EXIT_IN_FLIGHT"
    hold(made, 20)
    assert [one.qty for one in decide(made, again).order.legs] == [20]
    made.send(event("fills", fill(side="SELL", qty=60, intent_id="X1", action="EXIT")))
    later = TEN + 100 * SECOND_NS
    assert [one.qty for one in decide(made, exit_order(intent_id="X3"), later).order.legs] == [60]


def test_an_exit_keeps_an_earlier_expiry_and_drops_legs_with_nothing_to_exit() -> None:
    made = risk_shell()
    hold(made, -5, "BBB")
    both = exit_order(exit_leg(), exit_leg("BBB", "BUY"), expires_ns=TEN + SECOND_NS)
    found = decide(made, both)
    assert [(one.symbol, one.qty) for one in found.order.legs] == [("BBB", 5)]
    assert found.order.expires_ns == TEN + SECOND_NS


def test_an_exit_is_capped_by_the_freeze_quantity() -> None:
    made = risk_shell(instruments=[instrument(freeze_qty=30)])
    hold(made, 70)
    qtys = [decide(made, exit_order(intent_id=f"X{n}")).order.legs[0].qty for n in range(3)]
    assert qtys == [30, 30, 10]


def test_square_off_exits_every_intraday_position_in_batches() -> None:
    made = risk_shell(limits(square_off__orders_per_s=2))
    hold(made, 10)
    hold(made, -20, "BBB", strategy="other")
    hold(made, 5, "CCC")
    hold(made, 7, "CCC", product="CNC", strategy="invest")
    hold(made, 1, "BBB", strategy="flat")
    hold(made, -1, "BBB", strategy="flat")
    start = ns("15:08")
    assert made.state.timer_ns() == start
    first = messages(made.send(timer(start)))
    assert made.state.timer_ns() == start + SECOND_NS
    second = messages(made.send(timer(start + SECOND_NS)))
    exits = [
        (s.order.strategy, one.symbol, one.side, one.qty)
        for s in first + second
        for one in s.order.legs
    ]
    assert exits == [
        ("other", "BBB", "BUY", 20),
        ("sma", "AAA", "SELL", 10),
        ("sma", "CCC", "SELL", 5),
    ]
    assert {s.order.extra.signal.strategy for s in first} == {"square_off"}
    assert len({s.intent_id for s in first + second}) == 3
    assert made.state.timer_ns() == start + 30 * SECOND_NS


def test_square_off_repeats_what_was_not_filled_and_only_that() -> None:
    made = risk_shell()
    hold(made, 10)
    start = ns("15:08")
    (first,) = messages(made.send(timer(start)))
    made.send(event("fills", fill(side="SELL", qty=4, intent_id=first.intent_id, action="EXIT")))
    repeats = []
    while (due := made.state.timer_ns()) is not None:
        repeats += [(due, s.order.legs[0].qty) for s in messages(made.send(timer(due)))]
        assert due < ns("15:15")
    assert repeats[0] == (start + 120 * SECOND_NS, 6)


def test_a_late_timer_does_all_that_is_due_at_once() -> None:
    made = risk_shell()
    hold(made, 10)
    assert len(made.send(timer(ns("15:10")))) == 1
    assert made.state.timer_ns() == ns("15:10:30")


def test_square_off_sends_nothing_when_the_market_is_closed_or_the_symbol_unknown() -> None:
    made = risk_shell()
    hold(made, 10)
    hold(made, 10, "OLD")
    assert made.send(timer(ns("15:40"))) == []
