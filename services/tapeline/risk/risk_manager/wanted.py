"""What a strategy wants of a symbol since its last exit.

A strategy says once that it wants out, and from then on takes itself for flat: nobody else
remembers it when that exit dies, when its entry is filled after it, or when the order that should
flatten a broken pair is refused.
"""

from __future__ import annotations

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Fill, LiveOrder, Sized
from tapeline.contracts.order_states import OrderEvent
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import Flight, Wanted
from tapeline.risk.risk_manager.state import State

NOT_UNDERSTOOD = (Reason.UNKNOWN_SYMBOL, Reason.BAD_INTENT)
"""An exit that contradicts itself says nothing about what is wanted."""

FILL_WAIT_NS = SECOND_NS
"""A position that appears after its exit is left for this long, since trades come in parts."""


def is_unwanted(state: State, wanted: Wanted) -> bool:
    """True when the strategy holds what it does not want."""
    position = state.position(wanted.strategy, wanted.symbol)
    if position is None or position.net_qty == 0:
        return False
    return wanted.side != ("BUY" if position.net_qty > 0 else "SELL")


def note_decision(state: State, sized: Sized, now_ns: int) -> None:
    """An exit says that nothing is wanted, whatever became of it; an approved entry says more."""
    order, approved = sized.order, sized.decision == "APPROVED"
    if order.action == "ENTRY":
        if approved:
            for leg in order.legs:
                _note_entry(state, order.strategy, leg.symbol, leg.side)
        return
    if sized.reason in NOT_UNDERSTOOD:
        return
    for leg in order.legs:
        before = state.wanted(order.strategy, leg.symbol)
        wanted = Wanted(
            strategy=order.strategy,
            symbol=leg.symbol,
            side=None,
            cause=order.extra.signal.cause,
            sent_ns=now_ns if approved else before.sent_ns if before else 0,
            again_ns=None,
        )
        waits_ns = before.again_ns if before and not approved else None
        if is_unwanted(state, wanted):
            again_ns = waits_ns or now_ns + _repeat_ns(state)
            wanted = replace(wanted, again_ns=again_ns)
        state.put_wanted(wanted)


def note_fill(state: State, fill: Fill, now_ns: int) -> None:
    """A trade that opens what is not wanted: an entry was filled after its exit, or too much was
    exited."""
    wanted = state.wanted(fill.strategy, fill.symbol)
    if wanted is None or wanted.again_ns is not None or not is_unwanted(state, wanted):
        return
    again_ns = max(now_ns + FILL_WAIT_NS, wanted.sent_ns + _repeat_ns(state))
    state.put_wanted(replace(wanted, again_ns=again_ns))


def note_quiet(state: State, flight: Flight | None, now_ns: int) -> None:
    """The orders of an exit have ended: what is left of its position need not wait for longer than
    it takes to land.

    Args:
        flight: with no order open; None is ignored.
    """
    if flight is None or flight.action != "EXIT":
        return
    landed_ns = now_ns + state.budget.flight.settle_s * SECOND_NS
    for leg in flight.legs:
        wanted = state.wanted(flight.strategy, leg.symbol)
        if wanted is not None and wanted.again_ns is not None:
            again_ns = max(landed_ns, wanted.sent_ns + _repeat_ns(state))
            state.put_wanted(replace(wanted, again_ns=again_ns))


def note_flattening(state: State, event: LiveOrder, now_ns: int) -> None:
    """The OMS flattens a leg of a broken pair: the strategy does not know that, and wants nothing
    of it even when the flattening fails."""
    if event.event != OrderEvent.ALLOWED or event.reason != Reason.LEG_RISK:
        return
    wanted = Wanted(
        strategy=event.strategy,
        symbol=event.symbol,
        side=None,
        cause="SIGNAL",
        sent_ns=now_ns,
        again_ns=now_ns + _repeat_ns(state),
    )
    state.put_wanted(wanted)


def _note_entry(state: State, strategy: str, symbol: str, side: str) -> None:
    """From now on a position of the entry's side is wanted; one of the other side, which an exit in
    flight covers, is not."""
    wanted = state.wanted(strategy, symbol)
    if wanted is None:
        return
    wanted = replace(wanted, side=side)
    again_ns = wanted.again_ns if is_unwanted(state, wanted) else None
    state.put_wanted(replace(wanted, again_ns=again_ns))


def _repeat_ns(state: State) -> int:
    return state.budget.flight.repeat_s * SECOND_NS
