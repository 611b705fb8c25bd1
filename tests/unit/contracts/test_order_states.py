"""Every pair of state and event is legal with its target, or illegal, exactly as the data says."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from generate_order_states import load_machine, order_state_files
from tapeline.contracts.order_states import (
    LATE_TRUTHS,
    TERMINAL,
    TRANSITIONS,
    OrderEvent,
    OrderState,
    next_state,
)

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "schemas" / "order_states.yaml"
DATA = yaml.safe_load(SOURCE.read_text())


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("event", OrderEvent)
def test_every_pair_is_what_the_data_says(state: OrderState, event: OrderEvent) -> None:
    expected = DATA["transitions"].get(state, {}).get(event)

    assert next_state(state, event) == expected


def test_the_table_has_no_pair_twice_and_names_everything() -> None:
    pairs = [(state, event) for state, event, _ in TRANSITIONS]

    assert len(pairs) == len(set(pairs)) > 150
    assert {event for _, event in pairs} == set(OrderEvent)
    assert {state for state, _ in pairs} == set(OrderState)


def test_terminal_states_are_left_only_by_late_truths() -> None:
    leaving = {event for state, event, after in TRANSITIONS if state in TERMINAL and after != state}

    assert leaving <= set(LATE_TRUTHS)
    assert next_state(OrderState.CANCELLED, OrderEvent.FULL_FILL) == OrderState.FILLED
    assert next_state(OrderState.REJECTED, OrderEvent.FILL) == OrderState.PARTIALLY_FILLED


def reachable(start: OrderState) -> set[OrderState]:
    found = {start}
    while True:
        more = {after for state, _, after in TRANSITIONS if state in found} - found
        if not more:
            return found
        found |= more


def test_every_state_is_reachable_and_can_end() -> None:
    assert reachable(OrderState.NEW) == set(OrderState)
    for state in OrderState:
        assert reachable(state) & set(TERMINAL), state


def test_a_timeout_never_rejects_and_unknown_is_left_only_by_an_answer() -> None:
    for state, event, after in TRANSITIONS:
        if event == OrderEvent.TIMEOUT:
            assert after in (state, OrderState.UNKNOWN)
    silent = (OrderEvent.TIMEOUT, OrderEvent.QUERIED, OrderEvent.NOT_FOUND)
    for event in (*silent, OrderEvent.CANCEL_REQUESTED):
        assert next_state(OrderState.UNKNOWN, event) == OrderState.UNKNOWN


def test_every_trade_is_legal_once_an_order_was_sent() -> None:
    trades = (OrderEvent.FILL, OrderEvent.FULL_FILL, OrderEvent.OVERFILL)
    for state, event in product(OrderState, trades):
        if state in (OrderState.NEW, OrderState.FILLED):
            continue
        assert next_state(state, event) is not None, (state, event)


def test_generated_files_are_fresh() -> None:
    for path, content in order_state_files(ROOT).items():
        assert path.read_text() == content, f"{path.name}: run make generate"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"NEW": {"ALLOWED": "NOWHERE"}}, "transitions.NEW.ALLOWED: NOWHERE is not in states"),
        ({"LOST": {"ALLOWED": "NEW"}}, "LOST is not in states"),
        ({"NEW": {"DREAMT": "NEW"}}, "transitions.NEW.DREAMT: DREAMT is not in events"),
        ({"FILLED": {"ACK": "ACCEPTED"}}, "must be a late_truth"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, dict[str, str]], message: str
) -> None:
    path = tmp_path / "order_states.yaml"
    path.write_text(yaml.safe_dump(DATA | {"transitions": change}))

    with pytest.raises(ValueError, match=message):
        load_machine(path)
