"""The NSE calendar: phases of each class before and since each change, special and closed days."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pandas as pd
import pandas_market_calendars
import pytest
import yaml

from tapeline.contracts.clock import ist, ist_day, ist_ns
from tapeline.contracts.errors import SettingsError
from tapeline.market.calendar import INSTRUMENT_CLASSES, Calendar, load_calendar
from tapeline.market.phases import PhaseClock

NSE = Path("configs/calendars/nse.yaml")


@pytest.fixture(scope="module")
def nse() -> Calendar:
    return load_calendar(NSE)


def times(calendar: Calendar, day: str, instrument_class: str) -> list[str]:
    return [
        f"{phase.name} {ist(phase.start_ns):%H:%M}-{ist(phase.end_ns):%H:%M}"
        for phase in calendar.phases(date.fromisoformat(day), instrument_class)
    ]


OLD_SHARE = [
    "pre_open 09:00-09:15",
    "continuous 09:15-15:30",
    "closing_price 15:30-15:40",
    "post_close 15:40-16:00",
]
MUHURAT_2025 = [
    "pre_open 13:30-13:45",
    "continuous 13:45-14:45",
    "closing_price 14:45-14:55",
    "post_close 14:55-15:05",
]
TWO_SESSIONS = [
    "pre_open 09:00-09:15",
    "continuous 09:15-10:00",
    "pre_open 11:15-11:30",
    "continuous 11:30-12:30",
    "closing_price 12:30-12:40",
    "post_close 12:40-12:50",
]
PHASES = {
    "a share with derivatives, last day before the closing auction": (
        "2026-07-31",
        "cash_fno",
        OLD_SHARE,
    ),
    "a share with derivatives, first day of the closing auction": (
        "2026-08-03",
        "cash_fno",
        [
            "pre_open 09:00-09:15",
            "continuous 09:15-15:15",
            "closing_auction 15:15-15:35",
            "post_close 15:50-16:00",
        ],
    ),
    "another share, last day before": ("2026-07-31", "cash", OLD_SHARE),
    "another share, first day since": (
        "2026-08-03",
        "cash",
        [
            "pre_open 09:00-09:15",
            "continuous 09:15-15:30",
            "closing_price 15:30-15:50",
            "post_close 15:50-16:00",
        ],
    ),
    "all shares alike in 2019": ("2019-07-09", "cash_fno", OLD_SHARE),
    "an index follows its shares and has no post-close": (
        "2026-08-03",
        "index",
        ["pre_open 09:00-09:15", "continuous 09:15-15:15", "closing_auction 15:15-15:35"],
    ),
    "derivatives, last day without a pre-open": (
        "2025-12-05",
        "equity_derivative",
        ["continuous 09:15-15:30"],
    ),
    "derivatives, first day with a pre-open": (
        "2025-12-08",
        "equity_derivative",
        ["pre_open 09:00-09:15", "continuous 09:15-15:30"],
    ),
    "derivatives since the closing auction": (
        "2026-08-03",
        "equity_derivative",
        ["pre_open 09:00-09:15", "continuous 09:15-15:40"],
    ),
    "a holiday": ("2026-01-15", "cash", []),
    "a Sunday": ("2026-11-22", "cash", []),
    "a Saturday with regular hours": ("2024-01-20", "cash_fno", OLD_SHARE),
    "a Budget Sunday": ("2026-02-01", "cash_fno", OLD_SHARE),
    "two sessions on a Saturday": ("2024-03-02", "cash", TWO_SESSIONS),
    "two sessions, the second Saturday": ("2024-05-18", "cash_fno", TWO_SESSIONS),
    "two sessions of derivatives": (
        "2024-05-18",
        "equity_derivative",
        ["continuous 09:15-10:00", "continuous 11:30-12:30"],
    ),
    "Muhurat trading on an afternoon": ("2025-10-21", "cash_fno", MUHURAT_2025),
    "Muhurat trading of derivatives": (
        "2023-11-12",
        "equity_derivative",
        ["continuous 18:15-19:15"],
    ),
    "the outage of 2021": (
        "2021-02-24",
        "equity_derivative",
        ["continuous 09:15-11:40", "continuous 15:45-17:00"],
    ),
}


@pytest.mark.parametrize(("day", "instrument_class", "expected"), PHASES.values(), ids=PHASES)
def test_phases(nse: Calendar, day: str, instrument_class: str, expected: list[str]) -> None:
    assert times(nse, day, instrument_class) == expected


SQUARE_OFF = {
    "a share with derivatives since the auction": ("2026-08-03", "cash_fno", "15:08", "15:12"),
    "the same the trading day before": ("2026-07-31", "cash_fno", "15:15", "15:20"),
    "another share since": ("2026-08-03", "cash", "15:20", "15:25"),
    "derivatives since": ("2026-08-03", "equity_derivative", "15:20", "15:25"),
    "derivatives in 2019": ("2019-07-09", "equity_derivative", "15:20", "15:25"),
    "a Saturday with regular hours": ("2025-02-01", "cash", "15:15", "15:20"),
    "Muhurat: before its own end": ("2025-10-21", "cash", "14:30", "14:35"),
    "two sessions: before the end of the last": ("2024-03-02", "cash", "12:15", "12:20"),
}


@pytest.mark.parametrize(
    ("day", "instrument_class", "own", "broker"), SQUARE_OFF.values(), ids=SQUARE_OFF
)
def test_square_off(nse: Calendar, day: str, instrument_class: str, own: str, broker: str) -> None:
    at = date.fromisoformat(day)

    assert nse.square_off_ns(at, instrument_class) == ist_ns(at, time.fromisoformat(own))
    assert nse.broker_square_off_ns(at, instrument_class) == ist_ns(at, time.fromisoformat(broker))


def test_nothing_is_squared_off_on_a_holiday_or_in_an_index(nse: Calendar) -> None:
    assert nse.square_off_ns(date(2026, 1, 15), "cash") is None
    assert nse.square_off_ns(date(2026, 11, 20), "index") is None


def test_a_special_day_shorter_than_the_lead_is_squared_off_from_its_start(tmp_path: Path) -> None:
    short = {
        "date": date(2026, 3, 7),
        "name": "short",
        "source": "test",
        "phases": [{"name": "continuous", "from": "10:00", "to": "10:05", "classes": ["cash"]}],
    }
    calendar = load_calendar(changed(tmp_path, lambda d: year(d)["special_days"].append(short)))

    assert calendar.square_off_ns(date(2026, 3, 7), "cash") == ist_ns(date(2026, 3, 7), time(10))


def test_every_trading_day_has_phases_in_order_within_the_day(nse: Calendar) -> None:
    for day in pd.date_range("2019-01-01", "2026-12-31"):
        if day.date() == date(2026, 11, 8) or not nse.is_trading_day(day.date()):
            continue
        for instrument_class in INSTRUMENT_CLASSES:
            phases = nse.phases(day.date(), instrument_class)
            assert any(phase.name == "continuous" for phase in phases)
            assert {phase.day for phase in phases} == {ist_day(phases[0].start_ns)}
            PhaseClock(phases)


WEEKEND_SESSIONS = {
    date(2019, 10, 27): "Muhurat trading on a Sunday",
    date(2020, 2, 1): "Union Budget on a Saturday",
    date(2020, 11, 14): "Muhurat trading on a Saturday",
    date(2023, 11, 12): "Muhurat trading on a Sunday",
    date(2024, 1, 20): "Saturday in place of 2024-01-22",
    date(2024, 3, 2): "two sessions, test of the recovery site",
    date(2024, 5, 18): "two sessions, test of the recovery site",
    date(2025, 2, 1): "Union Budget on a Saturday",
    date(2026, 2, 1): "Union Budget on a Sunday",
}
"""All that pandas_market_calendars 5.5 lacks: it makes its days from a Monday-to-Friday mask."""


def test_trading_days_equal_pandas_market_calendars_but_for_weekend_sessions(nse: Calendar) -> None:
    theirs = {
        day.date()
        for day in pandas_market_calendars.get_calendar("NSE").valid_days(
            "2019-01-01", "2026-12-31"
        )
    }
    days = [day.date() for day in pd.date_range("2019-01-01", "2026-12-31")]
    ours = {day for day in days if day != date(2026, 11, 8) and nse.is_trading_day(day)}

    assert ours - theirs == set(WEEKEND_SESSIONS)
    assert theirs - ours == set()
    assert date(2026, 1, 15) not in theirs


def test_special_times_on_weekdays_equal_pandas_market_calendars(nse: Calendar) -> None:
    schedule = pandas_market_calendars.get_calendar("NSE").schedule("2019-01-01", "2026-07-31")
    for day, row in schedule.iterrows():
        continuous = [p for p in nse.phases(day.date(), "cash") if p.name == "continuous"]
        assert continuous[0].start_ns == row["market_open"].value, day
        assert continuous[-1].end_ns == row["market_close"].value, day


def test_a_missing_year_is_refused_with_what_to_add(nse: Calendar) -> None:
    with pytest.raises(SettingsError, match=r"years\.2027: is missing.*add the year") as caught:
        nse.phases(date(2027, 1, 4), "cash")
    assert "2019 to 2026" in str(caught.value)


def test_a_session_of_unknown_times_is_refused(nse: Calendar) -> None:
    with pytest.raises(SettingsError, match=r"2026-11-08: Muhurat.*special_days"):
        nse.is_trading_day(date(2026, 11, 8))


def test_an_unknown_class_is_refused(nse: Calendar) -> None:
    with pytest.raises(SettingsError, match=r"'bond'.*use one of cash_fno"):
        nse.phases(date(2026, 11, 20), "bond")


def test_known_years_are_listed(nse: Calendar) -> None:
    assert nse.years == tuple(range(2019, 2027))
    assert nse.name == "nse"


def test_every_row_names_its_source() -> None:
    document = yaml.safe_load(NSE.read_text())
    rows = [*document["phases"], *document["square_off"], *document["years"].values()]
    rows += [special for each in document["years"].values() for special in each["special_days"]]

    assert all(len(row["source"]) > 3 for row in rows)


def changed(tmp_path: Path, change: object) -> Path:
    document = yaml.safe_load(NSE.read_text())
    assert callable(change)
    change(document)
    path = tmp_path / "nse.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


def year(document: dict[str, object]) -> dict[str, object]:
    return document["years"][2026]  # type: ignore[index]


BAD = {
    "a phase that ends before it starts": (
        lambda d: d["phases"][0].update({"to": "08:00"}),
        "must be before",
    ),
    "phases that overlap": (
        lambda d: d["phases"][0].update({"to": "09:20"}),
        "pre_open overlaps continuous",
    ),
    "special phases that overlap": (
        lambda d: d["years"][2025]["special_days"][1]["phases"][0].update({"to": "14:00"}),
        "pre_open overlaps continuous",
    ),
    "a row without a source": (lambda d: d["phases"][0].pop("source"), "source: Field required"),
    "an unknown key": (lambda d: d["phases"][0].update({"till": 1}), "check its spelling"),
    "a holiday of another year": (
        lambda d: year(d)["holidays"].update({date(2025, 1, 1): "x"}),
        "not in this year: 2025-01-01",
    ),
    "a holiday on a weekend": (
        lambda d: year(d)["holidays"].update({date(2026, 8, 15): "x"}),
        "on a weekend: 2026-08-15",
    ),
    "a day that is both closed and special": (
        lambda d: year(d)["holidays"].update({date(2026, 2, 1): "x"}),
        "listed more than once: 2026-02-01",
    ),
    "a square-off after the broker's": (
        lambda d: d["square_off"][0].update({"flatten": "15:21"}),
        "must be before broker",
    ),
}


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_a_bad_calendar_is_refused(tmp_path: Path, change: object, message: str) -> None:
    with pytest.raises(SettingsError, match=r"nse\.yaml") as caught:
        load_calendar(changed(tmp_path, change))
    assert message in str(caught.value)


def test_a_calendar_without_years_says_so(tmp_path: Path) -> None:
    calendar = load_calendar(changed(tmp_path, lambda d: d["years"].clear()))

    with pytest.raises(SettingsError, match="known: none"):
        calendar.is_trading_day(date(2026, 1, 1))
