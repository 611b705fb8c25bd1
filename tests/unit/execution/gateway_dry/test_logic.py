"""The dry gateway judges like the exchange and sends nothing."""

from __future__ import annotations

from typing import Any

import pytest

from execution_builders import (
    ACCOUNT,
    AUCTION_END_NS,
    CLOSE_NS,
    OPEN_NS,
    Driver,
    day_phases,
    instrument,
    live_order,
    tick,
)
from tapeline.contracts.clock import SECOND_NS
from tapeline.execution.gateway_dry import logic
from tapeline.execution.gateway_dry.settings import Settings

T0 = OPEN_NS + 60 * SECOND_NS


def gateway(cut: set[int] | None = None) -> Driver:
    settings = Settings(
        session="test",
        account=ACCOUNT,
        instruments={
            "INFY": instrument("INFY", lot=5),
            "PENNY": instrument(
                "PENNY", prev_close_e4=20, band_bp=10_000, tick_table=((10**13, 1),)
            ),
            "NIFTY": instrument("NIFTY", instrument_class="index"),
        },
        phases={"cash_fno": day_phases(), "index": day_phases()},
    )
    return Driver(logic, settings, logic.entry_type, cut or ())


def answers(driver: Driver, at_ns: int = T0, **order: Any) -> list[tuple[str, str]]:
    reports = driver.send("live_orders", live_order(at_ns, **order))
    return [(r.report, r.reason) for r in reports]


SL = {"order_type": "SL", "limit_price_e4": 1_002_000, "trigger_price_e4": 1_001_000}
REFUSED: dict[str, tuple[int, dict[str, Any], str]] = {
    "an unknown symbol": (T0, {"symbol": "NOPE"}, "UNKNOWN_SYMBOL"),
    "an index": (T0, {"symbol": "NIFTY"}, "NOT_TRADABLE"),
    "before the open": (OPEN_NS - 1, {}, "PHASE_CLOSED"),
    "after the auction": (AUCTION_END_NS, {}, "PHASE_CLOSED"),
    "a market order in the auction": (
        CLOSE_NS,
        {"order_type": "MARKET", "limit_price_e4": None},
        "ORDER_TYPE",
    ),
    "a stop in the auction": (CLOSE_NS, SL, "ORDER_TYPE"),
    "no shares": (T0, {"qty": 0}, "QTY_NOT_POSITIVE"),
    "no multiple of the lot": (T0, {"qty": 12}, "LOT"),
    "more than the freeze quantity": (T0, {"qty": 10_005}, "FREEZE_QTY_EXCEEDED"),
    "a limit order without a limit": (T0, {"limit_price_e4": None}, "ORDER_PRICES"),
    "a limit order with a trigger": (T0, {"trigger_price_e4": 1_000_000}, "ORDER_PRICES"),
    "a stop without a trigger": (T0, {**SL, "trigger_price_e4": None}, "ORDER_PRICES"),
    "a buy stop with its limit below its trigger": (
        T0,
        {**SL, "trigger_price_e4": 1_003_000},
        "ORDER_PRICES",
    ),
    "a sell stop with its limit above its trigger": (
        T0,
        {**SL, "side": "SELL"},
        "ORDER_PRICES",
    ),
    "a limit off the tick grid": (T0, {"limit_price_e4": 1_000_250}, "TICK_GRID"),
    "a trigger off the tick grid": (T0, {**SL, "trigger_price_e4": 1_000_250}, "TICK_GRID"),
    "a limit above the band": (T0, {"limit_price_e4": 1_100_500}, "PRICE_BAND"),
    "a limit below the band": (T0, {"limit_price_e4": 899_500}, "PRICE_BAND"),
    "below a band that reaches zero": (
        T0,
        {"symbol": "PENNY", "limit_price_e4": 41},
        "PRICE_BAND",
    ),
}


@pytest.mark.parametrize(("at_ns", "order", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(at_ns: int, order: dict[str, Any], reason: str) -> None:
    driver = gateway()

    assert answers(driver, at_ns, **order) == [("REJECT", reason)]
    assert driver.messages()[0].message


VALID: dict[str, tuple[int, dict[str, Any]]] = {
    "a limit order": (T0, {}),
    "a market order": (T0, {"order_type": "MARKET", "limit_price_e4": None}),
    "a protected market order": (T0, {"order_type": "MARKET"}),
    "a stop": (T0, SL),
    "a protected stop": (T0, {**SL, "order_type": "SL-M", "limit_price_e4": None}),
    "a limit order in the auction": (CLOSE_NS, {}),
    "at the edge of the band": (T0, {"limit_price_e4": 1_100_000}),
}


@pytest.mark.parametrize(("at_ns", "order"), VALID.values(), ids=VALID.keys())
def test_a_valid_order_is_taken_and_cancelled(at_ns: int, order: dict[str, Any]) -> None:
    driver = gateway()

    assert answers(driver, at_ns, **order) == [("ACK", "OK"), ("CANCELLED", "DRY_RUN")]
    assert {r.at_ns for r in driver.messages()} == {at_ns}


def test_repeats_and_other_records_are_ignored() -> None:
    driver = gateway()
    answers(driver)

    assert answers(driver) == []
    assert answers(driver, n=3, command="NONE") == []
    assert answers(driver, n=4) == []
    assert driver.send("ticks", tick(T0)) == []


def test_an_older_authority_is_ignored_and_counted() -> None:
    driver = gateway()
    answers(driver, authority_epoch=4)

    assert answers(driver, order_id="B", authority_epoch=3) == []
    assert driver.state.counters.stale_commands == 1


def test_commands_on_an_order_that_ended() -> None:
    driver = gateway()
    answers(driver, qty=10)
    told = [r.report_id for r in driver.messages()]

    assert answers(driver, n=2, command="CANCEL") == [("CANCEL_REJECT", "ORDER_NOT_OPEN")]
    assert answers(driver, n=3, command="MODIFY") == [("MODIFY_REJECT", "ORDER_NOT_OPEN")]
    assert answers(driver, n=4, command="QUERY") == [
        ("FOUND", "OK"),
        ("ACK", "OK"),
        ("CANCELLED", "DRY_RUN"),
    ]
    assert [r.report_id for r in driver.messages()[-2:]] == told


def test_a_refused_order_is_found_as_refused() -> None:
    driver = gateway()
    answers(driver, qty=12)

    assert answers(driver, n=2, command="QUERY") == [("FOUND", "OK"), ("REJECT", "LOT")]
    assert driver.messages()[1].message == "REJECTED"


def test_commands_on_an_order_that_never_came() -> None:
    assert answers(gateway(), command="CANCEL") == [("CANCEL_REJECT", "ORDER_NOT_FOUND")]
    assert answers(gateway(), command="MODIFY") == [("MODIFY_REJECT", "ORDER_NOT_FOUND")]
    assert answers(gateway(), command="QUERY") == [("NOT_FOUND", "ORDER_NOT_FOUND")]


def test_a_restart_before_any_command_changes_nothing() -> None:
    commands = [
        live_order(T0, "A"),
        live_order(T0, "B", qty=12),
        live_order(T0, "A", n=2, command="QUERY"),
        live_order(T0, "A"),
        live_order(T0, "C", authority_epoch=0),
        live_order(T0, "B", n=2, command="QUERY", authority_epoch=2),
    ]
    results = []
    for cut in (set(), *({i} for i in range(len(commands)))):
        driver = gateway(cut)
        for command in commands:
            driver.send("live_orders", command)
        results.append(driver.messages())

    assert all(result == results[0] for result in results)
    assert gateway().state.timer_ns() is None
