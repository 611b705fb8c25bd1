"""Risk manager: sizes every order or refuses it, squares off, and halts on losses."""

from __future__ import annotations

from tapeline.contracts.messages import Bar
from tapeline.risk.risk_manager.decision import Case
from tapeline.risk.risk_manager.entry import decide_entry
from tapeline.risk.risk_manager.exit import decide_exit
from tapeline.risk.risk_manager.halts import obey, start_day, watch_losses
from tapeline.risk.risk_manager.own_exits import own_exits
from tapeline.risk.risk_manager.settings import Settings
from tapeline.risk.risk_manager.state import State
from tapeline.risk.risk_manager.wanted import (
    note_decision,
    note_fill,
    note_flattening,
    note_quiet,
)
from tapeline.runner.stage import TIMER, Event, Output

__all__ = ["State", "step"]


def step(state: State, event: Event, settings: Settings) -> list[Output]:
    """Takes one event.

    Returns:
        orders.sized: one decision for each order, and own exits. control: a halt, once
        for each limit that is hit.
    """
    state.settle()
    now_ns = event.at_ns
    start_day(state, now_ns)
    if event.topic == "bars.1s":
        changed = type(event.message) is Bar and state.take_bar(event.message)
        return watch_losses(state, now_ns, settings) if changed else []
    if event.topic == "orders":
        state.prune(now_ns)
        case = Case(event.message, now_ns, state, settings)
        entry = event.message.action == "ENTRY"
        output = decide_entry(case) if entry else decide_exit(case)
        note_decision(state, output.message, now_ns)  # type: ignore[arg-type]
        return [output]
    if event.topic == "fills":
        state.take_fill(event.message)
        note_fill(state, event.message, now_ns)
        return watch_losses(state, now_ns, settings)
    if event.topic == "live_orders":
        note_quiet(state, state.take_order(event.message, now_ns), now_ns)
        note_flattening(state, event.message, now_ns)
        return []
    if event.topic == "orders.allowed":
        note_quiet(state, state.take_refusal(event.message), now_ns)
        return []
    if event.topic == "control":
        obey(state, event.message)
        return []
    assert event.topic == TIMER, event.topic
    return own_exits(state, now_ns, settings)
