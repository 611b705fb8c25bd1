"""How many shares: the risk per trade first, then every cap, exact and in one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tapeline.contracts.messages import Order
from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.market.instrument import Instrument
from tapeline.risk.limits import RiskBudget
from tapeline.risk.risk_manager.state import Exposure


@dataclass(frozen=True)
class SizingInput:
    """What the size of an entry depends on; lists are by leg."""

    order: Order
    budget: RiskBudget
    exposure: Exposure
    instruments: tuple[Instrument, ...]
    prices_e4: tuple[int, ...]
    """Price at which each leg counts against the caps, 1/10,000 rupee."""


class Cap(NamedTuple):
    """Most shares of the first leg that one rule lets pass."""

    reason: Reason
    first_qty: int


class Size(NamedTuple):
    """Quantities of the legs, and the rule that bound them."""

    qtys: tuple[int, ...]
    binding: Reason


def size(given: SizingInput) -> Size:
    """Quantities of an entry: the smallest cap, legs in their ratio, rounded down to lots.

    Each leg has floor(first leg x weight) shares, so no rounding can break a cap. The first of the
    rules with the smallest result binds, in the order of `caps`.
    """
    binding = min(caps(given), key=lambda cap: cap.first_qty)
    first = _to_lot(max(0, binding.first_qty), given.instruments[0].lot)
    rest = (
        _to_lot(first * leg.weight_bp // BP, instrument.lot)
        for leg, instrument in zip(given.order.legs[1:], given.instruments[1:], strict=True)
    )
    return Size((first, *rest), binding.reason)


def caps(given: SizingInput) -> list[Cap]:
    """Every rule's most shares of the first leg, in the order in which ties are named."""
    order, budget, held = given.order, given.budget, given.exposure
    limits = budget.sizing
    found = [Cap(Reason.RISK_BELOW_LOT, risk_qty(order, budget))]
    legs = zip(order.legs, given.instruments, given.prices_e4, strict=True)
    per_first_bp = 0
    for n, (leg, instrument, price_e4) in enumerate(legs):
        weight_bp = leg.weight_bp if n else BP
        per_first_bp += weight_bp * price_e4
        room_qty = limits.max_symbol_qty - held.symbol_qty[leg.symbol]
        room_e4 = limits.max_symbol_notional_e4 - held.symbol_e4[leg.symbol]
        found += [
            Cap(Reason.SYMBOL_QTY_CAP, _first_leg(room_qty, weight_bp)),
            Cap(Reason.SYMBOL_NOTIONAL_CAP, _first_leg(room_e4 // price_e4, weight_bp)),
            Cap(Reason.FREEZE_QTY, _first_leg(instrument.freeze_qty, weight_bp)),
        ]
    bucket_e4 = budget.bucket_cap_e4(order.bucket) - held.bucket_e4[order.bucket]
    gross_e4 = budget.gross_cap_e4 - held.gross_e4
    return [
        *found,
        Cap(Reason.BUCKET_CAP, bucket_e4 * BP // per_first_bp),
        Cap(Reason.LEVERAGE_CAP, gross_e4 * BP // per_first_bp),
    ]


def risk_qty(order: Order, budget: RiskBudget) -> int:
    """Shares whose loss at the stop is the risk of the trade, scaled by confidence:
    floor(risk x max(confidence, floor) / stop distance of the first leg)."""
    limits = budget.sizing
    confidence_bp = max(order.extra.signal.confidence_bp, limits.confidence_floor_bp)
    stop_e4 = order.legs[0].stop_distance_e4
    assert stop_e4 is not None
    return limits.risk_per_trade_e4 * confidence_bp // BP // stop_e4


def _first_leg(qty: int, weight_bp: int) -> int:
    """Most shares of the first leg for which a leg of this weight stays at or below `qty`."""
    return ((qty + 1) * BP - 1) // weight_bp


def _to_lot(qty: int, lot: int) -> int:
    return qty // lot * lot
