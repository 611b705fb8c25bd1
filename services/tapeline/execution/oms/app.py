"""Wires the OMS for a session."""

from __future__ import annotations

from tapeline.execution.oms.logic import State, entry_type, step
from tapeline.execution.oms.settings import Settings
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext


def app(session: SessionContext) -> StageApp:
    """The stage oms."""
    settings = Settings.from_session(session)
    return StageApp(
        name="oms",
        settings=settings,
        new_state=State,
        step=step,
        entry_type=entry_type,
        latency_ns=settings.latency_ns,
    )
