"""Generates the Go tables of the contracts: reason codes and the order state machine."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from generate_order_states import SOURCE, Machine
from go_model import camel

WIDTH = 96


def comment(text: str, indent: str = "") -> str:
    """Comment lines of a text."""
    return "".join(f"{indent}// {line}\n" for line in textwrap.wrap(text, WIDTH - len(indent)))


def file_head(package: str, source: str) -> str:
    """The first lines of a generated file."""
    generated = f"// Code generated from {source} by tools/generate.py. DO NOT EDIT."
    return f"{generated}\n\npackage {package}\n"


def reasons_file(rows: dict[str, dict[str, Any]]) -> str:
    """contracts/reasons.go."""
    return (
        f"{file_head('contracts', 'schemas/reasons.yaml')}\n"
        "// Why something was decided, refused or given up; shared by every language.\n"
        f"{_constants('Reason', '', rows)}\n"
        "// Reasons is every reason code, in the order of the table.\n"
        f"var Reasons = []string{{\n{_names('Reason', rows)}}}\n"
    )


def order_states_file(machine: Machine) -> str:
    """contracts/order_states.go."""
    late = [name for name, row in machine.events.items() if row["late_truth"]]
    triples = "".join(
        f"\t{{OrderState{camel(state)}, OrderEvent{camel(event)}, OrderState{camel(target)}}},\n"
        for state, event, target in machine.transitions
    )
    return f"""{file_head("contracts", SOURCE)}
// OrderState is where an order stands.
type OrderState string

// Every state.
{_constants("OrderState", "OrderState", machine.states)}
// OrderStates is every state, in the order of the table.
var OrderStates = []OrderState{{
{_names("OrderState", machine.states)}}}

// OrderEvent is what happened to an order.
type OrderEvent string

// Every event.
{_constants("OrderEvent", "OrderEvent", machine.events)}
// OrderEvents is every event, in the order of the table.
var OrderEvents = []OrderEvent{{
{_names("OrderEvent", machine.events)}}}

// Terminal is the states after which nothing more is expected; only a late truth may follow.
var Terminal = []OrderState{{
{_names("OrderState", machine.terminal)}}}

// LateTruths is the events that may leave a terminal state.
var LateTruths = []OrderEvent{{
{_names("OrderEvent", late)}}}

// Transition is one legal step of an order.
type Transition struct {{
	State OrderState
	Event OrderEvent
	Next  OrderState
}}

// Transitions is every legal step.
var Transitions = []Transition{{
{triples}}}
"""


def _constants(prefix: str, kind: str, rows: dict[str, dict[str, Any]]) -> str:
    body = "".join(
        f'{comment(row["meaning"], chr(9))}\t{prefix}{camel(code)}{kind and " "}{kind} = "{code}"\n'
        for code, row in rows.items()
    )
    return f"const (\n{body})\n"


def _names(prefix: str, codes: Iterable[str]) -> str:
    return "".join(f"\t{prefix}{camel(code)},\n" for code in codes)
