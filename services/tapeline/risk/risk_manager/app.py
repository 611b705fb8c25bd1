"""Wires the risk manager for a session."""

from __future__ import annotations

from tapeline.contracts.states import risk_manager as entries
from tapeline.risk.risk_manager.logic import State, step
from tapeline.risk.risk_manager.settings import STAGE, Settings
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext

ENTRY_TYPES = {
    "account": entries.Account,
    "limits": entries.Limits,
    "timer": entries.Timer,
    "mark": entries.Mark,
    "position": entries.Position,
    "flight": entries.Flight,
    "wanted": entries.Wanted,
}


def app(session: SessionContext) -> StageApp:
    """The risk manager of a session."""
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=lambda key: ENTRY_TYPES[key.partition("/")[0]],
        latency_ns=settings.latency_ns,
    )
