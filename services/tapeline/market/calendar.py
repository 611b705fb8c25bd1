"""Trading days and their phases by instrument class, from configs/calendars/<name>.yaml.

Every row of the file is dated and names its circular. A year that the file does not hold is an
error, never a guess: a calendar that silently takes a holiday for a trading day would trade it.
"""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, model_validator

from tapeline.contracts.clock import MINUTE_NS, ist_day, ist_ns
from tapeline.contracts.errors import SettingsError
from tapeline.market.documents import FactsModel, read_document
from tapeline.market.phases import CONTINUOUS, Phase

InstrumentClass = Literal["cash_fno", "cash", "index", "equity_derivative"]
INSTRUMENT_CLASSES: tuple[str, ...] = get_args(InstrumentClass)

PhaseName = Literal["pre_open", "continuous", "closing_auction", "closing_price", "post_close"]

SATURDAY = 5
"""date.weekday() of the first day of the weekend."""


class PhaseTimes(FactsModel):
    """One phase of a day, Indian Standard Time, half open."""

    name: PhaseName
    start: time = Field(alias="from")
    end: time = Field(alias="to")
    classes: tuple[InstrumentClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> PhaseTimes:
        if self.start >= self.end:
            raise ValueError(f"from {self.start} must be before to {self.end}")
        return self


class Dated(FactsModel):
    """A row that holds for some days; both ends are inclusive."""

    effective_from: date
    effective_to: date | None = None
    """None = it still holds."""
    source: str = Field(min_length=1)
    """Circular, regulation or page that the row was taken from."""

    def holds(self, day: date) -> bool:
        """Whether the row applies on a day."""
        return self.effective_from <= day <= (self.effective_to or date.max)


class RegularPhase(PhaseTimes, Dated):
    """A phase of every ordinary trading day."""


class SquareOff(Dated):
    """When intraday positions of some classes are closed; the latest row wins."""

    classes: tuple[InstrumentClass, ...] = Field(min_length=1)
    broker: time
    """When the broker starts to close them itself."""
    flatten: time
    """When Tapeline closes them, before the broker does."""

    @model_validator(mode="after")
    def _ordered(self) -> SquareOff:
        if self.flatten >= self.broker:
            raise ValueError(f"flatten {self.flatten} must be before broker {self.broker}")
        return self


class SpecialSquareOff(FactsModel):
    """The same for days with times of their own: minutes before continuous trading ends."""

    broker_min: int = Field(ge=1)
    flatten_min: int = Field(ge=1)


class SpecialDay(FactsModel):
    """A session on a weekend or holiday, or a day with other times."""

    day: date = Field(alias="date")
    name: str
    source: str = Field(min_length=1)
    phases: tuple[PhaseTimes, ...] = ()
    """Empty = the phases of an ordinary day."""


class Year(FactsModel):
    """The closed and the special days of one year."""

    source: str = Field(min_length=1)
    holidays: dict[date, str]
    """Weekdays on which the exchange is closed."""
    special_days: tuple[SpecialDay, ...] = ()
    times_unknown: dict[date, str] = Field(default_factory=dict)
    """Sessions that took or will take place, whose times no source here gives."""


class CalendarDocument(FactsModel):
    """configs/calendars/<name>.yaml."""

    name: str
    phases: tuple[RegularPhase, ...]
    square_off: tuple[SquareOff, ...]
    special_square_off: SpecialSquareOff
    years: dict[int, Year]

    @model_validator(mode="after")
    def _check(self) -> CalendarDocument:
        for start in sorted({row.effective_from for row in self.phases}):
            for cls in INSTRUMENT_CLASSES:
                in_order(f"phases of {cls} on {start}", regular_rows(self, start, cls))
        for number, year in self.years.items():
            _check_year(number, year)
        return self


def _check_year(number: int, year: Year) -> None:
    specials = [special.day for special in year.special_days]
    listed = [*year.holidays, *specials, *year.times_unknown]
    repeated = sorted({day for day in listed if listed.count(day) > 1})
    if repeated:
        raise ValueError(f"years.{number}: listed more than once: {', '.join(map(str, repeated))}")
    strays = sorted(day for day in listed if day.year != number)
    if strays:
        raise ValueError(f"years.{number}: not in this year: {', '.join(map(str, strays))}")
    weekend = sorted(day for day in year.holidays if day.weekday() >= SATURDAY)
    if weekend:
        raise ValueError(f"years.{number}.holidays: on a weekend: {', '.join(map(str, weekend))}")
    for special in year.special_days:
        for cls in INSTRUMENT_CLASSES:
            rows = tuple(row for row in special.phases if cls in row.classes)
            in_order(f"phases of {cls} on {special.day}", rows)


def in_order(what: str, rows: tuple[PhaseTimes, ...]) -> None:
    """Refuses phases that overlap.

    Raises:
        ValueError: naming both phases.
    """
    for before, after in pairwise(sorted(rows, key=lambda row: row.start)):
        if before.end > after.start:
            raise ValueError(f"{what}: {before.name} overlaps {after.name}")


def regular_rows(
    document: CalendarDocument, day: date, instrument_class: str
) -> tuple[PhaseTimes, ...]:
    """Phases of an ordinary day, as listed."""
    return tuple(
        row for row in document.phases if instrument_class in row.classes and row.holds(day)
    )


class Calendar:
    """Trading days, phases and square-off times of one exchange.

    Args:
        document: checked content of the file.
        file: its path, for error messages.
    """

    def __init__(self, document: CalendarDocument, file: str) -> None:
        self.name = document.name
        self._document = document
        self._file = file
        self._special = {
            special.day: special
            for year in document.years.values()
            for special in year.special_days
        }

    @property
    def years(self) -> tuple[int, ...]:
        """Years that the calendar knows, ascending."""
        return tuple(sorted(self._document.years))

    def closed_because(self, day: date) -> str | None:
        """Why the exchange is closed on a day: the holiday's name, or the weekend; None = open.

        Raises:
            SettingsError: the year, or the times of that day's session, are not in the calendar.
        """
        year = self._document.years.get(day.year)
        if year is None:
            raise SettingsError(
                self._file,
                f"years.{day.year}",
                f"is missing, so {day} may or may not be a trading day (known: {self._span()})",
                f"add the year with its source, holidays and special_days from the exchange's "
                f"trading holiday circular for {day.year}",
            )
        if day in year.times_unknown:
            raise SettingsError(
                self._file,
                f"years.{day.year}.times_unknown.{day}",
                f"{year.times_unknown[day]}: the times of this session are not known here",
                "move it to special_days with its phases and the circular that gives them",
            )
        if day in self._special:
            return None
        if day in year.holidays:
            return year.holidays[day]
        return f"a {day:%A}" if day.weekday() >= SATURDAY else None

    def is_trading_day(self, day: date) -> bool:
        """Whether any phase takes place on a day.

        Raises:
            SettingsError: as `closed_because`.
        """
        return self.closed_because(day) is None

    def phases(self, day: date, instrument_class: str) -> tuple[Phase, ...]:
        """Phases of a day in time order; empty on a holiday.

        Raises:
            SettingsError: as `closed_because`, or for a class that the calendar does not know.
        """
        if instrument_class not in INSTRUMENT_CLASSES:
            raise SettingsError(
                self._file,
                f"instrument class {instrument_class!r}",
                "is not known to the calendar",
                f"use one of {', '.join(INSTRUMENT_CLASSES)}",
            )
        if not self.is_trading_day(day):
            return ()
        return tuple(
            Phase(start, ist_ns(day, row.end), row.name, ist_day(start))
            for row in sorted(self._rows(day, instrument_class), key=lambda row: row.start)
            for start in [ist_ns(day, row.start)]
        )

    def square_off_ns(self, day: date, instrument_class: str) -> int | None:
        """When Tapeline closes intraday positions of a class, UTC nanoseconds.

        None when the class does not trade that day, or is not traded at all (an index).
        """
        return self._closing_ns(day, instrument_class, own=True)

    def broker_square_off_ns(self, day: date, instrument_class: str) -> int | None:
        """When the broker starts to close them, and takes no new ones. UTC nanoseconds."""
        return self._closing_ns(day, instrument_class, own=False)

    def _closing_ns(self, day: date, instrument_class: str, *, own: bool) -> int | None:
        phases = self.phases(day, instrument_class)
        rows = [
            row
            for row in self._document.square_off
            if instrument_class in row.classes and row.holds(day)
        ]
        continuous = [phase for phase in phases if phase.name == CONTINUOUS]
        if not rows or not continuous:
            return None
        special = self._special.get(day)
        if special is not None and special.phases:
            before = self._document.special_square_off
            minutes = before.flatten_min if own else before.broker_min
            return max(continuous[-1].end_ns - minutes * MINUTE_NS, continuous[-1].start_ns)
        row = max(rows, key=lambda row: row.effective_from)
        return ist_ns(day, row.flatten if own else row.broker)

    def _rows(self, day: date, instrument_class: str) -> tuple[PhaseTimes, ...]:
        special = self._special.get(day)
        if special is None or not special.phases:
            return regular_rows(self._document, day, instrument_class)
        return tuple(row for row in special.phases if instrument_class in row.classes)

    def _span(self) -> str:
        return f"{self.years[0]} to {self.years[-1]}" if self.years else "none"


def load_calendar(path: Path) -> Calendar:
    """Reads a calendar.

    Raises:
        SettingsError: naming the file, the key and what to do.
    """
    return Calendar(read_document(path, CalendarDocument), str(path))
