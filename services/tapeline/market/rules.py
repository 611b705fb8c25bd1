"""Tick sizes by date, and the instruments of a session with the rules of its first day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import Field, model_validator

from tapeline.contracts.errors import SettingsError
from tapeline.contracts.money import e4
from tapeline.market.calendar import INSTRUMENT_CLASSES
from tapeline.market.charges import EXCHANGES
from tapeline.market.documents import FactsModel, read_document
from tapeline.market.instrument import Instrument

PRICE_MAX_E4 = 10**13
"""Largest price on the wire, 1/10,000 rupee; the end of every tick table."""

COLUMNS = (
    "symbol",
    "exchange",
    "token",
    "instrument_class",
    "ticks",
    "lot",
    "freeze_qty",
    "band_bp",
    "prev_close",
    "adv_shares",
)
"""Columns of configs/tokens.csv, in order."""

SYMBOL = re.compile(r"[A-Z0-9&_.-]{1,32}")
"""As schemas/tick.schema.json has it."""

TickTable = tuple[tuple[int, int], ...]
"""(price below this, tick size), both 1/10,000 rupee, ascending."""


class TickRow(FactsModel):
    """The tick of a range of reference prices, rupees; the last row has no upper end."""

    below: Decimal | None = Field(default=None, gt=0)
    """The row holds for lower prices."""
    to: Decimal | None = Field(default=None, gt=0)
    """The row holds for prices up to and including this."""
    tick: Decimal = Field(gt=0)

    @property
    def end_e4(self) -> int:
        """First reference price beyond the row, 1/10,000 rupee."""
        if self.below is not None:
            return e4(self.below)
        return PRICE_MAX_E4 if self.to is None else e4(self.to) + 1


class DatedTicks(FactsModel):
    """Ticks of one kind of instrument from a day on."""

    kind: str
    effective_from: date
    source: str = Field(min_length=1)
    rows: tuple[TickRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> DatedTicks:
        ends = [row.end_e4 for row in self.rows]
        if ends != sorted(set(ends)) or ends[-1] != PRICE_MAX_E4:
            raise ValueError(f"{self.kind}: rows must ascend, and only the last has no end")
        return self


class TickDocument(FactsModel):
    """configs/charges/ticks.yaml."""

    tables: tuple[DatedTicks, ...]


class TickTables:
    """Tick sizes by kind and day.

    Args:
        document: checked content of the file.
        file: its path, for error messages.
    """

    def __init__(self, document: TickDocument, file: str) -> None:
        self._tables = document.tables
        self._file = file

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of instrument that have a table, sorted."""
        return tuple(sorted({table.kind for table in self._tables}))

    def tick_e4(self, kind: str, day: date, reference_e4: int) -> int:
        """Tick size on a day of an instrument with a reference price, both 1/10,000 rupee.

        Raises:
            SettingsError: the kind is unknown, or has no table for that day.
        """
        held = [t for t in self._tables if t.kind == kind and t.effective_from <= day]
        if not held:
            raise SettingsError(
                self._file,
                f"tables: {kind}",
                f"has no tick sizes for {day} (kinds: {', '.join(self.kinds)})",
                "add the table that held then, with its effective_from and source",
            )
        table = max(held, key=lambda t: t.effective_from)
        return next(e4(row.tick) for row in table.rows if reference_e4 < row.end_e4)


def load_tick_tables(path: Path) -> TickTables:
    """Reads tick sizes.

    Raises:
        SettingsError: naming the file, the key and what to do.
    """
    return TickTables(read_document(path, TickDocument), str(path))


def load_instruments(path: Path, ticks: TickTables, day: date) -> dict[str, Instrument]:
    """Reads configs/tokens.csv under the rules of a day.

    The exchange sets a share's tick for a month by its last close, not by each price, so every
    instrument gets one tick size: that of its previous close.

    Args:
        path: comma-separated, lines that start with # are remarks.
        ticks: tick sizes by kind.
        day: first day of the session.

    Returns:
        Instruments by symbol, in symbol order.

    Raises:
        SettingsError: naming the file, line and column.
    """
    instruments: dict[str, Instrument] = {}
    tokens: dict[int, str] = {}
    for row in _rows(path):
        instrument = _instrument(row, ticks, day)
        if instrument.symbol in instruments:
            raise row.error("symbol", "appears a second time", "remove one of the rows")
        if instrument.token in tokens:
            raise row.error(
                "token",
                f"is also the token of {tokens[instrument.token]}",
                "take it from the broker's instrument dump",
            )
        instruments[instrument.symbol] = instrument
        tokens[instrument.token] = instrument.symbol
    return dict(sorted(instruments.items()))


class _Row:
    """One line of the file, with typed access that names line and column on error."""

    def __init__(self, path: Path, line: int, values: list[str]) -> None:
        self._path = path
        self._line = line
        if len(values) != len(COLUMNS):
            raise self.error(
                "(all)",
                f"has {len(values)} values",
                f"give {len(COLUMNS)}: {','.join(COLUMNS)}",
            )
        self._values = dict(zip(COLUMNS, values, strict=True))

    def error(self, column: str, problem: str, remedy: str) -> SettingsError:
        """The error to raise about a column of this line."""
        return SettingsError(str(self._path), f"line {self._line}, {column}", problem, remedy)

    def text(self, column: str, allowed: tuple[str, ...]) -> str:
        """A value out of a list."""
        value = self._values[column]
        if value not in allowed:
            raise self.error(column, f"{value!r} is unknown", f"use one of {', '.join(allowed)}")
        return value

    def symbol(self) -> str:
        """The trading symbol."""
        value = self._values["symbol"]
        if not SYMBOL.fullmatch(value):
            raise self.error(
                "symbol", f"{value!r} is no trading symbol", f"it must match {SYMBOL.pattern}"
            )
        return value

    def count(self, column: str, least: int) -> int:
        """A whole number, not below `least`."""
        value = self._values[column]
        if not value.isascii() or not value.isdigit() or int(value) < least:
            raise self.error(
                column, f"{value!r} is not a whole number of at least {least}", "mend it"
            )
        return int(value)

    def price_e4(self, column: str) -> int:
        """A positive rupee price, 1/10,000 rupee."""
        value = self._values[column]
        try:
            price = e4(Decimal(value))
        except (InvalidOperation, ValueError, OverflowError):
            price = 0
        if not 0 < price < PRICE_MAX_E4:
            raise self.error(
                column,
                f"{value!r} is not a positive price in rupees",
                "give it with at most four decimal places",
            )
        return price


def _rows(path: Path) -> Iterator[_Row]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise SettingsError(
            str(path), "(file)", f"cannot be read ({problem})", "check the path"
        ) from error
    header_seen = False
    for line, content in enumerate(text.splitlines(), start=1):
        if not content.strip() or content.startswith("#"):
            continue
        values = [value.strip() for value in next(csv.reader(io.StringIO(content)))]
        if header_seen:
            yield _Row(path, line, values)
        elif tuple(values) != COLUMNS:
            raise SettingsError(
                str(path), f"line {line}", "is not the header", f"it must read {','.join(COLUMNS)}"
            )
        header_seen = True


def _instrument(row: _Row, ticks: TickTables, day: date) -> Instrument:
    prev_close_e4 = row.price_e4("prev_close")
    tick_e4 = ticks.tick_e4(row.text("ticks", ticks.kinds), day, prev_close_e4)
    lot = row.count("lot", 1)
    freeze_qty = row.count("freeze_qty", lot)
    if freeze_qty % lot:
        raise row.error("freeze_qty", f"is not a multiple of the lot {lot}", "mend it")
    return Instrument(
        symbol=row.symbol(),
        exchange=row.text("exchange", EXCHANGES),
        token=row.count("token", 1),
        instrument_class=row.text("instrument_class", INSTRUMENT_CLASSES),
        lot=lot,
        freeze_qty=freeze_qty,
        band_bp=row.count("band_bp", 1),
        prev_close_e4=prev_close_e4,
        adv_shares=row.count("adv_shares", 0),
        tick_table=((PRICE_MAX_E4, tick_e4),),
    )
