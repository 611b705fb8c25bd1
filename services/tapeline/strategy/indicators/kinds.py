"""The table of indicator kinds: what each is made of, its parameters, seeds and conventions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tapeline.strategy.indicators.averages import Ema, Macd, Sma, Wma
from tapeline.strategy.indicators.base import Indicator
from tapeline.strategy.indicators.oscillators import Adx, Rsi
from tapeline.strategy.indicators.relations import Correlation, HedgeRatio, Vwap, ZScore
from tapeline.strategy.indicators.volatility import (
    Atr,
    Bollinger,
    Donchian,
    StandardDeviation,
    Supertrend,
    TrueRange,
)

LENGTH_MAX = 2_000
"""Bars in a window, at most: five trading days of 1m bars (5 x 375) and some; a dump then holds
4,000 numbers for a pair, about 80 KB of JSON."""


@dataclass(frozen=True)
class Parameter:
    """A number that a kind takes from indicators.yaml."""

    name: str
    low: float
    """Lowest value allowed."""
    high: float
    """Highest value allowed."""
    default: float | None = None
    """None = the file must give it."""
    whole: bool = True
    """True = an integer."""


@dataclass(frozen=True)
class Kind:
    """One kind of indicator, as the README's table shows it."""

    name: str
    make: Callable[..., Indicator]
    """Class; its arguments are the parameters' names, `price` and `seed` where they apply."""
    outputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    reads: str
    """What of the bar is read; `input` = the price that the key `input` chooses."""
    seeds: tuple[str, ...]
    """Seeding conventions, the default first; `none` = no recursion, nothing to seed."""
    warmup: str
    """Formula of warmup_bars."""
    talib: str
    """TA-Lib function that gives the same values; empty when TA-Lib has none."""
    constant: str
    """Values on constant prices c."""
    pair: bool = False
    """True = follows two symbols through update_pair."""

    @property
    def chooses_input(self) -> bool:
        """True when the key `input` applies."""
        return "input" in self.reads

    @property
    def chooses_seed(self) -> bool:
        """True when there is more than one convention to choose from."""
        return len(self.seeds) > 1


def _length(low: int = 2, name: str = "length") -> Parameter:
    return Parameter(name, low, LENGTH_MAX)


def _deviations(default: float) -> Parameter:
    return Parameter("deviations", 0.1, 10.0, default, whole=False)


_LENGTH = (_length(),)
_NONE = ("none",)
_EMA_SEEDS = ("sma", "first")

KINDS: tuple[Kind, ...] = (
    Kind("sma", Sma, ("sma",), _LENGTH, "input", _NONE, "length - 1", "SMA", "c"),
    Kind("ema", Ema, ("ema",), _LENGTH, "input", _EMA_SEEDS, "length - 1", "EMA", "c"),
    Kind("wma", Wma, ("wma",), _LENGTH, "input", _NONE, "length - 1", "WMA", "c"),
    Kind("rsi", Rsi, ("rsi",), _LENGTH, "input", ("sma",), "length", "RSI", "0"),
    Kind(
        "macd",
        Macd,
        ("macd", "signal", "histogram"),
        (_length(name="fast"), _length(3, "slow"), _length(name="signal")),
        "input",
        _EMA_SEEDS,
        "slow + signal - 2",
        "MACD",
        "0, 0, 0",
    ),
    Kind(
        "bollinger",
        Bollinger,
        ("upper", "middle", "lower"),
        (_length(), _deviations(2.0)),
        "input",
        _NONE,
        "length - 1",
        "BBANDS",
        "c, c, c",
    ),
    Kind(
        "standard_deviation",
        StandardDeviation,
        ("standard_deviation",),
        (_length(), _deviations(1.0)),
        "input",
        _NONE,
        "length - 1",
        "STDDEV",
        "0",
    ),
    Kind("true_range", TrueRange, ("true_range",), (), "high, low, close", _NONE, "1", "TRANGE",
         "0"),
    Kind("atr", Atr, ("atr",), _LENGTH, "high, low, close", ("sma",), "length", "ATR", "0"),
    Kind(
        "adx",
        Adx,
        ("adx", "plus_di", "minus_di"),
        _LENGTH,
        "high, low, close",
        ("wilder_sum",),
        "2 * length - 1",
        "ADX, PLUS_DI, MINUS_DI",
        "0, 0, 0",
    ),
    Kind("vwap", Vwap, ("vwap",), (), "high, low, close, volume, day", _NONE, "0", "", "c"),
    Kind(
        "donchian",
        Donchian,
        ("upper", "middle", "lower"),
        (_length(), Parameter("lag", 0, 1, 0)),
        "high, low",
        _NONE,
        "length - 1 + lag",
        "MAX, MIN",
        "c, c, c",
    ),
    Kind(
        "supertrend",
        Supertrend,
        ("supertrend", "direction"),
        (_length(), Parameter("multiplier", 0.1, 20.0, 3.0, whole=False)),
        "high, low, close",
        ("sma",),
        "length",
        "",
        "c, -1",
    ),
    Kind("zscore", ZScore, ("zscore",), _LENGTH, "input", _NONE, "length - 1", "", "0"),
    Kind(
        "correlation",
        Correlation,
        ("correlation",),
        _LENGTH,
        "input of two symbols",
        _NONE,
        "length - 1",
        "CORREL",
        "0",
        pair=True,
    ),
    Kind(
        "hedge_ratio",
        HedgeRatio,
        ("hedge_ratio", "intercept", "residual", "zscore"),
        (_length(3),),
        "input of two symbols",
        _NONE,
        "length - 1",
        "",
        "0, c, 0, 0",
        pair=True,
    ),
)  # fmt: skip


def conventions_table() -> str:
    """The kinds as a Markdown table, one line per kind; the README holds it, a test compares."""
    header = (
        "kind",
        "parameters (range, default)",
        "reads",
        "outputs",
        "seed",
        "warm-up bars",
        "TA-Lib",
        "on constant prices c",
    )
    rows = [
        (
            f"`{kind.name}`",
            "; ".join(_describe(parameter) for parameter in kind.parameters) or "none",
            kind.reads,
            ", ".join(kind.outputs),
            " or ".join(kind.seeds),
            kind.warmup,
            kind.talib or "no",
            kind.constant,
        )
        for kind in KINDS
    ]
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _describe(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f", {parameter.default:g}"
    return f"{parameter.name} ({parameter.low:g} to {parameter.high:g}{default})"
