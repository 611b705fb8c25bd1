"""Reconciliation, wired from a session."""

from __future__ import annotations

from execution_builders import END_NS, OPEN_NS, session_context
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.monitoring.recon.app import app


def test_runs_span_the_session() -> None:
    stage = app(session_context())

    assert stage.name == "recon"
    assert stage.new_state().timer_ns() == OPEN_NS - 15 * MINUTE_NS
    assert stage.settings.last_ns == END_NS - 10 * SECOND_NS
