"""EXIT: a strategy's present position, never more; and the square-off of intraday positions."""

from __future__ import annotations

from msgspec.structs import replace

from tapeline.contracts import ids
from tapeline.contracts.clock import SECOND_NS, ist_day
from tapeline.contracts.messages import Extra, Leg, Order, Signal
from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import Position, Timer
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, Phase
from tapeline.risk.risk_manager.decision import Case, on_grid
from tapeline.risk.risk_manager.hours import phase_at, squaring_off
from tapeline.risk.risk_manager.settings import STAGE, Settings
from tapeline.risk.risk_manager.state import State
from tapeline.runner.stage import Output

SQUARE_OFF = "square_off"
"""Strategy that the signal of a square-off order names; the order itself names the one that holds
the position, so that positions go to zero strategy by strategy."""


def decide_exit(case: Case) -> Output:
    """Approves an exit of what the strategy holds and no exit in flight covers.

    Halts and old prices do not stop an exit, only a market that would not take it. Legs with
    nothing to exit are left out.
    """
    order, settings = case.order, case.settings
    symbols = [leg.symbol for leg in order.legs]
    if any(symbol not in settings.instruments for symbol in symbols):
        return case.rejected(Reason.UNKNOWN_SYMBOL)
    if len(set(symbols)) < len(symbols):
        return case.rejected(Reason.BAD_INTENT)
    for leg in order.legs:
        refused = _untradable(leg, phase_at(settings.phases[leg.symbol], case.now_ns))
        if refused is not None:
            return case.rejected(refused)
    legs = []
    held = 0
    for leg in order.legs:
        position = case.state.position(order.strategy, leg.symbol)
        reducing = position is not None and leg.side == reducing_side(position)
        qty = exit_qty(case.state, position, settings) if position and reducing else 0
        held += abs(position.net_qty) if position and reducing else 0
        if qty:
            legs.append(on_grid(leg, qty, settings))
    case.numbers["held_qty"] = held
    if not legs:
        return case.rejected(Reason.EXIT_IN_FLIGHT if held else Reason.NOTHING_TO_EXIT)
    return _approved(case, tuple(legs))


def _untradable(leg: Leg, phase: Phase | None) -> Reason | None:
    """Why the exchange would not take an exit now: the same rules as execution/order_checks.py,
    which the gateways refuse by. In the closing auction a LIMIT order passes, no other."""
    if phase is None:
        return Reason.MARKET_CLOSED
    if phase.name == CLOSING_AUCTION:
        return None if leg.order_type == "LIMIT" else Reason.ORDER_TYPE
    return None if phase.name == CONTINUOUS else Reason.PHASE_CLOSED


def reducing_side(position: Position) -> str | None:
    """Side that reduces a position; None when it is flat."""
    if position.net_qty == 0:
        return None
    return "SELL" if position.net_qty > 0 else "BUY"


def exit_qty(state: State, position: Position, settings: Settings) -> int:
    """Shares to exit now: the position less what exits in flight cover, at most the exchange's
    freeze quantity (the rest follows with the next exit). Call `state.prune` first."""
    side = reducing_side(position)
    if side is None:
        return 0
    covered = state.in_flight("EXIT", position.strategy, position.symbol, side)
    open_qty = max(0, abs(position.net_qty) - covered)
    return min(open_qty, settings.instruments[position.symbol].freeze_qty)


def square_off(state: State, now_ns: int, settings: Settings) -> list[Output]:
    """Exits of intraday positions whose square-off has begun, at most `orders_per_s` at a time."""
    state.prune(now_ns)
    due = [p for p in state.positions() if _due(state, p, now_ns, settings)]
    limits = state.budget.square_off
    timer = state.timer
    outputs = []
    for n, position in enumerate(due[: limits.orders_per_s]):
        day, number = ist_day(now_ns), timer.emitted + n
        owner = (position.strategy, position.symbol)
        intent_id = ids.derive(settings.session, STAGE, SQUARE_OFF, *owner, day, number)
        order = _square_off_order(state, position, now_ns, intent_id)
        case = Case(order, now_ns, state, settings)
        outputs.append(decide_exit(case))
    waiting = len(due) > len(outputs)
    again_ns = now_ns + SECOND_NS if waiting else None
    state.put(
        "timer", Timer(done_ns=now_ns, again_ns=again_ns, emitted=timer.emitted + len(outputs))
    )
    return outputs


def _approved(case: Case, legs: tuple[Leg, ...]) -> Output:
    expires_ns = case.now_ns + case.state.budget.flight.exit_expiry_s * SECOND_NS
    if case.order.expires_ns is not None:
        expires_ns = min(expires_ns, case.order.expires_ns)
    sized = replace(case.order, legs=legs, expires_ns=expires_ns)
    prices_e4 = tuple(leg.reference_price_e4 for leg in legs)
    return case.approved(sized, prices_e4, expires_ns)


def _due(state: State, position: Position, now_ns: int, settings: Settings) -> bool:
    symbol = position.symbol
    if position.product != "MIS" or symbol not in settings.instruments:
        return False
    if not squaring_off(settings.square_off_ns[symbol], now_ns):
        return False
    phase = phase_at(settings.phases[symbol], now_ns)
    if phase is None or phase.name != CONTINUOUS:
        return False
    return exit_qty(state, position, settings) > 0


def _square_off_order(state: State, position: Position, now_ns: int, intent_id: str) -> Order:
    """A market order that a strategy could have sent; its signal points at the mark's bar."""
    mark = state.mark(position.symbol)
    side = reducing_side(position)
    assert mark is not None
    assert side is not None
    signal = Signal(
        strategy=SQUARE_OFF,
        version="1",
        tf="1s",
        symbol=position.symbol,
        bar_start_ns=mark.start_ns,
        bar_rev=mark.rev,
        indicators={},
        votes={},
        confidence_bp=BP,
        cause="PHASE_END",
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
