"""What a resolved session says of its times."""

from __future__ import annotations

from datetime import date, time

import ingestion_sessions as build
from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.session.context import DRAIN_NS, SessionContext

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def at(day: date, text: str) -> int:
    return ist_ns(day, time.fromisoformat(text))


def two_days(**spec: object) -> SessionContext:
    instruments = (*build.LIQUID, build.ILLIQUID)
    return build.session(instruments=instruments, days=(FRIDAY, MONDAY), **spec)  # type: ignore[arg-type]


def test_a_session_lasts_from_its_first_phase_to_its_last_and_the_time_to_drain() -> None:
    session = two_days()

    assert session.start_ns == at(FRIDAY, "09:00")
    assert session.end_ns == at(MONDAY, "16:00") + DRAIN_NS


def test_each_day_has_a_span_of_its_own() -> None:
    assert two_days().spans_ns == (
        (at(FRIDAY, "09:00"), at(FRIDAY, "16:00") + DRAIN_NS),
        (at(MONDAY, "09:00"), at(MONDAY, "16:00") + DRAIN_NS),
    )


def test_phases_are_those_of_the_symbols_class() -> None:
    session = two_days()

    assert [p.name for p in session.phases_of("INFY")][:3] == [
        "pre_open",
        "continuous",
        "closing_auction",
    ]
    assert session.phases_of("AMBIKCO")[2].name == "closing_price"


def test_drills_happen_each_day_in_order() -> None:
    drills = [{"at": "10:00", "command": "KILL"}, {"at": "09:30", "command": "REDUCE"}]

    planned = [(ns, drill.command) for ns, drill in two_days(drills=drills).drills_ns()]
    assert planned == [
        (at(FRIDAY, "09:30"), "REDUCE"),
        (at(FRIDAY, "10:00"), "KILL"),
        (at(MONDAY, "09:30"), "REDUCE"),
        (at(MONDAY, "10:00"), "KILL"),
    ]


def test_latency_is_in_nanoseconds() -> None:
    session = two_days()

    assert session.latency_ns("oms") == session.pipeline.stages["oms"].latency_us * 1_000 > 0
    assert DRAIN_NS == 120 * SECOND_NS
