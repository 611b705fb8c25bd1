"""The paper gateway as the OMS meets it: commands in, reports out."""

from __future__ import annotations

from typing import Any

import pytest

from execution_builders import (
    AUCTION_END_NS,
    CLOSE_NS,
    END_NS,
    NEXT_DAY_NS,
    OPEN_NS,
    Driver,
    live_order,
    paper_settings,
    tick,
)
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Heartbeat
from tapeline.execution.gateway_paper import logic
from tapeline.execution.gateway_paper.state import entry_type

T0 = OPEN_NS + 60 * SECOND_NS


def gateway(**settings: Any) -> Driver:
    return Driver(logic, paper_settings(**settings), entry_type)


def placed(driver: Driver, at_ns: int = T0, **order: Any) -> list[Any]:
    """Shows a tick, places an order and lets it arrive."""
    driver.send("ticks", tick(at_ns - SECOND_NS))
    driver.send("live_orders", live_order(at_ns, **order))
    return driver.advance(at_ns + 20 * MS_NS)


def kinds(reports: list[Any]) -> list[str]:
    return [r.report for r in reports]


def test_a_marketable_limit_is_acknowledged_and_filled_on_arrival() -> None:
    driver = gateway()
    ack, filled = placed(driver)

    assert (ack.report, ack.at_ns, ack.reason) == ("ACK", T0 + 10 * MS_NS, "OK")
    assert (filled.report, filled.qty, filled.price_e4, filled.cum_qty) == (
        "FILL",
        10,
        1_000_500,
        10,
    )
    assert filled.tick_seq == tick(T0 - SECOND_NS).seq
    assert filled.broker_order_id == ack.broker_order_id
    assert driver.outputs[0].key == "PAPER1"
    assert driver.outputs[0].topic == "broker.reports"


def test_nothing_happens_before_the_order_arrives() -> None:
    driver = gateway()
    driver.send("ticks", tick(T0 - SECOND_NS))

    assert driver.send("live_orders", live_order(T0)) == []
    assert driver.state.timer_ns() == T0 + 10 * MS_NS


def test_jitter_is_drawn_within_its_bound_and_repeats() -> None:
    ats = {}
    for order_id in "ABCDEFGH":
        driver = gateway(jitter_ms=50)
        driver.send("live_orders", live_order(T0, order_id))
        ats[order_id] = driver.state.timer_ns() - T0
        again = gateway(jitter_ms=50)
        again.send("live_orders", live_order(T0, order_id))

        assert again.state.timer_ns() == driver.state.timer_ns()
        assert 10 * MS_NS <= ats[order_id] <= 60 * MS_NS
    assert len(set(ats.values())) > 1


REFUSED = {
    "a price off the tick grid": ({"limit_price_e4": 1_000_501}, "TICK_GRID"),
    "a price outside the band": ({"limit_price_e4": 1_100_500}, "PRICE_BAND"),
    "more than the freeze quantity": ({"qty": 10_001}, "FREEZE_QTY_EXCEEDED"),
    "an unknown symbol": ({"symbol": "NOPE"}, "UNKNOWN_SYMBOL"),
    "an index": ({"symbol": "NIFTY"}, "NOT_TRADABLE"),
    "a stop whose trigger has passed": (
        {"order_type": "SL-M", "limit_price_e4": None, "trigger_price_e4": 999_500},
        "TRIGGER_PASSED",
    ),
}


@pytest.mark.parametrize(("order", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(order: dict[str, Any], reason: str) -> None:
    (reject,) = placed(gateway(), **order)

    assert (reject.report, reject.reason) == ("REJECT", reason)
    assert reject.message


def test_an_order_before_the_open_is_refused() -> None:
    driver = gateway()
    (reject,) = placed(driver, at_ns=OPEN_NS - 60 * SECOND_NS)

    assert (reject.report, reject.reason) == ("REJECT", "PHASE_CLOSED")


def test_a_repeated_command_is_ignored() -> None:
    driver = gateway()
    placed(driver, limit_price_e4=999_000)
    driver.send("live_orders", live_order(T0, limit_price_e4=999_000), at_ns=T0 + SECOND_NS)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=5))

    assert driver.advance(T0 + 2 * SECOND_NS) == []


def test_a_command_without_work_for_the_gateway_is_ignored() -> None:
    driver = gateway()
    driver.send("live_orders", live_order(T0, command="NONE"))

    assert driver.state.orders == {}


def test_commands_of_an_older_authority_are_ignored_and_counted() -> None:
    driver = gateway()
    driver.send("live_orders", live_order(T0, "A", authority_epoch=3))
    driver.send("live_orders", live_order(T0, "B", authority_epoch=2))

    assert set(driver.state.orders) == {"A"}
    assert driver.state.counters.epoch == 3
    assert driver.state.counters.stale_commands == 1


def test_a_cancel_takes_the_rest_out_of_the_book() -> None:
    driver = gateway(rules={"participation_bp": 500})
    placed(driver)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=3, command="CANCEL"))
    (cancelled,) = driver.advance(T0 + 2 * SECOND_NS)

    assert (cancelled.report, cancelled.cum_qty) == ("CANCELLED", 5)
    assert driver.send("ticks", tick(T0 + 3 * SECOND_NS)) == []


TOO_LATE = {
    "already filled": ({}, "ORDER_FILLED"),
    "refused": ({"qty": 10_001}, "ORDER_NOT_FOUND"),
}


@pytest.mark.parametrize("command", ["CANCEL", "MODIFY"])
@pytest.mark.parametrize(("order", "reason"), TOO_LATE.values(), ids=TOO_LATE.keys())
def test_commands_that_come_too_late(command: Any, order: dict[str, Any], reason: str) -> None:
    driver = gateway()
    placed(driver, **order)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=3, command=command))
    (refused,) = driver.advance(T0 + 2 * SECOND_NS)

    assert (refused.report, refused.reason) == (f"{command}_REJECT", reason)


def test_a_second_cancel_finds_the_order_not_open() -> None:
    driver = gateway()
    placed(driver, limit_price_e4=999_000)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=3, command="CANCEL"))
    driver.send("live_orders", live_order(T0 + 2 * SECOND_NS, n=4, command="CANCEL"))
    driver.advance(T0 + 3 * SECOND_NS)

    assert driver.messages()[-1].reason == "ORDER_NOT_OPEN"


@pytest.mark.parametrize(
    ("command", "answer"),
    [("CANCEL", "CANCEL_REJECT"), ("MODIFY", "MODIFY_REJECT"), ("QUERY", "NOT_FOUND")],
)
def test_commands_on_an_order_that_never_came(command: Any, answer: str) -> None:
    driver = gateway()
    driver.send("live_orders", live_order(T0, n=3, command=command))
    driver.send("live_orders", live_order(T0, n=3, command=command))
    (refused,) = driver.advance(T0 + SECOND_NS)

    assert (refused.report, refused.reason) == (answer, "ORDER_NOT_FOUND")
    assert refused.broker_order_id is None


def test_a_modified_price_is_matched_at_once() -> None:
    driver = gateway()
    placed(driver, limit_price_e4=999_000)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=3, command="MODIFY", qty=20))
    modified, filled = driver.advance(T0 + 2 * SECOND_NS)

    assert (modified.report, filled.report, filled.qty) == ("MODIFIED", "FILL", 20)


MODIFY_REFUSED = {
    "to a quantity below what is filled": ({"qty": 5}, "QTY_BELOW_FILLED"),
    "to a price off the grid": ({"limit_price_e4": 1_000_501}, "TICK_GRID"),
}


@pytest.mark.parametrize(("change", "reason"), MODIFY_REFUSED.values(), ids=MODIFY_REFUSED.keys())
def test_modify_refused(change: dict[str, Any], reason: str) -> None:
    driver = gateway(rules={"participation_bp": 500})
    placed(driver)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=3, command="MODIFY", **change))
    (refused,) = driver.advance(T0 + 2 * SECOND_NS)

    assert (refused.report, refused.reason) == ("MODIFY_REJECT", reason)
    assert driver.state.orders["A"].qty == 10


def test_a_market_order_may_be_modified_before_it_has_a_price() -> None:
    driver = gateway()
    driver.send("live_orders", live_order(T0, order_type="MARKET", limit_price_e4=None))
    driver.send(
        "live_orders",
        live_order(
            T0 + SECOND_NS, n=2, order_type="MARKET", limit_price_e4=None, command="MODIFY", qty=12
        ),
    )
    reports = driver.advance(T0 + 2 * SECOND_NS)
    (filled,) = driver.send("ticks", tick(T0 + 3 * SECOND_NS))

    assert kinds(reports) == ["MODIFIED"]
    assert filled.qty == 12


STOP = {"order_type": "SL", "trigger_price_e4": 1_001_000, "limit_price_e4": 1_002_000}


def test_a_stop_waits_for_its_trigger_then_trades_to_its_limit() -> None:
    driver = gateway()
    reports = placed(driver, **STOP)
    below = driver.send("ticks", tick(T0 + SECOND_NS, last_price_e4=1_000_500))
    reached = driver.send(
        "ticks",
        tick(T0 + 2 * SECOND_NS, last_price_e4=1_001_000, asks=(1_001_500, 100)),
    )

    assert kinds(reports) == ["ACK", "TRIGGER_PENDING"]
    assert below == []
    assert kinds(reached) == ["TRIGGERED", "FILL"]
    assert reached[1].price_e4 == 1_001_500


def test_a_depth_update_does_not_trigger_a_stop() -> None:
    driver = gateway()
    placed(driver, **STOP)

    assert driver.send("ticks", tick(T0 + SECOND_NS, last_price_e4=1_001_000, trade=False)) == []


def test_a_stop_is_modified_while_it_waits() -> None:
    driver = gateway()
    placed(driver, **STOP)
    driver.send(
        "live_orders",
        live_order(
            T0 + SECOND_NS,
            n=3,
            command="MODIFY",
            order_type="SL",
            trigger_price_e4=1_003_000,
            limit_price_e4=1_004_000,
        ),
    )

    assert kinds(driver.advance(T0 + 2 * SECOND_NS)) == ["MODIFIED"]
    assert driver.send("ticks", tick(T0 + 3 * SECOND_NS, last_price_e4=1_001_000)) == []


def test_a_lost_request_times_out_and_is_not_found() -> None:
    driver = gateway(lost_request_bp=10_000)
    assert placed(driver) == []
    (timeout,) = driver.advance(T0 + 8 * SECOND_NS)
    driver.send("live_orders", live_order(T0 + 9 * SECOND_NS, n=2, command="QUERY"))
    (answer,) = driver.advance(T0 + 10 * SECOND_NS)

    assert (timeout.report, timeout.at_ns) == ("TIMEOUT", T0 + 7 * SECOND_NS)
    assert timeout.reason == "BROKER_TIMEOUT"
    assert answer.report == "NOT_FOUND"


def test_a_lost_acknowledgement_times_out_while_the_order_lives() -> None:
    driver = gateway(lost_ack_bp=10_000)
    (filled,) = placed(driver)
    (timeout,) = driver.advance(T0 + 8 * SECOND_NS)
    driver.send("live_orders", live_order(T0 + 9 * SECOND_NS, n=2, command="QUERY"))
    found, ack, again = driver.advance(T0 + 10 * SECOND_NS)

    assert (filled.report, timeout.report) == ("FILL", "TIMEOUT")
    assert (found.report, found.message, found.cum_qty) == ("FOUND", "COMPLETE", 10)
    assert ack.report == "ACK"
    assert (again.report_id, again.trade_id) == (filled.report_id, filled.trade_id)
    assert again.event_ns == filled.event_ns


def test_a_refusal_that_was_lost_is_told_when_the_order_is_looked_up() -> None:
    driver = gateway(lost_ack_bp=10_000)
    assert placed(driver, qty=10_001) == []
    driver.send("live_orders", live_order(T0 + 9 * SECOND_NS, n=2, command="QUERY"))
    reports = driver.advance(T0 + 10 * SECOND_NS)

    assert kinds(reports) == ["FOUND", "REJECT"]
    assert reports[-1].reason == "FREEZE_QTY_EXCEEDED"


def test_a_waiting_stop_and_a_cancelled_order_are_told_in_full_when_looked_up() -> None:
    driver = gateway()
    placed(driver, **STOP)
    driver.send("live_orders", live_order(T0 + SECOND_NS, n=2, command="QUERY"))
    waiting = driver.advance(T0 + 2 * SECOND_NS)
    driver.send("live_orders", live_order(T0 + 3 * SECOND_NS, n=3, command="CANCEL"))
    driver.send("live_orders", live_order(T0 + 4 * SECOND_NS, n=4, command="QUERY"))
    reports = driver.advance(T0 + 5 * SECOND_NS)

    assert kinds(waiting) == ["FOUND", "ACK", "TRIGGER_PENDING"]
    assert waiting[0].message == "TRIGGER PENDING"
    assert kinds(reports) == ["FOUND", "ACK", "CANCELLED"]


def test_a_query_does_not_overtake_the_order_it_asks_for() -> None:
    driver = gateway(jitter_ms=30_000)
    driver.send("live_orders", live_order(T0, limit_price_e4=999_000))
    for n in range(1, 6):
        driver.send("live_orders", live_order(T0, n=n, command="QUERY"))
    driver.advance(T0 + 60 * SECOND_NS)

    assert kinds(driver.messages())[0] == "ACK"
    assert "NOT_FOUND" not in kinds(driver.messages())


def test_a_limit_order_lasts_into_the_closing_auction_and_then_expires() -> None:
    driver = gateway()
    placed(driver, at_ns=CLOSE_NS - 60 * SECOND_NS, limit_price_e4=999_000)
    assert driver.advance(CLOSE_NS + SECOND_NS) == []
    (expired,) = driver.advance(AUCTION_END_NS)

    assert (expired.report, expired.reason) == ("EXPIRED", "DAY_ENDED")
    assert expired.at_ns == AUCTION_END_NS


def test_a_stop_expires_when_continuous_trading_ends() -> None:
    driver = gateway()
    placed(driver, at_ns=CLOSE_NS - 60 * SECOND_NS, **STOP)
    (expired,) = driver.advance(AUCTION_END_NS)

    assert (expired.report, expired.at_ns) == ("EXPIRED", CLOSE_NS)


def test_an_auction_fills_at_its_one_price() -> None:
    driver = gateway()
    at_ns = CLOSE_NS + 60 * SECOND_NS
    assert kinds(placed(driver, at_ns=at_ns)) == ["ACK"]
    (filled,) = driver.send("ticks", tick(at_ns + SECOND_NS, last_price_e4=999_500, last_qty=400))

    assert (filled.price_e4, filled.qty) == (999_500, 10)
    assert driver.send("ticks", tick(at_ns + 2 * SECOND_NS)) == []


def test_an_auction_print_beyond_the_limit_fills_nothing() -> None:
    driver = gateway()
    at_ns = CLOSE_NS + 60 * SECOND_NS
    placed(driver, at_ns=at_ns)

    assert driver.send("ticks", tick(at_ns + SECOND_NS, last_price_e4=1_001_000)) == []


def test_the_broker_forgets_finished_orders_when_a_new_day_starts() -> None:
    driver = gateway(days=2)
    placed(driver)
    driver.send("live_orders", live_order(T0 + NEXT_DAY_NS, "B", limit_price_e4=999_000))
    driver.advance(T0 + NEXT_DAY_NS + SECOND_NS)

    assert set(driver.state.orders) == {"B"}
    driver.send("live_orders", live_order(T0 + NEXT_DAY_NS, n=2, command="QUERY"))
    assert driver.advance(T0 + NEXT_DAY_NS + 2 * SECOND_NS)[-1].report == "NOT_FOUND"


def test_positions_are_stated_on_the_minute_once_they_change_and_at_the_end() -> None:
    driver = gateway()
    placed(driver)
    (stated,) = driver.advance(T0 + 120 * SECOND_NS)
    (final,) = driver.advance(END_NS)

    assert (stated.report, stated.qty, stated.tag) == ("POSITION", 10, None)
    assert stated.at_ns == T0 + 60 * SECOND_NS
    assert (final.at_ns, final.qty) == (END_NS - 30 * SECOND_NS, 10)
    assert final.report_id != stated.report_id
    assert driver.state.timer_ns() is None


def test_a_position_that_returned_to_flat_is_stated_as_zero() -> None:
    driver = gateway()
    placed(driver)
    driver.advance(T0 + 70 * SECOND_NS)
    placed(driver, at_ns=T0 + 80 * SECOND_NS, order_id="B", side="SELL", limit_price_e4=999_500)
    (stated,) = driver.advance(T0 + 200 * SECOND_NS)

    assert stated.qty == 0
    assert driver.advance(END_NS) == []


def test_a_position_that_came_and_went_within_a_minute_is_not_stated() -> None:
    driver = gateway()
    placed(driver)
    placed(driver, at_ns=T0 + 5 * SECOND_NS, order_id="B", side="SELL", limit_price_e4=999_500)

    assert driver.advance(T0 + 200 * SECOND_NS) == []


def test_heartbeats_and_unknown_symbols_leave_no_trace() -> None:
    driver = gateway()
    driver.send("ticks", tick(T0, symbol="NOPE"))
    driver.send("ticks", Heartbeat(at_ns=T0, complete_ns=T0, feed="live"))

    assert driver.state.ticks == {}


def test_a_tick_older_than_the_last_or_far_ahead_is_ignored() -> None:
    driver = gateway()
    driver.send("ticks", tick(T0))
    driver.send("ticks", tick(T0 + SECOND_NS, event_ns=T0 - SECOND_NS))
    driver.send("ticks", tick(T0 + 2 * SECOND_NS, event_ns=T0 + 3600 * SECOND_NS))

    assert driver.state.ticks["INFY"].at_ns == T0


def test_a_repeated_snapshot_offers_no_new_liquidity() -> None:
    driver = gateway()
    placed(driver, qty=60)
    first = tick(T0 - SECOND_NS)
    repeat = tick(
        T0 + SECOND_NS, event_ns=first.event_ns, day_volume=first.day_volume, seq=first.seq + 1
    )

    assert driver.state.orders["A"].filled_qty == 50
    assert driver.send("ticks", repeat) == []
    assert kinds(driver.send("ticks", tick(T0 + 2 * SECOND_NS))) == ["FILL"]


def test_orders_in_one_symbol_share_what_is_displayed_first_come_first() -> None:
    driver = gateway()
    driver.send("ticks", tick(T0 - SECOND_NS))
    driver.send("live_orders", live_order(T0, "Z", qty=40))
    driver.send("live_orders", live_order(T0 + MS_NS, "A", qty=40))
    driver.advance(T0 + SECOND_NS)
    driver.send("ticks", tick(T0 + 2 * SECOND_NS, asks=(1_000_500, 20)))

    fills = [(m.tag, m.qty) for m in driver.messages() if m.report == "FILL"]
    z, a = (live_order(T0, i).tag for i in "ZA")
    assert fills == [(z, 40), (a, 10), (a, 10)]


def test_entries_that_do_not_exist_are_none() -> None:
    state = gateway().state

    for key in ("INFY", "order/X", "position/X", "command/X/0/PLACE"):
        assert state.entry(key) is None
