"""Wiring of the strategy runner."""

from __future__ import annotations

from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext
from tapeline.strategy.logic import State, entry_type, step
from tapeline.strategy.settings import STAGE, Settings


def app(session: SessionContext) -> StageApp:
    """The strategy runner of a session.

    Raises:
        SettingsError: when a configuration file or the manifest's strategies are wrong.
    """
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=entry_type,
        latency_ns=settings.latency_ns,
    )
