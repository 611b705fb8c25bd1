"""The golden view: 1m bars rebuilt in SQL from 1s bars, against what the aggregator issued."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
import pytest

import bar_feeds as feeds
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Bar
from tapeline.contracts.money import rupees
from tapeline.runner.queries import load_queries, sql_dir

pytestmark = pytest.mark.postgres

COLUMNS = (
    "symbol start_ns end_ns phase open high low close volume n_ticks cum_open cum_close first_ns "
    "last_ns rev final partial at_ns"
)


def insert(connection: psycopg.Connection, table: str, bars: Iterable[Bar]) -> None:
    marks = ", ".join(["%s"] * len(COLUMNS.split()))
    rows = [
        [
            rupees(getattr(bar, f"{name}_e4")) if hasattr(bar, f"{name}_e4") else getattr(bar, name)
            for name in COLUMNS.split()
        ]
        for bar in bars
    ]
    connection.cursor().executemany(
        f"INSERT INTO {table} ({COLUMNS.replace(' ', ', ')}) VALUES ({marks})".encode(), rows
    )


@pytest.fixture
def views(database: str) -> Any:
    """A database with the bars of three symbols across the end of a phase, late ticks included."""
    ticks = [
        feeds.tick(
            1_100 + n * 1.5,
            symbol=symbol,
            last_price_e4=feeds.PRICE_E4 + n * 7919 % 997 * 100,
            day_volume=None if symbol == feeds.INDEX else 40 * n,
        )
        for n in range(200)
        for symbol in feeds.SYMBOLS
        if not 1_290.5 <= 1_100 + n * 1.5 < 1_320
    ]
    ticks = [
        feeds.received(t, 1_100 + n // 3 * 1.5 + 90) if n % 41 == 0 else t
        for n, t in enumerate(ticks)
    ]
    ones = feeds.build([feeds.beat(-900), *ticks, *feeds.beats(1_620, 1_000)])
    minutes = feeds.aggregate(ones)
    with psycopg.connect(database) as connection:
        insert(connection, "bars_1s", feeds.latest(feeds.bars(ones)).values())
        insert(connection, "bars_1m", feeds.latest(feeds.bars(minutes, "bars.1m")).values())
        for statement in load_queries(sql_dir() / "queries" / "golden_1m.sql").values():
            connection.execute(statement.encode())
        yield connection


def differences(connection: psycopg.Connection) -> list[Any]:
    return connection.execute(
        "SELECT symbol, start_ns, difference FROM golden_bars_1m_differences"
    ).fetchall()


MINUTE_NS = feeds.OPEN_NS + 1_140 * SECOND_NS

OF_THE_MINUTE = "WHERE start_ns / 60000000000 * 60000000000 = %(at)s AND symbol = 'AAA'"

CHANGES = {
    "a minute that was never stored": ("DELETE FROM bars_1m", "no 1m bar"),
    "1s bars that were never stored": ("DELETE FROM bars_1s", "no 1s bars"),
    "a wrong close": ("UPDATE bars_1m SET close = close + 0.0001", "values"),
    "a volume that shrank": ("UPDATE bars_1m SET volume = volume - 1", "values"),
    "a lost volume": ("UPDATE bars_1m SET volume = NULL", "values"),
    "a wrong phase": ("UPDATE bars_1m SET phase = 'post_close'", "phase"),
    "a window cut too early": ("UPDATE bars_1m SET end_ns = start_ns", "a 1s bar lies outside"),
}


def test_the_views_list_exactly_what_differs(views: Any) -> None:
    minutes, revision = views.execute("SELECT count(*), max(rev) FROM bars_1m").fetchone()
    assert minutes == views.execute("SELECT count(*) FROM golden_bars_1m").fetchone()[0] == 18
    assert revision > 0, "the feed must hold late ticks"
    assert differences(views) == []

    for sentence, (change, difference) in CHANGES.items():
        with views.transaction(force_rollback=True):
            views.execute(f"{change} {OF_THE_MINUTE}".encode(), {"at": MINUTE_NS})
            assert differences(views) == [("AAA", MINUTE_NS, difference)], sentence

    row = views.execute(
        "SELECT open, volume, n_ticks, cum_open, cum_close FROM golden_bars_1m "
        "WHERE symbol = 'AAA' AND start_ns = %s",
        [MINUTE_NS],
    ).fetchone()
    assert row == (rupees(feeds.PRICE_E4 + 27 * 7919 % 997 * 100), 40 * 40, 40, 40 * 26, 40 * 66)
