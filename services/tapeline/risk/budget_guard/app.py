"""Wires the budget guard for a session."""

from __future__ import annotations

from tapeline.contracts.states import budget_guard as entries
from tapeline.risk.budget_guard.logic import State, step
from tapeline.risk.budget_guard.settings import STAGE, Settings
from tapeline.runner.stage import StageApp
from tapeline.session.context import SessionContext

ENTRY_TYPES = {
    "limits": entries.Limits,
    "throttle": entries.Throttle,
    "burn": entries.Burn,
    "intent": entries.Intent,
    "order": entries.OpenOrder,
    "recent": entries.Recent,
}


def app(session: SessionContext) -> StageApp:
    """The budget guard of a session."""
    settings = Settings.from_session(session)
    return StageApp(
        name=STAGE,
        settings=settings,
        new_state=lambda: State(settings),
        step=step,
        entry_type=lambda key: ENTRY_TYPES[key.partition("/")[0]],
        latency_ns=settings.latency_ns,
    )
