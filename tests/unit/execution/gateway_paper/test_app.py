"""The paper gateway, wired from a session."""

from __future__ import annotations

from execution_builders import ACCOUNT, END_NS, NEXT_DAY_NS, OPEN_NS, live_order, session_context
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.execution.gateway_paper.app import app
from tapeline.runner.stage import Event


def test_the_settings_follow_the_session() -> None:
    stage = app(session_context(days=2))
    settings = stage.settings

    assert (stage.name, settings.session, settings.account) == ("gateway_paper", "test", ACCOUNT)
    assert settings.rules.seed == 7
    assert settings.day_starts_ns == (OPEN_NS - 15 * MINUTE_NS + NEXT_DAY_NS,)
    assert settings.final_statement_ns == END_NS + NEXT_DAY_NS - 30 * SECOND_NS
    assert stage.latency_ns == 0


def test_every_entry_has_a_type() -> None:
    stage = app(session_context())
    state = stage.new_state()
    stage.step(state, Event(OPEN_NS, 0, "", 0, "live_orders", live_order(OPEN_NS)), stage.settings)
    for key in state.keys():  # noqa: SIM118 - a state is not a mapping
        assert isinstance(state.entry(key), stage.entry_type(key))
