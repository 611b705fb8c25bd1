"""The smoke source's book of one symbol: last trade, volume of the day, three levels of depth."""

from __future__ import annotations

import random

from tapeline.contracts.money import BP, E4
from tapeline.ingestion.smoke_market import CONTINUOUS_MIN
from tapeline.market.instrument import Instrument

CRORE_E4 = 10_000_000 * E4
ILLIQUID_TURNOVER_E4 = 50 * CRORE_E4
"""Below 50 crore rupees a day a symbol trades once in 20 to 120 s."""
LIQUID_TURNOVER_E4 = 300 * CRORE_E4
"""From 300 crore rupees a day a symbol has the manifest's ticks_per_s; between, MEDIUM of it."""
MEDIUM = 0.6
ILLIQUID_TICKS_PER_S = 1 / 70
DEPTH_ONLY = 0.15
"""Share of ticks that only change the depth."""
BAND_USED = 0.9
"""Prices stay within this share of the price band, so that the depth does too."""
BAND_DEFAULT_BP = 2_000
"""For an instrument without a band, as an index: 20 %, the market-wide halt."""
LEVELS = 3
DEPTH_TABLE = 64
"""Depth quantities are drawn once, in so many sets."""

Row = tuple[int, int, int, int, int | None, bool, tuple[int, ...], tuple[int, ...]]
"""at_ns, event_ns, price, last quantity, day volume, trade, bids, asks: a tick before it has its
place in the order of receipt. A plain tuple, since half a million are made for a day."""


class SmokeBook:
    """Last trade and depth of a symbol.

    Args:
        instrument: the symbol.
        ticks_per_s: mean rate of a liquid symbol.
        draw: generator of the symbol.
    """

    __slots__ = (
        "_ceiling",
        "_depth_high",
        "_depth_low",
        "_depth_qty",
        "_floor",
        "_grid_high",
        "_grid_low",
        "_mean_lots",
        "_spread",
        "_tick",
        "has_depth",
        "illiquid",
        "instrument",
        "price_e4",
        "qty",
        "ticks_per_s",
        "volume",
    )

    def __init__(self, instrument: Instrument, ticks_per_s: float, draw: random.Random) -> None:
        self.instrument = instrument
        self.has_depth = instrument.has_volume
        turnover_e4 = instrument.adv_shares * instrument.prev_close_e4
        self.illiquid = self.has_depth and turnover_e4 < ILLIQUID_TURNOVER_E4
        liquid = not self.has_depth or turnover_e4 >= LIQUID_TURNOVER_E4
        self._spread = 4 if self.illiquid else 1 if liquid else 2
        self.ticks_per_s = ticks_per_s * (1.0 if liquid else MEDIUM)
        if self.illiquid:
            self.ticks_per_s = ILLIQUID_TICKS_PER_S
        trades = self.ticks_per_s * CONTINUOUS_MIN * 60 * (1.0 - DEPTH_ONLY)
        self._mean_lots = instrument.adv_shares / trades / instrument.lot
        self._depth_qty = [
            tuple(
                instrument.lot * (1 + int(self._mean_lots * (0.3 + 6.0 * draw.random())))
                for _ in range(2 * LEVELS)
            )
            for _ in range(DEPTH_TABLE)
        ]
        band = (instrument.band_bp or BAND_DEFAULT_BP) * BAND_USED / BP
        self._floor = max(1.0, instrument.prev_close_e4 * (1.0 - band))
        self._ceiling = instrument.prev_close_e4 * (1.0 + band)
        self._regrid(instrument.prev_close_e4)
        self.price_e4 = instrument.round_price(instrument.prev_close_e4, up=True)
        self.qty = 0
        self.volume = 0

    def within(self, price: float) -> float:
        """`price`, or the nearest that the band allows."""
        return min(self._ceiling, max(self._floor, price))

    def trade(self, price: float, size: float) -> None:
        """A trade near `price`, and those since the snapshot before; size is a draw in [0, 1)."""
        if not self._grid_low <= price < self._grid_high:
            price = self.within(price)
            self._regrid(int(price))
            # The lowest price of the band may lie between two of the grid.
            price = max(price, self._grid_low)
        self.price_e4 = int(price) // self._tick * self._tick
        lots = 1 + int(self._mean_lots * 3.0 * size * size)
        self.qty = (1 + lots // 3) * self.instrument.lot
        self.volume += lots * self.instrument.lot

    def auction(self, price: float, share: float) -> None:
        """One trade of `share` of a usual day's volume."""
        self.trade(price, 0.0)
        lot = self.instrument.lot
        self.qty = lot * (1 + int(self.instrument.adv_shares * share / lot))
        self.volume += self.qty - lot

    def row(self, at_ns: int, event_ns: int, *, trade: bool, bits: int) -> Row:
        """Snapshot of the book as a tick; bits is a draw of 7 bits that sets side and sizes."""
        price = self.price_e4
        if not self.has_depth:
            return at_ns, event_ns, price, 0, None, trade, (), ()
        tick = self._tick
        wide = self._spread * tick
        bid, ask = (price - wide, price) if bits & 1 else (price, price + wide)
        q0, q1, q2, q3, q4, q5 = self._depth_qty[bits >> 1]
        if self._depth_low < price < self._depth_high:
            return (
                at_ns,
                event_ns,
                price,
                self.qty,
                self.volume,
                trade,
                (bid, q0, bid - tick, q1, bid - 2 * tick, q2),
                (ask, q3, ask + tick, q4, ask + 2 * tick, q5),
            )
        bids = self._side(bid, (q0, q1, q2), up=False)
        asks = self._side(ask, (q3, q4, q5), up=True)
        return at_ns, event_ns, price, self.qty, self.volume, trade, bids, asks

    def _side(self, price_e4: int, quantities: tuple[int, ...], *, up: bool) -> tuple[int, ...]:
        """Depth near a price where the tick size changes: each level on its own grid."""
        levels: list[int] = []
        for quantity in quantities:
            if price_e4 < 1:
                break
            price_e4 = self.instrument.round_price(price_e4, up=up)
            levels += (price_e4, quantity)
            price_e4 += self._tick if up else -self._tick
        return tuple(levels)

    def _regrid(self, price_e4: int) -> None:
        """Takes the tick size that holds at a price, and the prices between which it does."""
        low, below, tick = 0, 0, 1
        for above, size in self.instrument.tick_table:
            low, below, tick = below, above, size
            if price_e4 < above:
                break
        self._tick = tick
        margin = (self._spread + LEVELS) * tick
        self._depth_low, self._depth_high = low + margin, below - margin
        lowest = -(-int(self._floor) // tick) * tick
        self._grid_low = float(max(low, lowest, tick))
        self._grid_high = min(float(below), self._ceiling)
