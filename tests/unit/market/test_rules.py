"""Tick sizes by date, and configs/tokens.csv."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tapeline.contracts.errors import SettingsError
from tapeline.market.rules import COLUMNS, TickTables, load_instruments, load_tick_tables

TICKS = Path("configs/charges/ticks.yaml")
TOKENS = Path("configs/tokens.csv")
NOW = date(2026, 11, 20)


@pytest.fixture(scope="module")
def ticks() -> TickTables:
    return load_tick_tables(TICKS)


SIZES = {
    "a cheap share before the first change": ("stock", "2024-06-07", "100", 500),
    "a cheap share since": ("stock", "2024-06-10", "249.99", 100),
    "at 250 five paise remain": ("stock", "2024-06-10", "250", 500),
    "a dear share the day before the second change": ("stock", "2025-04-14", "25000", 500),
    "below 250 since": ("stock", "2025-04-15", "249.99", 100),
    "from 250": ("stock", "2025-04-15", "250", 500),
    "up to and with 1,000": ("stock", "2025-04-15", "1000", 500),
    "above 1,000": ("stock", "2025-04-15", "1000.05", 1_000),
    "up to and with 5,000": ("stock", "2025-04-15", "5000", 1_000),
    "above 5,000": ("stock", "2025-04-15", "5000.10", 5_000),
    "above 10,000": ("stock", "2025-04-15", "10000.50", 10_000),
    "above 20,000": ("stock", "2025-04-15", "20001", 50_000),
    "an exchange traded fund in 2019": ("etf", "2019-01-01", "290", 100),
    "an index future before": ("index_future", "2025-04-14", "25000", 500),
    "an index future since, up to 15,000": ("index_future", "2025-04-15", "15000", 500),
    "an index future since, up to 30,000": ("index_future", "2025-04-15", "25000", 1_000),
    "an index future since, above": ("index_future", "2025-04-15", "55000", 2_000),
    "an option": ("option", "2026-11-20", "120", 500),
}


@pytest.mark.parametrize(("kind", "day", "price", "tick_e4"), SIZES.values(), ids=SIZES)
def test_tick_size(ticks: TickTables, kind: str, day: str, price: str, tick_e4: int) -> None:
    reference_e4 = round(float(price) * 10_000)

    assert ticks.tick_e4(kind, date.fromisoformat(day), reference_e4) == tick_e4


def test_an_unknown_kind_or_time_is_refused(ticks: TickTables) -> None:
    for kind, day in (("bond", NOW), ("stock", date(2010, 1, 4))):
        with pytest.raises(SettingsError, match=f"tables: {kind}: has no tick sizes for {day}"):
            ticks.tick_e4(kind, day, 10_000)


BAD_TABLES = {
    "rows that do not ascend": [{"to": "5", "tick": "1"}, {"to": "4", "tick": "1"}, {"tick": "1"}],
    "a last row with an end": [{"to": "5", "tick": "1"}],
    "two rows without an end": [{"tick": "1"}, {"tick": "2"}],
}


@pytest.mark.parametrize("rows", BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table_is_refused(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    table = {"kind": "x", "effective_from": date(2019, 1, 1), "source": "test", "rows": rows}
    path = tmp_path / "ticks.yaml"
    path.write_text(yaml.safe_dump({"tables": [table]}))

    with pytest.raises(SettingsError, match="rows must ascend"):
        load_tick_tables(path)


def test_the_shipped_instruments(ticks: TickTables) -> None:
    instruments = load_instruments(TOKENS, ticks, NOW)

    assert len(instruments) >= 24
    assert list(instruments) == sorted(instruments)
    assert instruments["INFY"].token == 1594 * 256 + 1
    assert instruments["NIFTY"].token == 1001 * 256 + 9
    assert not instruments["NIFTY"].has_volume
    by_class = [i.instrument_class for i in instruments.values()]
    assert by_class.count("cash_fno") >= 16
    assert by_class.count("cash") >= 7
    for instrument in instruments.values():
        segment = 9 if instrument.instrument_class == "index" else 1
        assert instrument.token % 256 == segment, instrument.symbol
        assert instrument.tick_table[-1][0] == 10**13
        assert instrument.round_price(instrument.prev_close_e4, up=True) == (
            instrument.prev_close_e4
        ), f"{instrument.symbol}: previous close off the tick grid"


def test_ticks_are_those_of_the_first_day_and_the_previous_close(ticks: TickTables) -> None:
    then = load_instruments(TOKENS, ticks, date(2019, 1, 1))
    now = load_instruments(TOKENS, ticks, NOW)

    assert then["YESBANK"].tick_e4(950_000) == 500
    assert then["JUNIORBEES"].tick_e4(2_900_200) == 100
    assert now["RELIANCE"].tick_e4(14_802_000) == 1_000
    assert now["RELIANCE"].tick_e4(9_999_500) == 1_000


GOOD = "INFY,NSE,408065,cash_fno,stock,1,60000,1000,1538.30,8200000"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "tokens.csv"
    path.write_text("\n".join(["# remark", ",".join(COLUMNS), "", *lines, ""]))
    return path


def changed(column: str, value: str) -> str:
    values = GOOD.split(",")
    values[COLUMNS.index(column)] = value
    return ",".join(values)


BAD_ROWS = {
    "an impossible symbol": (changed("symbol", "infy"), "line 5, symbol: 'infy'"),
    "an unknown exchange": (changed("exchange", "NYSE"), "line 5, exchange: 'NYSE' is unknown"),
    "a token that is no number": (changed("token", "x"), "line 5, token: 'x' is not a whole"),
    "an unknown class": (changed("instrument_class", "bond"), "use one of cash_fno, cash"),
    "an unknown kind of ticks": (changed("ticks", "bond"), "use one of etf, index"),
    "a lot of zero": (changed("lot", "0"), "line 5, lot: '0' is not a whole number of at least 1"),
    "a freeze quantity below the lot": (changed("freeze_qty", "0"), "freeze_qty"),
    "a negative band": (changed("band_bp", "-5"), "line 5, band_bp"),
    "a price that is no number": (changed("prev_close", "abc"), "line 5, prev_close: 'abc'"),
    "a price of nan": (changed("prev_close", "nan"), "line 5, prev_close: 'nan'"),
    "an infinite price": (changed("prev_close", "inf"), "line 5, prev_close: 'inf'"),
    "a price with five places": (changed("prev_close", "1.00001"), "four decimal places"),
    "a price of zero": (changed("prev_close", "0"), "not a positive price"),
    "an absurd price": (changed("prev_close", "9e12"), "not a positive price"),
    "a value too many": (GOOD + ",1", "line 5, (all): has 11 values"),
}


@pytest.mark.parametrize(("line", "message"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_refused(tmp_path: Path, ticks: TickTables, line: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_instruments(written(tmp_path, GOOD.replace("INFY", "A", 1), line), ticks, NOW)
    assert message in str(caught.value)


def test_freeze_quantity_must_be_in_lots(tmp_path: Path, ticks: TickTables) -> None:
    path = written(tmp_path, changed("lot", "70"))

    with pytest.raises(SettingsError, match="is not a multiple of the lot 70"):
        load_instruments(path, ticks, NOW)


def test_a_symbol_or_token_may_not_repeat(tmp_path: Path, ticks: TickTables) -> None:
    with pytest.raises(SettingsError, match="line 5, symbol: appears a second time"):
        load_instruments(written(tmp_path, GOOD, GOOD), ticks, NOW)
    with pytest.raises(SettingsError, match="line 5, token: is also the token of INFY"):
        load_instruments(written(tmp_path, GOOD, changed("symbol", "TCS")), ticks, NOW)


def test_another_header_is_refused(tmp_path: Path, ticks: TickTables) -> None:
    path = tmp_path / "tokens.csv"
    path.write_text("symbol,token\n")

    with pytest.raises(SettingsError, match="line 1: is not the header; it must read symbol,"):
        load_instruments(path, ticks, NOW)


def test_a_missing_file_is_refused(tmp_path: Path, ticks: TickTables) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_instruments(tmp_path / "none.csv", ticks, NOW)
