"""Moving averages: SMA, EMA, WMA, MACD."""

from __future__ import annotations

from tapeline.strategy.indicators.base import IndicatorBar, WindowIndicator, price_index
from tapeline.strategy.indicators.windows import SumWindow, WeightedSumWindow

SEEDS = ("sma", "first")
"""How an exponential average starts: from the mean of its first `length` values (TA-Lib's
default), or from the first value alone (TA-Lib's Metastock compatibility)."""


class Sma(WindowIndicator[SumWindow]):
    """Simple moving average.

    Order: total of SumWindow / length.
    """

    __slots__ = ("_length",)
    outputs: tuple[str, ...] = ("sma",)

    def __init__(self, length: int, price: str = "close") -> None:
        super().__init__(SumWindow(length), length, price)
        self._length = length

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        self._window.add(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(sma,) in the input's unit."""
        window = self._window
        return (window.total / self._length,) if window.filled else None


class Wma(WindowIndicator[WeightedSumWindow]):
    """Linearly weighted moving average: weight 1 for the oldest value, `length` for the newest.

    Order: total of WeightedSumWindow / (length * (length + 1) / 2).
    """

    __slots__ = ("_weights",)
    outputs: tuple[str, ...] = ("wma",)

    def __init__(self, length: int, price: str = "close") -> None:
        super().__init__(WeightedSumWindow(length), length, price)
        self._weights = length * (length + 1) / 2

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        self._window.add(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(wma,) in the input's unit."""
        window = self._window
        return (window.total / self._weights,) if window.filled else None


class ExponentialAverage:
    """The recursion below EMA and MACD.

    Order: factor = 2 / (length + 1); average = (x - average) * factor + average.
    Seed sma: sum of the first `length` values, oldest first, / length. Seed first: the first
    value; the recursion runs from the second.
    """

    __slots__ = ("_count", "_factor", "_length", "_seed", "average")

    def __init__(self, length: int, seed: str) -> None:
        assert length >= 2, f"length {length}: use 2 or more"
        assert seed in SEEDS, f"seed {seed!r}: use one of {', '.join(SEEDS)}"
        self._length = length
        self._seed = seed
        self._factor = 2.0 / (length + 1)
        self._count = 0
        """Values taken, up to `length`."""
        self.average = 0.0
        """The average once `ready`; before that the running sum (sma) or the average so far."""

    @property
    def ready(self) -> bool:
        """True from value number `length` on."""
        return self._count == self._length

    def add(self, value: float) -> None:
        """Take the next value."""
        if self._count == self._length:
            self.average = (value - self.average) * self._factor + self.average
        else:
            self._start(value)

    def _start(self, value: float) -> None:
        self._count += 1
        if self._count == 1:
            self.average = value
        elif self._seed == "first":
            self.average = (value - self.average) * self._factor + self.average
        else:
            self.average += value
            if self._count == self._length:
                self.average /= self._length

    def dump(self) -> list[float]:
        """Count and average."""
        return [float(self._count), self.average]

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        count, self.average = state
        self._count = int(count)


class Ema(ExponentialAverage):
    """Exponential moving average; order and seeds as in ExponentialAverage."""

    __slots__ = ("_index", "warmup_bars")
    outputs: tuple[str, ...] = ("ema",)

    def __init__(self, length: int, price: str = "close", seed: str = "sma") -> None:
        super().__init__(length, seed)
        self._index = price_index(price)
        self.warmup_bars = length - 1

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        if self._count == self._length:
            average = self.average
            self.average = (bar[self._index] - average) * self._factor + average
        else:
            self._start(bar[self._index])

    def values(self) -> tuple[float, ...] | None:
        """(ema,) in the input's unit."""
        return (self.average,) if self._count == self._length else None


class Macd:
    """Moving average convergence divergence: fast EMA - slow EMA, and an EMA of it as signal.

    With seed sma the fast average starts so late that both have their first value at the same
    bar, as in TA-Lib: its seed is the mean of the `fast` values up to bar number `slow`.

    Order: macd = fast - slow; signal takes macd from bar number `slow` on;
    histogram = macd - signal.
    """

    __slots__ = ("_fast", "_fast_delay", "_index", "_macd", "_signal", "_skipped", "_slow",
                 "warmup_bars")  # fmt: skip
    outputs: tuple[str, ...] = ("macd", "signal", "histogram")

    def __init__(
        self, fast: int, slow: int, signal: int, price: str = "close", seed: str = "sma"
    ) -> None:
        assert fast < slow, f"fast {fast} must be below slow {slow}"
        self._index = price_index(price)
        self._fast = ExponentialAverage(fast, seed)
        self._slow = ExponentialAverage(slow, seed)
        self._signal = ExponentialAverage(signal, seed)
        self._macd = 0.0
        self._fast_delay = slow - fast if seed == "sma" else 0
        self._skipped = 0
        """Bars the fast average has let pass, up to the delay."""
        self.warmup_bars = (slow - 1) + (signal - 1)

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        value = bar[self._index]
        self._slow.add(value)
        if self._skipped < self._fast_delay:
            self._skipped += 1
        else:
            self._fast.add(value)
        if self._slow.ready:
            self._macd = self._fast.average - self._slow.average
            self._signal.add(self._macd)

    def values(self) -> tuple[float, ...] | None:
        """(macd, signal, histogram) in the input's unit."""
        if not self._signal.ready:
            return None
        signal = self._signal.average
        return (self._macd, signal, self._macd - signal)

    def dump(self) -> list[float]:
        """Bars skipped, macd, then the fast, slow and signal averages."""
        head = [float(self._skipped), self._macd]
        return head + self._fast.dump() + self._slow.dump() + self._signal.dump()

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        self._skipped = int(state[0])
        self._macd = state[1]
        self._fast.restore(state[2:4])
        self._slow.restore(state[4:6])
        self._signal.restore(state[6:8])
