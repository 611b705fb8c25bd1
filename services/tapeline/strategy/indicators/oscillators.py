"""Wilder's oscillators: RSI and ADX with its direction lines.

Source: J. Welles Wilder, "New Concepts in Technical Trading Systems" (1978), without the
rounding to integers that the book's hand calculation does; the same choice as TA-Lib.
"""

from __future__ import annotations

from tapeline.strategy.indicators.base import IndicatorBar, price_index
from tapeline.strategy.indicators.volatility import true_range


class Rsi:
    """Relative strength index, 0 to 100; 0.0 when prices have never moved (as TA-Lib).

    Order, per bar: change = x - previous; loss *= (length - 1); gain *= (length - 1); then
    loss -= change when change < 0, else gain += change; loss /= length; gain /= length;
    rsi = 100 * (gain / (gain + loss)). Seed sma: sums of the first `length` changes / length.
    """

    __slots__ = ("_count", "_gain", "_index", "_length", "_loss", "_previous", "_rest",
                 "warmup_bars")  # fmt: skip
    outputs: tuple[str, ...] = ("rsi",)

    def __init__(self, length: int, price: str = "close") -> None:
        assert length >= 2, f"length {length}: use 2 or more"
        self._index = price_index(price)
        self._length = length
        self._rest = length - 1
        self._count = 0
        """Bars taken, up to length + 1."""
        self._previous = 0.0
        self._gain = 0.0
        self._loss = 0.0
        self.warmup_bars = length

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        value = bar[self._index]
        if self._count <= self._length:
            self._start(value)
            return
        change = value - self._previous
        self._previous = value
        if change < 0.0:
            self._loss = (self._loss * self._rest - change) / self._length
            self._gain = self._gain * self._rest / self._length
        else:
            self._loss = self._loss * self._rest / self._length
            self._gain = (self._gain * self._rest + change) / self._length

    def _start(self, value: float) -> None:
        if self._count > 0:
            change = value - self._previous
            if change < 0.0:
                self._loss -= change
            else:
                self._gain += change
        self._previous = value
        self._count += 1
        if self._count > self._length:
            self._loss /= self._length
            self._gain /= self._length

    def values(self) -> tuple[float, ...] | None:
        """(rsi,)."""
        if self._count <= self._length:
            return None
        movement = self._gain + self._loss
        return (100.0 * (self._gain / movement) if movement > 0.0 else 0.0,)

    def dump(self) -> list[float]:
        """Count, previous value, average gain and loss."""
        return [float(self._count), self._previous, self._gain, self._loss]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        count, self._previous, self._gain, self._loss = state
        self._count = int(count)


class Adx:
    """Average directional index and the direction lines +DI and -DI, each 0 to 100.

    Order, per bar: up = high - previous high; down = previous low - low; each of the three Wilder
    sums (minus, plus, range) has s -= s / length, then takes its part: minus += down when
    down > 0 and up < down, else plus += up when up > 0 and up > down; range += true range.
    plus_di = 100 * (plus / range), minus_di likewise,
    dx = 100 * (|minus_di - plus_di| / (minus_di + plus_di)),
    adx = (adx * (length - 1) + dx) / length.

    Seed wilder_sum: the sums of the first length - 1 bars' parts; the reduction starts after
    that. ADX starts as the mean of the first `length` dx. A range or a sum of the lines that is
    zero leaves adx as it was and gives lines of 0.0; constant prices give (0.0, 0.0, 0.0).
    """

    __slots__ = ("_adx", "_close", "_count", "_high", "_length", "_low", "_minus", "_plus",
                 "_range", "warmup_bars")  # fmt: skip
    outputs: tuple[str, ...] = ("adx", "plus_di", "minus_di")

    def __init__(self, length: int) -> None:
        assert length >= 2, f"length {length}: use 2 or more"
        self._length = length
        self._count = 0
        """Bars taken, up to 2 * length."""
        self._high = self._low = self._close = 0.0
        self._minus = self._plus = self._range = 0.0
        self._adx = 0.0
        """The index; before the first value the running sum of dx."""
        self.warmup_bars = 2 * length - 1

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        count = self._count
        if count > 0:
            if count >= self._length:
                self._reduce()
            self._take(bar)
            if count >= self._length:
                self._smooth()
        self._high = bar.high
        self._low = bar.low
        self._close = bar.close
        if count < 2 * self._length:
            self._count = count + 1

    def _reduce(self) -> None:
        length = self._length
        self._minus -= self._minus / length
        self._plus -= self._plus / length
        self._range -= self._range / length

    def _take(self, bar: IndicatorBar) -> None:
        up = bar.high - self._high
        down = self._low - bar.low
        if down > 0.0 and up < down:
            self._minus += down
        elif up > 0.0 and up > down:
            self._plus += up
        self._range += true_range(bar, self._close)

    def _lines(self) -> tuple[float, float]:
        if self._range == 0.0:
            return (0.0, 0.0)
        return (100.0 * (self._plus / self._range), 100.0 * (self._minus / self._range))

    def _smooth(self) -> None:
        plus, minus = self._lines()
        both = minus + plus
        length = self._length
        if both > 0.0:
            index = 100.0 * (abs(minus - plus) / both)
            if self._count < 2 * length:
                self._adx += index
            else:
                self._adx = (self._adx * (length - 1) + index) / length
        if self._count == 2 * length - 1:
            self._adx /= length

    def values(self) -> tuple[float, ...] | None:
        """(adx, plus_di, minus_di)."""
        if self._count < 2 * self._length:
            return None
        plus, minus = self._lines()
        return (self._adx, plus, minus)

    def dump(self) -> list[float]:
        """Count, previous high, low, close, the Wilder sums, the index."""
        return [
            float(self._count),
            self._high,
            self._low,
            self._close,
            self._minus,
            self._plus,
            self._range,
            self._adx,
        ]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        count, self._high, self._low, self._close = state[:4]
        self._minus, self._plus, self._range, self._adx = state[4:]
        self._count = int(count)
