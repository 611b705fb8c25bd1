"""Exits that no strategy sends: the square-off, and those of positions that are not wanted."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from tapeline.contracts import ids
from tapeline.contracts.clock import SECOND_NS, ist_day
from tapeline.contracts.messages import Extra, Leg, Order, Signal
from tapeline.contracts.money import BP
from tapeline.contracts.states.risk_manager import Position, Timer
from tapeline.market.phases import CONTINUOUS
from tapeline.risk.risk_manager.decision import Case
from tapeline.risk.risk_manager.exit import decide_exit, exit_qty, reducing_side
from tapeline.risk.risk_manager.hours import next_continuous_ns, phase_at, squaring_off
from tapeline.risk.risk_manager.settings import STAGE, Settings
from tapeline.risk.risk_manager.state import State
from tapeline.risk.risk_manager.wanted import is_unwanted
from tapeline.runner.stage import Output

SQUARE_OFF = "square_off"
"""Strategy that the signal of a square-off order names; the order itself names the one that holds
the position, so that positions go to zero strategy by strategy."""
REPEATED_EXIT = "repeated_exit"
"""The same for the exit of a position that its strategy does not want; its cause is the cause of
the exit that it repeats."""


class _Due(NamedTuple):
    position: Position
    why: str
    cause: str


def own_exits(state: State, now_ns: int, settings: Settings) -> list[Output]:
    """Exits that are due by now, at most `orders_per_s` at a time; what waits follows in a second.

    First the square-off of intraday positions, then positions that their strategies do not want.
    """
    state.prune(now_ns)
    due = {
        (p.strategy, p.symbol): _Due(p, SQUARE_OFF, "PHASE_END")
        for p in state.positions()
        if _to_square_off(state, p, now_ns, settings)
    }
    for repeated in _repeated(state, now_ns, settings):
        due.setdefault((repeated.position.strategy, repeated.position.symbol), repeated)
    batch = list(due.values())[: state.budget.square_off.orders_per_s]
    unwanted = sum(is_unwanted(state, wanted) for wanted in state.to_look_at())
    outputs = [_sent(state, one, number, now_ns, settings) for number, one in enumerate(batch)]
    state.put(
        "timer",
        Timer(
            done_ns=now_ns,
            again_ns=now_ns + SECOND_NS if len(due) > len(batch) else None,
            emitted=state.timer.emitted + len(batch),
            unwanted=unwanted,
        ),
    )
    return outputs


def _sent(state: State, due: _Due, number: int, now_ns: int, settings: Settings) -> Output:
    """The exit of a position; it is looked at again when that could have died."""
    position = due.position
    wanted = state.wanted(position.strategy, position.symbol)
    if wanted is not None and is_unwanted(state, wanted):
        again_ns = now_ns + state.budget.flight.repeat_s * SECOND_NS
        state.put_wanted(replace(wanted, sent_ns=now_ns, again_ns=again_ns))
    owner = (position.strategy, position.symbol)
    at = (ist_day(now_ns), state.timer.emitted + number)
    intent_id = ids.derive(settings.session, STAGE, due.why, *owner, *at)
    order = _order(state, due, now_ns, intent_id)
    return decide_exit(Case(order, now_ns, state, settings))


def _to_square_off(state: State, position: Position, now_ns: int, settings: Settings) -> bool:
    symbol = position.symbol
    if position.product != "MIS" or symbol not in settings.instruments:
        return False
    if not squaring_off(settings.square_off_ns[symbol], now_ns):
        return False
    if not _trades(symbol, now_ns, settings):
        return False
    return exit_qty(state, position, settings) > 0


def _trades(symbol: str, now_ns: int, settings: Settings) -> bool:
    phase = phase_at(settings.phases[symbol], now_ns)
    return phase is not None and phase.name == CONTINUOUS


def _repeated(state: State, now_ns: int, settings: Settings) -> list[_Due]:
    """Positions that are not wanted and that no exit in flight covers; the others get the time of
    their next look."""
    found = []
    for wanted in state.to_look_at():
        assert wanted.again_ns is not None
        if wanted.again_ns > now_ns:
            continue
        position = state.position(wanted.strategy, wanted.symbol)
        known = wanted.symbol in settings.instruments
        if position is None or not known or not is_unwanted(state, wanted):
            state.put_wanted(replace(wanted, again_ns=None))
        elif not _trades(wanted.symbol, now_ns, settings):
            opens_ns = next_continuous_ns(settings.phases[wanted.symbol], now_ns)
            state.put_wanted(replace(wanted, again_ns=opens_ns))
        elif _flies(state, position):
            again_ns = now_ns + state.budget.flight.repeat_s * SECOND_NS
            state.put_wanted(replace(wanted, again_ns=again_ns))
        else:
            found.append(_Due(position, REPEATED_EXIT, wanted.cause))
    return found


def _flies(state: State, position: Position) -> bool:
    """True while any exit of the position is in flight: the OMS would take one for the rest as one
    for the whole, and leave out what the first covers."""
    side = reducing_side(position)
    assert side is not None
    return state.in_flight("EXIT", position.strategy, position.symbol, side) > 0


def _order(state: State, due: _Due, now_ns: int, intent_id: str) -> Order:
    """A market order that a strategy could have sent; its signal points at the mark's bar."""
    position = due.position
    mark = state.mark(position.symbol)
    side = reducing_side(position)
    assert mark is not None
    assert side is not None
    signal = Signal(
        strategy=due.why,
        version="1",
        tf="1s",
        symbol=position.symbol,
        bar_start_ns=mark.start_ns,
        bar_rev=mark.rev,
        indicators={},
        votes={},
        confidence_bp=BP,
        cause=due.cause,  # type: ignore[arg-type]
    )
    leg = Leg(
        symbol=position.symbol,
        side=side,  # type: ignore[arg-type]
        weight_bp=BP,
        qty=None,
        order_type="MARKET",
        limit_price_e4=None,
        trigger_price_e4=None,
        reference_price_e4=mark.price_e4,
        stop_distance_e4=None,
        target_distance_e4=None,
    )
    return Order(
        at_ns=now_ns,
        intent_id=intent_id,
        strategy=position.strategy,
        bucket=position.bucket,
        action="EXIT",
        product=position.product,
        legs=(leg,),
        expires_ns=now_ns + state.budget.flight.exit_expiry_s * SECOND_NS,
        leg_timeout_ms=None,
        extra=Extra(signal=signal),
    )
