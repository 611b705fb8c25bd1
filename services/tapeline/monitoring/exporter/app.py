"""Wires the exporter for a session."""

from __future__ import annotations

from tapeline.monitoring.exporter.logic import State, step
from tapeline.monitoring.exporter.settings import STAGE, Settings
from tapeline.monitoring.exporter.state import entry_type
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext


def app(session: SessionContext) -> StageApp:
    """The stage `exporter`."""
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=entry_type,
    )
