"""The exporter, wired from a session."""

from __future__ import annotations

from execution_builders import session_context
from tapeline.monitoring.exporter.app import app
from tapeline.monitoring.exporter.metrics import families


def test_equity_starts_at_the_risk_profiles_capital() -> None:
    stage = app(session_context())
    shown = {row.name: row.value for row in families(stage.new_state())}

    assert stage.name == "exporter"
    assert shown["tapeline_equity_rupees"] == 100_000
