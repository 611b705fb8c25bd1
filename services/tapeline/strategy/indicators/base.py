"""What an indicator reads and what it promises."""

from __future__ import annotations

from typing import Final, Generic, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

from tapeline.contracts.clock import ist_day
from tapeline.contracts.messages import Bar
from tapeline.strategy.indicators.windows import Window

E4_PER_RUPEE = 10_000.0

INPUTS = ("open", "high", "low", "close")
"""Prices that an indicator with a single input may read, in the order of IndicatorBar's fields."""


class IndicatorBar(NamedTuple):
    """A bar as indicators see it; made once per bar, read by every indicator of the symbol."""

    open: float
    """First trade, rupees."""
    high: float
    """Highest trade, rupees."""
    low: float
    """Lowest trade, rupees."""
    close: float
    """Last trade, rupees."""
    volume: float | None
    """Shares traded; None for an index."""
    day: int
    """Indian calendar day, days since 1970-01-01."""


def indicator_bar(bar: Bar) -> IndicatorBar:
    """Float view of a bar; each price is one correctly rounded division by 10,000."""
    return IndicatorBar(
        bar.open_e4 / E4_PER_RUPEE,
        bar.high_e4 / E4_PER_RUPEE,
        bar.low_e4 / E4_PER_RUPEE,
        bar.close_e4 / E4_PER_RUPEE,
        None if bar.volume is None else float(bar.volume),
        ist_day(bar.start_ns),
    )


PriceIndex = Literal[0, 1, 2, 3]

_INDEX: Final[dict[str, PriceIndex]] = {"open": 0, "high": 1, "low": 2, "close": 3}


def price_index(name: str) -> PriceIndex:
    """Position of a price in IndicatorBar; `name` is one of INPUTS."""
    assert name in INPUTS, f"input {name!r}: use one of {', '.join(INPUTS)}"
    return _INDEX[name]


class Indicator(Protocol):
    """A value, or several, that follow a stream of bars.

    Invariant: the state depends on the bars since the first, never on when values() is read.
    """

    outputs: tuple[str, ...]
    """Names of the values, in the order of values()."""
    warmup_bars: int
    """Bars that give no value: the first value follows bar number warmup_bars + 1. Equals
    TA-Lib's lookback."""

    def update(self, bar: IndicatorBar) -> None:
        """Take the next bar."""
        ...

    def values(self) -> tuple[float, ...] | None:
        """Finite values after the latest bar; None until warmed up."""
        ...

    def dump(self) -> list[float]:
        """Complete numeric state: finite floats, a fixed count for given parameters."""
        ...

    def restore(self, state: list[float]) -> None:
        """Take over a dump of an indicator of equal parameters; what follows is bit-identical."""
        ...


@runtime_checkable
class PairIndicator(Indicator, Protocol):
    """An indicator of two symbols; its `update` raises TypeError."""

    def update_pair(self, first: IndicatorBar, second: IndicatorBar) -> None:
        """Take the next bars of both symbols; they cover the same window."""
        ...


W = TypeVar("W", bound=Window)


class WindowIndicator(Generic[W]):
    """An indicator whose whole state is one window over one price.

    Args:
        window: over the last `length` values; the first value follows bar number `length`.
        price: one of INPUTS.
    """

    __slots__ = ("_index", "_window", "warmup_bars")

    def __init__(self, window: W, length: int, price: str) -> None:
        self._window = window
        self._index = price_index(price)
        self.warmup_bars = length - 1

    def dump(self) -> list[float]:
        """State of the window."""
        return self._window.dump()

    def restore(self, state: list[float]) -> None:
        """Take over a dump."""
        self._window.restore(state)
