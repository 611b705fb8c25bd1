"""One strategy on one symbol or pair: calls it for a bar and keeps its vote and memory."""

from __future__ import annotations

import math
from typing import NamedTuple

from tapeline.contracts.clock import MINUTE_NS
from tapeline.contracts.money import BP, E4
from tapeline.contracts.states.strategy_runner import MemberEntry, SeenBar
from tapeline.strategy.api import BarView, Decision, PairView, Spread, Target
from tapeline.strategy.ensemble import Vote
from tapeline.strategy.settings import Member

HEDGE_BP_MAX = 100_000_000
"""Bound of `weight_bp` in schemas/order.schema.json."""


class Moment(NamedTuple):
    """What a strategy is told besides bar and indicators."""

    day: int
    phase_start_ns: int
    holding: Target


class Answer(NamedTuple):
    """What a strategy said about a bar."""

    entry: MemberEntry
    """Its vote and memory from now on."""
    spoke: bool
    """True when it decided at this bar; False = its vote stands as before."""
    spread: Spread | None
    """Pairs: what it measured; None when it could not, and for single symbols."""
    values: dict[str, float]
    """Indicator values that it saw; empty before they are warm."""


def new_member(member: Member, day: int) -> MemberEntry:
    """A strategy at the start of a day."""
    memory = {name: float(value) for name, value in member.strategy.memory_at_start.items()}
    return MemberEntry(
        day=day,
        memory=memory,
        vote=0,
        confidence_bp=0,
        stop_distance_e4=None,
        target_distance_e4=None,
    )


def vote_of(member: Member, entry: MemberEntry) -> Vote:
    """The vote that a strategy stands by."""
    return Vote(
        entry.vote,
        entry.confidence_bp,
        entry.stop_distance_e4,
        entry.target_distance_e4,
        member.entry.weight,
    )


def ask(
    member: Member,
    entry: MemberEntry,
    bars: tuple[SeenBar, ...],
    values: dict[str, float],
    moment: Moment,
) -> Answer:
    """Shows the bars to the strategy.

    Args:
        bars: the bar, of a pair both, first leg first.
        values: its indicators' values.
    """
    memory = dict(entry.memory)
    views = [_view(member, bar, values, memory, moment) for bar in bars]
    spread = None
    if len(views) == 1:
        decision = member.strategy.on_bar(views[0])
    else:
        pair = PairView(views[0], views[1])
        spread = member.strategy.measure(pair)
        decision = None if spread is None else member.strategy.on_spread(pair, spread)
    _check_memory(member, memory)
    return Answer(_with_vote(member, entry, memory, decision), decision is not None, spread, values)


def hedge_bp(spread: Spread | None) -> int:
    """Hedge ratio of a wish in basis points, halves up; 0 without a usable one."""
    if spread is None or spread.hedge_ratio <= 0.0:
        return 0
    return min(math.floor(spread.hedge_ratio * BP + 0.5), HEDGE_BP_MAX)


def _view(
    member: Member,
    bar: SeenBar,
    values: dict[str, float],
    memory: dict[str, float],
    moment: Moment,
) -> BarView:
    return BarView(
        symbol=bar.symbol,
        timeframe=member.entry.timeframe,
        open=bar.open_e4 / E4,
        high=bar.high_e4 / E4,
        low=bar.low_e4 / E4,
        close=bar.close_e4 / E4,
        volume=None if bar.volume is None else float(bar.volume),
        minute=(bar.end_ns - moment.phase_start_ns) // MINUTE_NS,
        holding=moment.holding,
        indicators=values,
        memory=memory,
    )


def _check_memory(member: Member, memory: dict[str, float]) -> None:
    declared = member.strategy.memory_at_start
    kept = memory.keys() == declared.keys()
    finite = all(math.isfinite(x) for x in memory.values())
    if not (kept and finite):
        raise ValueError(
            f"strategy {member.name} left {memory} in its memory; it must hold finite numbers "
            f"under exactly the names it declared: {sorted(declared)}"
        )


def _with_vote(
    member: Member, entry: MemberEntry, memory: dict[str, float], decision: Decision | None
) -> MemberEntry:
    memory = {name: float(value) for name, value in memory.items()}
    if decision is None:
        vote = (entry.vote, entry.confidence_bp, entry.stop_distance_e4, entry.target_distance_e4)
    else:
        allowed = {"long": (0, 1), "short": (0, -1), "both": (-1, 0, 1)}[member.entry.side]
        target = int(decision.target) if decision.target in allowed else 0
        stop = _e4(decision.stop_distance) if target else None
        vote = (target, _bp(decision.confidence), stop, _e4(decision.target_distance))
    target, confidence_bp, stop_e4, target_e4 = vote
    return MemberEntry(
        day=entry.day,
        memory=memory,
        vote=target,
        confidence_bp=confidence_bp,
        stop_distance_e4=stop_e4,
        target_distance_e4=target_e4 if target else None,
    )


def _bp(confidence: float) -> int:
    """Confidence on the wire: basis points, halves up."""
    return math.floor(confidence * BP + 0.5)


def _e4(distance: float | None) -> int | None:
    """Distance on the wire: 1/10,000 rupee, halves up, at least one.

    The one place where a strategy's float becomes a price distance; from here on it is exact.
    """
    return None if distance is None else max(math.floor(distance * E4 + 0.5), 1)
