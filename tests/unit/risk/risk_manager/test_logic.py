"""The risk manager, decision by decision."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from builders_risk import (
    DAY,
    RUPEE,
    SYMBOLS,
    TEN,
    Shell,
    bar,
    charges,
    control,
    event,
    exit_leg,
    exit_order,
    fill,
    instrument,
    leg,
    limits,
    messages,
    ns,
    order,
    risk_settings,
    timer,
)
from tapeline.contracts import messages as m
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Heartbeat
from tapeline.risk.limits import RiskBudget
from tapeline.risk.risk_manager.logic import State, step

NEXT = date(2026, 11, 23)


def shell(budget: RiskBudget | None = None, **changes: Any) -> Shell:
    """A risk manager that has seen a bar of each symbol at 10:00:00."""
    settings = risk_settings(budget, **changes)
    made = Shell(lambda: State(settings), step, settings)
    made.send(*(event("bars.1s", bar(symbol)) for symbol in SYMBOLS))
    return made


def decide(made: Shell, order_: m.Order, at_ns: int = TEN) -> m.Sized:
    (output,) = made.send(event("orders", order_, at_ns))
    assert output.topic == "orders.sized"
    assert output.key == "PAPER1"
    assert output.message.at_ns == at_ns + 200_000
    found: m.Sized = output.message
    return found


def hold(made: Shell, qty: int, symbol: str = "AAA", **changes: Any) -> None:
    """Gives the strategy a position."""
    side = "BUY" if qty > 0 else "SELL"
    made.send(event("fills", fill(symbol, side, abs(qty), **changes)))


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
    found = decide(shell(limits(**overrides)), order_)
    assert (found.decision, found.reason) == ("APPROVED", "OK")
    assert tuple(one.qty for one in found.order.legs) == qtys


def test_lots_are_rounded_down_and_the_freeze_quantity_caps() -> None:
    lots = [instrument("AAA", lot=15), instrument("BBB", lot=10), instrument("CCC", freeze_qty=8)]
    made = shell(instruments=lots)
    pair = decide(made, order(leg(), leg("BBB", "SELL", weight_bp=5_500)))
    assert [one.qty for one in pair.order.legs] == [45, 20]
    frozen = decide(made, order(leg("CCC"), intent_id="I2"))
    assert [one.qty for one in frozen.order.legs] == [8]


@pytest.mark.parametrize(
    ("side", "limit", "rounded"), [("BUY", 9_990_499, 9_990_000), ("SELL", 10_010_001, 10_010_500)]
)
def test_prices_are_rounded_passively_to_the_grid(side: str, limit: int, rounded: int) -> None:
    wanted = leg(side=side, limit_price_e4=limit, trigger_price_e4=limit, order_type="SL")
    (sized,) = decide(shell(), order(wanted)).order.legs
    assert (sized.limit_price_e4, sized.trigger_price_e4) == (rounded, rounded)


def test_a_price_below_one_tick_becomes_one_tick() -> None:
    made = shell()
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
    made = shell(limits(**overrides))
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
    made = shell(limits(**overrides))
    if at_ns > TEN + 60 * SECOND_NS:
        made.send(event("bars.1s", bar(at_ns=at_ns - SECOND_NS), at_ns))
    assert decide(made, order_, at_ns).decision == "APPROVED"


def test_an_entry_against_a_position_passes_once_its_exit_is_in_flight() -> None:
    made = shell()
    hold(made, -10)
    assert decide(made, exit_order(exit_leg(side="BUY"))).decision == "APPROVED"
    assert decide(made, order()).decision == "APPROVED"


def test_pending_entries_count_until_they_are_filled_or_gone() -> None:
    made = shell(limits(sizing__max_symbol_qty=60))
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
    made = shell()
    pair = order(leg(), leg("BBB", "SELL"))
    decide(made, pair)
    made.send(event("fills", fill(qty=50, intent_id="I1")))
    assert made.state.entry("flight/I1") is not None
    made.send(event("fills", fill("BBB", "SELL", qty=50, intent_id="I1")))
    assert made.state.entry("flight/I1") is None
    assert made.state.position("sma", "BBB").bucket == "trend"


def test_a_flattening_fill_does_not_land_its_entry() -> None:
    made = shell()
    decide(made, order())
    made.send(event("fills", fill(side="SELL", qty=50, intent_id="I1", action="EXIT")))
    assert made.state.entry("flight/I1").legs[0].open_qty == 50


def test_an_exit_takes_the_whole_position_and_passes_halts_and_stale_prices() -> None:
    made = shell()
    hold(made, 70)
    made.send(event("control", control("KILL")))
    found = decide(made, exit_order(), ns("15:20"))
    assert [one.qty for one in found.order.legs] == [70]
    assert found.order.expires_ns == ns("15:21")


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
    "for an unknown symbol": ("UNKNOWN_SYMBOL", 10, exit_order(exit_leg("ZZZ")), TEN),
    "for one symbol twice": ("BAD_INTENT", 10, exit_order(exit_leg(), exit_leg()), TEN),
}


@pytest.mark.parametrize("case", EXIT_REFUSALS)
def test_an_exit_is_refused(case: str) -> None:
    reason, held, order_, at_ns = EXIT_REFUSALS[case]
    made = shell()
    if held:
        hold(made, held)
    assert decide(made, order_, at_ns).reason == reason


def test_an_exit_waits_for_the_one_in_flight_until_that_has_expired() -> None:
    made = shell()
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
    made = shell()
    hold(made, -5, "BBB")
    both = exit_order(exit_leg(), exit_leg("BBB", "BUY"), expires_ns=TEN + SECOND_NS)
    found = decide(made, both)
    assert [(one.symbol, one.qty) for one in found.order.legs] == [("BBB", 5)]
    assert found.order.expires_ns == TEN + SECOND_NS


def test_an_exit_is_capped_by_the_freeze_quantity() -> None:
    made = shell(instruments=[instrument(freeze_qty=30)])
    hold(made, 70)
    qtys = [decide(made, exit_order(intent_id=f"X{n}")).order.legs[0].qty for n in range(3)]
    assert qtys == [30, 30, 10]


def test_square_off_exits_every_intraday_position_in_batches() -> None:
    made = shell(limits(square_off__orders_per_s=2))
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
    made = shell()
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
    made = shell()
    hold(made, 10)
    assert len(made.send(timer(ns("15:10")))) == 1
    assert made.state.timer_ns() == ns("15:10:30")


def test_square_off_sends_nothing_when_the_market_is_closed_or_the_symbol_unknown() -> None:
    made = shell()
    hold(made, 10)
    hold(made, 10, "OLD")
    assert made.send(timer(ns("15:40"))) == []


def test_bars_mark_positions_and_old_revisions_do_not() -> None:
    made = shell()
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
    made = shell()
    hold(made, 100, charges=charges(30 * RUPEE))
    made.send(event("fills", fill(side="SELL", qty=40, price=1_020)))
    made.send(event("bars.1s", bar(close=1_010)))
    assert made.state.equity_e4() - limits().capital_e4 == (40 * 20 + 60 * 10 - 30) * RUPEE
    position = made.state.position("sma", "AAA")
    assert (position.realised_e4, position.charges_e4) == (800 * RUPEE, 30 * RUPEE)


def halt(made: Shell, close: int) -> list[tuple[str, str]]:
    found = messages(made.send(event("bars.1s", bar(close=close))))
    assert all(c.by == "risk_manager" for c in found)
    return [(c.command, c.reason) for c in found]


def test_a_drawdown_reduces_once_and_a_deeper_one_kills() -> None:
    made = shell(limits(loss__max_day_e4=10**12, loss__hard_day_e4=10**12))
    hold(made, 1_000)
    assert halt(made, 971) == []
    assert halt(made, 969) == [("REDUCE", "DRAWDOWN_HALT")]
    assert decide(made, order(leg("BBB"))).reason == "REDUCING"
    assert halt(made, 968) == []
    assert halt(made, 949) == [("KILL", "DRAWDOWN_HALT")]
    assert halt(made, 999) == []
    assert decide(made, order(leg("BBB"))).reason == "HALTED"


def test_the_days_loss_halts_and_the_next_day_starts_anew() -> None:
    made = shell(
        limits(loss__max_drawdown_bp=9_000, loss__hard_drawdown_bp=9_000), days=(DAY, NEXT)
    )
    hold(made, 1_000)
    monday = ns("09:16", NEXT)
    made.send(event("bars.1s", bar(close=981)))
    made.send(event("bars.1s", bar(close=962, at_ns=monday), monday))
    assert made.state.limits.trading == "ACTIVE"
    (reduce,) = messages(made.send(event("bars.1s", bar(close=960, at_ns=monday), monday)))
    assert (reduce.command, reduce.reason) == ("REDUCE", "DAY_LOSS_HALT")
    (kill,) = messages(made.send(event("bars.1s", bar(close=945, at_ns=monday), monday)))
    assert (kill.command, kill.reason) == ("KILL", "DAY_LOSS_HALT")


def test_resume_accepts_the_loss_and_measures_from_there() -> None:
    made = shell(limits(loss__max_day_e4=10**12, loss__hard_day_e4=10**12))
    hold(made, 1_000)
    halt(made, 960)
    made.send(event("control", control("RESUME")))
    assert made.state.account.peak_e4 == made.state.equity_e4()
    assert halt(made, 950) == []
    assert halt(made, 930) == [("REDUCE", "DRAWDOWN_HALT")]


def test_resume_without_a_halt_keeps_the_peak() -> None:
    made = shell()
    hold(made, 100)
    halt(made, 1_010)
    peak_e4 = made.state.account.peak_e4
    halt(made, 1_005)
    made.send(event("control", control("PAUSE")), event("control", control("RESUME")))
    assert made.state.account.peak_e4 == peak_e4
    assert made.state.limits.trading == "ACTIVE"


def test_the_echo_of_an_own_halt_does_not_undo_a_resume() -> None:
    made = shell()
    made.send(event("control", control("RESUME")))
    made.send(event("control", control("REDUCE", by="risk_manager")))
    assert made.state.limits.trading == "ACTIVE"


def test_control_sets_a_limit_and_survives_a_restart() -> None:
    made = shell()
    command = control("SET", key="sizing.max_symbol_qty", value=3)
    made.send(event("control", command))
    made.restart()
    assert decide(made, order()).order.legs[0].qty == 3


def test_control_that_cannot_be_obeyed_is_counted_and_changes_nothing() -> None:
    made = shell()
    for key, value in (("nope", 1), ("price.max_age_s", -1), ("capital_e4", 5)):
        made.send(event("control", control("SET", key=key, value=value)))
    found = made.state.limits
    assert (found.control_rejections, found.overrides) == (3, {})
    assert found.last_rejection is not None
    assert "capital_e4: is fixed" in found.last_rejection
    assert made.state.budget == limits()


def test_the_peak_survives_a_restart() -> None:
    made = shell()
    hold(made, 1_000)
    halt(made, 1_020)
    made.restart()
    assert made.state.account.peak_e4 == limits().capital_e4 + 20_000 * RUPEE
    assert halt(made, 988) == [("REDUCE", "DRAWDOWN_HALT")]


def test_a_fill_of_an_unknown_bucket_lands_in_the_default_one() -> None:
    made = shell()
    hold(made, 5)
    assert made.state.position("sma", "AAA").bucket == "default"
