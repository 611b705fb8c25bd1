"""What a person needs to write a strategy: one class, its parameters, `on_bar`.

See docs/write-your-first-strategy.md. A strategy never sees topics, ids, money or the position's
bookkeeping: it says what it would like to hold (`long`, `short`, `flat`, or None for "as before"),
and the runner turns changes of that into orders.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Target(IntEnum):
    """What a strategy would like to hold; of a pair: in which direction the spread."""

    SHORT = -1
    FLAT = 0
    LONG = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """A strategy's answer to a bar; make it with `long`, `short` or `flat`.

    Raises:
        ValueError: when a number is not finite or lies outside its range.
    """

    target: Target
    confidence: float
    """How sure the strategy is, 0 to 1."""
    stop_distance: float | None
    """From the close to the protective stop, rupees per share (of a pair: of the spread)."""
    target_distance: float | None
    """Favourable move at which to take the profit, rupees per share; None = no such price."""

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence is {self.confidence}; it must lie between 0 and 1")
        for name, distance in (("stop", self.stop_distance), ("target", self.target_distance)):
            if distance is not None and not (math.isfinite(distance) and distance > 0.0):
                raise ValueError(f"{name}_distance is {distance}; it must be above 0 rupees")


def long(
    confidence: float, *, stop_distance: float, target_distance: float | None = None
) -> Decision:
    """Would like to be long (of a pair: first leg bought, second sold). Units: see `Decision`."""
    return Decision(Target.LONG, confidence, stop_distance, target_distance)


def short(
    confidence: float, *, stop_distance: float, target_distance: float | None = None
) -> Decision:
    """Would like to be short (of a pair: first leg sold, second bought). Units: see `Decision`."""
    return Decision(Target.SHORT, confidence, stop_distance, target_distance)


def flat(confidence: float = 1.0) -> Decision:
    """Would like to hold nothing."""
    return Decision(Target.FLAT, confidence, None, None)


@dataclass(frozen=True, slots=True)
class BarView:
    """A closed bar and all that a strategy may know at its end. Prices in rupees."""

    symbol: str
    timeframe: str
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    """Shares traded in the bar; None for an index."""
    minute: int
    """Whole minutes from the start of continuous trading to the end of this bar."""
    holding: Target
    """What the strategy (or its ensemble) holds before this bar, as far as the runner knows."""
    indicators: Mapping[str, float]
    """Values by name; an indicator with several outputs has one name each: `macd.signal`."""
    memory: dict[str, float]
    """The strategy's own numbers for this symbol and day; starts as `@strategy(memory=...)`."""

    def __getitem__(self, name: str) -> float:
        """Value of an indicator that a parameter of the strategy names."""
        try:
            return self.indicators[name]
        except KeyError:
            known = ", ".join(self.indicators) or "none"
            raise KeyError(
                f"{name} is not an indicator of this strategy (it has: {known}); "
                "declare a parameter with indicator() and give it this name in the registry"
            ) from None


@dataclass(frozen=True, slots=True)
class PairView:
    """Two closed bars of the same window. Their `indicators` and `memory` are this view's."""

    first: BarView
    second: BarView

    @property
    def memory(self) -> dict[str, float]:
        """The strategy's own numbers for this pair and day."""
        return self.first.memory

    @property
    def holding(self) -> Target:
        """What is held of the spread."""
        return self.first.holding

    def __getitem__(self, name: str) -> float:
        """Value of an indicator over the two series."""
        return self.first[name]


@dataclass(frozen=True, slots=True)
class Spread:
    """What a pair strategy measures at every bar."""

    hedge_ratio: float
    """Shares of the second leg per share of the first; above 0 where a position is wished."""
    value: float
    """First close minus hedge ratio times second close, rupees."""
    zscore: float
    """How many standard deviations the spread is from its mean."""

    def __post_init__(self) -> None:
        if not all(math.isfinite(x) for x in (self.hedge_ratio, self.value, self.zscore)):
            raise ValueError(f"{self}: every number must be finite")


def param(default: Any, *, ge: float, le: float) -> Any:
    """A number that the registry may set, with its bounds (both included)."""
    return Field(default=default, ge=ge, le=le)


class Wanted(NamedTuple):
    """What a parameter made with `indicator` accepts."""

    kinds: tuple[str, ...]
    parameters: dict[str, Any]


def indicator(*kinds: str, **parameters: float | str) -> Any:
    """A parameter that names an indicator of configs/indicators.yaml.

    Args:
        kinds: kinds that make sense here, for example "sma", "ema".
        parameters: what the indicator's own parameters must be, for example lag=1.
    """
    wanted: Any = {"kinds": list(kinds), "parameters": parameters}
    return Field(json_schema_extra={"indicator": wanted})


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    memory_at_start: ClassVar[Mapping[str, float]] = {}

    @classmethod
    def indicator_fields(cls) -> dict[str, Wanted]:
        """Parameters that name indicators, with what they accept."""
        found = {}
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "indicator" in extra:
                wanted: Any = extra["indicator"]
                found[name] = Wanted(tuple(wanted["kinds"]), dict(wanted["parameters"]))
        return found

    def indicator_names(self) -> tuple[str, ...]:
        """Indicators that the strategy needs, sorted."""
        return tuple(sorted({getattr(self, name) for name in self.indicator_fields()}))


class Strategy(_Parameters):
    """A strategy on single symbols. Fields are its parameters; it must not keep other state."""

    def on_bar(self, view: BarView) -> Decision | None:
        """Called at the end of every bar of continuous trading, once all indicators are warm.

        Returns:
            What to hold from now on; None = as before. The runner acts on changes only: after a
            stop or target the same wish does not open a second position.
        """
        raise NotImplementedError


class PairStrategy(_Parameters):
    """A strategy on the spread of two symbols; both legs travel as one intent."""

    def measure(self, view: PairView) -> Spread | None:
        """Called for every window in which both symbols traded, once all indicators are warm.

        Returns:
            The spread; None = not yet known, and then nothing is opened or closed.
        """
        raise NotImplementedError

    def on_spread(self, view: PairView, spread: Spread) -> Decision | None:
        """As `Strategy.on_bar`; distances are rupees of the spread."""
        raise NotImplementedError


AnyStrategy = Strategy | PairStrategy
_Class = TypeVar("_Class", bound=type[_Parameters])

CLASSES: dict[str, type[Strategy] | type[PairStrategy]] = {}
"""Strategy classes by the name that configs/registry.yaml uses."""


def strategy(name: str, *, memory: Mapping[str, float] | None = None) -> Callable[[_Class], _Class]:
    """Makes a class known to configs/registry.yaml as `class: name`.

    Args:
        memory: the strategy's own numbers with their values at the start of each day.

    Raises:
        ValueError: when another class already has the name.
    """

    def register(cls: _Class) -> _Class:
        assert issubclass(cls, Strategy | PairStrategy), f"{cls} must extend a strategy class"
        before = CLASSES.get(name)
        if before is not None and before.__qualname__ != cls.__qualname__:
            raise ValueError(f'@strategy("{name}") is taken by {before.__qualname__}; rename one')
        cls.memory_at_start = dict(memory or {})
        CLASSES[name] = cls
        return cls

    return register
