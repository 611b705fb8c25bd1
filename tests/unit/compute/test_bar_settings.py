"""What a session's manifest makes of the settings of both bar stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from tapeline.compute.bar_aggregator_multi import app as aggregator_app
from tapeline.compute.bar_builder_1s import app as builder_app
from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.contracts.states.bar_aggregator_multi import BarsFeed, MinuteWindow, SymbolProgress
from tapeline.contracts.states.bar_builder_1s import ClosedMinute, Feed, SymbolWindows
from tapeline.market.phases import CONTINUOUS, PRE_OPEN
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.manifest import KiteSource, ReplaySource, Window

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def session() -> SessionContext:
    return load_session(ROOT / "configs" / "sessions" / "paper-smoke.yaml")


def test_the_stages_end_one_after_the_other_before_the_session(session):
    builder, aggregator = builder_app.app(session), aggregator_app.app(session)

    assert builder.settings.end_ns < aggregator.settings.end_ns < session.end_ns
    assert aggregator.new_state().timer_ns() - builder.new_state().timer_ns() == SECOND_NS
    assert (builder.latency_ns, aggregator.latency_ns) == (100_000, 100_000)
    assert list(builder.settings.symbols) == list(aggregator.settings.symbols)
    assert all(rules.band_bp >= 2_500 for rules in builder.settings.symbols.values())


def test_entry_types_follow_the_key():
    assert [builder_app.entry_type(k) for k in ("feed", "INFY", "INFY/28333000")] == [
        Feed,
        SymbolWindows,
        ClosedMinute,
    ]
    assert [aggregator_app.entry_type(k) for k in ("feed", "INFY", "INFY/1700000000000000000")] == [
        BarsFeed,
        SymbolProgress,
        MinuteWindow,
    ]


TICKS = ReplaySource(type="replay", format="ticks", files={"ticks": "ticks.ndjson"})
BARS = ReplaySource(type="replay", format="bars-1m", files={"INFY": "infy.csv"})
KITE = KiteSource(type="kite")
WINDOWS = {
    "smoke ticks count from the session's own start": (None, CONTINUOUS, time(10), False),
    "so do expanded minute bars": (BARS, CONTINUOUS, time(10), False),
    "recorded ticks count from the market's open": (TICKS, CONTINUOUS, time(10), True),
    "so do Kite's": (KITE, CONTINUOUS, time(10), True),
    "the whole day is run": (KITE, PRE_OPEN, None, False),
    "the window begins with the pre-open, before the day's first trade": (
        KITE,
        PRE_OPEN,
        time(9),
        False,
    ),
}


@pytest.mark.parametrize(("source", "phase", "start", "clipped"), WINDOWS.values(), ids=WINDOWS)
def test_the_volume_before_the_first_tick_is_unknown_when(session, source, phase, start, clipped):
    day = session.spec.dates[0]
    phases = {
        name: tuple(
            p._replace(name=phase, start_ns=ist_ns(day, start)) if start and n == 0 else p
            for n, p in enumerate(rows)
        )
        for name, rows in session.phases.items()
    }
    update = {"source": source or session.spec.source, "window": Window(start=start)}
    context = replace(session, phases=phases, spec=session.spec.model_copy(update=update))
    settings = builder_app.app(context).settings

    assert all(bool(days) is clipped for days in settings.clipped_days.values())
