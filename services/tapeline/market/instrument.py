"""What is known of a tradable instrument on one day: tick size, lot, freeze quantity, band."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """One row of configs/tokens.csv with the dated rules that apply on the session's first day."""

    symbol: str
    exchange: str
    """NSE, BSE or NFO."""
    token: int
    """Kite instrument token."""
    instrument_class: str
    """Class of configs/calendars: cash_fno (F&O-listed stock), cash, index, equity_derivative."""
    lot: int
    """Quantities are multiples of this, shares."""
    freeze_qty: int
    """Largest quantity of one order, shares."""
    band_bp: int
    """Price band around the previous close, basis points; orders outside are refused."""
    prev_close_e4: int
    """Previous close, 1/10,000 rupee; the centre of the band and the start of smoke prices."""
    adv_shares: int
    """Average daily volume, shares; smoke derives liquidity from it."""
    tick_table: tuple[tuple[int, int], ...]
    """(price below this, tick size), both 1/10,000 rupee, ascending; the last has a price of
    10**13. Source: configs/charges/ticks.yaml, dated."""

    @property
    def has_volume(self) -> bool:
        """An index has no volume."""
        return self.instrument_class != "index"

    def tick_e4(self, price_e4: int) -> int:
        """Tick size at a price, 1/10,000 rupee."""
        for below, tick in self.tick_table:
            if price_e4 < below:
                return tick
        raise AssertionError(f"no tick size for {self.symbol} at {price_e4}")

    def round_price(self, price_e4: int, *, up: bool) -> int:
        """Nearest price on the tick grid, not below (`up`) or not above `price_e4`."""
        tick = self.tick_e4(price_e4)
        return -(-price_e4 // tick) * tick if up else price_e4 // tick * tick
