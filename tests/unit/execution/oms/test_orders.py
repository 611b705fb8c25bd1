"""Placing, answers, trades, look-ups: one order at a time."""

from __future__ import annotations

from typing import Any

import pytest

from oms_desk import ACCOUNT, END_NS, START_NS, Desk, allowed, brief, instrument, leg, live, market
from tapeline.contracts.clock import MINUTE_NS, MS_NS
from tapeline.execution.oms.pricing import protected_price_e4
from tapeline.execution.oms.turn import held_e4


def test_an_approved_intent_is_placed_once() -> None:
    desk = Desk()

    (placed,) = live(desk.allow())

    assert (placed.event, placed.prev_state, placed.state) == ("ALLOWED", "NEW", "PENDING_SUBMIT")
    assert (placed.command, placed.n, placed.reserved_e4) == ("PLACE", 0, 10_005_000)
    assert placed.at_ns == START_NS + 200_000
    assert len(placed.tag) == 20
    assert desk.allow() == []
    assert desk.state.account.repeated_intents == 1


def test_a_rejected_decision_goes_no_further() -> None:
    assert Desk().allow(decision="REJECTED") == []


def test_an_order_lives_and_is_filled() -> None:
    desk = Desk()
    desk.allow()

    assert brief(desk.report("ACK")) == [("ACK", "ACCEPTED", "NONE", "OK")]
    first = desk.trade(4, "T1")
    assert brief(first) == [("FILL", "PARTIALLY_FILLED", "NONE", "OK")]
    assert live(first)[0].reserved_e4 == 6_003_000
    last = desk.trade(6, "T2")
    assert brief(last) == [("FULL_FILL", "FILLED", "NONE", "OK")]
    assert live(last)[0].reserved_e4 == 0
    assert [f.qty for f in desk.fills] == [4, 6]
    assert desk.fills[0].charges.total_e4 == 400
    assert desk.state.timer_ns() is None


def test_a_fill_pays_the_charges_of_its_exchange() -> None:
    desk = Desk()
    listed = {"INFY": instrument("INFY", exchange="BSE")}
    desk.settings = desk.settings.model_copy(update={"instruments": listed})
    desk.allow()
    desk.trade(4, "T1")

    assert desk.fills[0].charges.total_e4 == 800


def test_a_fill_before_the_acknowledgement_counts() -> None:
    desk = Desk()
    desk.allow()
    desk.trade(4, "T1", broker_order_id=None)

    assert desk.fills[0].broker_order_id == desk.order().tag
    assert brief(desk.report("ACK")) == [("ACK", "PARTIALLY_FILLED", "NONE", "OK")]


def test_repeated_reports_and_trades_are_counted_and_ignored() -> None:
    desk = Desk()
    desk.allow()
    desk.report("ACK", report_id="A")
    desk.trade(4, "T1")

    assert desk.report("ACK", report_id="A") == []
    assert desk.trade(4, "T1") == []
    assert desk.state.account.repeated_reports == 2


def test_only_the_last_reports_are_remembered() -> None:
    desk = Desk()
    desk.allow()
    for _ in range(40):
        desk.report("ACK")

    assert len(desk.order().report_ids) == 16


def test_an_overfill_counts_and_is_flagged() -> None:
    desk = Desk()
    desk.allow()
    desk.trade(6, "T1")

    assert brief(desk.trade(6, "T2")) == [("OVERFILL", "FILLED", "NONE", "OVERFILL")]
    assert brief(desk.trade(1, "T3")) == [("OVERFILL", "FILLED", "NONE", "OVERFILL")]
    assert [f.qty for f in desk.fills] == [6, 6, 1]
    assert desk.state.account.overfills == 2
    assert held_e4(desk.order()) == 0


def test_an_unanswered_placement_is_unknown_and_looked_up_until_found() -> None:
    desk = Desk()
    desk.allow()

    assert brief(desk.wait(4_999)) == []
    assert brief(desk.wait(1)) == [("TIMEOUT", "UNKNOWN", "QUERY", "NO_ANSWER")]
    assert brief(desk.wait(4_000)) == [("QUERIED", "UNKNOWN", "QUERY", "NO_ANSWER")] * 2
    assert desk.events[-1].reserved_e4 == 10_005_000
    found = desk.report("FOUND", message="OPEN")
    assert brief(found) == [("FOUND", "SUBMITTED", "NONE", "OK"), ("ACK", "ACCEPTED", "NONE", "OK")]


def test_silence_alone_never_gives_an_order_up() -> None:
    desk = Desk()
    desk.allow()
    desk.wait(600_000)

    assert desk.order().state == "UNKNOWN"


def unknown(desk: Desk) -> None:
    desk.allow()
    desk.report("TIMEOUT", broker_order_id=None, reason="NO_ANSWER")


def test_an_order_is_given_up_after_the_broker_denied_it_long_enough() -> None:
    desk = Desk()
    unknown(desk)
    desk.report("NOT_FOUND", broker_order_id=None)
    desk.wait(29_999)
    assert brief(desk.report("NOT_FOUND")) == [("NOT_FOUND", "UNKNOWN", "NONE", "OK")]
    desk.wait(1)
    gone = desk.report("NOT_FOUND")

    assert brief(gone) == [("NOT_FOUND_FINAL", "REJECTED", "NONE", "NOT_AT_BROKER")]
    assert live(gone)[0].reserved_e4 == 0


def test_an_order_that_the_broker_once_showed_is_never_given_up() -> None:
    desk = Desk()
    desk.allow()
    desk.report("ACK")
    desk.wait(1000)
    desk.control("KILL")
    desk.report("CANCEL_REJECT")
    for _ in range(60):
        desk.report("NOT_FOUND")
        desk.wait(2000)

    assert desk.order().state == "UNKNOWN"
    slow = [e.at_ns for e in desk.events if e.event == "QUERIED"]
    assert slow[-1] - slow[-2] == 30_000 * MS_NS


@pytest.mark.parametrize(
    ("kind", "message", "states"),
    [
        ("FOUND", "OPEN", ["SUBMITTED", "ACCEPTED", "PENDING_CANCEL"]),
        ("ACK", "", ["SUBMITTED", "ACCEPTED", "PENDING_CANCEL"]),
        ("FOUND", "REJECTED", ["SUBMITTED", "REJECTED"]),
        ("CANCELLED", "", ["CANCELLED"]),
        ("EXPIRED", "", ["EXPIRED"]),
        ("TIMEOUT", "", ["REJECTED"]),
    ],
)
def test_an_order_that_was_given_up_and_is_found_is_cancelled(
    kind: str, message: str, states: list[str]
) -> None:
    desk = Desk(unknown_deadline_s=0)
    unknown(desk)
    desk.report("NOT_FOUND")
    desk.report("NOT_FOUND")

    assert [s for _, s, _, _ in brief(desk.report(kind, message=message))] == states


def test_a_trade_of_an_order_that_was_given_up_counts_and_the_rest_is_cancelled() -> None:
    desk = Desk(unknown_deadline_s=0)
    unknown(desk)
    desk.report("NOT_FOUND")
    desk.report("NOT_FOUND")

    late = desk.trade(4, "T1")

    assert brief(late) == [
        ("FILL", "PARTIALLY_FILLED", "NONE", "LATE_FILL"),
        ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "FOUND_LATE"),
    ]
    assert live(late)[0].reserved_e4 == 6_003_000


def test_signs_of_life_of_a_partly_filled_unknown_order_say_so() -> None:
    desk = Desk(unknown_deadline_s=0)
    unknown(desk)
    desk.report("NOT_FOUND")
    desk.report("NOT_FOUND")
    assert brief(desk.report("ACK", cum_qty=3))[0] == (
        "FOUND_PARTLY_FILLED", "PARTIALLY_FILLED", "NONE", "FOUND_LATE",
    )  # fmt: skip


def test_a_rejected_order_is_not_revived_by_an_old_report() -> None:
    desk = Desk()
    desk.allow()
    rejected = desk.report("REJECT")

    assert brief(rejected) == [("REJECT", "REJECTED", "NONE", "BROKER_REJECTED")]
    assert brief(desk.report("ACK")) == [("ACK", "REJECTED", "NONE", "OK")]
    assert desk.report("FOUND", message="OPEN") == []
    assert desk.order().state == "REJECTED"


def test_the_broker_s_own_reason_is_kept() -> None:
    desk = Desk()
    desk.allow()

    assert brief(desk.report("REJECT", reason="HALTED"))[0][3] == "HALTED"


def test_an_expired_order_is_cancelled_and_its_late_trades_count() -> None:
    desk = Desk()
    desk.allow(expires_ns=START_NS + MINUTE_NS)
    desk.report("ACK")

    assert brief(desk.wait(60_000)) == [
        ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "EXPIRY_REACHED")
    ]
    assert brief(desk.report("CANCELLED")) == [("CANCELLED", "CANCELLED", "NONE", "OK")]
    assert brief(desk.trade(4, "T1")) == [("FILL", "CANCELLED", "NONE", "LATE_FILL")]
    assert brief(desk.trade(6, "T2")) == [("FULL_FILL", "FILLED", "NONE", "LATE_FILL")]


def test_an_order_without_expiry_is_cancelled_at_the_end_of_the_phase() -> None:
    desk = Desk()
    desk.allow()
    desk.report("ACK")
    desk.wait((END_NS - START_NS) // MS_NS)

    assert desk.events[-1].reason == "EXPIRY_REACHED"


def test_an_order_outside_of_phases_has_no_end_of_its_own() -> None:
    desk = Desk()
    desk.now_ns = END_NS
    desk.allow()

    assert desk.order().expires_ns is None


def test_an_intent_that_comes_too_late_is_refused() -> None:
    refused = Desk().allow(expires_ns=START_NS)

    assert brief(refused) == [("REFUSED", "REJECTED", "NONE", "INTENT_EXPIRED")]
    assert live(refused)[0].reserved_e4 == 0


def test_an_unanswered_cancel_is_looked_up_and_repeated() -> None:
    desk = Desk()
    desk.allow(expires_ns=START_NS + MINUTE_NS)
    desk.report("ACK")
    desk.wait(60_000)

    assert brief(desk.wait(5_000)) == [("TIMEOUT", "UNKNOWN", "QUERY", "NO_ANSWER")]
    again = desk.report("FOUND", message="OPEN")
    assert brief(again)[-1] == ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "EXPIRY_REACHED")


def test_a_refused_cancel_is_looked_up_and_the_crossing_fill_ends_it() -> None:
    desk = Desk()
    desk.allow(expires_ns=START_NS + MINUTE_NS)
    desk.report("ACK")
    desk.wait(60_000)

    refused = desk.report("CANCEL_REJECT", cum_qty=10)
    assert brief(refused) == [("CANCEL_REFUSED", "UNKNOWN", "QUERY", "CANCEL_REFUSED")]
    found = desk.report("FOUND", message="COMPLETE", cum_qty=10)
    assert brief(found) == [("FOUND_PARTLY_FILLED", "PARTIALLY_FILLED", "NONE", "OK")]
    assert brief(desk.trade(10, "T1")) == [("FULL_FILL", "FILLED", "NONE", "OK")]
    assert desk.state.timer_ns() is None


@pytest.mark.parametrize(
    ("state_of_the_rest", "reason"), [("expired", "EXPIRY_REACHED"), ("chased", "CHASED")]
)
def test_trades_that_are_missing_after_a_refused_cancel_are_asked_for_before_it_is_repeated(
    state_of_the_rest: str, reason: str
) -> None:
    desk = Desk()
    if state_of_the_rest == "expired":
        desk.allow(expires_ns=START_NS + 3_000 * MS_NS)
    else:
        desk.allow("I1", market(), action="EXIT")
    desk.report("ACK")
    assert brief(desk.wait(3_000))[-1] == ("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", reason)
    desk.report("CANCEL_REJECT")
    desk.report("FOUND", message="OPEN", cum_qty=3)

    assert brief(desk.wait(2_000)) == [
        ("QUERIED", "PARTIALLY_FILLED", "QUERY", "TRADES_MISSING"),
    ]
    assert brief(desk.wait(3_000)) == [("CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", reason)]


def test_a_cancel_wanted_while_unknown_is_sent_when_the_order_is_found() -> None:
    desk = Desk()
    unknown(desk)

    assert brief(desk.control("KILL")) == [("CANCEL_REQUESTED", "UNKNOWN", "NONE", "HALTED")]
    assert brief(desk.control("KILL")) == []
    assert brief(desk.report("ACK"))[-1] == (
        "CANCEL_REQUESTED", "PENDING_CANCEL", "CANCEL", "HALTED",
    )  # fmt: skip


def test_missing_trades_are_asked_for() -> None:
    desk = Desk()
    desk.allow(expires_ns=START_NS + MINUTE_NS)
    desk.report("ACK")
    desk.report("CANCELLED", cum_qty=4)

    asked = brief(desk.wait(2_000))
    assert asked == [("QUERIED", "CANCELLED", "QUERY", "TRADES_MISSING")]
    assert len(brief(desk.wait(30_000))) == 1
    desk.trade(4, "T1", cum_qty=4)
    assert desk.state.timer_ns() is None


@pytest.mark.parametrize(
    ("kind", "message", "state"),
    [
        ("ACK", "PUT ORDER REQ RECEIVED", "SUBMITTED"),
        ("ACK", "OPEN", "ACCEPTED"),
        ("TRIGGER_PENDING", "", "TRIGGER_PENDING"),
        ("TRIGGERED", "", "ACCEPTED"),
        ("FOUND", "VALIDATION PENDING", "SUBMITTED"),
        ("FOUND", "TRIGGER PENDING", "TRIGGER_PENDING"),
        ("FOUND", "CANCEL PENDING", "ACCEPTED"),
        ("FOUND", "MODIFY VALIDATION PENDING", "ACCEPTED"),
        ("FOUND", "CANCELLED AMO", "CANCELLED"),
        ("FOUND", "something new", "SUBMITTED"),
        ("EXPIRED", "", "EXPIRED"),
    ],
)
def test_words_of_the_broker(kind: str, message: str, state: str) -> None:
    desk = Desk()
    desk.allow()
    desk.report(kind, message=message)

    assert desk.order().state == state


def test_a_modification_from_outside_is_noted() -> None:
    desk = Desk()
    desk.allow()
    desk.report("ACK")

    assert brief(desk.report("MODIFIED")) == [("MODIFIED", "ACCEPTED", "NONE", "OK")]
    refused = desk.report("MODIFY_REJECT")
    assert brief(refused) == [("MODIFY_REFUSED", "ACCEPTED", "NONE", "CANCEL_REFUSED")]


@pytest.mark.parametrize(
    ("what", "changes", "reason"),
    [
        ("another symbol", {"symbol": "TCS"}, "REPORT_MISMATCH"),
        ("the other side", {"side": "SELL"}, "REPORT_MISMATCH"),
        ("no trade id", {"trade_id": None}, "REPORT_MISMATCH"),
        ("no price", {"price_e4": None}, "REPORT_MISMATCH"),
        ("no shares", {"qty": 0}, "REPORT_MISMATCH"),
    ],
)
def test_a_trade_that_does_not_fit_is_set_aside(
    what: str, changes: dict[str, Any], reason: str
) -> None:
    desk = Desk()
    desk.allow()
    fields: dict[str, Any] = {"qty": 4, "trade_id": "T", "price_e4": 1, "side": "BUY"}

    (dead,) = desk.report("FILL", **(fields | changes))

    assert (dead.topic, dead.message.reason) == ("broker.reports.dead", reason), what
    assert desk.fills == []


def test_a_report_that_contradicts_the_state_is_set_aside() -> None:
    desk = Desk()
    desk.allow()
    desk.trade(10, "T1")

    (dead,) = desk.report("CANCELLED")

    assert dead.message.reason == "ILLEGAL_TRANSITION"
    assert desk.order().state == "FILLED"


def test_foreign_reports_are_counted_and_positions_ignored() -> None:
    desk = Desk()
    desk.allow()
    for changes in ({"tag": "X"}, {"tag": None}, {"account": "OTHER"}):
        assert desk.report("ACK", **changes) == []
    assert desk.state.account.foreign_reports == 3
    assert desk.report("POSITION") == []
    assert desk.state.account.foreign_reports == 3


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(leg("NOSUCH"), "UNKNOWN_SYMBOL"), (leg(qty=None), "UNSIZED_LEG")],
)
def test_an_intent_that_cannot_be_placed_is_set_aside(bad: Any, reason: str) -> None:
    desk = Desk()

    (dead,) = desk.allow("I1", leg("TCS"), bad)

    assert (dead.topic, dead.message.reason) == ("orders.allowed.dead", reason)
    assert list(desk.state.keys()) == ["account"]


@pytest.mark.parametrize(
    ("what", "side", "reference", "allowance", "price"),
    [
        ("a buy may pay more, up to the grid", "BUY", 1_000_100, 100, 1_010_500),
        ("a sell may get less, down to the grid", "SELL", 1_000_100, 100, 990_000),
        ("never beyond the upper band", "BUY", 1_095_000, 100, 1_100_000),
        ("never beyond the lower band", "SELL", 905_000, 100, 900_000),
        ("a reference outside of the band is taken as it is", "BUY", 1_200_000, 100, 1_212_000),
        ("a sell never goes below one tick", "SELL", 400, 2000, 500),
    ],
)
def test_protected_prices(what: str, side: str, reference: int, allowance: int, price: int) -> None:
    assert protected_price_e4(instrument("INFY"), side, reference, allowance) == price, what


def test_a_band_off_the_grid_is_met_from_inside() -> None:
    odd = instrument("INFY", prev_close_e4=1_000_300)

    assert protected_price_e4(odd, "BUY", 1_100_000, 100) == 1_100_000


@pytest.mark.parametrize(
    ("order_leg", "price"),
    [
        (leg(), 1_000_500),
        (leg(order_type="MARKET", limit_price_e4=None), 1_010_000),
        (leg(order_type="SL-M", limit_price_e4=None, trigger_price_e4=1_020_000), 1_030_500),
        (leg(order_type="SL", trigger_price_e4=1_020_000), 1_000_500),
    ],
)
def test_orders_at_the_market_carry_a_protected_price(order_leg: Any, price: int) -> None:
    desk = Desk()

    (placed,) = live(desk.allow("I1", order_leg))

    assert (placed.order_type, placed.limit_price_e4) == (order_leg.order_type, price)


def test_the_reservation_is_split_exactly_over_the_legs() -> None:
    desk = Desk()

    placed = live(desk.allow("I1", leg(qty=3), leg("TCS", "SELL", 7), reserved_e4=10_001))

    assert [p.reserved_e4 for p in placed] == [3000, 7001]


def test_finished_orders_are_forgotten_on_the_next_day_and_open_ones_stay() -> None:
    desk = Desk()
    desk.allow("I1")
    desk.report("REJECT", "I1")
    desk.allow("I2")
    desk.state.dirty.clear()
    desk.now_ns += 24 * 3600 * 10**9
    desk.control("PAUSE")

    assert list(desk.state.intents) == ["I2"]
    assert desk.state.entry("intent/I1") is None
    assert {"intent/I1", f"order/{desk.id('I1')}"} <= desk.state.dirty
    assert desk.send("orders.allowed", allowed(desk.now_ns, "I3"))[0].key == ACCOUNT


def test_an_unknown_message_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="does not read ticks"):
        Desk().send("ticks", market())
