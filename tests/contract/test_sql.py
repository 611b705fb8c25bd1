"""The words that the tables allow are those of the schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import yaml

from tapeline.contracts import messages as m
from tapeline.monitoring.store.logic import TABLES
from tapeline.runner.queries import load_queries

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted((ROOT / "sql" / "migrations").glob("*.sql"))
STATES = list(yaml.safe_load((ROOT / "schemas" / "order_states.yaml").read_text())["states"])

_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\);", re.DOTALL)
_CHECK = re.compile(r"CHECK \((\w+) IN \(([^)]*)\)\)")


def checks(paths: list[Path]) -> Iterator[tuple[str, str, list[str]]]:
    """(table, column, words) of every CHECK (column IN (...))."""
    for path in paths:
        for table, body in _TABLE.findall(path.read_text()):
            for column, words in _CHECK.findall(body):
                yield table, column, re.findall(r"'([^']*)'", words)


def words_of(file: str, field: str) -> list[str]:
    schema = json.loads((ROOT / "schemas" / f"{file}.schema.json").read_text())
    return [word for word in schema["properties"][field]["enum"] if word is not None]


EXPECTED = {
    ("orders", "stage"): ["strategy", "risk", "budget"],
    ("orders", "action"): words_of("order", "action"),
    ("orders", "decision"): words_of("sized", "decision"),
    ("order_events", "side"): words_of("live_order", "side"),
    ("fills", "side"): words_of("fill", "side"),
    ("risk_state", "command"): words_of("control", "command"),
    ("order_transitions", "prev_state"): STATES,
    ("order_transitions", "state"): STATES,
}


def test_every_check_of_words_agrees_with_its_schema() -> None:
    generated = sorted((ROOT / "sql" / "generated").glob("*.sql"))
    found = {(table, column): words for table, column, words in checks(MIGRATIONS + generated)}

    assert found == EXPECTED


def test_the_decisions_of_both_stages_are_the_same_words() -> None:
    assert words_of("allowed", "decision") == words_of("sized", "decision")


def test_the_store_names_the_stages_that_the_table_allows() -> None:
    """Stage names of the decisions table: written by the store, in no schema."""
    source = (ROOT / "services" / "tapeline" / "monitoring" / "store" / "logic.py").read_text()

    for stage in EXPECTED["orders", "stage"]:
        assert f'"{stage}"' in source, f"{stage}: the store never writes it"


@pytest.mark.parametrize("table", TABLES)
def test_every_table_that_is_written_has_its_statement(table: str) -> None:
    queries = load_queries(ROOT / "sql" / "queries" / "store.sql")

    assert f"merge_{table}" in queries


def test_every_query_says_what_it_is_for() -> None:
    for path in sorted((ROOT / "sql" / "queries").glob("*.sql")):
        for name, text in load_queries(path).items():
            assert text.startswith("-- "), f"{path.name}: {name} has no description"


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in MIGRATIONS]

    assert numbers == list(range(1, len(MIGRATIONS) + 1))


def test_columns_of_an_order_event_are_fields_of_its_message() -> None:
    bodies = dict(pair for p in MIGRATIONS for pair in _TABLE.findall(p.read_text()))
    columns = re.findall(r"^  ([a-z_]+) ", bodies["order_events"], re.MULTILINE)

    assert set(columns) - {"seq", "payload"} <= set(get_type_hints(m.LiveOrder))
    assert get_args(get_type_hints(m.LiveOrder)["command"]) != ()
