"""Settings of the strategy runner: the session's strategies and ensembles, resolved and checked."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SkipValidation

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.errors import SettingsError
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.session.context import SessionContext
from tapeline.strategy.api import AnyStrategy, PairStrategy
from tapeline.strategy.ensemble import Rule
from tapeline.strategy.indicators.registry import IndicatorSpec, load_indicators
from tapeline.strategy.registry import (
    ENSEMBLE_FILE,
    REGISTRY_FILE,
    EnsembleEntry,
    Ensembles,
    Entry,
    OrderRules,
    Registry,
    Timeframe,
    instance,
    parse,
)

STAGE = "strategy_runner"
MANIFEST_KEY = "spec.strategies"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Member(_Model):
    """A strategy of the registry, ready to run."""

    name: str
    entry: Entry
    strategy: SkipValidation[Any]
    """Instance of `Strategy` or `PairStrategy` with its parameters."""
    symbols: tuple[str, ...]
    """Symbols of the session that it trades, in the session's order; of a pair: its two legs."""
    indicators: tuple[str, ...]
    """Indicators that it needs, sorted."""


class Unit(_Model):
    """What decides and holds positions: a strategy alone, or an ensemble."""

    name: str
    version: str
    bucket: str
    timeframe: Timeframe
    members: tuple[Member, ...]
    rule: SkipValidation[Rule | None]
    """How votes combine; None for a strategy alone."""
    max_holding_bars: int | None
    entries_per_day_max: int

    @property
    def pair(self) -> bool:
        """True when it trades the spread of two symbols."""
        return isinstance(self.members[0].strategy, PairStrategy)


class Settings(_Model):
    """What the strategy runner needs to know."""

    session: str
    """Name of the session; part of every intent's id."""
    account: str
    """Trading account: the key of the topic orders."""
    latency_ns: int
    """Modelled processing time, nanoseconds; an intent exists this long after its bar."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product of all intents."""
    entry_expiry_ns: int
    """Life of an entry from the end of its bar, nanoseconds."""
    entry_cutoff_ns: int
    """No entries in this last part of continuous trading, nanoseconds, at most a quarter of it."""
    exit_before_end_ns: int
    """Positions are closed in this last part of continuous trading, nanoseconds, at most an eighth
    of it; 0 = never."""
    allowance_bp: int
    """Distance of an entry's limit price from the close, basis points."""
    units: tuple[Unit, ...]
    """In name order."""
    indicators: SkipValidation[dict[str, Any]]
    """Specifications from configs/indicators.yaml, by name."""
    instruments: SkipValidation[dict[str, Instrument]]
    """By symbol."""
    continuous: SkipValidation[dict[str, tuple[Phase, ...]]]
    """By symbol: its phases of continuous trading, ascending."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a session.

        Raises:
            SettingsError: naming file and key, when a configuration file or the manifest's
                `spec.strategies` is wrong.
        """
        registry = parse(REGISTRY_FILE, "", Registry, context.configs["registry"])
        ensembles = parse(ENSEMBLE_FILE, "", Ensembles, context.configs.get("ensemble") or {})
        specs = load_indicators(context.configs["indicators"])
        rules: OrderRules = registry.orders
        return cls(
            session=context.name,
            account=context.spec.account,
            latency_ns=context.latency_ns(STAGE),
            product=rules.product,
            entry_expiry_ns=rules.entry_expiry_s * SECOND_NS,
            entry_cutoff_ns=rules.entry_cutoff_s * SECOND_NS,
            exit_before_end_ns=rules.exit_before_end_s * SECOND_NS,
            allowance_bp=rules.allowance_bp,
            units=_units(context, registry, ensembles, specs),
            indicators=specs,
            instruments=context.instruments,
            continuous={
                symbol: tuple(p for p in context.phases_of(symbol) if p.name == CONTINUOUS)
                for symbol in context.instruments
            },
        )


def _units(
    context: SessionContext,
    registry: Registry,
    ensembles: Ensembles,
    specs: dict[str, IndicatorSpec],
) -> tuple[Unit, ...]:
    """Units of the session: an ensemble runs when it, or all its members, are selected."""
    selected = _selected(context, registry, ensembles)
    members = {
        name: _member(name, registry.strategies[name], context, specs) for name in sorted(selected)
    }
    units, joined = [], set[str]()
    for name, ensemble in sorted(ensembles.ensembles.items()):
        _check_ensemble(name, ensemble, registry, joined)
        if set(ensemble.members) <= set(members):
            units.append(_ensemble_unit(name, ensemble, [members[m] for m in ensemble.members]))
            joined.update(ensemble.members)
    units += [_single_unit(members[name]) for name in sorted(set(members) - joined)]
    return tuple(sorted(units, key=lambda unit: unit.name))


def _selected(context: SessionContext, registry: Registry, ensembles: Ensembles) -> set[str]:
    selected: set[str] = set()
    for name in context.spec.strategies:
        if name in registry.strategies:
            selected.add(name)
        elif name in ensembles.ensembles:
            selected.update(ensembles.ensembles[name].members)
        else:
            known = ", ".join(sorted({*registry.strategies, *ensembles.ensembles}))
            raise SettingsError(
                "manifest",
                MANIFEST_KEY,
                f"{name} is neither in {REGISTRY_FILE} nor in {ENSEMBLE_FILE}",
                f"use names from: {known}",
            )
    return selected & set(registry.strategies)


def _member(
    name: str, entry: Entry, context: SessionContext, specs: dict[str, IndicatorSpec]
) -> Member:
    strategy = instance(name, entry)
    pair = isinstance(strategy, PairStrategy)
    _check_indicators(name, strategy, specs)
    if pair != (entry.leg_timeout_ms is not None):
        problem = "is needed for a pair strategy" if pair else "has no meaning for one symbol"
        raise SettingsError(
            REGISTRY_FILE,
            f"strategies.{name}.leg_timeout_ms",
            problem,
            "set it, for example to 5000" if pair else "remove it",
        )
    return Member(
        name=name,
        entry=entry,
        strategy=strategy,
        symbols=_symbols(name, entry, context, pair=pair),
        indicators=strategy.indicator_names(),
    )


def _symbols(name: str, entry: Entry, context: SessionContext, *, pair: bool) -> tuple[str, ...]:
    key = f"strategies.{name}.symbols"
    tradable = [s for s, row in context.instruments.items() if row.has_volume]
    if entry.symbols == "all":
        found = tuple(tradable)
    else:
        wanted = set(entry.symbols)
        found = entry.symbols if pair else tuple(s for s in tradable if s in wanted)
    if pair and (entry.symbols == "all" or len(set(found)) != 2 or len(found) != 2):
        raise SettingsError(
            REGISTRY_FILE, key, "a pair has two different symbols", "write [FIRST, SECOND]"
        )
    missing = [symbol for symbol in found if symbol not in tradable]
    if missing or not found:
        raise SettingsError(
            REGISTRY_FILE,
            key,
            f"the session trades none of {list(found) or list(entry.symbols)}"
            if not missing
            else f"the session does not trade {missing}",
            f"add them to the manifest's spec.symbols, or take {name} out of {MANIFEST_KEY}",
        )
    return found


def _check_indicators(name: str, strategy: AnyStrategy, specs: dict[str, IndicatorSpec]) -> None:
    for field, wanted in strategy.indicator_fields().items():
        used = getattr(strategy, field)
        problem, remedy = "", ""
        if used not in specs:
            problem = f"{used} is not in configs/indicators.yaml"
            remedy = f"add it there, or use one of {', '.join(specs)}"
        elif specs[used].kind not in wanted.kinds:
            problem = f"{used} is of kind {specs[used].kind}"
            remedy = f"name an indicator of kind {' or '.join(wanted.kinds)}"
        elif not wanted.parameters.items() <= specs[used].parameters.items():
            problem = f"{used} has the parameters {specs[used].parameters}"
            remedy = f"name an indicator with {wanted.parameters}"
        if problem:
            key = f"strategies.{name}.parameters.{field}"
            raise SettingsError(REGISTRY_FILE, key, problem, remedy)
        assert specs[used].pair == isinstance(strategy, PairStrategy), (
            f"{type(strategy).__name__}.{field}: a strategy on single symbols reads indicators of "
            "one symbol, a pair strategy indicators of two"
        )


def _check_ensemble(
    name: str, ensemble: EnsembleEntry, registry: Registry, joined: set[str]
) -> None:
    def wrong(key: str, problem: str, remedy: str) -> SettingsError:
        return SettingsError(ENSEMBLE_FILE, f"ensembles.{name}{key}", problem, remedy)

    if name in registry.strategies:
        raise wrong("", f"{REGISTRY_FILE} has a strategy of this name", "rename one of them")
    unknown = [member for member in ensemble.members if member not in registry.strategies]
    if unknown:
        raise wrong(".members", f"{unknown} are not in {REGISTRY_FILE}", "correct or add them")
    if len(set(ensemble.members)) != len(ensemble.members):
        raise wrong(".members", "a member appears twice", "remove the repeat; use weight instead")
    shared = sorted(set(ensemble.members) & joined)
    if shared:
        raise wrong(".members", f"{shared} are in another ensemble too", "keep them in one")
    entries = [registry.strategies[member] for member in ensemble.members]
    for field in ("symbols", "timeframe", "bucket"):
        if len({getattr(entry, field) for entry in entries}) > 1:
            raise wrong(".members", f"differ in {field}", f"give all of them the same {field}")
    if any(entry.leg_timeout_ms is not None for entry in entries):
        raise wrong(".members", "a pair strategy cannot vote", "take it out of the ensemble")


def _ensemble_unit(name: str, ensemble: EnsembleEntry, members: list[Member]) -> Unit:
    first = members[0].entry
    return Unit(
        name=name,
        version=ensemble.version,
        bucket=first.bucket,
        timeframe=first.timeframe,
        members=tuple(members),
        rule=Rule(ensemble.method, ensemble.conflict, ensemble.min_confidence_bp),
        max_holding_bars=ensemble.max_holding_bars,
        entries_per_day_max=ensemble.entries_per_day_max,
    )


def _single_unit(member: Member) -> Unit:
    entry = member.entry
    return Unit(
        name=member.name,
        version=entry.version,
        bucket=entry.bucket,
        timeframe=entry.timeframe,
        members=(member,),
        rule=None,
        max_holding_bars=entry.max_holding_bars,
        entries_per_day_max=entry.entries_per_day_max,
    )
