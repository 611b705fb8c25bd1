"""How votes combine."""

import pytest

from tapeline.strategy.ensemble import AS_BEFORE, Rule, Vote, Wish, combine

UP = Vote(1, 6000, 100, 400)
UP_WIDE = Vote(1, 8000, 150, 300, weight=3)
DOWN = Vote(-1, 6000, 120, None)
NONE = Vote(0, 0, None, None)
WEIGHTED = Rule("weighted_vote", "flat", 0)

TABLE = {
    "one of two: half its confidence": ((UP, NONE), WEIGHTED, 0, Wish(1, 3000, 100, 400)),
    "widest stop, nearest target, weighted confidence": (
        (UP, UP_WIDE),
        WEIGHTED,
        0,
        Wish(1, 7500, 150, 300),
    ),
    "halves are rounded up": ((Vote(1, 1, 9, None), NONE), WEIGHTED, 0, Wish(1, 1, 9, None)),
    "nobody votes: flat": ((NONE, NONE), WEIGHTED, 1, Wish(0, 0)),
    "conflict flat": ((UP, DOWN), WEIGHTED, 1, Wish(0, 0)),
    "conflict hold": ((UP, DOWN), Rule("weighted_vote", "hold", 0), 1, AS_BEFORE),
    "conflict strongest": (
        (UP_WIDE, DOWN),
        Rule("weighted_vote", "strongest", 0),
        0,
        Wish(1, 4500, 150, 300),
    ),
    "an even conflict is flat": (
        (UP, DOWN),
        Rule("weighted_vote", "strongest", 0),
        0,
        Wish(0, 0),
    ),
    "too weak to open": ((UP, NONE), Rule("weighted_vote", "flat", 3001), 0, Wish(0, 3000)),
    "weak, but keeps its side": ((UP, NONE), Rule("weighted_vote", "flat", 3001), 1, AS_BEFORE),
    "weak against the position closes it": (
        (UP, NONE),
        Rule("weighted_vote", "flat", 3001),
        -1,
        Wish(0, 3000),
    ),
    "unanimous: the least sure counts": (
        (UP, UP_WIDE),
        Rule("unanimous", "flat", 0),
        0,
        Wish(1, 6000, 150, 300),
    ),
    "not unanimous": ((UP, NONE), Rule("unanimous", "flat", 0), 0, Wish(0, 0)),
    "unanimously flat": ((NONE, NONE), Rule("unanimous", "flat", 0), 0, Wish(0, 0)),
    "single: the first that votes": (
        (NONE, DOWN, UP),
        Rule("single", "strongest", 0),
        0,
        Wish(-1, 6000, 120, None),
    ),
    "single: nobody votes": ((NONE, NONE), Rule("single", "flat", 0), 0, Wish(0, 0)),
}


@pytest.mark.parametrize("sentence", TABLE)
def test_combine(sentence):
    votes, rule, wanted, expected = TABLE[sentence]

    assert combine(votes, rule, wanted) == expected
