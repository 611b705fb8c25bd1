"""Whatever the market shows and the OMS asks: what the paper gateway may never do."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from execution_builders import (
    END_NS,
    OPEN_NS,
    Driver,
    instrument,
    live_order,
    paper_settings,
    tick,
)
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.ids import tag
from tapeline.contracts.messages import BrokerReport, LiveOrder, Tick
from tapeline.contracts.money import BP
from tapeline.execution.gateway_paper import logic
from tapeline.execution.gateway_paper.state import entry_type
from tapeline.execution.order_checks import price_band

TICK_E4 = 500
PRICES = st.integers(1_990, 2_010).map(lambda ticks: ticks * TICK_E4)
EXAMPLES = settings(max_examples=40, deadline=None)


@st.composite
def levels(draw: Any, best: int, step: int) -> tuple[int, ...]:
    """Up to five levels from a best price away."""
    flat: list[int] = []
    for level in range(draw(st.integers(0, 5))):
        flat += [best + level * step, draw(st.integers(0, 80))]
    return tuple(flat)


@st.composite
def ticks(draw: Any, at_ns: int, symbol: str, seq: int) -> Tick:
    """A snapshot around 100 rupees, sometimes late, bare or only of depth."""
    last = draw(PRICES)
    spread = TICK_E4 * draw(st.integers(1, 3))
    return tick(
        at_ns,
        symbol,
        seq=seq,
        day_volume=seq * 60,
        event_ns=at_ns - draw(st.sampled_from([0, 0, 0, SECOND_NS, 20 * SECOND_NS])),
        last_price_e4=last,
        last_qty=draw(st.integers(0, 60)),
        trade=draw(st.booleans()),
        bids=draw(levels(last - spread, -TICK_E4)),
        asks=draw(levels(last + spread, TICK_E4)),
    )


@st.composite
def orders(draw: Any, at_ns: int, order_id: str, symbol: str) -> LiveOrder:
    """A placement of any type, sometimes one that is refused."""
    kind = draw(st.sampled_from(["LIMIT", "LIMIT", "MARKET", "SL", "SL-M"]))
    price = draw(PRICES)
    return live_order(
        at_ns,
        order_id,
        symbol=symbol,
        side=draw(st.sampled_from(["BUY", "SELL"])),
        order_type=kind,
        qty=draw(st.integers(1, 150)),
        limit_price_e4=price if kind in ("LIMIT", "SL") else None,
        trigger_price_e4=price if kind in ("SL", "SL-M") else None,
    )


@st.composite
def days(draw: Any, symbols: tuple[str, ...] = ("INFY", "TCS")) -> list[tuple[str, Any]]:
    """Ticks, placements and later commands, in the order of time."""
    events: list[tuple[str, Any]] = []
    open_orders: list[LiveOrder] = []
    at_ns = OPEN_NS + 60 * SECOND_NS
    for number in range(draw(st.integers(5, 40))):
        at_ns += draw(st.sampled_from([0, 3, 10, 400, 1_500])) * MS_NS
        what = draw(st.sampled_from(["tick", "tick", "tick", "place", "change"]))
        symbol = draw(st.sampled_from(symbols))
        if what == "tick" or (what == "change" and not open_orders):
            events.append(("ticks", draw(ticks(at_ns, symbol, number))))
        elif what == "place":
            order = draw(orders(at_ns, f"ORDER{number}", symbol))
            open_orders.append(order)
            events.append(("live_orders", order))
        else:
            order = draw(st.sampled_from(open_orders))
            command = draw(st.sampled_from(["CANCEL", "QUERY", "MODIFY"]))
            events.append(("live_orders", changed(order, at_ns, number + 1, command)))
    return events


def changed(order: LiveOrder, at_ns: int, n: int, command: Any) -> LiveOrder:
    return live_order(
        at_ns,
        order.order_id,
        n=n,
        command=command,
        symbol=order.symbol,
        side=order.side,
        order_type=order.order_type,
        qty=order.qty + (10 if command == "MODIFY" else 0),
        limit_price_e4=order.limit_price_e4,
        trigger_price_e4=order.trigger_price_e4,
    )


def run(events: list[tuple[str, Any]], cut: Any = (), **changes: Any) -> list[BrokerReport]:
    """Everything that the gateway says over a day."""
    config = {"jitter_ms": 30, "rules": {"slippage_ticks_max": 2}, **changes}
    driver = Driver(logic, paper_settings(**config), entry_type, cut)
    for topic, message in events:
        driver.send(topic, message)
    driver.advance(END_NS)
    return driver.messages()


def first_told(reports: list[BrokerReport]) -> list[BrokerReport]:
    """Fills, each once: lookups tell them again."""
    return list({r.report_id: r for r in reversed(reports) if r.report == "FILL"}.values())[::-1]


@EXAMPLES
@given(days())
def test_fills_add_up_and_never_exceed_the_order(events: list[tuple[str, Any]]) -> None:
    reports = run(events)
    asked: dict[str, int] = defaultdict(int)
    for _, message in events:
        if isinstance(message, LiveOrder):
            asked[message.tag] = max(asked[message.tag], message.qty)
    filled: dict[str | None, int] = defaultdict(int)
    for report in first_told(reports):
        filled[report.tag] += report.qty

        assert report.qty > 0
        assert report.cum_qty == filled[report.tag]
        assert filled[report.tag] <= asked[str(report.tag)]
    assert len({r.trade_id for r in first_told(reports)}) == len(first_told(reports))


@EXAMPLES
@given(days(), st.integers(1_000, BP))
def test_fills_never_exceed_what_was_displayed_or_printed(
    events: list[tuple[str, Any]], participation_bp: int
) -> None:
    reports = run(events, rules={"participation_bp": participation_bp})
    shown = {(m.symbol, m.seq): m for _, m in events if isinstance(m, Tick)}
    bought: dict[tuple[str, int, str], int] = defaultdict(int)
    for report in first_told(reports):
        bought[report.symbol, int(report.tick_seq or 0), str(report.side)] += report.qty
    for (symbol, seq, side), qty in bought.items():
        snapshot = shown[symbol, seq]
        levels_shown = snapshot.asks if side == "BUY" else snapshot.bids
        most = sum(levels_shown[1::2]) + snapshot.last_qty

        assert qty <= most * participation_bp // BP


@EXAMPLES
@given(days())
def test_prices_stay_within_limit_and_band_and_on_the_grid(events: list[tuple[str, Any]]) -> None:
    low, high = price_band(instrument())
    placed = {m.tag: m for _, m in events if isinstance(m, LiveOrder)}
    for report in first_told(run(events)):
        assert report.price_e4 is not None
        limit = placed[str(report.tag)].limit_price_e4
        if limit is not None:
            assert report.price_e4 <= limit if report.side == "BUY" else report.price_e4 >= limit
        assert low <= report.price_e4 <= high
        assert report.price_e4 % TICK_E4 == 0


@EXAMPLES
@given(days())
def test_positions_are_the_sum_of_the_fills(events: list[tuple[str, Any]]) -> None:
    reports = run(events)
    net: dict[str, int] = defaultdict(int)
    for report in first_told(reports):
        net[report.symbol] += report.qty if report.side == "BUY" else -report.qty
    stated = {r.symbol: r.qty for r in reports if r.report == "POSITION"}

    assert stated == {symbol: net[symbol] for symbol in stated}
    assert {s for s, qty in net.items() if qty} <= set(stated)


@EXAMPLES
@given(days())
def test_other_symbols_change_nothing(events: list[tuple[str, Any]]) -> None:
    alone = [e for e in events if e[1].symbol == "INFY"]

    assert run(alone) == [r for r in run(events) if r.symbol == "INFY"]


@EXAMPLES
@given(days(), st.sets(st.integers(0, 60)))
def test_a_restart_anywhere_changes_nothing(events: list[tuple[str, Any]], cut: set[int]) -> None:
    lossy = {"lost_request_bp": 2_000, "lost_ack_bp": 3_000}

    assert run(events, cut, **lossy) == run(events, **lossy)


@EXAMPLES
@given(days())
def test_every_order_is_answered_and_ends(events: list[tuple[str, Any]]) -> None:
    reports = run(events)
    placed = {m.tag: m for _, m in events if isinstance(m, LiveOrder) and m.command == "PLACE"}
    for name, order in placed.items():
        told = [r for r in reports if r.tag == name]
        answers = [r for r in told if r.report in ("ACK", "REJECT")]
        ended = [r for r in told if r.report in ("CANCELLED", "EXPIRED", "REJECT")]
        cum_qty = max(r.cum_qty for r in told)

        assert answers, order
        assert ended or cum_qty >= order.qty
        assert tag(order.order_id) == name
