"""Seeded markets: symbols, phases and settings of the two bar stages, and their plans."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from tapeline.compute.bar_aggregator_multi import app as aggregator_app
from tapeline.compute.bar_aggregator_multi import logic as aggregator
from tapeline.compute.bar_aggregator_multi import settings as aggregator_settings
from tapeline.compute.bar_builder_1s import app as builder_app
from tapeline.compute.bar_builder_1s import logic as builder
from tapeline.compute.bar_builder_1s import settings as builder_settings
from tapeline.contracts.clock import DAY_NS, MINUTE_NS, MS_NS, SECOND_NS
from tapeline.market import phases as names
from tapeline.market.phases import Phase
from tapeline.runner.stage import StageApp

BUILDER = builder_settings.STAGE
AGGREGATOR = aggregator_settings.STAGE
STAGES = (BUILDER, AGGREGATOR)

FIRST_DAY = 19_675
"""2023-11-14, days since 1970-01-01."""
OPEN_NS = 13_500 * SECOND_NS
"""09:15 IST, from the UTC midnight of a day."""

TRADED = ("AAA", "BAJAJ-AUTO", "M&M", "NIFTY 50 FUT", 'QU"OTE\\', "ZZ", "Ünïcode", "日経", "a")
INDICES = ("NIFTY", "IDX é")

_MODULES: dict[str, tuple[Any, Any, Any]] = {
    BUILDER: (builder, builder_app, builder_settings),
    AGGREGATOR: (aggregator, aggregator_app, aggregator_settings),
}


class Market(NamedTuple):
    """A session's market, made from a seed."""

    classes: dict[str, str]
    """Class of each symbol: cash or index."""
    phases: dict[str, tuple[Phase, ...]]
    start_ns: int
    end_ns: int
    """When windows are forced out: sometimes in the middle of the last day."""
    horizon_s: int

    def symbols(self, of_class: str) -> list[str]:
        """Symbols of a class, in order."""
        return [symbol for symbol, name in self.classes.items() if name == of_class]

    def traded(self, phase: Phase, dice: random.Random) -> str:
        """A symbol that trades in a phase; rarely any."""
        every = phase.name == names.CONTINUOUS or dice.random() < 0.02
        return dice.choice(list(self.classes) if every else self.symbols("cash"))


def market(dice: random.Random) -> Market:
    """A random market of one to three days."""
    traded = dice.sample(TRADED, dice.randint(1, len(TRADED)))
    indices = dice.sample(INDICES, dice.randint(0, len(INDICES)))
    days = sorted(dice.sample(range(FIRST_DAY, FIRST_DAY + 6), dice.randint(1, 3)))
    cash = tuple(phase for day in days for phase in _cash_day(day, dice))
    index = tuple(phase for phase in cash if phase.name == names.CONTINUOUS)
    last = cash[-1]
    return Market(
        classes=dict.fromkeys(traded, "cash") | dict.fromkeys(indices, "index"),
        phases={"cash": cash, "index": index},
        start_ns=cash[0].start_ns - 60 * SECOND_NS,
        end_ns=last.end_ns + dice.choice((600 * SECOND_NS, 5 * SECOND_NS, 0, -90 * SECOND_NS)),
        horizon_s=dice.choice((0, 1, 61, 300, 300, 300)),
    )


def _cash_day(day: int, dice: random.Random) -> list[Phase]:
    """Phases of a short day; they end within a second, a minute, a quarter of an hour."""
    start_ns = day * DAY_NS + OPEN_NS + dice.choice((0, 0, 250 * MS_NS, 37 * SECOND_NS))
    phases = []
    if dice.random() < 0.7:
        before_ns = start_ns - 15 * MINUTE_NS
        phases.append(Phase(before_ns, before_ns + 8 * MINUTE_NS, names.PRE_OPEN, day))
    lasts_ns = dice.choice((4 * MINUTE_NS, 20 * MINUTE_NS, 1_290_500 * MS_NS, 33 * MINUTE_NS + 1))
    end_ns = start_ns + lasts_ns
    phases.append(Phase(start_ns, end_ns, names.CONTINUOUS, day))
    for name, minutes in ((names.CLOSING_AUCTION, 10), (names.CLOSING_PRICE, 1), ("post_close", 4)):
        if dice.random() < 0.6:
            start_ns = end_ns + dice.choice((0, 0, 1, 30 * SECOND_NS))
            end_ns = start_ns + minutes * MINUTE_NS
            phases.append(Phase(start_ns, end_ns, name, day))
    return phases


def builder_values(of: Market, dice: random.Random) -> dict[str, Any]:
    """Random settings of bar_builder_1s, as a plan holds them."""
    days = sorted({phase.day for phase in of.phases["cash"]})
    settings = builder_settings.Settings(
        symbols={
            symbol: builder_settings.SymbolRules(
                instrument_class=name,
                has_volume=name == "cash",
                prev_close_e4=dice.choice((1_000_000, 999_999, 40, 25_000_050)),
                band_bp=dice.choice((2_500, 2_500, 10_000, 33)),
            )
            for symbol, name in of.classes.items()
        },
        phases=of.phases,
        clipped_days={
            name: tuple(day for day in days if dice.random() < 0.3) for name in ("cash", "index")
        },
        end_ns=of.end_ns,
        latency_ns=dice.choice((100_000, 0, 1)),
        grace_ms=dice.choice((1_500, 1_500, 0, 1, 10_000)),
        max_ahead_ms=dice.choice((2_000, 2_000, 0, 60_000)),
        correction_horizon_s=of.horizon_s,
        auction_band_bp=dice.choice((9_000, 100)),
        baseline_wait_s=dice.choice((60, 0, 600)),
    )
    return settings.model_dump(mode="json")


def aggregator_values(of: Market, dice: random.Random) -> dict[str, Any]:
    """Random settings of bar_aggregator_multi, as a plan holds them."""
    settings = aggregator_settings.Settings(
        symbols=of.classes,
        phases=of.phases,
        end_ns=of.end_ns + SECOND_NS,
        latency_ns=dice.choice((100_000, 0, 1)),
        correction_horizon_s=of.horizon_s,
    )
    return settings.model_dump(mode="json")


def plan(stage: str, of: Market, settings: dict[str, Any]) -> dict[str, Any]:
    """The plan of a stage with one task, under the layout of session/plan.py."""
    reads, writes = {
        BUILDER: ("ticks", ("bars.1s", "ticks.late")),
        AGGREGATOR: ("bars.1s", aggregator.TOPICS),
    }[stage]
    return {
        "version": 1,
        "session": "parity",
        "prefix": "parity",
        "stage": stage,
        "clock": "virtual",
        "start_ns": of.start_ns,
        "end_ns": max(phases[-1].end_ns for phases in of.phases.values() if phases) + DAY_NS,
        "feedback_latency_ns": SECOND_NS,
        "latency_ns": settings["latency_ns"],
        "tasks": [
            {
                "task": 0,
                "inputs": [{"topic": reads, "rank": 4, "partitions": [0], "feedback": False}],
                "targets": [
                    {"topic": topic, "first": 0, "lanes": 1, "own": [0]} for topic in writes
                ],
            }
        ],
        "settings": settings,
    }


def stage_app(plan: dict[str, Any]) -> StageApp:
    """The Python stage of a plan."""
    logic, app, module = _MODULES[plan["stage"]]
    settings = module.Settings(**plan["settings"])
    new_state: Callable[[], Any] = lambda: logic.State(settings)  # noqa: E731
    return StageApp(
        name=plan["stage"],
        settings=settings,
        new_state=new_state,
        step=logic.step,
        entry_type=app.entry_type,
        latency_ns=settings.latency_ns,
    )
