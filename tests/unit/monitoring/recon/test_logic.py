"""Each kind of break, injected, found once, and healed."""

from __future__ import annotations

from typing import Any

import pytest

from execution_builders import (
    ACCOUNT,
    OPEN_NS,
    Driver,
    fill,
    live_order,
    report,
)
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.ids import tag
from tapeline.monitoring.recon import logic
from tapeline.monitoring.recon.forget import forget_finished_days
from tapeline.monitoring.recon.settings import Settings
from tapeline.monitoring.recon.state import entry_type

T0 = OPEN_NS + SECOND_NS
RUN = 300 * SECOND_NS
LAST_NS = OPEN_NS + 10 * RUN + 70 * SECOND_NS


def recon(cut: Any = ()) -> Driver:
    settings = Settings(
        session="test", account=ACCOUNT, spans_ns=((OPEN_NS, LAST_NS),), last_ns=LAST_NS
    )
    return Driver(logic, settings, entry_type, cut)


def placed(driver: Driver, at_ns: int = T0, order_id: str = "A", **fields: Any) -> None:
    driver.send("live_orders", live_order(at_ns, order_id, **fields))
    driver.send("broker.reports", report(at_ns + 10 * MS_NS, "ACK", order_id))


def traded(driver: Driver, at_ns: int, order_id: str = "A", **fields: Any) -> None:
    """The broker reports a trade."""
    merged: dict[str, Any] = {
        "trade_id": "T1",
        "side": "BUY",
        "qty": 10,
        "price_e4": 1_000_500,
        "cum_qty": 10,
        **fields,
    }
    driver.send("broker.reports", report(at_ns, "FILL", order_id, **merged))


def filled(driver: Driver, at_ns: int, order_id: str = "A", **fields: Any) -> None:
    """The OMS takes a trade: an order event and a fill."""
    filled_qty = fields.pop("filled_qty", 10)
    state = fields.pop("state", "FILLED")
    driver.send(
        "live_orders",
        live_order(at_ns, order_id, n=2, state=state, filled_qty=filled_qty, command="NONE"),
    )
    driver.send("fills", fill(at_ns, order_id, **fields))


def stated(driver: Driver, at_ns: int, qty: int, symbol: str = "INFY") -> None:
    driver.send("broker.reports", report(at_ns, "POSITION", tag=None, symbol=symbol, qty=qty))


def findings(driver: Driver) -> list[tuple[str, str | None, int, int]]:
    """Breaks issued so far: kind, order or symbol, expected, actual."""
    return [
        (r.finding, r.order_id or r.symbol, r.expected, r.actual)
        for r in driver.messages()
        if r.finding != "SUMMARY"
    ]


def open_breaks(driver: Driver) -> list[int]:
    return [r.breaks for r in driver.messages() if r.finding == "SUMMARY"]


def clean_trade(driver: Driver) -> None:
    placed(driver)
    traded(driver, T0 + 20 * MS_NS)
    filled(driver, T0 + 1020 * MS_NS, event_ns=T0 + 20 * MS_NS)
    stated(driver, OPEN_NS + 60 * SECOND_NS, 10)


def test_a_clean_trade_has_no_breaks() -> None:
    driver = recon()
    clean_trade(driver)
    driver.advance(LAST_NS)

    assert findings(driver) == []
    assert set(open_breaks(driver)) == {0}
    last = driver.messages()[-1]
    assert (last.expected, last.actual, last.run) == (1, 1, 11)


def test_runs_come_at_the_start_on_the_grid_and_at_the_end() -> None:
    driver = recon()
    driver.advance(LAST_NS)

    ats = [r.at_ns for r in driver.messages()]
    assert ats == [*(OPEN_NS + i * RUN for i in range(11)), LAST_NS]
    assert [r.run for r in driver.messages()] == list(range(12))
    assert driver.state.timer_ns() is None


def no_fill(driver: Driver) -> None:
    placed(driver)
    traded(driver, T0)


def foreign(driver: Driver) -> None:
    driver.send("broker.reports", report(T0, "ACK", "X"))
    traded(driver, T0, "X", qty=7, cum_qty=7)


def no_tag(driver: Driver) -> None:
    driver.send("broker.reports", report(T0, "CANCELLED", "X", tag=None))


def filled_qty_differs(driver: Driver) -> None:
    clean_trade(driver)
    driver.send(
        "live_orders",
        live_order(T0 + 2 * SECOND_NS, n=3, state="FILLED", filled_qty=15, command="NONE"),
    )


def doubled_fill(driver: Driver) -> None:
    clean_trade(driver)
    driver.send("fills", fill(T0 + 2 * SECOND_NS, event_ns=T0))
    stated(driver, OPEN_NS + 120 * SECOND_NS, 20)


def position_differs(driver: Driver) -> None:
    clean_trade(driver)
    stated(driver, OPEN_NS + 120 * SECOND_NS, 17)


def never_stated(driver: Driver) -> None:
    placed(driver)
    traded(driver, T0)
    filled(driver, T0 + SECOND_NS, event_ns=T0)


def never_reported(driver: Driver) -> None:
    placed(driver)
    filled(driver, T0 + SECOND_NS, event_ns=T0)
    stated(driver, OPEN_NS + 60 * SECOND_NS, 10)


def price_differs(driver: Driver) -> None:
    placed(driver)
    traded(driver, T0, price_e4=1_001_000)
    filled(driver, T0 + SECOND_NS, event_ns=T0)
    stated(driver, OPEN_NS + 60 * SECOND_NS, 10)


def price_of_unknown_order_differs(driver: Driver) -> None:
    traded(driver, T0, price_e4=1_001_000)
    driver.send("fills", fill(T0 + SECOND_NS, event_ns=T0))
    stated(driver, OPEN_NS + 60 * SECOND_NS, 10)
    placed(driver, T0 + 2 * SECOND_NS, "B")
    driver.state.drop("foreign", tag("A"))


def told_again(**changes: Any) -> Any:
    def inject(driver: Driver) -> None:
        clean_trade(driver)
        for second in (2, 3):
            traded(driver, T0 + second * SECOND_NS, **changes)

    return inject


def foreign_told_again(driver: Driver) -> None:
    foreign(driver)
    traded(driver, T0 + SECOND_NS, "X", qty=8, cum_qty=8)


def stays_unknown(driver: Driver) -> None:
    placed(driver)
    for n in (1, 2):
        driver.send(
            "live_orders", live_order(T0 + n * SECOND_NS, n=n, state="UNKNOWN", command="QUERY")
        )


def ghost(driver: Driver) -> None:
    stated(driver, OPEN_NS + 60 * SECOND_NS, -40)


BREAKS: dict[str, tuple[Any, list[tuple[str, str | None, int, int]]]] = {
    "a trade of which no fill tells": (no_fill, [("missed_fill", "A", 0, 10)]),
    "an order that is not ours": (foreign, [("foreign_order", "INFY", 0, 7)]),
    "an order without a tag": (no_tag, [("foreign_order", "INFY", 0, 0)]),
    "an order event that tells another quantity than its fills": (
        filled_qty_differs,
        [("qty_drift", "A", 15, 10)],
    ),
    "a fill that is told twice": (
        doubled_fill,
        [("qty_drift", "A", 10, 20), ("qty_drift", "A", 20, 10)],
    ),
    "a position that differs": (position_differs, [("qty_drift", "INFY", 10, 17)]),
    "a position that the broker never states": (never_stated, [("qty_drift", "INFY", 10, 0)]),
    "a fill of a trade that the broker never reported": (
        never_reported,
        [("qty_drift", "A", 10, 0)],
    ),
    "a fill at another price": (price_differs, [("avg_drift", "A", 1_000_500, 1_001_000)]),
    "a fill at another price of an order that we have no event of": (
        price_of_unknown_order_differs,
        [("avg_drift", "A", 1_000_500, 1_001_000)],
    ),
    "a trade told again at another price": (
        told_again(price_e4=1_001_000),
        [("trade_changed", "A", 1_000_500, 1_001_000)],
    ),
    "a trade told again with another quantity": (
        told_again(qty=12),
        [("trade_changed", "A", 10, 12)],
    ),
    "a trade told again for the other side": (
        told_again(side="SELL"),
        [("trade_changed", "A", 10, -10)],
    ),
    "a foreign trade told again with another quantity": (
        foreign_told_again,
        [("foreign_order", "INFY", 0, 8), ("trade_changed", "INFY", 7, 8)],
    ),
    "an order that stays UNKNOWN": (stays_unknown, [("unknown_order", "A", 10, 0)]),
    "a position where we are flat": (ghost, [("ghost_position", "INFY", 0, -40)]),
}


@pytest.mark.parametrize(("inject", "expected"), BREAKS.values(), ids=BREAKS.keys())
def test_found_once(inject: Any, expected: list[tuple[str, str | None, int, int]]) -> None:
    driver = recon()
    inject(driver)
    driver.advance(OPEN_NS + 3 * RUN)

    assert findings(driver) == expected
    assert open_breaks(driver)[1:] == [len(expected)] * 3
    assert all(r.detail for r in driver.messages())


def test_what_is_too_fresh_is_not_judged() -> None:
    driver = recon()
    at_ns = OPEN_NS + RUN - SECOND_NS
    placed(driver, at_ns)
    traded(driver, at_ns + 20 * MS_NS)
    driver.advance(OPEN_NS + RUN)
    assert open_breaks(driver) == [0, 0]
    filled(driver, at_ns + 1020 * MS_NS, event_ns=at_ns + 20 * MS_NS)
    stated(driver, OPEN_NS + RUN + 60 * SECOND_NS, 10)
    driver.advance(LAST_NS)

    assert findings(driver) == []


def test_a_missed_fill_heals_when_the_fill_comes() -> None:
    driver = recon()
    no_fill(driver)
    driver.advance(OPEN_NS + RUN)
    filled(driver, OPEN_NS + RUN + SECOND_NS, event_ns=T0)
    stated(driver, OPEN_NS + RUN + 60 * SECOND_NS, 10)
    driver.advance(OPEN_NS + 2 * RUN)

    assert open_breaks(driver) == [0, 1, 0]


def test_a_break_that_changes_is_issued_again() -> None:
    driver = recon()
    ghost(driver)
    driver.advance(OPEN_NS + RUN)
    stated(driver, OPEN_NS + RUN + SECOND_NS, -50)
    driver.advance(OPEN_NS + 2 * RUN)

    assert findings(driver) == [
        ("ghost_position", "INFY", 0, -40),
        ("ghost_position", "INFY", 0, -50),
    ]


def test_while_a_statement_is_fresh_the_one_before_is_judged() -> None:
    driver = recon()
    ghost(driver)
    stated(driver, OPEN_NS + RUN - SECOND_NS, 0)
    driver.advance(OPEN_NS + RUN)

    assert findings(driver) == [("ghost_position", "INFY", 0, -40)]
    driver.advance(OPEN_NS + 2 * RUN)
    assert open_breaks(driver) == [0, 1, 0]


def test_a_break_of_an_order_with_fresh_records_stands() -> None:
    driver = recon()
    filled_qty_differs(driver)
    driver.advance(OPEN_NS + RUN)
    driver.send(
        "live_orders",
        live_order(OPEN_NS + 2 * RUN - SECOND_NS, n=4, filled_qty=10, command="NONE"),
    )
    driver.advance(OPEN_NS + 3 * RUN)

    assert open_breaks(driver) == [0, 1, 1, 0]


def test_an_order_that_becomes_known_is_no_longer_foreign() -> None:
    driver = recon()
    driver.send("broker.reports", report(T0, "ACK", "A"))
    placed(driver, T0 + SECOND_NS)
    driver.advance(OPEN_NS + RUN)

    assert open_breaks(driver) == [0, 0]


def test_an_unknown_order_is_given_time() -> None:
    driver = recon()
    at_ns = OPEN_NS + RUN - 50 * SECOND_NS
    driver.send("live_orders", live_order(at_ns, state="UNKNOWN", command="QUERY"))
    driver.advance(OPEN_NS + RUN)
    driver.send(
        "live_orders", live_order(OPEN_NS + RUN + SECOND_NS, n=2, state="REJECTED", command="NONE")
    )
    driver.advance(OPEN_NS + 2 * RUN)

    assert findings(driver) == []


def test_a_trade_told_again_counts_once() -> None:
    driver = recon()
    clean_trade(driver)
    traded(driver, T0 + 9 * SECOND_NS)
    driver.advance(LAST_NS)

    assert findings(driver) == []


def test_two_orders_may_have_trades_of_one_number() -> None:
    driver = recon()
    for order_id, at_ns in (("A", T0), ("B", T0 + 5 * SECOND_NS)):
        placed(driver, at_ns, order_id)
        traded(driver, at_ns + 20 * MS_NS, order_id, trade_id="T1")
        filled(driver, at_ns + 1020 * MS_NS, order_id, trade_id="T1", event_ns=at_ns)
    stated(driver, OPEN_NS + 60 * SECOND_NS, 20)
    driver.advance(LAST_NS)

    assert findings(driver) == []
    assert driver.messages()[-1].expected == 2


def test_a_trade_without_the_brokers_order_id_is_named_by_the_tag() -> None:
    driver = recon()
    placed(driver)
    traded(driver, T0 + 20 * MS_NS, broker_order_id=None)
    filled(driver, T0 + 1020 * MS_NS, broker_order_id=tag("A"), event_ns=T0)
    stated(driver, OPEN_NS + 60 * SECOND_NS, 10)
    driver.advance(LAST_NS)

    assert findings(driver) == []


NEXT_DAY = 24 * 3600 * SECOND_NS
"""From a time to the same of the next day, nanoseconds."""


def two_days(cut: Any = ()) -> Driver:
    spans = ((OPEN_NS, LAST_NS), (OPEN_NS + NEXT_DAY, LAST_NS + NEXT_DAY))
    settings = Settings(session="test", account=ACCOUNT, spans_ns=spans, last_ns=LAST_NS + NEXT_DAY)
    return Driver(logic, settings, entry_type, cut)


def test_finished_days_are_forgotten_after_the_first_run_of_the_next() -> None:
    driver = two_days()
    clean_trade(driver)
    driver.advance(OPEN_NS + NEXT_DAY)
    first = driver.messages()[-1]
    driver.advance(LAST_NS + NEXT_DAY)

    assert (first.expected, first.actual) == (1, 1)
    assert findings(driver) == []
    assert (driver.state.orders, driver.state.trades, driver.state.order_of_tag) == ({}, {}, {})
    assert driver.state.carried["INFY"].net_qty == 10
    assert driver.messages()[-1].expected == 0


def test_a_position_that_was_carried_and_is_closed_leaves_nothing() -> None:
    driver = two_days()
    clean_trade(driver)
    at_ns = OPEN_NS + NEXT_DAY + SECOND_NS
    placed(driver, at_ns, "B", side="SELL")
    traded(driver, at_ns + 20 * MS_NS, "B", trade_id="T9", side="SELL")
    filled(
        driver, at_ns + 1020 * MS_NS, "B", trade_id="T9", side="SELL", event_ns=at_ns + 20 * MS_NS
    )
    stated(driver, OPEN_NS + NEXT_DAY + 60 * SECOND_NS, 0)
    driver.advance(LAST_NS + NEXT_DAY)
    forget_finished_days(driver.state, LAST_NS + 2 * NEXT_DAY)

    assert findings(driver) == []
    assert (driver.state.trades, driver.state.carried) == ({}, {})


def test_what_a_break_concerns_is_not_forgotten() -> None:
    driver = two_days()
    no_fill(driver)
    driver.advance(LAST_NS + NEXT_DAY)

    assert findings(driver) == [("missed_fill", "A", 0, 10)]
    assert open_breaks(driver)[-1] == 1
    assert list(driver.state.trades) == ["broker-A/T1"]


def test_an_order_that_has_not_ended_is_not_forgotten() -> None:
    driver = two_days()
    placed(driver)
    driver.advance(LAST_NS + NEXT_DAY)

    assert list(driver.state.orders) == ["A"]


def test_what_comes_after_the_first_run_belongs_to_the_new_day() -> None:
    driver = two_days()
    placed(driver)
    driver.send("broker.reports", report(OPEN_NS + NEXT_DAY, "CANCELLED", "A"))
    driver.send(
        "live_orders",
        live_order(OPEN_NS + NEXT_DAY + SECOND_NS, n=2, state="CANCELLED", command="NONE"),
    )
    driver.advance(LAST_NS + NEXT_DAY)

    assert findings(driver) == []
    assert list(driver.state.orders) == ["A"]
