"""The risk manager, decision by decision."""

from collections.abc import Callable
from typing import Any

import pytest

from builders_risk import (
    RUPEE,
    SYMBOLS,
    TEN,
    Shell,
    bar,
    charges,
    control,
    decide,
    event,
    exit_leg,
    exit_order,
    fill,
    hold,
    instrument,
    leg,
    limits,
    ns,
    order,
    risk_settings,
    risk_shell,
)
from tapeline.contracts import messages as m
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Heartbeat
from tapeline.market.phases import CONTINUOUS
from tapeline.risk.risk_manager.logic import State, step

# Size: 500 rupees of risk over a stop of 10 rupees are 50 shares at 1,000 rupees.
SIZES: dict[str, tuple[dict[str, int], m.Order, tuple[int, ...]]] = {
    "risk over stop distance": ({}, order(), (50,)),
    "confidence scales the risk": ({}, order(confidence_bp=6_000), (30,)),
    "confidence has a floor": ({}, order(confidence_bp=0), (12,)),
    "a wide stop makes a small trade": ({}, order(leg(stop_distance_e4=499 * RUPEE)), (1,)),
    "the symbol's quantity": ({"sizing__max_symbol_qty": 7}, order(), (7,)),
    "the symbol's notional": ({"sizing__max_symbol_notional_e4": 9_999 * RUPEE}, order(), (9,)),
    "the bucket": ({"buckets__trend__max_notional_e4": 20_500 * RUPEE}, order(), (20,)),
    "the default bucket": (
        {"buckets__default__max_notional_e4": 20_500 * RUPEE},
        order(bucket="new"),
        (20,),
    ),
    "leverage": (
        {
            "capital_e4": 30_000 * RUPEE,
            "sizing__max_leverage_bp": 10_000,
            "sizing__max_symbol_notional_e4": 30_000 * RUPEE,
        },
        order(),
        (30,),
    ),
    "a pair keeps its ratio": (
        {},
        order(leg(), leg("BBB", "SELL", weight_bp=5_100)),
        (50, 25),
    ),
    "the second leg's cap binds the first": (
        {"sizing__max_symbol_qty": 30},
        order(leg(), leg("BBB", "SELL", weight_bp=15_000)),
        (20, 30),
    ),
    "a pair shares the bucket": (
        {"buckets__trend__max_notional_e4": 30_000 * RUPEE},
        order(leg(), leg("BBB", "SELL", weight_bp=20_000)),
        (10, 20),
    ),
    "a market entry counts with its protection": (
        {"sizing__max_symbol_notional_e4": 10_100 * RUPEE},
        order(leg(order_type="MARKET", limit_price_e4=None)),
        (10,),
    ),
    "a sale below the mark counts at the mark": (
        {"sizing__max_symbol_notional_e4": 10_000 * RUPEE},
        order(leg(side="SELL", limit_price_e4=999 * RUPEE)),
        (10,),
    ),
}


@pytest.mark.parametrize("case", SIZES)
def test_size_is_bound_by(case: str) -> None:
    overrides, order_, qtys = SIZES[case]
    found = decide(risk_shell(limits(**overrides)), order_)
    assert (found.decision, found.reason) == ("APPROVED", "OK")
    assert tuple(one.qty for one in found.order.legs) == qtys


def test_lots_are_rounded_down_and_the_freeze_quantity_caps() -> None:
    lots = [instrument("AAA", lot=15), instrument("BBB", lot=10), instrument("CCC", freeze_qty=8)]
    made = risk_shell(instruments=lots)
    pair = decide(made, order(leg(), leg("BBB", "SELL", weight_bp=5_500)))
    assert [one.qty for one in pair.order.legs] == [45, 20]
    frozen = decide(made, order(leg("CCC"), intent_id="I2"))
    assert [one.qty for one in frozen.order.legs] == [8]


@pytest.mark.parametrize(
    ("side", "limit", "rounded"), [("BUY", 9_990_499, 9_990_000), ("SELL", 10_010_001, 10_010_500)]
)
def test_prices_are_rounded_passively_to_the_grid(side: str, limit: int, rounded: int) -> None:
    wanted = leg(side=side, limit_price_e4=limit, trigger_price_e4=limit, order_type="SL")
    (sized,) = decide(risk_shell(), order(wanted)).order.legs
    assert (sized.limit_price_e4, sized.trigger_price_e4) == (rounded, rounded)


def test_a_price_below_one_tick_becomes_one_tick() -> None:
    made = risk_shell()
    made.send(event("bars.1s", bar(close_e4=300)))
    penny = leg(limit_price_e4=300, reference_price_e4=300, stop_distance_e4=10 * RUPEE)
    assert decide(made, order(penny)).order.legs[0].limit_price_e4 == 500


def _none(made: Shell) -> None:
    pass


REFUSALS: dict[str, tuple[str, dict[str, int], Callable[[Shell], Any], m.Order, int]] = {
    "while halted": ("HALTED", {}, lambda s: s.send(event("control", control("KILL"))), order(), 0),
    "while reducing": (
        "REDUCING",
        {},
        lambda s: s.send(event("control", control("REDUCE"))),
        order(),
        0,
    ),
    "while paused": (
        "PAUSED",
        {},
        lambda s: s.send(event("control", control("PAUSE"))),
        order(),
        0,
    ),
    "an unknown symbol": ("UNKNOWN_SYMBOL", {}, _none, order(leg("ZZZ")), 0),
    "one symbol twice": ("BAD_INTENT", {}, _none, order(leg(), leg(side="SELL")), 0),
    "no stop": ("NO_STOP", {}, _none, order(leg(stop_distance_e4=None)), 0),
    "in the pre-open": ("PHASE_CLOSED", {}, _none, order(), ns("09:05")),
    "in the closing auction": ("PHASE_CLOSED", {}, _none, order(), ns("15:20")),
    "after hours": ("PHASE_CLOSED", {}, _none, order(), ns("20:00")),
    "too late in the day": ("ENTRY_TOO_LATE", {}, _none, order(), ns("15:00")),
    "during the square-off": (
        "AFTER_SQUARE_OFF",
        {"hours__no_entry_before_close_s": 60},
        _none,
        order(),
        ns("15:08"),
    ),
    "no bar yet": ("STALE_PRICE", {}, lambda s: s.state.drop("mark/AAA"), order(), 0),
    "an old bar": ("STALE_PRICE", {}, _none, order(), TEN + 20 * SECOND_NS + 1),
    "a price that moved away": (
        "PRICE_MOVED",
        {},
        lambda s: s.send(event("bars.1s", bar(close=1_006))),
        order(),
        0,
    ),
    "against a position": (
        "ENTRY_OPPOSES_POSITION",
        {},
        lambda s: hold(s, -1),
        order(),
        0,
    ),
    "against a pending entry": (
        "ENTRY_OPPOSES_POSITION",
        {},
        lambda s: s.send(event("orders", order(leg(side="SELL"), intent_id="I0"))),
        order(),
        0,
    ),
    "a stop too wide for one share": (
        "RISK_BELOW_LOT",
        {},
        _none,
        order(leg(stop_distance_e4=501 * RUPEE)),
        0,
    ),
    "a symbol with its full quantity": (
        "SYMBOL_QTY_CAP",
        {"sizing__max_symbol_qty": 9},
        lambda s: hold(s, 9),
        order(),
        0,
    ),
    "a symbol beyond its notional": (
        "SYMBOL_NOTIONAL_CAP",
        {"sizing__max_symbol_notional_e4": 5_000 * RUPEE},
        lambda s: hold(s, 6),
        order(),
        0,
    ),
    "another strategy's notional counts too, opposite or not": (
        "SYMBOL_NOTIONAL_CAP",
        {"sizing__max_symbol_notional_e4": 5_000 * RUPEE},
        lambda s: hold(s, -5, strategy="other"),
        order(),
        0,
    ),
    "a full bucket": (
        "BUCKET_CAP",
        {"buckets__trend__max_notional_e4": 50_000 * RUPEE},
        lambda s: s.send(event("orders", order(leg("BBB"), intent_id="I0"))),
        order(),
        0,
    ),
    "a fully levered account": (
        "LEVERAGE_CAP",
        {
            "capital_e4": 30_000 * RUPEE,
            "sizing__max_leverage_bp": 10_000,
            "sizing__max_symbol_notional_e4": 30_000 * RUPEE,
        },
        lambda s: hold(s, 30, "BBB"),
        order(),
        0,
    ),
    "a lot above the freeze quantity": (
        "FREEZE_QTY",
        {},
        lambda s: s.settings.instruments.update(AAA=instrument(lot=20, freeze_qty=19)),
        order(),
        0,
    ),
    "a move that does not pay": (
        "EDGE_BELOW_COST",
        {},
        _none,
        order(leg(target_distance_e4=RUPEE - 1)),
        0,
    ),
    "a move that pays at NSE and is traded at BSE": (
        "EDGE_BELOW_COST",
        {},
        lambda s: s.settings.instruments.update(AAA=instrument(exchange="BSE")),
        order(leg(target_distance_e4=RUPEE)),
        0,
    ),
    "a move that does not pay twice": (
        "EDGE_BELOW_COST",
        {"cost__edge_multiple_bp": 20_000},
        _none,
        order(leg(target_distance_e4=2 * RUPEE - 1)),
        0,
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_an_entry_is_refused(case: str) -> None:
    reason, overrides, before, order_, at_ns = REFUSALS[case]
    made = risk_shell(limits(**overrides))
    before(made)
    found = decide(made, order_, at_ns or TEN)
    assert (found.decision, found.reason) == ("REJECTED", reason)
    assert found.order == order_


ACCEPTED: dict[str, tuple[dict[str, int], m.Order, int]] = {
    "delivery during the square-off": (
        {"hours__no_entry_before_close_s": 60, "price__max_age_s": 3_600},
        order(product="CNC"),
        ns("15:08"),
    ),
    "a bar just young enough": ({}, order(), TEN + 20 * SECOND_NS),
    "a move that just pays": ({}, order(leg(target_distance_e4=RUPEE)), TEN),
    "any move when costs are not tested": (
        {"cost__edge_multiple_bp": 0},
        order(leg(target_distance_e4=1)),
        TEN,
    ),
    "no target": ({}, order(leg(target_distance_e4=None)), TEN),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_entry_is_accepted(case: str) -> None:
    overrides, order_, at_ns = ACCEPTED[case]
    made = risk_shell(limits(**overrides))
    if at_ns > TEN + 60 * SECOND_NS:
        made.send(event("bars.1s", bar(at_ns=at_ns - SECOND_NS), at_ns))
    assert decide(made, order_, at_ns).decision == "APPROVED"


def test_an_entry_against_a_position_passes_once_its_exit_is_in_flight() -> None:
    made = risk_shell()
    hold(made, -10)
    assert decide(made, exit_order(exit_leg(side="BUY"))).decision == "APPROVED"
    assert decide(made, order()).decision == "APPROVED"


def test_pending_entries_count_until_they_are_filled_or_gone() -> None:
    made = risk_shell(limits(sizing__max_symbol_qty=60))
    expires_ns = TEN + 45 * SECOND_NS
    assert decide(made, order(expires_ns=expires_ns)).order.legs[0].qty == 50
    assert decide(made, order(intent_id="I2", expires_ns=expires_ns)).order.legs[0].qty == 10
    assert decide(made, order(intent_id="I3")).reason == "SYMBOL_QTY_CAP"
    made.send(event("fills", fill(qty=30, intent_id="I1")))
    assert made.state.exposure().symbol_qty["AAA"] == 60
    gone_ns = expires_ns + 40 * SECOND_NS
    made.send(event("bars.1s", bar(at_ns=gone_ns), gone_ns))
    assert decide(made, order(intent_id="I4"), gone_ns).order.legs[0].qty == 30


def test_a_filled_order_is_no_longer_in_flight() -> None:
    made = risk_shell()
    pair = order(leg(), leg("BBB", "SELL"))
    decide(made, pair)
    made.send(event("fills", fill(qty=50, intent_id="I1")))
    assert made.state.entry("flight/I1") is not None
    made.send(event("fills", fill("BBB", "SELL", qty=50, intent_id="I1")))
    assert made.state.entry("flight/I1") is None
    assert made.state.position("sma", "BBB").bucket == "trend"


def test_a_flattening_fill_does_not_land_its_entry() -> None:
    made = risk_shell()
    decide(made, order())
    made.send(event("fills", fill(side="SELL", qty=50, intent_id="I1", action="EXIT")))
    assert made.state.entry("flight/I1").legs[0].open_qty == 50


def test_an_entry_expires_at_the_latest_when_the_first_of_its_legs_stops_trading() -> None:
    settings = risk_settings()
    early = tuple(
        p._replace(end_ns=ns("12:00")) if p.name == CONTINUOUS else p
        for p in settings.phases["BBB"]
    )
    settings = settings.model_copy(update={"phases": {**settings.phases, "BBB": early}})
    made = Shell(lambda: State(settings), step, settings)
    made.send(*(event("bars.1s", bar(symbol)) for symbol in SYMBOLS))
    for n, (expires_ns, expected_ns) in enumerate(
        (
            (None, ns("12:00")),
            (ns("13:00"), ns("12:00")),
            (ns("11:00"), ns("11:00")),
        )
    ):
        pair = order(leg(), leg("BBB", "SELL"), expires_ns=expires_ns, intent_id=f"P{n}")
        found = decide(made, pair)
        assert (found.decision, found.order.expires_ns) == ("APPROVED", expected_ns)
        assert made.state.entry(f"flight/P{n}").gone_ns == expected_ns + 40 * SECOND_NS


def test_bars_mark_positions_and_old_revisions_do_not() -> None:
    made = risk_shell()
    hold(made, 100)
    made.send(event("bars.1s", bar(close=1_010, at_ns=TEN + SECOND_NS)))
    assert made.state.unrealised_e4 == 1_000 * RUPEE
    made.send(event("bars.1s", bar(close=900, rev=1)))
    assert made.state.unrealised_e4 == 1_000 * RUPEE
    made.send(event("bars.1s", bar(close=1_005, at_ns=TEN + SECOND_NS, rev=1)))
    assert made.state.unrealised_e4 == 500 * RUPEE
    beat = Heartbeat(at_ns=TEN, complete_ns=TEN, feed="live")
    assert made.send(event("bars.1s", beat)) == []


def test_a_fill_before_the_first_bar_is_its_own_mark() -> None:
    settings = risk_settings()
    made = Shell(lambda: State(settings), step, settings)
    hold(made, 10)
    assert made.state.unrealised_e4 == 0
    assert decide(made, order()).reason == "STALE_PRICE"


def test_equity_is_capital_and_profit_less_charges() -> None:
    made = risk_shell()
    hold(made, 100, charges=charges(30 * RUPEE))
    made.send(event("fills", fill(side="SELL", qty=40, price=1_020)))
    made.send(event("bars.1s", bar(close=1_010)))
    assert made.state.equity_e4() - limits().capital_e4 == (40 * 20 + 60 * 10 - 30) * RUPEE
    position = made.state.position("sma", "AAA")
    assert (position.realised_e4, position.charges_e4) == (800 * RUPEE, 30 * RUPEE)


def test_a_fill_of_an_unknown_bucket_lands_in_the_default_one() -> None:
    made = risk_shell()
    hold(made, 5)
    assert made.state.position("sma", "AAA").bucket == "default"
