"""Wires bar_aggregator_multi for one session."""

from __future__ import annotations

from typing import Any

from tapeline.compute.bar_aggregator_multi.logic import State, step
from tapeline.compute.bar_aggregator_multi.settings import STAGE, Settings
from tapeline.contracts.states.bar_aggregator_multi import BarsFeed, MinuteWindow, SymbolProgress
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext


def app(session: SessionContext) -> StageApp:
    """The stage, ready for a shell."""
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=entry_type,
        latency_ns=settings.latency_ns,
    )


def entry_type(key: str) -> Any:
    """Type of the state entry with a key: `feed`, a symbol, or symbol/start_ns."""
    if key == "feed":
        return BarsFeed
    return MinuteWindow if "/" in key else SymbolProgress
