"""Protected prices: a limit that makes a market order safe to send."""

from __future__ import annotations

from tapeline.contracts.money import BP
from tapeline.market.instrument import Instrument


def protected_price_e4(
    instrument: Instrument, side: str, reference_e4: int, allowance_bp: int
) -> int:
    """Worst price at which an order may trade, on the tick grid.

    Since 2026-04-01 brokers refuse MARKET and SL-M orders over an API without market protection
    (NSE/INVG/67858); with protection they become LIMIT orders at such a price.

    Args:
        instrument: gives the tick grid and the day's price band.
        side: BUY allows a higher price than the reference, SELL a lower one.
        reference_e4: last known price, 1/10,000 rupee.
        allowance_bp: distance from the reference, basis points.

    Returns:
        1/10,000 rupee, inside the price band when the reference is.
    """
    buys = side == "BUY"
    distance = reference_e4 * allowance_bp // BP
    price = reference_e4 + distance if buys else max(reference_e4 - distance, 1)
    band = instrument.prev_close_e4 * instrument.band_bp // BP
    low, high = instrument.prev_close_e4 - band, instrument.prev_close_e4 + band
    if low <= reference_e4 <= high:
        price = min(max(price, low), high)
    outward = instrument.round_price(price, up=buys)
    if low <= outward <= high or not low <= reference_e4 <= high:
        return max(outward, instrument.tick_e4(price))
    return instrument.round_price(price, up=not buys)
