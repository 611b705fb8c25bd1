"""The dry gateway, wired from a session."""

from __future__ import annotations

from execution_builders import ACCOUNT, OPEN_NS, live_order, session_context
from tapeline.execution.gateway_dry.app import app
from tapeline.runner.stage import Event


def test_it_answers_with_the_sessions_instruments_and_phases() -> None:
    stage = app(session_context())
    event = Event(OPEN_NS, 0, "", 0, "live_orders", live_order(OPEN_NS))
    outputs = stage.step(stage.new_state(), event, stage.settings)

    assert stage.name == "gateway_dry"
    assert [o.message.report for o in outputs] == ["ACK", "CANCELLED"]  # type: ignore[attr-defined]
    assert {o.key for o in outputs} == {ACCOUNT}
