"""The runner around the strategies: phases, cut-offs, warm-up, ensembles, entries of the state."""

import pytest

from strategy_builders import (
    GRACE_NS,
    OPEN_NS,
    Runner,
    bar,
    config,
    entry,
    series,
    session,
    settings_for,
    told,
)
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.market.phases import Phase
from tapeline.runner.stage import TIMER, Event
from tapeline.strategy.api import (
    CLASSES,
    BarView,
    Decision,
    PairStrategy,
    PairView,
    Spread,
    Strategy,
    Target,
    long,
    short,
    strategy,
)
from tapeline.strategy.app import app
from tapeline.strategy.logic import State, entry_type, step
from tapeline.strategy.settings import Settings

PARROT = "test_parrot"


@strategy(PARROT, memory={"bars": 0.0})
class Parrot(Strategy):
    """Says by the paise of the close what to do: .10 long, .20 short, .30 flat, .40 nothing."""

    def on_bar(self, view: BarView) -> Decision | None:
        view.memory["bars"] += 1
        paise = round(view.close * 100) % 100
        if paise == 40:
            return None
        if paise == 30:
            return Decision(Target.FLAT, 1.0, None, None)
        return (long if paise == 10 else short)(0.5, stop_distance=5.0)


def parrot(**changes):
    return Runner(settings_for(it=entry(PARROT, **changes)))


LONG, SHORT, FLAT, SILENT = 100.1, 100.2, 100.3, 100.4


def test_the_parrot_trades():
    assert told(parrot().feed(series([LONG, SILENT, FLAT, SHORT, SILENT]))) == [
        "ENTRY BUY SIGNAL",
        "EXIT SELL SIGNAL",
        "ENTRY SELL SIGNAL",
    ]


REFUSED = {
    "outside continuous trading": {"phase": "pre_open"},
    "outside the session's phases": {"start_ns": OPEN_NS - MINUTE_NS},
    "another symbol": {"symbol": "BBB"},
    "an unknown symbol": {"symbol": "ZZZ"},
    "another timeframe": {"tf": "3m"},
    "a bar that was cut by the end of the feed": {"final": False},
    "a bar that comes too late": {"at_ns": OPEN_NS + MINUTE_NS + 45 * SECOND_NS},
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_no_entry_on(sentence):
    assert parrot().feed([bar(0, LONG, **REFUSED[sentence])]) == []


@pytest.mark.parametrize(("minute", "expected"), [(343, 1), (344, 0)])
def test_no_entry_in_the_last_quarter_of_an_hour(minute, expected):
    """Continuous trading of the builders ends after 360 minutes."""
    assert len(parrot().feed([bar(minute, LONG)])) == expected


def test_positions_are_closed_near_the_end_and_nothing_is_sent_after_it():
    runner = parrot()
    assert told(runner.feed([bar(340, LONG), bar(348, SILENT)])) == ["ENTRY BUY SIGNAL"]
    assert told(runner.feed([bar(349, SILENT)])) == ["EXIT SELL PHASE_END"]
    assert runner.feed([bar(359, FLAT)]) == []


@pytest.mark.parametrize(("minute", "expected"), [(13, 1), (14, 0)])
def test_a_short_session_keeps_three_quarters_for_entries(minute, expected):
    one = {"strategies": {"it": entry(PARROT)}}
    runner = Runner(Settings.from_session(session("it", registry=one, ensemble={}, minutes=20)))

    assert len(runner.feed([bar(minute, LONG)])) == expected
    assert (
        told(runner.feed([bar(16, SILENT), bar(17, SILENT)])) == ["EXIT SELL PHASE_END"] * expected
    )


def test_an_open_position_that_outlives_the_phase_is_the_risk_managers():
    runner = parrot()
    runner.feed([bar(340, LONG)])

    assert runner.feed([bar(359, FLAT)]) == []


@pytest.mark.parametrize(
    ("side", "expected"),
    [("long", ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL"]), ("short", ["ENTRY SELL SIGNAL"])],
)
def test_a_side_that_is_not_allowed_counts_as_flat(side, expected):
    assert told(parrot(side=side).feed(series([LONG, SHORT, SILENT]))) == expected


def test_memory_and_votes_end_with_the_day():
    settings = Settings.from_session(
        session("it", registry={"strategies": {"it": entry(PARROT)}}, ensemble={}, days=2)
    )
    runner = Runner(settings)
    runner.feed([bar(0, LONG), bar(1, SILENT)])
    assert runner.state.members["member/it/AAA"].memory == {"bars": 2.0}

    assert told(runner.feed([bar(0, LONG, day=1)])) == ["ENTRY BUY SIGNAL"]
    assert runner.state.members["member/it/AAA"].memory == {"bars": 1.0}
    assert runner.state.positions["position/it/AAA"].entries == 1


def test_a_revision_decides_nothing_and_is_counted():
    runner = parrot(on_revision="alert")
    runner.feed([bar(0, SILENT)])

    assert runner.feed([bar(0, LONG, rev=1)]) == []
    assert runner.state.revision_alerts == 1


def test_a_signal_names_the_revision_it_saw():
    (order,) = parrot().feed([bar(0, LONG, rev=2)])

    assert order.extra.signal.bar_rev == 2


def test_no_signal_before_warm_up():
    runner = Runner(
        settings_for(
            it=entry("donchian_breakout", {"channel": "donchian_20_before", "atr": "atr_5"})
        )
    )
    rising = series([100.0 + n for n in range(22)])

    assert runner.feed(rising[:20]) == []
    assert told(runner.feed(rising[20:])) == ["ENTRY BUY SIGNAL"]


def ensemble_runner(**changes):
    entries = {"one": entry(PARROT, weight=1), "two": entry("test_contrarian", weight=1)}
    rule = {"version": "7", "members": ["one", "two"], "method": "weighted_vote", **changes}
    return Runner(
        Settings.from_session(
            session(
                "one",
                "two",
                registry={"strategies": entries},
                ensemble={"ensembles": {"both": rule}},
            )
        )
    )


@strategy("test_contrarian")
class Contrarian(Strategy):
    """Long below 100 rupees, else nothing."""

    def on_bar(self, view: BarView) -> Decision | None:
        return long(1.0, stop_distance=9.0, target_distance=3.0) if view.close < 100 else None


def test_members_vote_and_the_ensemble_trades():
    runner = ensemble_runner(min_confidence_bp=3000)
    (order,) = runner.feed([bar(0, LONG), bar(1, 99.4), bar(2, 99.4)])
    signal = order.extra.signal

    assert (order.strategy, signal.version) == ("both", "7")
    assert signal.votes == {"one": 1, "two": 1}
    assert signal.confidence_bp == 7500
    assert order.legs[0].stop_distance_e4 == 90_000
    assert order.legs[0].target_distance_e4 == 30_000


def test_a_conflict_closes():
    runner = ensemble_runner()

    assert told(runner.feed([bar(0, 99.1), bar(1, SHORT)])) == [
        "ENTRY BUY SIGNAL",
        "EXIT SELL SIGNAL",
    ]


def test_a_timer_does_nothing():
    runner = parrot()

    assert step(runner.state, Event(0, 0, "", 0, TIMER, None), runner.settings) == []
    assert runner.state.timer_ns() is None


def test_two_strategies_share_a_series_and_answer_in_name_order():
    runner = Runner(
        settings_for(
            zeta=entry(PARROT, symbols=["AAA", "BBB"]),
            alpha=entry(PARROT),
            mean=entry("sma_cross", {"fast": "sma_5", "slow": "sma_10", "atr": "atr_5"}),
        )
    )

    assert list(runner.state.series["series/AAA/1m/ignore"].indicators) == [
        "atr_5",
        "sma_10",
        "sma_5",
    ]
    assert [o.strategy for o in runner.feed([bar(0, LONG)])] == ["alpha", "zeta"]


def test_entries_are_marked_when_they_change():
    runner = parrot()
    assert list(runner.state.keys()) == []
    runner.feed([bar(0, LONG)])
    keys = {"series/AAA/1m/ignore", "member/it/AAA", "position/it/AAA"}
    assert runner.state.dirty == keys == set(runner.state.keys())
    assert all(isinstance(runner.state.entry(key), entry_type(key)) for key in keys)

    runner.state.dirty.clear()
    runner.feed([bar(1, SILENT)])
    assert runner.state.dirty == keys
    runner.state.dirty.clear()
    runner.feed([bar(1, LONG)])
    assert runner.state.dirty == {"series/AAA/1m/ignore"}
    assert runner.state.entry("position/it/BBB") is None


def test_a_restored_entry_of_a_strategy_that_is_gone_is_passed_over():
    runner = parrot()
    runner.feed([bar(0, LONG)])
    other = State(settings_for(other=entry(PARROT, symbols=["BBB"])))
    for key in runner.state.keys():  # noqa: SIM118
        other.load(key, runner.state.entry(key))

    assert list(other.series) == ["series/BBB/1m/ignore"]


@strategy("test_forgetful", memory={"a": 0.0})
class Forgetful(Strategy):
    """Breaks the rules of memory: by the rupees of the close."""

    def on_bar(self, view: BarView) -> Decision | None:
        if view.close >= 200:
            view.memory["b"] = 1.0
        else:
            view.memory["a"] = float("nan")
        return None


@pytest.mark.parametrize("close", [100.0, 200.0])
def test_a_broken_memory_stops_the_stage(close):
    runner = Runner(settings_for(it=entry("test_forgetful")))

    with pytest.raises(ValueError, match=r"strategy it left .* exactly the names it declared"):
        runner.feed([bar(0, close)])


@strategy("test_pair")
class Odd(PairStrategy):
    """Measures nothing below 100 rupees, and wishes with a hedge ratio of the second's rupees."""

    def measure(self, view: PairView) -> Spread | None:
        if view.first.close < 100:
            return None
        return Spread(hedge_ratio=view.second.close - 100.0, value=0.0, zscore=0.0)

    def on_spread(self, view: PairView, spread: Spread) -> Decision | None:
        return long(1.0, stop_distance=1.0)


def odd_pair():
    return Runner(settings_for(it=entry("test_pair", symbols=["AAA", "BBB"], leg_timeout_ms=1000)))


def test_a_pair_that_measures_nothing_does_nothing():
    assert odd_pair().feed([bar(0, 99.0), bar(0, 101.0, symbol="BBB")]) == []


def test_a_pair_wish_needs_a_hedge():
    with pytest.raises(ValueError, match="only a ratio above 0 can be traded"):
        odd_pair().feed([bar(0, 101.0), bar(0, 100.0, symbol="BBB")])


def test_an_enormous_hedge_is_cut_to_what_an_order_can_say():
    (order,) = odd_pair().feed([bar(0, 101.0), bar(0, 30_100.0, symbol="BBB")])

    assert order.legs[1].weight_bp == 100_000_000


def test_both_legs_in_either_order_give_the_same_intent():
    first, second = bar(0, 101.0), bar(0, 101.0, symbol="BBB")

    assert odd_pair().feed([first, second]) == odd_pair().feed([second, first])


def test_the_app_of_the_shipped_configuration():
    stage = app(
        session(
            *config("registry")["strategies"],
            symbols=("AAA", "HDFCBANK", "ICICIBANK", "INFY", "NIFTY", "TCS"),
        )
    )
    units = {unit.name: unit for unit in stage.settings.units}

    assert (stage.name, stage.latency_ns) == ("strategy_runner", 500_000)
    assert isinstance(stage.new_state(), State)
    assert set(units) >= {"sma_cross", "pair_spread", "reversion_vote"}
    assert "rsi_reversion_vote" not in units
    assert units["sma_cross"].members[0].symbols == (
        "AAA",
        "HDFCBANK",
        "ICICIBANK",
        "INFY",
        "TCS",
    )
    assert {PARROT, "sma_cross"} <= set(CLASSES)


def test_intents_survive_the_wire():
    runner = parrot()
    (order,) = runner.feed([bar(0, LONG)])

    assert codec.decode("orders", codec.encode(order)) == order
    assert order.at_ns == OPEN_NS + MINUTE_NS + GRACE_NS + 500_000


def test_the_phase_of_the_bar_counts():
    """A session of two days has two phases; a bar between them belongs to none."""
    runner = parrot()
    gap = Phase(OPEN_NS, OPEN_NS + MINUTE_NS, "continuous", 0)
    settings = runner.settings.model_copy(update={"continuous": {"AAA": (gap,)}})
    message = bar(1, LONG)

    assert step(runner.state, Event(message.at_ns, 0, "AAA", 0, "bars.1m", message), settings) == []
