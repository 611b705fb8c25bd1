"""A restart between any two events changes nothing of what reconciliation finds."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from execution_builders import ACCOUNT, OPEN_NS, Driver, fill, live_order, report
from tapeline.contracts.clock import SECOND_NS
from tapeline.monitoring.recon import logic
from tapeline.monitoring.recon.settings import Settings
from tapeline.monitoring.recon.state import entry_type

LAST_NS = OPEN_NS + 400 * SECOND_NS
STATES = ("ACCEPTED", "UNKNOWN", "FILLED")


@st.composite
def days(draw: Any) -> list[tuple[str, Any]]:
    """Records of the three sources that agree now and then."""
    events: list[tuple[str, Any]] = []
    at_ns = OPEN_NS
    for number in range(draw(st.integers(1, 30))):
        at_ns += draw(st.integers(0, 20)) * SECOND_NS
        order_id = draw(st.sampled_from("ABC"))
        trade_id = draw(st.sampled_from(["T1", "T2", "T3"]))
        qty, price = draw(st.integers(1, 3)), draw(st.sampled_from([1_000_000, 1_000_500]))
        side = draw(st.sampled_from(["BUY", "SELL"]))
        what = draw(st.integers(0, 3))
        if what == 0:
            state, filled = draw(st.sampled_from(STATES)), draw(st.integers(0, 3))
            order = live_order(at_ns, order_id, n=number, state=state, filled_qty=filled)
            events.append(("live_orders", order))
        elif what == 1:
            one = fill(at_ns, order_id, trade_id, qty=qty, price_e4=price, side=side)
            events.append(("fills", one))
        elif what == 2:
            told = report(
                at_ns, "FILL", order_id, trade_id=trade_id, side=side, qty=qty, price_e4=price
            )
            events.append(("broker.reports", told))
        else:
            statement = report(at_ns, "POSITION", tag=None, qty=draw(st.integers(-3, 3)))
            events.append(("broker.reports", statement))
    return events


def run(events: list[tuple[str, Any]], cut: Any = ()) -> list[Any]:
    config = Settings(
        session="test",
        account=ACCOUNT,
        spans_ns=tuple(
            (OPEN_NS + day_s * SECOND_NS, OPEN_NS + (day_s + 90) * SECOND_NS)
            for day_s in (0, 100, 200, 300)
        ),
        last_ns=LAST_NS,
        every_s=20,
        unknown_s=30,
        silence_s=30,
    )
    driver = Driver(logic, config, entry_type, cut)
    for topic, message in events:
        driver.send(topic, message)
    driver.advance(LAST_NS)
    return driver.messages()


@settings(max_examples=60, deadline=None)
@given(days(), st.sets(st.integers(0, 60)))
def test_a_restart_anywhere_changes_nothing(events: list[tuple[str, Any]], cut: set[int]) -> None:
    assert run(events, cut) == run(events)


@settings(max_examples=60, deadline=None)
@given(days())
def test_the_summary_counts_the_breaks_that_are_open(events: list[tuple[str, Any]]) -> None:
    """A break is issued when it opens or changes, so that open ones never exceed issued ones."""
    issued = 0
    for record in run(events):
        if record.finding == "SUMMARY":
            assert record.breaks <= issued
        else:
            issued += 1
