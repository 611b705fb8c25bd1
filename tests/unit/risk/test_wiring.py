"""Both stages wired from a real manifest."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from builders_risk import bar, control, event
from tapeline.contracts.clock import ist
from tapeline.contracts.errors import SettingsError
from tapeline.risk.budget_guard import app as guard
from tapeline.risk.risk_manager import app as manager
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def session() -> SessionContext:
    return load_session(ROOT / "configs" / "sessions" / "paper-smoke.yaml")


def test_square_off_times_follow_from_the_calendar(session: SessionContext) -> None:
    times = manager.app(session).settings.square_off_ns
    assert ist(times["RELIANCE"][0]).strftime("%H:%M") == "15:08"
    assert ist(times["ABBOTINDIA"][0]).strftime("%H:%M") == "15:20"


@pytest.mark.parametrize("wire", [manager.app, guard.app])
def test_every_entry_has_a_type_that_decodes_it(wire, session: SessionContext) -> None:  # type: ignore[no-untyped-def]
    app = wire(session)
    state = app.new_state()
    app.step(state, event("control", control("PAUSE")), app.settings)
    if app.name == "risk_manager":
        app.step(state, event("bars.1s", bar("RELIANCE")), app.settings)
    for key in list(state.keys()):
        entry = state.entry(key)
        decoded = msgspec.json.decode(msgspec.json.encode(entry), type=app.entry_type(key))
        assert decoded == entry
    assert app.latency_ns == 200_000


def test_orders_are_counted_when_they_leave_the_oms(session: SessionContext) -> None:
    assert guard.app(session).settings.send_delay_ns == 400_000


def test_an_impossible_lot_is_refused(session: SessionContext) -> None:
    row = session.instruments["RELIANCE"]
    broken = replace(session, instruments={**session.instruments, "RELIANCE": replace(row, lot=0)})
    with pytest.raises(SettingsError, match=r"tokens.csv: RELIANCE.lot: must be at least 1"):
        manager.app(broken)
