"""Wires the dry gateway for a session."""

from __future__ import annotations

from tapeline.execution.gateway_dry.logic import State, entry_type, step
from tapeline.execution.gateway_dry.settings import STAGE, Settings
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext


def app(session: SessionContext) -> StageApp:
    """The stage `gateway_dry`."""
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=entry_type,
        latency_ns=settings.latency_ns,
    )
