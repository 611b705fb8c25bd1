"""Wires bar_builder_1s for one session."""

from __future__ import annotations

from typing import Any

from tapeline.compute.bar_builder_1s.logic import State, step, steps
from tapeline.compute.bar_builder_1s.settings import STAGE, Settings
from tapeline.contracts.states.bar_builder_1s import ClosedMinute, Feed, SymbolWindows
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
        steps=steps,
    )


def entry_type(key: str) -> Any:
    """Type of the state entry with a key: `feed`, a symbol, or symbol/minute."""
    if key == "feed":
        return Feed
    return ClosedMinute if "/" in key else SymbolWindows
