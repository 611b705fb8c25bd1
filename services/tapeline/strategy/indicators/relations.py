"""A value against others: z-score, VWAP, correlation and hedge ratio of a pair."""

from __future__ import annotations

from math import sqrt
from typing import NoReturn

from tapeline.strategy.indicators.base import IndicatorBar, WindowIndicator
from tapeline.strategy.indicators.windows import ComomentWindow, MomentWindow

RESIDUAL_SHARE_MIN = 1e-12
"""Below this share of the first series' variance the regression residual is rounding noise:
float64 leaves about 1e-16 * length of it where the two series move exactly as one."""


class ZScore(WindowIndicator[MomentWindow]):
    """Distance of the latest value from its rolling mean, in population standard deviations.

    Order: (x - mean) / sqrt(squares / length), from MomentWindow; 0.0 on constant prices.
    """

    __slots__ = ("_length",)
    outputs: tuple[str, ...] = ("zscore",)

    def __init__(self, length: int, price: str = "close") -> None:
        super().__init__(MomentWindow(length), length, price)
        self._length = length

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        self._window.add(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(zscore,)."""
        window = self._window
        if not window.filled:
            return None
        deviation = sqrt(window.squares / self._length)
        if deviation == 0.0:
            return (0.0,)
        return ((window.latest[0] - window.mean) / deviation,)


class Vwap:
    """Volume-weighted average price since the first bar of the trading day.

    Order, per bar: typical = ((high + low) + close) / 3; turnover += typical * volume;
    shares += volume; vwap = turnover / shares. Both sums restart at the first bar of another
    day. Bars without volume (an index, or no trade) add nothing; None while the day's volume is
    zero, so an index never has a value.
    """

    __slots__ = ("_day", "_shares", "_turnover", "warmup_bars")
    outputs: tuple[str, ...] = ("vwap",)

    def __init__(self) -> None:
        self._day = -1
        """Trading day of the sums; -1 before the first bar."""
        self._turnover = 0.0
        self._shares = 0.0
        self.warmup_bars = 0

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        if bar.day != self._day:
            self._day = bar.day
            self._turnover = 0.0
            self._shares = 0.0
        volume = bar.volume
        if volume is not None:
            self._turnover += ((bar.high + bar.low) + bar.close) / 3.0 * volume
            self._shares += volume

    def values(self) -> tuple[float, ...] | None:
        """(vwap,) in rupees; None while the day has no volume."""
        return (self._turnover / self._shares,) if self._shares > 0.0 else None

    def dump(self) -> list[float]:
        """Day, turnover, shares."""
        return [float(self._day), self._turnover, self._shares]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        day, self._turnover, self._shares = state
        self._day = int(day)


class PairWindowIndicator(WindowIndicator[ComomentWindow]):
    """What correlation and hedge ratio share: a window of pairs of one price of two symbols."""

    __slots__ = ("_length",)

    def __init__(self, length: int, price: str = "close") -> None:
        super().__init__(ComomentWindow(length), length, price)
        self._length = length

    def update(self, bar: IndicatorBar) -> NoReturn:  # noqa: ARG002 - the protocol's signature
        """Refuse a single bar.

        Raises:
            TypeError: always; a pair needs update_pair.
        """
        raise TypeError(f"{type(self).__name__} follows two symbols: call update_pair")

    def update_pair(self, first: IndicatorBar, second: IndicatorBar) -> None:
        """Take the next bars of both symbols; they cover the same window."""
        self._window.add(first[self._index], second[self._index])


class Correlation(PairWindowIndicator):
    """Pearson correlation of two price series, -1 to 1; 0.0 when either is constant (as TA-Lib).

    Order: products / (sqrt(squares_x) * sqrt(squares_y)) from ComomentWindow, cut to [-1, 1].
    """

    __slots__ = ()
    outputs: tuple[str, ...] = ("correlation",)

    def values(self) -> tuple[float, ...] | None:
        """(correlation,)."""
        window = self._window
        if not window.filled:
            return None
        spread = sqrt(window.squares_x) * sqrt(window.squares_y)
        if spread == 0.0:
            return (0.0,)
        return (max(-1.0, min(1.0, window.products / spread)),)


class HedgeRatio(PairWindowIndicator):
    """Least-squares line first = intercept + hedge_ratio * second, and the latest bar's distance
    from it.

    Order, from ComomentWindow with x = first, y = second: ratio = products / squares_y;
    intercept = mean_x - ratio * mean_y;
    residual = (first - mean_x) - ratio * (second - mean_y);
    variance = (squares_x - ratio * products) / length; zscore = residual / sqrt(variance).

    A constant second series gives a ratio of 0.0. The z-score is 0.0 when the residuals vanish
    (below RESIDUAL_SHARE_MIN of the first series' variance): the line explains everything.
    """

    __slots__ = ()
    outputs: tuple[str, ...] = ("hedge_ratio", "intercept", "residual", "zscore")

    def values(self) -> tuple[float, ...] | None:
        """(hedge_ratio, intercept, residual, zscore): shares of second per share of first,
        rupees, rupees, population standard deviations of the window's residuals."""
        window = self._window
        if not window.filled:
            return None
        ratio = window.products / window.squares_y if window.squares_y > 0.0 else 0.0
        first, second = window.latest
        residual = (first - window.mean_x) - ratio * (second - window.mean_y)
        unexplained = window.squares_x - ratio * window.products
        if unexplained <= RESIDUAL_SHARE_MIN * window.squares_x:
            zscore = 0.0
        else:
            zscore = residual / sqrt(unexplained / self._length)
        return (ratio, window.mean_x - ratio * window.mean_y, residual, zscore)
