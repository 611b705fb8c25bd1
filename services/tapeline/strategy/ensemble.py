"""How the votes of strategies on one symbol become one wish. Integers only.

A vote stands until its strategy changes it, and ends with the day.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tapeline.contracts.money import divide_half_up

Method = Literal["weighted_vote", "unanimous", "single"]
Conflict = Literal["flat", "hold", "strongest"]


class Vote(NamedTuple):
    """What one strategy stands by."""

    target: int
    """-1 short, 0 flat, 1 long."""
    confidence_bp: int
    stop_distance_e4: int | None
    target_distance_e4: int | None
    weight: int = 1


class Wish(NamedTuple):
    """What the deciding strategy or ensemble wants after a bar."""

    target: int | None
    """-1 short, 0 flat, 1 long, None as before."""
    confidence_bp: int
    stop_distance_e4: int | None = None
    """Per share, 1/10,000 rupee; present for short and long."""
    target_distance_e4: int | None = None
    hedge_bp: int = 0
    """Pairs: shares of the second leg per share of the first, basis points; else 0."""


AS_BEFORE = Wish(None, 0)


class Rule(NamedTuple):
    """How an ensemble decides; see configs/ensemble.yaml."""

    method: Method
    conflict: Conflict
    """What long and short votes at the same time mean: flat; hold = as before; strongest = count
    them all the same."""
    min_confidence_bp: int
    """Below this a wish opens nothing and turns nothing round, but it keeps what is held on its
    side."""


def combine(votes: tuple[Vote, ...], rule: Rule, wanted: int) -> Wish:
    """One wish from all members' votes, in the ensemble's order.

    Args:
        wanted: what the ensemble wanted so far, -1, 0 or 1.

    Returns:
        Its stop is the widest among the agreeing members (so that sizing by risk gives the
        smallest quantity), its target the nearest.
    """
    sides = {vote.target for vote in votes if vote.target != 0}
    if len(sides) > 1 and rule.conflict != "strongest":
        return Wish(0, 0) if rule.conflict == "flat" else AS_BEFORE
    direction, confidence_bp = _METHODS[rule.method](votes)
    if direction == 0:
        return Wish(0, confidence_bp)
    if confidence_bp < rule.min_confidence_bp:
        return AS_BEFORE if direction == wanted else Wish(0, confidence_bp)
    agreeing = [vote for vote in votes if vote.target == direction]
    stops = [v.stop_distance_e4 for v in agreeing if v.stop_distance_e4 is not None]
    targets = [v.target_distance_e4 for v in agreeing if v.target_distance_e4 is not None]
    return Wish(direction, confidence_bp, max(stops), min(targets, default=None))


def _weighted_vote(votes: tuple[Vote, ...]) -> tuple[int, int]:
    """Sum of weight x vote x confidence over the sum of all weights, abstentions included."""
    total = sum(vote.weight * vote.target * vote.confidence_bp for vote in votes)
    confidence_bp = divide_half_up(abs(total), sum(vote.weight for vote in votes))
    return (total > 0) - (total < 0), confidence_bp


def _unanimous(votes: tuple[Vote, ...]) -> tuple[int, int]:
    """All vote for the same side; the least sure one gives the confidence."""
    first = votes[0].target
    if any(vote.target != first for vote in votes):
        return 0, 0
    return first, min(vote.confidence_bp for vote in votes)


def _single(votes: tuple[Vote, ...]) -> tuple[int, int]:
    """The first member, in the ensemble's order, that votes for a side decides alone."""
    for vote in votes:
        if vote.target != 0:
            return vote.target, vote.confidence_bp
    return 0, 0


_METHODS = {"weighted_vote": _weighted_vote, "unanimous": _unanimous, "single": _single}
