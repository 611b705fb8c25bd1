"""PhaseClock and Instrument: which phase holds a time, which price lies on the grid."""

from __future__ import annotations

import pytest

from tapeline.market.instrument import Instrument
from tapeline.market.phases import CONTINUOUS, POST_CLOSE, PRE_OPEN, Phase, PhaseClock

PHASES = (
    Phase(100, 200, PRE_OPEN, 1),
    Phase(200, 300, CONTINUOUS, 1),
    Phase(400, 500, POST_CLOSE, 1),
)

AT = {
    "before the first phase": (99, None),
    "the first nanosecond of a phase is in it": (100, PRE_OPEN),
    "the last nanosecond too": (199, PRE_OPEN),
    "the end of a phase is in the next": (200, CONTINUOUS),
    "between phases": (350, None),
    "the last phase": (499, POST_CLOSE),
    "after the last phase": (500, None),
}


@pytest.mark.parametrize(("ns", "name"), AT.values(), ids=AT)
def test_phase_at(ns: int, name: str | None) -> None:
    phase = PhaseClock(PHASES).at(ns)

    assert (phase.name if phase else None) == name


def test_times_may_go_back() -> None:
    clock = PhaseClock(PHASES)

    assert [clock.at(ns) for ns in (450, 150, 250)] == [PHASES[2], PHASES[0], PHASES[1]]


def test_no_phases_hold_nothing() -> None:
    assert PhaseClock(()).at(150) is None


def test_phases_may_not_overlap() -> None:
    with pytest.raises(AssertionError):
        PhaseClock((PHASES[0], Phase(150, 250, CONTINUOUS, 1)))


def instrument(tick_table: tuple[tuple[int, int], ...]) -> Instrument:
    return Instrument("X", "NSE", 1, "cash", 1, 10, 1_000, 10_000, 100, tick_table)


def test_prices_are_rounded_to_the_grid() -> None:
    share = instrument(((1_000_000, 100), (10**13, 500)))

    assert share.has_volume
    assert share.round_price(999_950, up=False) == 999_900
    assert share.round_price(999_850, up=True) == 999_900
    assert share.round_price(1_000_001, up=True) == 1_000_500
    assert share.round_price(1_000_500, up=True) == 1_000_500


def test_a_price_beyond_the_table_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="no tick size for X"):
        instrument(((1_000, 100),)).tick_e4(1_000)
