"""Generates the order state machine from schemas/order_states.yaml: Python, SQL and the diagram."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SOURCE = "schemas/order_states.yaml"
NOTE = """\
The diagram leaves out events that stay in their state and, for legibility, OVERFILL (which leads to
FILLED from everywhere but NEW). Transitions that leave a terminal state are late truths."""
GENERATED = f"Generated from {SOURCE} by tools/generate.py: do not edit."


@dataclass(frozen=True)
class Machine:
    """The checked content of schemas/order_states.yaml, in its order."""

    states: dict[str, dict[str, Any]]
    events: dict[str, dict[str, Any]]
    transitions: tuple[tuple[str, str, str], ...]
    """(state, event, next state)."""

    @property
    def terminal(self) -> tuple[str, ...]:
        """States after which only a late truth may follow."""
        return tuple(name for name, row in self.states.items() if row["terminal"])


def load_machine(path: Path) -> Machine:
    """Reads and checks the table.

    Raises:
        ValueError: names the state or event that is unknown, or the transition that leaves a
            terminal state without being a late truth.
    """
    raw = yaml.safe_load(path.read_text())
    machine = Machine(
        states=raw["states"],
        events=raw["events"],
        transitions=tuple(
            (state, event, target)
            for state, row in raw["transitions"].items()
            for event, target in row.items()
        ),
    )
    for state, event, target in machine.transitions:
        where = f"{path.name}: transitions.{state}.{event}"
        for name in (state, target):
            if name not in machine.states:
                raise ValueError(f"{where}: {name} is not in states; add it or mend the name")
        if event not in machine.events:
            raise ValueError(f"{where}: {event} is not in events; add it or mend the name")
        leaves_terminal = state in machine.terminal and target != state
        if leaves_terminal and not machine.events[event]["late_truth"]:
            raise ValueError(f"{where}: leaves a terminal state, so its event must be a late_truth")
    return machine


def order_state_files(root: Path) -> dict[Path, str]:
    """Generated files of the order state machine, by path."""
    machine = load_machine(root / SOURCE)
    return {
        root / "services/tapeline/contracts/order_states.py": python_module(machine),
        root / "sql/generated/order_states.sql": sql_table(machine),
        root / "docs/order-states.md": document(machine),
    }


def python_module(machine: Machine) -> str:
    """contracts/order_states.py."""
    terminal = "".join(f"    OrderState.{name},\n" for name in machine.terminal)
    late = "".join(
        f"    OrderEvent.{name},\n" for name, row in machine.events.items() if row["late_truth"]
    )
    triples = "".join(
        f"    (OrderState.{state}, OrderEvent.{event}, OrderState.{target}),\n"
        for state, event, target in machine.transitions
    )
    return f'''"""The order state machine.

{GENERATED}
"""

from enum import StrEnum


{_enum("OrderState", "Where an order stands.", machine.states)}

{_enum("OrderEvent", "What happened to an order.", machine.events)}

TERMINAL = (
{terminal})
"""States after which nothing more is expected; only a late truth may follow."""

LATE_TRUTHS = (
{late})
"""Events that may leave a terminal state."""

TRANSITIONS = (
{triples})
"""Every legal (state, event, next state)."""

_NEXT = {{(state, event): target for state, event, target in TRANSITIONS}}


def next_state(state: OrderState, event: OrderEvent) -> OrderState | None:
    """State after an event; None when the event is illegal in that state."""
    return _NEXT.get((state, event))
'''


def _enum(name: str, meaning: str, rows: dict[str, dict[str, Any]]) -> str:
    lines = [f"class {name}(StrEnum):", f'    """{meaning}"""', ""]
    for code, row in rows.items():
        lines.append(f'    {code} = "{code}"')
        lines += [f"    {line}" for line in textwrap.wrap(f'"""{row["meaning"]}"""', 94)]
    return "\n".join(lines) + "\n"


def sql_table(machine: Machine) -> str:
    """sql/generated/order_states.sql: a table that order_events refers to with a foreign key."""
    rows = ",\n".join(
        f"    ('{state}', '{event}', '{target}')" for state, event, target in machine.transitions
    )
    states = ", ".join(f"'{name}'" for name in machine.states)
    return f"""-- Legal transitions of an order, for a foreign key
-- (prev_state, event, state) REFERENCES order_transitions (prev_state, event, state).
-- {GENERATED}
CREATE TABLE IF NOT EXISTS order_transitions (
    prev_state text NOT NULL,
    event text NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (prev_state, event),
    UNIQUE (prev_state, event, state),
    CHECK (prev_state IN ({states})),
    CHECK (state IN ({states}))
);
INSERT INTO order_transitions (prev_state, event, state) VALUES
{rows}
ON CONFLICT (prev_state, event) DO UPDATE SET state = excluded.state;
"""  # noqa: S608  # the names come from the checked table, not from outside


def document(machine: Machine) -> str:
    """docs/order-states.md."""
    return "\n".join(
        [
            "# Order states",
            "",
            f"{GENERATED}",
            "",
            "```mermaid",
            *_diagram(machine),
            "```",
            "",
            NOTE,
            "",
            "## States",
            "",
            "| state | terminal | meaning |",
            "|---|---|---|",
            *(
                f"| {name} | {'yes' if row['terminal'] else 'no'} | {row['meaning']} |"
                for name, row in machine.states.items()
            ),
            "",
            "## Events",
            "",
            "| event | late truth | meaning |",
            "|---|---|---|",
            *(
                f"| {name} | {'yes' if row['late_truth'] else 'no'} | {row['meaning']} |"
                for name, row in machine.events.items()
            ),
            "",
            "## Every pair",
            "",
            "`=` stays in the state, `.` is illegal.",
            "",
            *_matrix(machine),
            "",
        ]
    )


def _diagram(machine: Machine) -> list[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for state, event, target in machine.transitions:
        if state != target and event != "OVERFILL":
            labels.setdefault((state, target), []).append(event)
    lines = ["stateDiagram-v2", "    [*] --> NEW"]
    lines += [f"    {a} --> {b}: {', '.join(events)}" for (a, b), events in labels.items()]
    return lines + [f"    {name} --> [*]" for name in machine.terminal]


def _matrix(machine: Machine) -> list[str]:
    targets = {(state, event): target for state, event, target in machine.transitions}

    def cell(state: str, event: str) -> str:
        target = targets.get((state, event), ".")
        return "=" if target == state else target

    head = "| event | " + " | ".join(machine.states) + " |"
    rows = [
        f"| {event} | " + " | ".join(cell(state, event) for state in machine.states) + " |"
        for event in machine.events
    ]
    return [head, "|---" * (len(machine.states) + 1) + "|", *rows]
