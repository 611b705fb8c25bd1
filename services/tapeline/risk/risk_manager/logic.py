"""Risk manager: sizes every order or refuses it, squares off, and halts on losses."""

from __future__ import annotations

from tapeline.contracts.messages import Bar
from tapeline.risk.risk_manager.decision import Case
from tapeline.risk.risk_manager.entry import decide_entry
from tapeline.risk.risk_manager.exit import decide_exit, square_off
from tapeline.risk.risk_manager.halts import obey, start_day, watch_losses
from tapeline.risk.risk_manager.settings import Settings
from tapeline.risk.risk_manager.state import State
from tapeline.runner.stage import TIMER, Event, Output

__all__ = ["State", "step"]


def step(state: State, event: Event, settings: Settings) -> list[Output]:
    """Takes one event.

    Returns:
        orders.sized: one decision for each order, and the square-off's own. control: a halt, once
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
        decide = decide_entry if event.message.action == "ENTRY" else decide_exit
        return [decide(case)]
    if event.topic == "fills":
        state.take_fill(event.message)
        return watch_losses(state, now_ns, settings)
    if event.topic == "live_orders":
        state.take_order(event.message, now_ns)
        return []
    if event.topic == "orders.allowed":
        state.take_refusal(event.message)
        return []
    if event.topic == "control":
        obey(state, event.message)
        return []
    assert event.topic == TIMER, event.topic
    return square_off(state, now_ns, settings)
