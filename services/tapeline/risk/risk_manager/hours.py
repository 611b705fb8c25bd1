"""When a symbol may be entered and when its intraday positions are squared off."""

from __future__ import annotations

from tapeline.contracts.clock import SECOND_NS, ist_day
from tapeline.market.phases import CONTINUOUS, Phase

Phases = tuple[Phase, ...]


def phase_at(phases: Phases, ns: int) -> Phase | None:
    """Phase that holds `ns`, None when the market is closed then."""
    return next((p for p in phases if p.start_ns <= ns < p.end_ns), None)


def next_continuous_ns(phases: Phases, ns: int) -> int | None:
    """When continuous trading starts next after `ns`, None when it does not. UTC nanoseconds."""
    starts = (p.start_ns for p in phases if p.name == CONTINUOUS and p.start_ns > ns)
    return min(starts, default=None)


def last_continuous(phases: Phases, day: int) -> Phase | None:
    """The last continuous phase of an Indian calendar day, None when it has none."""
    found = None
    for phase in phases:
        if phase.name == CONTINUOUS and ist_day(phase.start_ns) == day:
            found = phase
    return found


def square_off_times(
    phases: Phases, lead_s: int, calendar_ns: tuple[int, ...] = ()
) -> tuple[int, ...]:
    """When the square-off of each day starts, UTC nanoseconds: `lead_s` before its last continuous
    phase ends, but not before the middle of that phase (a short session still trades); or at the
    calendar's time, when that lies earlier in the phase.

    Args:
        phases: all days of the session.
        lead_s: seconds before the end.
        calendar_ns: times of configs/calendars, before the broker's own square-off.
    """
    ends = [last_continuous(phases, day) for day in sorted({ist_day(p.start_ns) for p in phases})]
    return tuple(_start(p, lead_s, calendar_ns) for p in ends if p)


def _start(last: Phase, lead_s: int, calendar_ns: tuple[int, ...]) -> int:
    start_ns = last.end_ns - min(lead_s * SECOND_NS, (last.end_ns - last.start_ns) // 2)
    return min([start_ns, *(ns for ns in calendar_ns if last.start_ns <= ns < last.end_ns)])


def squaring_off(times: tuple[int, ...], ns: int) -> bool:
    """True from the square-off time of the day that holds `ns` to the end of that day."""
    day = ist_day(ns)
    return any(start <= ns and ist_day(start) == day for start in times)


def timer_plan(
    square_off: dict[str, tuple[int, ...]], phases: dict[str, Phases], repeat_s: int
) -> tuple[int, ...]:
    """Every time at which the square-off looks for open positions, ascending, UTC nanoseconds.

    Args:
        square_off: start of the square-off of each day, by symbol.
        phases: all phases, by symbol.
        repeat_s: seconds between two looks.
    """
    spans = set()
    for symbol, times in square_off.items():
        for start in times:
            last = last_continuous(phases[symbol], ist_day(start))
            assert last is not None, (symbol, start)
            spans.add((start, last.end_ns))
    looks = {ns for start, end in spans for ns in range(start, end, repeat_s * SECOND_NS)}
    return tuple(sorted(looks))
