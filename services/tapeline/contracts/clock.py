"""Session time: integers in UTC nanoseconds, and their Indian Standard Time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

US_NS = 1_000
MS_NS = 1_000_000
SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
DAY_NS = 86_400 * SECOND_NS

IST = timezone(timedelta(hours=5, minutes=30), "IST")
"""Indian Standard Time has had no daylight saving since 1945."""

IST_OFFSET_NS = 19_800 * SECOND_NS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ns(moment: datetime) -> int:
    """UTC nanoseconds of an aware datetime, exact to the microsecond."""
    assert moment.tzinfo is not None
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND_NS + delta.microseconds * US_NS


def ist_ns(day: date, at: time) -> int:
    """UTC nanoseconds of a wall-clock time in India."""
    return to_ns(datetime.combine(day, at, IST))


def ist(ns: int) -> datetime:
    """Indian wall-clock time of UTC nanoseconds, truncated to the microsecond."""
    return (_EPOCH + timedelta(microseconds=ns // US_NS)).astimezone(IST)


def ist_day(ns: int) -> int:
    """Days since 1970-01-01 of the Indian calendar day that holds `ns`."""
    return (ns + IST_OFFSET_NS) // DAY_NS
