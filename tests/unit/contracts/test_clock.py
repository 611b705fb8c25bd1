"""Session time: UTC nanoseconds, and what an Indian clock shows then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapeline.contracts.clock import DAY_NS, IST, US_NS, ist, ist_day, ist_ns, to_ns

MOMENTS = st.timedeltas(timedelta(days=1), timedelta(days=47_000)).map(
    lambda since: datetime(1970, 1, 1, tzinfo=UTC) + since
)
TIMES_NS = st.integers(DAY_NS, 4 * 10**18)


@settings(deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
def test_a_moment_has_one_time_whatever_its_zone(moment: datetime, offset: timedelta) -> None:
    there = moment.astimezone(timezone(timedelta(seconds=int(offset.total_seconds()))))

    assert to_ns(moment) == to_ns(there)
    assert to_ns(moment) % US_NS == 0


@settings(deadline=None)
@given(TIMES_NS)
def test_an_indian_clock_and_back_loses_less_than_a_microsecond(ns: int) -> None:
    shown = ist(ns)

    assert 0 <= ns - to_ns(shown) < US_NS
    assert shown.utcoffset() == timedelta(hours=5, minutes=30)


@settings(deadline=None)
@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)), st.times())
def test_the_day_is_the_one_on_an_indian_calendar(day: date, at: time) -> None:
    ns = ist_ns(day, at)

    assert ist_day(ns) == (day - date(1970, 1, 1)).days
    assert ist(ns).date() == day
    assert ist(ns).time() == at


def test_the_open_of_the_market_in_utc() -> None:
    opening_ns = ist_ns(date(2026, 11, 20), time(9, 15))

    assert opening_ns == to_ns(datetime(2026, 11, 20, 3, 45, tzinfo=UTC))
    assert opening_ns == to_ns(datetime(2026, 11, 20, 9, 15, tzinfo=IST))


def test_the_indian_day_turns_while_it_is_evening_in_utc() -> None:
    midnight_ns = to_ns(datetime(2026, 11, 19, 18, 30, tzinfo=UTC))

    assert ist_day(midnight_ns) == ist_day(midnight_ns - 1) + 1


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        to_ns(datetime.fromisoformat("2026-11-20T09:15"))
