"""configs/registry.yaml and configs/ensemble.yaml as checked models."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tapeline.contracts.errors import SettingsError
from tapeline.strategy import library
from tapeline.strategy.api import CLASSES, AnyStrategy
from tapeline.strategy.ensemble import Conflict, Method
from tapeline.strategy.series import OnRevision

REGISTRY_FILE = "configs/registry.yaml"
ENSEMBLE_FILE = "configs/ensemble.yaml"
GUIDE = "docs/write-your-first-strategy.md"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9&_.-]{1,32}$")]
Timeframe = Literal["1m", "3m", "5m", "15m"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class OrderRules(_Model):
    """How intents are written, for all strategies: the key `orders` of configs/registry.yaml."""

    product: Literal["MIS", "CNC", "NRML"] = "MIS"
    """Kite product. MIS: intraday, squared off by the risk manager."""
    entry_expiry_s: int = Field(default=45, ge=1, le=59)
    """An entry that has not filled is cancelled this long after the end of its bar, seconds: below
    60, so that it is filled or dead before the next 1m bar decides."""
    entry_cutoff_s: int = Field(default=900, ge=0, le=7200)
    """No entries in this last part of continuous trading, seconds, at most a quarter of it: what is
    opened must have time to earn its costs."""
    exit_before_end_s: int = Field(default=600, ge=0, le=7200)
    """Open positions are closed on the first bar that comes within this time of the end of
    continuous trading, seconds, at most an eighth of it; 0 = never. 600: bars of 1m, 3m and 5m come
    before the risk manager's square-off, which stands behind it."""
    allowance_bp: int = Field(default=5, ge=0, le=200)
    """An entry's limit price is this far on the unfavourable side of the close, basis points, then
    rounded away from the close to the tick grid."""


class Entry(_Model):
    """One strategy of configs/registry.yaml."""

    class_: str = Field(alias="class")
    """Name of the class: `@strategy("...")`."""
    version: str = Field(min_length=1, max_length=32)
    """Raise it when the class or the parameters change: signals carry it."""
    symbols: Literal["all"] | tuple[Symbol, ...]
    """Symbols that it trades: `all` = every tradable symbol of the session; a list = those of the
    list that the session has; of a pair: exactly first and second leg."""
    timeframe: Timeframe
    parameters: dict[str, Any] = {}
    """Parameters that the class declares."""
    bucket: Name
    """Risk bucket."""
    on_revision: OnRevision = "ignore"
    """What a corrected bar does: see series.py."""
    weight: int = Field(default=1, ge=1, le=1000)
    """Weight of its vote in an ensemble."""
    side: Literal["long", "short", "both"] = "both"
    """Sides that it may take; a wish for the other side counts as flat."""
    max_holding_bars: int | None = Field(default=None, ge=1)
    """Longest holding time, bars; None = no limit."""
    entries_per_day_max: int = Field(default=3, ge=1, le=1000)
    """Most entries for each symbol (or pair) and day."""
    leg_timeout_ms: int | None = Field(default=None, ge=1)
    """Pairs, and needed there: after one leg has filled, how long the other may stay open before
    the filled one is flattened, milliseconds."""


class Registry(_Model):
    """configs/registry.yaml."""

    orders: OrderRules = OrderRules()
    strategies: dict[Name, Entry]


class EnsembleEntry(_Model):
    """One ensemble of configs/ensemble.yaml."""

    version: str = Field(min_length=1, max_length=32)
    members: tuple[str, ...] = Field(min_length=2)
    """Strategies of configs/registry.yaml with the same symbols, timeframe and bucket."""
    method: Method
    """weighted_vote, unanimous or single: see ensemble.py."""
    min_confidence_bp: int = Field(default=0, ge=0, le=10_000)
    conflict: Conflict = "flat"
    max_holding_bars: int | None = Field(default=None, ge=1)
    entries_per_day_max: int = Field(default=3, ge=1, le=1000)


class Ensembles(_Model):
    """configs/ensemble.yaml."""

    ensembles: dict[Name, EnsembleEntry] = {}


_Parsed = TypeVar("_Parsed", bound=BaseModel)


def parse(file: str, key: str, model: type[_Parsed], raw: Any) -> _Parsed:
    """Parsed `raw`, which stands at `key` of `file`.

    Raises:
        SettingsError: naming the file and the first key that is wrong.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problem = error.errors()[0]
        parts = [part for part in (key, *problem["loc"]) if part != ""]
        path = ".".join(str(part) for part in parts) or "(top)"
        if problem["type"] != "extra_forbidden":
            remedy = f"the value is {problem['input']!r}; change it"
            raise SettingsError(file, path, problem["msg"], remedy) from error
        known = [field.alias or name for name, field in model.model_fields.items()]
        hint = f"known here: {', '.join(known)}" if len(problem["loc"]) == 1 else f"see {GUIDE}"
        raise SettingsError(file, path, "unknown key", f"check its spelling ({hint})") from error


def load_library() -> None:
    """Imports every file of strategy/library, so that its classes are known."""
    for module in sorted(pkgutil.iter_modules(library.__path__), key=lambda found: found.name):
        importlib.import_module(f"{library.__name__}.{module.name}")


def instance(name: str, entry: Entry) -> AnyStrategy:
    """The strategy that an entry describes, with its parameters.

    Raises:
        SettingsError: for an unknown class, or a parameter that is unknown or out of bounds.
    """
    load_library()
    cls = CLASSES.get(entry.class_)
    if cls is None:
        raise SettingsError(
            REGISTRY_FILE,
            f"strategies.{name}.class",
            f"no strategy class is called {entry.class_}",
            f"use one of {', '.join(sorted(CLASSES))}, or add a file to strategy/library",
        )
    return parse(REGISTRY_FILE, f"strategies.{name}.parameters", cls, entry.parameters)
