"""schemas/reasons.yaml holds every reason that the code gives, and no other."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapeline.contracts.reasons import Reason

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "services" / "tapeline"
GENERATED = SERVICES / "contracts" / "reasons.py"
TABLE: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "schemas" / "reasons.yaml").read_text())


@cache
def used() -> dict[str, str]:
    """Code to the first file that gives it, as Reason.X or as text."""
    found: dict[str, str] = {}
    for path in sorted(SERVICES.rglob("*.py")):
        if path == GENERATED:
            continue
        for code in codes(path.read_text()):
            found.setdefault(code, str(path.relative_to(ROOT)))
    return found


def codes(source: str) -> list[str]:
    """Every Reason.X, and every text that is nothing but a known code, of a module."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "Reason" and node.attr.isupper():
                found.append(node.attr)
        elif isinstance(node, ast.Constant) and node.value in TABLE:
            found.append(str(node.value))
    return found


def test_a_reason_is_found_as_an_attribute_and_as_text() -> None:
    assert codes("x = Reason.NO_SUCH\ny = 'SCHEMA'\nz = 'SCHEMATIC'") == ["NO_SUCH", "SCHEMA"]


def test_every_reason_in_the_code_stands_in_the_table() -> None:
    unknown = {code: file for code, file in used().items() if code not in TABLE}

    assert unknown == {}, "add them to schemas/reasons.yaml and run `make generate`"


def test_every_reason_of_the_table_is_given_by_the_code() -> None:
    reserved = {code for code, row in TABLE.items() if row.get("reserved")}
    unused = sorted(set(TABLE) - set(used()) - reserved)

    assert unused == [], "give them, remove them, or mark them `reserved: true`"
    assert sorted(reserved & set(used())) == [], "these are used: remove `reserved: true`"


def test_the_generated_enum_is_the_table() -> None:
    assert [reason.value for reason in Reason] == list(TABLE)


@pytest.mark.parametrize("code", TABLE)
def test_a_reason_says_what_it_means_and_what_to_do(code: str) -> None:
    row = TABLE[code]

    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", code)
    assert len(code) <= 64, "the wire holds at most 64 characters"
    assert set(row) <= {"meaning", "action", "reserved"}
    for part in ("meaning", "action"):
        assert row[part].endswith("."), f"{code}: {part} is no sentence"
