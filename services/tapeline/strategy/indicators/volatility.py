"""Ranges and bands: true range, ATR, standard deviation, Bollinger, Donchian, Supertrend."""

from __future__ import annotations

from math import sqrt

from tapeline.strategy.indicators.base import IndicatorBar, WindowIndicator
from tapeline.strategy.indicators.windows import ExtremeWindow, MomentWindow

UP = 1.0
DOWN = -1.0


def true_range(bar: IndicatorBar, previous_close: float) -> float:
    """The bar's range together with the gap from the previous close, rupees.

    The same number as the largest of Wilder's three differences; comparisons are exact, so that
    one subtraction is the only rounding.
    """
    top = bar.high
    bottom = bar.low
    if previous_close > top:
        top = previous_close
    elif previous_close < bottom:
        bottom = previous_close
    return top - bottom


class TrueRange:
    """True range of the latest bar; needs the close before it."""

    __slots__ = ("_close", "_count", "_range", "warmup_bars")
    outputs: tuple[str, ...] = ("true_range",)

    def __init__(self) -> None:
        self._count = 0
        """Bars taken, up to 2."""
        self._close = 0.0
        self._range = 0.0
        self.warmup_bars = 1

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        if self._count > 0:
            self._range = true_range(bar, self._close)
        if self._count < 2:
            self._count += 1
        self._close = bar.close

    def values(self) -> tuple[float, ...] | None:
        """(true_range,) in rupees."""
        return (self._range,) if self._count == 2 else None

    def dump(self) -> list[float]:
        """Count, previous close, range."""
        return [float(self._count), self._close, self._range]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        count, self._close, self._range = state
        self._count = int(count)


class Atr:
    """Average true range (Wilder).

    Order: atr = (atr * (length - 1) + range) / length. Seed sma: the sum of the first `length`
    true ranges (from the second bar on), oldest first, / length.
    """

    __slots__ = ("_close", "_count", "_length", "_rest", "average", "warmup_bars")
    outputs: tuple[str, ...] = ("atr",)

    def __init__(self, length: int) -> None:
        assert length >= 2, f"length {length}: use 2 or more"
        self._length = length
        self._rest = length - 1
        self._count = 0
        """Bars taken, up to length + 1."""
        self._close = 0.0
        self.average = 0.0
        """The average once `ready`, rupees; before that the running sum."""
        self.warmup_bars = length

    @property
    def ready(self) -> bool:
        """True from bar number length + 1 on."""
        return self._count > self._length

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        if self._count > self._length:
            widest = true_range(bar, self._close)
            self.average = (self.average * self._rest + widest) / self._length
        else:
            self._start(bar)
        self._close = bar.close

    def _start(self, bar: IndicatorBar) -> None:
        if self._count > 0:
            self.average += true_range(bar, self._close)
        self._count += 1
        if self._count > self._length:
            self.average /= self._length

    def values(self) -> tuple[float, ...] | None:
        """(atr,) in rupees."""
        return (self.average,) if self._count > self._length else None

    def dump(self) -> list[float]:
        """Count, previous close, average."""
        return [float(self._count), self._close, self.average]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        count, self._close, self.average = state
        self._count = int(count)


class StandardDeviation(WindowIndicator[MomentWindow]):
    """Population standard deviation times `deviations`; 0.0 exactly on constant prices.

    Order: sqrt(squares / length) * deviations, squares from MomentWindow.
    """

    __slots__ = ("_deviations", "_length")
    outputs: tuple[str, ...] = ("standard_deviation",)

    def __init__(self, length: int, deviations: float = 1.0, price: str = "close") -> None:
        super().__init__(MomentWindow(length), length, price)
        self._length = length
        self._deviations = deviations

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        self._window.add(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(standard_deviation,) in the input's unit."""
        window = self._window
        if not window.filled:
            return None
        return (sqrt(window.squares / self._length) * self._deviations,)


class Bollinger(WindowIndicator[MomentWindow]):
    """Bollinger bands: mean, and `deviations` population standard deviations around it.

    Order: width = sqrt(squares / length) * deviations; upper = mean + width;
    lower = mean - width; mean and squares from MomentWindow. On constant prices all three are
    equal.
    """

    __slots__ = ("_deviations", "_length")
    outputs: tuple[str, ...] = ("upper", "middle", "lower")

    def __init__(self, length: int, deviations: float = 2.0, price: str = "close") -> None:
        super().__init__(MomentWindow(length), length, price)
        self._length = length
        self._deviations = deviations

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        self._window.add(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(upper, middle, lower) in the input's unit."""
        window = self._window
        if not window.filled:
            return None
        middle = window.mean
        width = sqrt(window.squares / self._length) * self._deviations
        return (middle + width, middle, middle - width)


class Donchian:
    """Donchian channel: highest high, lowest low, and their middle.

    Args:
        length: bars in the channel.
        lag: 0 = the channel includes the latest bar, so that its close can touch a side but
            never cross it; 1 = the channel of the `length` bars before the latest one, which
            the latest can break out of.

    Order: middle = (upper + lower) / 2.
    """

    __slots__ = ("_bars", "_lag", "_lagged", "_window", "warmup_bars")
    outputs: tuple[str, ...] = ("upper", "middle", "lower")

    def __init__(self, length: int, lag: int = 0) -> None:
        assert lag in {0, 1}, f"lag {lag}: use 0 or 1"
        self._window = ExtremeWindow(length)
        self._lag = lag
        self._lagged = (0.0, 0.0)
        """Sides of the channel one bar ago."""
        self.warmup_bars = length - 1 + lag
        self._bars = 0
        """Bars taken, up to warmup_bars + 1."""

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        window = self._window
        if self._lag:
            self._lagged = (window.highest, window.lowest)
        window.add(bar.high, bar.low)
        if self._bars <= self.warmup_bars:
            self._bars += 1

    def values(self) -> tuple[float, ...] | None:
        """(upper, middle, lower) in rupees."""
        if self._bars <= self.warmup_bars:
            return None
        window = self._window
        upper, lower = self._lagged if self._lag else (window.highest, window.lowest)
        return (upper, (upper + lower) / 2.0, lower)

    def dump(self) -> list[float]:
        """Bars, lagged sides, window."""
        return [float(self._bars), *self._lagged, *self._window.dump()]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        self._bars = int(state[0])
        self._lagged = (state[1], state[2])
        self._window.restore(state[3:])


class Supertrend:
    """Supertrend: a trailing stop at `multiplier` average true ranges, and its direction.

    Order, per bar once ATR is ready: middle = (high + low) / 2; width = multiplier * atr;
    upper = middle + width, which replaces the last upper band only when it is lower or the
    previous close was above the last one; lower = middle - width likewise, mirrored. Direction
    turns up when close > upper, down when close < lower. The first bar counts as down. The value
    is the lower band when up, else the upper band; on constant prices it is the price.
    """

    __slots__ = ("_atr", "_close", "_direction", "_lower", "_multiplier", "_upper", "warmup_bars")
    outputs: tuple[str, ...] = ("supertrend", "direction")

    def __init__(self, length: int, multiplier: float = 3.0) -> None:
        self._atr = Atr(length)
        self._multiplier = multiplier
        self._close = 0.0
        self._upper = 0.0
        self._lower = 0.0
        self._direction = 0.0
        """UP, DOWN, or 0.0 before the first value."""
        self.warmup_bars = length

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        atr = self._atr
        atr.update(bar)
        if atr.ready:
            middle = (bar.high + bar.low) / 2.0
            width = self._multiplier * atr.average
            self._trail(middle + width, middle - width, bar.close)
        self._close = bar.close

    def _trail(self, upper: float, lower: float, close: float) -> None:
        if self._direction == 0.0:
            self._upper = upper
            self._lower = lower
            self._direction = DOWN
            return
        if upper < self._upper or self._close > self._upper:
            self._upper = upper
        if lower > self._lower or self._close < self._lower:
            self._lower = lower
        if self._direction == DOWN and close > self._upper:
            self._direction = UP
        elif self._direction == UP and close < self._lower:
            self._direction = DOWN

    def values(self) -> tuple[float, ...] | None:
        """(supertrend, direction): rupees, and 1.0 for up or -1.0 for down."""
        if self._direction == 0.0:
            return None
        return (self._lower if self._direction == UP else self._upper, self._direction)

    def dump(self) -> list[float]:
        """Previous close, bands, direction, ATR."""
        return [self._close, self._upper, self._lower, self._direction, *self._atr.dump()]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        self._close, self._upper, self._lower, self._direction = state[:4]
        self._atr.restore(state[4:])
