"""EXIT: a strategy's present position, never more."""

from __future__ import annotations

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Leg
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import Position
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, Phase
from tapeline.risk.risk_manager.decision import Case, on_grid
from tapeline.risk.risk_manager.hours import phase_at
from tapeline.risk.risk_manager.settings import Settings
from tapeline.risk.risk_manager.state import State
from tapeline.runner.stage import Output


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


def _approved(case: Case, legs: tuple[Leg, ...]) -> Output:
    expires_ns = case.now_ns + case.state.budget.flight.exit_expiry_s * SECOND_NS
    if case.order.expires_ns is not None:
        expires_ns = min(expires_ns, case.order.expires_ns)
    sized = replace(case.order, legs=legs, expires_ns=expires_ns)
    prices_e4 = tuple(leg.reference_price_e4 for leg in legs)
    return case.approved(sized, prices_e4, expires_ns)
