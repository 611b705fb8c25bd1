"""The rules of the virtual position, as scripts of wishes and closes."""

import pytest

from tapeline.strategy.ensemble import AS_BEFORE, Wish
from tapeline.strategy.position import Situation, advance, new_position, value_e4

LONG = Wish(1, 5000, 100, 300)
SHORT = Wish(-1, 5000, 100, 300)
OPEN_ENDED = Wish(1, 5000, 100, None)
FLAT = Wish(0, 0)
SAME = AS_BEFORE


def run(script, **changes):
    """Actions of a script of (wish, close); a third element changes the situation."""
    position = new_position(1)
    told = []
    for wish, close, *special in script:
        situation = Situation(
            day=1,
            closes_e4=(close,),
            may_enter=True,
            phase_ending=False,
            max_holding_bars=None,
            entries_per_day_max=9,
        )._replace(**changes, **(special[0] if special else {}))
        position, action = advance(position, wish, situation)
        told.append(f"{action.action} {action.side:+d} {action.cause}" if action else "-")
    return told


SCRIPTS = {
    "a wish opens at once and flat closes": (
        [(LONG, 1000), (SAME, 1010), (FLAT, 1020), (SAME, 1020)],
        {},
        ["ENTRY +1 SIGNAL", "-", "EXIT +1 SIGNAL", "-"],
    ),
    "a reversal closes now and opens at the next bar": (
        [(LONG, 1000), (SHORT, 1010), (SAME, 1010), (SAME, 1010)],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 SIGNAL", "ENTRY -1 SIGNAL", "-"],
    ),
    "a reversal that is taken back does not open": (
        [(LONG, 1000), (SHORT, 1010), (FLAT, 1010), (SAME, 1010)],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 SIGNAL", "-", "-"],
    ),
    "a reversal that turns again opens the first side": (
        [(LONG, 1000), (SHORT, 1010), (LONG, 1010)],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 SIGNAL", "ENTRY +1 SIGNAL"],
    ),
    "a long is stopped by a close at its stop": (
        [(LONG, 1000), (SAME, 901), (SAME, 900)],
        {},
        ["ENTRY +1 SIGNAL", "-", "EXIT +1 STOP"],
    ),
    "a short is stopped by a close at its stop": (
        [(SHORT, 1000), (SAME, 1099), (SAME, 1100)],
        {},
        ["ENTRY -1 SIGNAL", "-", "EXIT -1 STOP"],
    ),
    "a target takes the profit": (
        [(SHORT, 1000), (SAME, 701), (SAME, 700)],
        {},
        ["ENTRY -1 SIGNAL", "-", "EXIT -1 TARGET"],
    ),
    "without a target a profit runs": (
        [(OPEN_ENDED, 1000), (SAME, 9000)],
        {},
        ["ENTRY +1 SIGNAL", "-"],
    ),
    "saying the same at every bar does not open again after a stop": (
        [(LONG, 1000), (LONG, 900), (LONG, 900), (LONG, 1000)],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 STOP", "-", "-"],
    ),
    "saying it anew after a silence opens again after a stop": (
        [(LONG, 1000), (SAME, 900), (SAME, 900), (LONG, 1000)],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 STOP", "-", "ENTRY +1 SIGNAL"],
    ),
    "a repeat at the bar of the stop does not open at the next": (
        [(LONG, 1000), (SAME, 990), (LONG, 900), (SAME, 900)],
        {},
        ["ENTRY +1 SIGNAL", "-", "EXIT +1 STOP", "-"],
    ),
    "the stop of the entry holds, not that of a later wish": (
        [(LONG, 1000), (Wish(1, 5000, 5, 300), 990)],
        {},
        ["ENTRY +1 SIGNAL", "-"],
    ),
    "the longest holding time closes": (
        [(LONG, 1000), (SAME, 1000), (SAME, 1000)],
        {"max_holding_bars": 2},
        ["ENTRY +1 SIGNAL", "-", "EXIT +1 MAX_HOLDING"],
    ),
    "the end of the phase closes": (
        [(LONG, 1000), (SAME, 1000, {"phase_ending": True})],
        {},
        ["ENTRY +1 SIGNAL", "EXIT +1 PHASE_END"],
    ),
    "a wish that may not enter is forgotten": (
        [(LONG, 1000, {"may_enter": False}), (SAME, 1000)],
        {},
        ["-", "-"],
    ),
    "entries of a day are counted": (
        [(LONG, 1000), (FLAT, 1000), (LONG, 1000)],
        {"entries_per_day_max": 1},
        ["ENTRY +1 SIGNAL", "EXIT +1 SIGNAL", "-"],
    ),
    "a new day starts flat and counts anew": (
        [(LONG, 1000), (SAME, 1000, {"day": 2}), (LONG, 1000, {"day": 2})],
        {"entries_per_day_max": 1},
        ["ENTRY +1 SIGNAL", "-", "ENTRY +1 SIGNAL"],
    ),
}


@pytest.mark.parametrize("sentence", SCRIPTS)
def test_script(sentence):
    script, changes, expected = SCRIPTS[sentence]

    assert run(script, **changes) == expected


def test_the_value_of_a_pair_is_its_spread():
    assert value_e4((1_000_000,), 0) == 1_000_000
    assert value_e4((1_000_000, 500_000), 15_000) == 250_000
    assert value_e4((0, 1), 5_000) == -1  # halves away from zero
