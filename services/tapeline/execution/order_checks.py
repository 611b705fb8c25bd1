"""Whether an exchange would take an order: one ordered chain of checks for every gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, Phase


class CheckedOrder(Protocol):
    """What the checks read of an order; LiveOrder and the gateways' own entries have it."""

    @property
    def side(self) -> str:
        """BUY or SELL."""
        ...

    @property
    def order_type(self) -> str:
        """LIMIT, MARKET, SL or SL-M."""
        ...

    @property
    def qty(self) -> int:
        """Shares."""
        ...

    @property
    def limit_price_e4(self) -> int | None:
        """Limit, or the protection price of a market order, 1/10,000 rupee."""
        ...

    @property
    def trigger_price_e4(self) -> int | None:
        """Trigger of SL and SL-M, 1/10,000 rupee."""
        ...


class Refusal(NamedTuple):
    """Why an order is refused."""

    reason: Reason
    message: str
    """One sentence with the numbers that decided."""


def check_order(
    order: CheckedOrder,
    instrument: Instrument | None,
    phase: Phase | None,
    last_price_e4: int | None = None,
) -> Refusal | None:
    """First check that an order fails, None when the exchange would take it.

    Args:
        order: As sent by the OMS.
        instrument: None when the symbol is not of this session.
        phase: Market phase of the instrument's class now, None when closed.
        last_price_e4: Last traded price, 1/10,000 rupee; None skips the check of the trigger.
    """
    if instrument is None:
        return Refusal(Reason.UNKNOWN_SYMBOL, "the symbol is not among the session's symbols")
    refusal = _phase(order, phase)
    if refusal:
        return refusal
    for check in CHECKS:
        refusal = check(order, instrument)
        if refusal:
            return refusal
    return _trigger_not_passed(order, last_price_e4)


def price_band(instrument: Instrument) -> tuple[int, int]:
    """Lowest and highest price on the tick grid inside the day's band, 1/10,000 rupee."""
    low = -(-instrument.prev_close_e4 * (BP - instrument.band_bp) // BP)
    high = instrument.prev_close_e4 * (BP + instrument.band_bp) // BP
    smallest = instrument.tick_e4(0)
    return (
        max(smallest, instrument.round_price(low, up=True)),
        instrument.round_price(high, up=False),
    )


def _phase(order: CheckedOrder, phase: Phase | None) -> Refusal | None:
    name = phase.name if phase else "closed"
    if name == CONTINUOUS:
        return None
    if name != CLOSING_AUCTION:
        return Refusal(Reason.PHASE_CLOSED, f"the market is {name}")
    # The closing auction takes no stop-loss and no iceberg orders, and market orders only in its
    # first minutes, which the calendar does not tell apart (SEBI circular of 2026-01-16,
    # HO/47/11/11(3)2025-MRD-POD2/I/2765/2026).
    if order.order_type != "LIMIT":
        return Refusal(Reason.ORDER_TYPE, f"{order.order_type} in the closing auction")
    return None


def _tradable(order: CheckedOrder, instrument: Instrument) -> Refusal | None:
    del order
    if instrument.instrument_class == "index":
        return Refusal(Reason.NOT_TRADABLE, f"{instrument.symbol} is an index")
    return None


def _quantity(order: CheckedOrder, instrument: Instrument) -> Refusal | None:
    if order.qty <= 0:
        return Refusal(Reason.QTY_NOT_POSITIVE, f"quantity {order.qty}")
    if order.qty % instrument.lot:
        return Refusal(Reason.LOT, f"quantity {order.qty}, lot {instrument.lot}")
    if order.qty > instrument.freeze_qty:
        return Refusal(
            Reason.FREEZE_QTY_EXCEEDED, f"quantity {order.qty}, at most {instrument.freeze_qty}"
        )
    return None


def _prices_fit_type(order: CheckedOrder, instrument: Instrument) -> Refusal | None:
    del instrument
    limit, trigger = order.limit_price_e4, order.trigger_price_e4
    if order.order_type in ("LIMIT", "SL") and limit is None:
        return Refusal(Reason.ORDER_PRICES, f"{order.order_type} without a limit price")
    if order.order_type in ("SL", "SL-M") and trigger is None:
        return Refusal(Reason.ORDER_PRICES, f"{order.order_type} without a trigger price")
    if order.order_type in ("LIMIT", "MARKET") and trigger is not None:
        return Refusal(Reason.ORDER_PRICES, f"{order.order_type} with a trigger price")
    if limit is not None and trigger is not None:
        beyond = limit < trigger if order.side == "BUY" else limit > trigger
        if beyond:
            return Refusal(
                Reason.ORDER_PRICES, f"{order.side} limit {limit}, trigger {trigger} beyond it"
            )
    return None


def _tick_grid(order: CheckedOrder, instrument: Instrument) -> Refusal | None:
    for price in (order.limit_price_e4, order.trigger_price_e4):
        if price is not None and price % instrument.tick_e4(price):
            tick = instrument.tick_e4(price)
            return Refusal(Reason.TICK_GRID, f"price {price}, tick size {tick}")
    return None


def _inside_band(order: CheckedOrder, instrument: Instrument) -> Refusal | None:
    low, high = price_band(instrument)
    for price in (order.limit_price_e4, order.trigger_price_e4):
        if price is not None and not low <= price <= high:
            return Refusal(Reason.PRICE_BAND, f"price {price}, band {low} to {high}")
    return None


def _trigger_not_passed(order: CheckedOrder, last_price_e4: int | None) -> Refusal | None:
    trigger = order.trigger_price_e4
    if trigger is None or last_price_e4 is None:
        return None
    if trigger_reached(order.side, trigger, last_price_e4):
        return Refusal(
            Reason.TRIGGER_PASSED, f"{order.side} trigger {trigger}, last price {last_price_e4}"
        )
    return None


def trigger_reached(side: str, trigger_e4: int, last_price_e4: int) -> bool:
    """True when a last price sets off a stop order: at or beyond its trigger."""
    return last_price_e4 >= trigger_e4 if side == "BUY" else last_price_e4 <= trigger_e4


Check = Callable[[CheckedOrder, Instrument], Refusal | None]

CHECKS: tuple[Check, ...] = (_tradable, _quantity, _prices_fit_type, _tick_grid, _inside_band)
"""In this order: the first refusal is the one reported."""
