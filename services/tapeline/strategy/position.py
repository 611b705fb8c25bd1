"""The virtual position: what changes of a wish open and close. Integers only.

The runner keeps a position for each (strategy or ensemble, symbol or pair) as if every intent were
filled at the close that caused it. The true position is the risk manager's, which reduces an EXIT
to what is really held.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec.structs import replace

from tapeline.contracts.money import BP, divide_half_up
from tapeline.contracts.states.strategy_runner import PositionEntry
from tapeline.strategy.ensemble import Wish

Cause = Literal["SIGNAL", "STOP", "TARGET", "MAX_HOLDING", "PHASE_END"]


class Action(NamedTuple):
    """An intent to send."""

    action: Literal["ENTRY", "EXIT"]
    cause: Cause
    side: int
    """Direction of the position that is opened or closed: 1 long, -1 short."""
    hedge_bp: int
    """Pairs: hedge of that position, basis points; 0 for one symbol."""


class Situation(NamedTuple):
    """What bears on a position besides the wish."""

    day: int
    """Indian calendar day of the bar, days since 1970-01-01."""
    closes_e4: tuple[int, ...]
    """Close of each leg, 1/10,000 rupee."""
    may_enter: bool
    phase_ending: bool
    """True once open positions are to be closed because the phase ends."""
    max_holding_bars: int | None
    entries_per_day_max: int


def new_position(day: int) -> PositionEntry:
    """Flat, at the start of a day."""
    return PositionEntry(
        day=day,
        entries=0,
        wanted=0,
        said=0,
        armed=False,
        confidence_bp=0,
        stop_distance_e4=None,
        target_distance_e4=None,
        hedge_bp=0,
        side=0,
        entry_e4=0,
        entry_stop_distance_e4=0,
        entry_target_distance_e4=None,
        entry_hedge_bp=0,
        bars_held=0,
    )


def advance(
    position: PositionEntry, wish: Wish, now: Situation
) -> tuple[PositionEntry, Action | None]:
    """Position and intent after a bar.

    At most one intent for each bar: a reversal closes now and opens at the next bar, when the wish
    still stands. Only a new wish opens a position: one that the bar before did not say. So a
    strategy that says "long" at every bar is not taken in again after its stop, and one that says
    it once for each breakout is taken in at the next breakout.
    """
    if position.day != now.day:
        position = new_position(now.day)
    position = _with_wish(position, wish)
    if position.side == 0:
        return _enter(position, now)
    position = replace(position, bars_held=position.bars_held + 1)
    cause = _exit_cause(position, now)
    if cause is None:
        return position, None
    action = Action("EXIT", cause, position.side, position.entry_hedge_bp)
    closed = replace(
        position,
        side=0,
        entry_e4=0,
        entry_stop_distance_e4=0,
        entry_target_distance_e4=None,
        entry_hedge_bp=0,
        bars_held=0,
    )
    return closed, action


def value_e4(closes_e4: tuple[int, ...], hedge_bp: int) -> int:
    """Price of a position per share of its first leg: the close, of a pair the spread."""
    if len(closes_e4) == 1:
        return closes_e4[0]
    return closes_e4[0] - divide_half_up(closes_e4[1] * hedge_bp, BP)


def _with_wish(position: PositionEntry, wish: Wish) -> PositionEntry:
    if wish.target is None:
        return replace(position, said=0) if position.said else position
    new = wish.target not in (0, position.said, position.side)
    return replace(
        position,
        wanted=wish.target,
        said=wish.target,
        armed=new or (position.armed and wish.target == position.wanted),
        confidence_bp=wish.confidence_bp,
        stop_distance_e4=wish.stop_distance_e4,
        target_distance_e4=wish.target_distance_e4,
        hedge_bp=wish.hedge_bp,
    )


def _enter(position: PositionEntry, now: Situation) -> tuple[PositionEntry, Action | None]:
    if not position.armed:
        return position, None
    if not now.may_enter or position.entries >= now.entries_per_day_max:
        return replace(position, armed=False), None
    stop_distance_e4 = position.stop_distance_e4
    assert stop_distance_e4 is not None, "a wish for a side carries a stop"
    opened = replace(
        position,
        armed=False,
        entries=position.entries + 1,
        side=position.wanted,
        entry_e4=value_e4(now.closes_e4, position.hedge_bp),
        entry_stop_distance_e4=stop_distance_e4,
        entry_target_distance_e4=position.target_distance_e4,
        entry_hedge_bp=position.hedge_bp,
        bars_held=0,
    )
    return opened, Action("ENTRY", "SIGNAL", opened.side, opened.entry_hedge_bp)


def _exit_cause(position: PositionEntry, now: Situation) -> Cause | None:
    """Why the open position is closed, the most urgent reason first."""
    value = value_e4(now.closes_e4, position.entry_hedge_bp)
    gain_e4 = (value - position.entry_e4) * position.side
    target_e4 = position.entry_target_distance_e4
    if gain_e4 <= -position.entry_stop_distance_e4:
        return "STOP"
    if target_e4 is not None and gain_e4 >= target_e4:
        return "TARGET"
    if position.wanted != position.side:
        return "SIGNAL"
    if now.max_holding_bars is not None and position.bars_held >= now.max_holding_bars:
        return "MAX_HOLDING"
    return "PHASE_END" if now.phase_ending else None
