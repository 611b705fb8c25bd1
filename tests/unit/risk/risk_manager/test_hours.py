"""Square-off times and the plan of the timer."""

from datetime import date

from builders_risk import ns, phases
from tapeline.market.phases import CONTINUOUS, PRE_OPEN, Phase
from tapeline.risk.risk_manager.hours import (
    last_continuous,
    phase_at,
    square_off_times,
    squaring_off,
    timer_plan,
)

NEXT = date(2026, 11, 23)


def test_a_closing_auction_stock_is_squared_off_at_1508_each_day() -> None:
    plan = (*phases(), *phases(NEXT))
    assert square_off_times(plan, 420) == (ns("15:08"), ns("15:08", NEXT))


def test_a_short_session_is_squared_off_from_its_middle() -> None:
    short = (Phase(ns("10:00"), ns("10:10"), CONTINUOUS, 0),)
    assert square_off_times(short, 420) == (ns("10:05"),)


def test_the_calendar_s_time_holds_when_it_is_earlier() -> None:
    plan = (*phases(), *phases(NEXT))
    found = square_off_times(plan, 420, (ns("15:10"), ns("15:05", NEXT)))
    assert found == (ns("15:08"), ns("15:05", NEXT))


def test_the_calendar_s_time_is_passed_over_when_the_session_ends_before_it() -> None:
    morning = (Phase(ns("09:15"), ns("10:15"), CONTINUOUS, 0),)
    assert square_off_times(morning, 420, (ns("15:20"),)) == (ns("10:08"),)


def test_a_day_without_continuous_phase_has_no_square_off() -> None:
    auction = (Phase(ns("09:00"), ns("09:08"), PRE_OPEN, 0),)
    assert square_off_times(auction, 420) == ()
    assert last_continuous(auction, 1) is None


def test_square_off_lasts_to_the_end_of_its_day() -> None:
    times = (ns("15:08"),)
    assert not squaring_off(times, ns("15:07:59"))
    assert squaring_off(times, ns("15:08"))
    assert squaring_off(times, ns("15:20"))
    assert not squaring_off(times, ns("09:15", NEXT))


def test_the_phase_of_a_time() -> None:
    found = phase_at(phases(), ns("15:15"))
    assert found is not None
    assert found.name == "closing_auction"
    assert phase_at(phases(), ns("15:40")) is None


def test_the_plan_looks_every_30_s_until_the_phase_ends() -> None:
    plan = timer_plan(
        {"AAA": (ns("15:08"),), "BBB": (ns("15:08"),)}, {"AAA": phases(), "BBB": phases()}, 30
    )
    assert plan[0] == ns("15:08")
    assert plan[-1] == ns("15:14:30")
    assert len(plan) == 14
