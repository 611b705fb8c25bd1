"""Which rows a record becomes, and that COPY text brings back what went in."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import builders
import builders_risk
import run_folder
from tapeline.contracts import codec
from tapeline.contracts.money import rupees
from tapeline.monitoring.store.logic import TABLES, line, price, rows

TOPICS = run_folder.topics()
UNESCAPED = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


def one(topic: str) -> Any:
    return TOPICS[topic][0]


def read(text: str) -> list[str | None]:
    """Values of a line of COPY text, as PostgreSQL reads them."""
    values: list[str | None] = []
    for part in text.split("\t"):
        plain = re.sub(r"\\(.)", lambda found: UNESCAPED[found[1]], part) if part != r"\N" else None
        values.append(plain)
    return values


def row(message: Any, position: int = 5) -> tuple[str, list[str | None]]:
    """The only row of a record."""
    ((table, text),) = rows(message, "PAPER1", position)
    assert "\n" not in text
    return table, read(text)


def columns(table: str) -> list[str]:
    """Columns of a table, in order."""
    sql = "".join(path.read_text() for path in sorted(Path("sql/migrations").glob("*.sql")))
    found = re.search(rf"CREATE TABLE {table} \((.*?)\n\)", sql, re.DOTALL)
    assert found is not None, table
    lines = (text.strip() for text in found[1].splitlines())
    return [text.split()[0] for text in lines if re.match(r"[a-z_]+ [a-z]", text)]


MESSAGES = {
    "a 1s bar": (builders.bar(), "bars_1s"),
    "a 15m bar": (builders.bar(tf="15m"), "bars_15m"),
    "an intent": (one("orders"), "orders"),
    "a sized intent": (one("orders.sized"), "orders"),
    "an allowed intent": (one("orders.allowed"), "orders"),
    "an order's event": (builders.live_order(), "order_events"),
    "a fill": (builders.fill(), "fills"),
    "a run of reconciliation": (one("recon"), "recon_runs"),
    "a break": (
        replace(one("recon"), finding="ghost_position", symbol="INFY", breaks=1),
        "recon_breaks",
    ),
    "a command": (builders_risk.control("KILL"), "risk_state"),
}


@pytest.mark.parametrize(("message", "table"), MESSAGES.values(), ids=MESSAGES)
def test_a_record_is_one_row_of_its_table_with_all_its_columns(message: Any, table: str) -> None:
    name, values = row(message)

    assert name == table
    assert name in TABLES
    assert len(values) == len(columns(table)), columns(table)


def test_every_table_has_a_record() -> None:
    assert {table for _, table in MESSAGES.values()} | {"bars_1m", "bars_3m", "bars_5m"} == set(
        TABLES
    )


def named(message: Any, position: int = 5) -> dict[str, str | None]:
    table, values = row(message, position)
    return dict(zip(columns(table), values, strict=True))


def test_a_heartbeat_is_no_row() -> None:
    assert list(rows(builders.heartbeat(1), "PAPER1", 5)) == []


def test_a_record_of_a_topic_that_the_store_does_not_read_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="the store reads no Tick"):
        list(rows(builders.tick(), "PAPER1", 5))


def test_a_bar_keeps_its_figures() -> None:
    found = named(builders.bar(open_e4=1, high_e4=123_456_789, low_e4=1, close_e4=10_000))

    prices = {name: found[name] for name in ("open", "high", "low", "close")}
    assert prices == {"open": "0.0001", "high": "12345.6789", "low": "0.0001", "close": "1.0000"}
    assert (found["volume"], found["cum_open"], found["final"]) == ("10", "0", "True")


def test_an_index_has_no_volume() -> None:
    found = named(builders.bar(volume=None, cum_open=None, cum_close=None))

    assert (found["volume"], found["cum_open"], found["cum_close"]) == (None, None, None)


def test_the_three_decisions_on_an_intent_are_rows_of_their_own() -> None:
    order, sized, allowed = (one(t) for t in ("orders", "orders.sized", "orders.allowed"))
    refused = replace(sized, decision="REJECTED", reason="NO_CAPITAL", numbers={"free_e4": -3})
    found = [named(message) for message in (order, sized, refused, allowed)]

    assert [(r["stage"], r["decision"], r["reason"]) for r in found] == [
        ("strategy", None, "OK"),
        ("risk", "APPROVED", "OK"),
        ("risk", "REJECTED", "NO_CAPITAL"),
        ("budget", "APPROVED", "OK"),
    ]
    assert {r["intent_id"] for r in found} == {order.intent_id}
    assert json.loads(found[2]["numbers"] or "") == {"free_e4": -3}
    assert json.loads(found[3]["numbers"] or "") == {"reserved_e4": 150_000_000}
    signal = json.loads(found[0]["signal"] or "")
    assert signal == json.loads(codec.encode(order.extra.signal))


def test_the_position_orders_the_audit_trail() -> None:
    event = builders.live_order(reason="RMS: 5\\6\tno\n")
    table, values = row(event, 77)

    assert table == "order_events"
    assert values[:2] == ["A1", "77"]
    assert "RMS: 5\\6\tno\n" in values
    assert json.loads(values[-1] or "") == json.loads(codec.encode(event))


def test_a_break_keeps_its_place_and_words() -> None:
    found = named(
        replace(
            one("recon"),
            finding="qty_drift",
            symbol=None,
            order_id=None,
            expected=-5,
            actual=7,
            detail="ours\t-5, theirs\n7",
        )
    )

    assert found["symbol"] is None
    assert (found["expected"], found["actual"]) == ("-5", "7")
    assert found["detail"] == "ours\t-5, theirs\n7"


def test_a_command_is_kept_with_the_account_of_the_session() -> None:
    kill = named(builders_risk.control("KILL"))
    change = named(builders_risk.control("SET", key="sizing.max_symbol_qty", value=-5))

    assert (kill["account"], kill["key"], kill["value"]) == ("PAPER1", "", None)
    assert (change["key"], change["value"]) == ("sizing.max_symbol_qty", "-5")


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15))
def test_a_price_is_exact_also_below_zero(value_e4: int) -> None:
    text = price(value_e4)

    assert Decimal(text) == rupees(value_e4)
    assert re.fullmatch(r"-?\d+\.\d{4}", text)


@pytest.mark.parametrize(
    ("value_e4", "text"), [(-1, "-0.0001"), (0, "0.0000"), (-10_000, "-1.0000"), (99, "0.0099")]
)
def test_prices_near_zero(value_e4: int, text: str) -> None:
    assert price(value_e4) == text


CELLS = st.one_of(st.none(), st.integers(), st.booleans(), st.text("ab\\\t\n\rN.é'\"", max_size=8))


@settings(deadline=None, max_examples=200)
@given(st.lists(CELLS, min_size=1, max_size=6))
def test_copy_text_brings_back_what_went_in(cells: list[Any]) -> None:
    text = line(*cells)

    assert "\n" not in text
    assert "\r" not in text
    assert read(text) == [None if cell is None else str(cell) for cell in cells]
