"""From a manifest to a SessionContext: reads configs/ and refuses what could not run.

Every refusal is one sentence a person can act on: file, key, what is wrong, what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from tapeline.contracts.clock import ist, ist_ns
from tapeline.contracts.errors import SettingsError
from tapeline.contracts.money import E4
from tapeline.market.calendar import Calendar, load_calendar
from tapeline.market.charges import ChargeTable, load_charges
from tapeline.market.documents import read_yaml
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.market.rules import load_instruments, load_tick_tables
from tapeline.session.buckets import check_buckets
from tapeline.session.context import SessionContext
from tapeline.session.drills import check_drills
from tapeline.session.manifest import (
    APPROVAL_ANNOTATION,
    KiteSource,
    ManifestError,
    TradingSession,
    Window,
    load_manifest,
    problems,
)
from tapeline.session.pipeline import Pipeline, load_pipeline

CONFIGS = ("registry", "indicators", "ensemble", "risk_budget", "oms", "paper_broker")
"""Files of configs/ that the stages' settings are made from, without suffix."""

NEXT_DAYS_MAX = 15
"""How far to look for a trading day to propose; the longest closure since 2019 was 4 days."""

_NAME = re.compile(r"[a-z0-9_-]+")


def load_session(
    manifest_path: Path, *, configs_dir: Path | None = None, seed: int | None = None
) -> SessionContext:
    """Resolves a manifest.

    Args:
        manifest_path: YAML of one TradingSession.
        configs_dir: folder of the configs; None = the manifest's nearest ancestor called
            `configs`, or else ./configs.
        seed: takes the place of spec.seed; None = leave it.

    Raises:
        ManifestError: naming the file, the key, what is wrong and what to do.
    """
    manifest = load_manifest(manifest_path)
    folder = configs_dir or find_configs(manifest_path)
    try:
        return _Loader(manifest_path, manifest, folder).context(seed)
    except SettingsError as error:
        raise ManifestError(str(error)) from error


def find_configs(manifest_path: Path) -> Path:
    """Folder of the configs that belong to a manifest.

    Raises:
        ManifestError: there is none.
    """
    for folder in (*manifest_path.parents, *manifest_path.resolve().parents):
        if folder.name == "configs":
            return folder
    here = Path("configs")
    if here.is_dir():
        return here
    raise ManifestError(
        f"{manifest_path}: configs: no folder of that name above the manifest or in {Path.cwd()}: "
        "run from the project's root, or name the folder"
    )


class _Loader:
    """One manifest being resolved; the methods are the checks, in the order of a manifest."""

    def __init__(self, path: Path, manifest: TradingSession, folder: Path) -> None:
        self._path = path
        self._manifest = manifest
        self._spec = manifest.spec
        self._folder = folder

    def context(self, seed: int | None) -> SessionContext:
        """The resolved session."""
        spec = self._spec
        if seed is not None and not 0 <= seed < 2**63:
            self._refuse("spec.seed", f"{seed} is out of range", "give a number from 0 to 2^63 - 1")
        self._check_safety()
        pipeline = self._pipeline()
        calendar = self._calendar()
        self._check_days(calendar)
        instruments = self._instruments()
        phases = self._phases(calendar, instruments)
        charges = load_charges(self._folder / "charges" / "zerodha.yaml")
        self._check_charges(charges, instruments)
        configs = {name: self._config(name) for name in CONFIGS}
        self._check_strategies(configs["registry"])
        self._check_overrides(configs["risk_budget"])
        check_buckets(self._path, spec, configs["registry"], configs["risk_budget"])
        limits = configs["risk_budget"]["profiles"][spec.risk.profile]
        check_drills(self._path, spec, sorted(dotted_keys(limits)), phases)
        self._check_runnable(pipeline)
        return SessionContext(
            name=self._manifest.metadata.name,
            spec=spec,
            seed=spec.seed if seed is None else seed,
            pipeline=pipeline,
            instruments=instruments,
            phases=phases,
            charges=charges,
            configs=configs,
            base_dir=self._path.parent,
            square_off_ns={cls: self._square_off_ns(calendar, cls) for cls in phases},
        )

    def _refuse(self, key: str, problem: str, remedy: str) -> NoReturn:
        raise ManifestError(f"{self._path}: {key}: {problem}: {remedy}")

    def _check_safety(self) -> None:
        spec, metadata = self._spec, self._manifest.metadata
        if isinstance(spec.source, KiteSource) and spec.clock == "virtual":
            self._refuse(
                "spec.clock", "the kite source sends ticks in real time", "set clock: real"
            )
        needs_broker = spec.mode == "live" or isinstance(spec.source, KiteSource)
        if needs_broker and spec.credentials is None:
            self._refuse(
                "spec.credentials",
                f"{'live mode' if spec.mode == 'live' else 'the kite source'} needs the broker's "
                "api_key and access_token",
                "set credentials.secret to the name of the Secret that holds them",
            )
        if spec.mode != "live":
            return
        if spec.clock == "virtual":
            self._refuse("spec.clock", "live mode trades in real time", "set clock: real")
        approved = metadata.annotations.get(APPROVAL_ANNOTATION)
        if metadata.generation is None or approved != str(metadata.generation):
            self._refuse(
                f"metadata.annotations.{APPROVAL_ANNOTATION}",
                f"live mode needs an approval of exactly this spec: generation "
                f"{metadata.generation} is not what was approved ({approved})",
                "have the spec reviewed, then set the annotation to the object's generation",
            )

    def _check_runnable(self, pipeline: Pipeline) -> None:
        """Refuses what no stage of this release could do."""
        if isinstance(self._spec.source, KiteSource):
            self._refuse(
                "spec.source",
                "the kite source comes with the broker integration and is not in this release",
                "use a smoke or a replay source",
            )
        active = pipeline.active(self._spec.mode)
        if not any("broker.reports" in stage.writes for stage in active.values()):
            able = [
                mode
                for mode in ("dry", "paper")
                if any("broker.reports" in s.writes for s in pipeline.active(mode).values())
            ]
            self._refuse(
                "spec.mode",
                f"no gateway of this release serves {self._spec.mode} mode",
                f"use {' or '.join(able)}",
            )

    def _pipeline(self) -> Pipeline:
        path = self._folder / "pipeline.yaml"
        read_yaml(path)
        try:
            pipeline = load_pipeline(path)
        except ValidationError as error:
            raise ManifestError(problems(path, error)) from error
        for name, stage in self._spec.stages.items():
            known = pipeline.stages.get(name)
            if known is None:
                self._refuse(
                    f"spec.stages.{name}",
                    "is no stage of the pipeline",
                    f"use one of {', '.join(pipeline.stages)}",
                )
            if stage.implementation not in known.languages:
                able = [
                    n for n, s in pipeline.stages.items() if stage.implementation in s.languages
                ]
                self._refuse(
                    f"spec.stages.{name}.implementation",
                    f"{name} has no {stage.implementation} implementation",
                    f"use {' or '.join(known.languages)} (stages that have "
                    f"{stage.implementation}: {', '.join(able) or 'none'})",
                )
        return pipeline

    def _calendar(self) -> Calendar:
        name = self._spec.calendar
        path = self._folder / "calendars" / f"{name}.yaml"
        if not _NAME.fullmatch(name) or not path.is_file():
            known = sorted(file.stem for file in path.parent.glob("*.yaml"))
            self._refuse(
                "spec.calendar",
                f"there is no calendar {name!r} in {self._folder / 'calendars'}",
                f"use one of {', '.join(known) or '(none is there)'}",
            )
        return load_calendar(path)

    def _check_days(self, calendar: Calendar) -> None:
        for day in self._spec.dates:
            try:
                reason = calendar.closed_because(day)
            except SettingsError as error:
                raise ManifestError(f"{self._path}: spec.dates: {day}: {error}") from error
            if reason is not None:
                following = next(_open_days(calendar, day), None)
                self._refuse(
                    "spec.dates",
                    f"{day} is no trading day ({reason})",
                    f"choose another, for example {following}" if following else "choose another",
                )

    def _instruments(self) -> dict[str, Instrument]:
        path = self._folder / "tokens.csv"
        ticks = load_tick_tables(self._folder / "charges" / "ticks.yaml")
        known = load_instruments(path, ticks, self._spec.dates[0])
        unknown = sorted(symbol for symbol in self._spec.symbols if symbol not in known)
        if unknown:
            self._refuse(
                "spec.symbols",
                f"{', '.join(unknown)} not in {path}",
                f"add a row there, or use some of {', '.join(known)}",
            )
        return {symbol: known[symbol] for symbol in sorted(self._spec.symbols)}

    def _phases(
        self, calendar: Calendar, instruments: dict[str, Instrument]
    ) -> dict[str, tuple[Phase, ...]]:
        window = self._spec.window
        phases: dict[str, tuple[Phase, ...]] = {}
        for cls in sorted({i.instrument_class for i in instruments.values()}):
            held: list[Phase] = []
            for day in self._spec.dates:
                clipped = clip(calendar.phases(day, cls), day, window)
                if not clipped:
                    self._refuse(
                        "spec.window",
                        f"leaves no phase of class {cls} on {day}",
                        "widen it (the phases of the day are in "
                        f"{self._folder / 'calendars' / self._spec.calendar}.yaml)",
                    )
                held.extend(clipped)
            phases[cls] = tuple(held)
        return phases

    def _square_off_ns(self, calendar: Calendar, instrument_class: str) -> tuple[int, ...]:
        """When Tapeline closes intraday positions, each day: always before the broker does."""
        times = []
        for day in self._spec.dates:
            ours_ns = calendar.square_off_ns(day, instrument_class)
            brokers_ns = calendar.broker_square_off_ns(day, instrument_class)
            if ours_ns is None or brokers_ns is None:
                continue
            if ours_ns >= brokers_ns:
                raise SettingsError(
                    str(self._folder / "calendars" / f"{self._spec.calendar}.yaml"),
                    "special_square_off",
                    f"closes positions of class {instrument_class} on {day} at "
                    f"{ist(ours_ns):%H:%M}, and the broker does so at {ist(brokers_ns):%H:%M}",
                    "make flatten_min larger than broker_min, and both shorter than the phase",
                )
            times.append(ours_ns)
        return tuple(times)

    def _check_charges(self, charges: ChargeTable, instruments: dict[str, Instrument]) -> None:
        """A missing rate, or a class without one, is found before the session, not at its first
        fill. An index is never traded."""
        traded = {i.symbol: i for i in instruments.values() if i.instrument_class != "index"}
        checked = set()
        for symbol, instrument in traded.items():
            kind = (instrument.exchange, instrument.instrument_class)
            if kind in checked:
                continue
            checked.add(kind)
            for day in self._spec.dates:
                self._check_charge(charges, symbol, instrument, day)

    def _check_charge(
        self, charges: ChargeTable, symbol: str, instrument: Instrument, day: date
    ) -> None:
        for product in ("MIS", "CNC"):
            try:
                charges.fill_charges(
                    day,
                    product,
                    "SELL",
                    1,
                    E4,
                    0,
                    instrument_class=instrument.instrument_class,
                    exchange=instrument.exchange,
                )
            except SettingsError as error:
                raise ManifestError(f"{self._path}: spec.symbols: {symbol}: {error}") from error

    def _config(self, name: str) -> Any:
        path = self._folder / f"{name}.yaml"
        content = read_yaml(path)
        if not isinstance(content, dict):
            raise SettingsError(str(path), "(top)", "must hold a mapping", "see its README")
        return content

    def _check_strategies(self, registry: dict[str, Any]) -> None:
        known = registry.get("strategies")
        if not isinstance(known, dict):
            raise SettingsError(
                str(self._folder / "registry.yaml"),
                "strategies",
                "must be a mapping by name",
                "list the strategies under it",
            )
        unknown = [name for name in self._spec.strategies if name not in known]
        if unknown:
            self._refuse(
                "spec.strategies",
                f"{', '.join(unknown)} not in {self._folder / 'registry.yaml'}",
                f"add an entry there, or use some of {', '.join(map(str, known))}",
            )

    def _check_overrides(self, risk_budget: dict[str, Any]) -> None:
        profiles = risk_budget.get("profiles")
        if not isinstance(profiles, dict):
            raise SettingsError(
                str(self._folder / "risk_budget.yaml"),
                "profiles",
                "must be a mapping by name",
                "put the limits under it",
            )
        risk = self._spec.risk
        if risk.profile not in profiles:
            self._refuse(
                "spec.risk.profile",
                f"there is no profile {risk.profile!r} in {self._folder / 'risk_budget.yaml'}",
                f"use one of {', '.join(sorted(profiles))}",
            )
        keys = sorted(dotted_keys(profiles[risk.profile]))
        for key in risk.overrides:
            if key not in keys:
                self._refuse(
                    f"spec.risk.overrides.{key}",
                    f"profile {risk.profile!r} of the risk budget has no such limit",
                    f"use one of {', '.join(keys)}",
                )


def clip(phases: tuple[Phase, ...], day: date, window: Window) -> tuple[Phase, ...]:
    """The parts of a day's phases that lie in a session's window."""
    start = None if window.start is None else ist_ns(day, window.start)
    end = None if window.end is None else ist_ns(day, window.end)
    cut = (
        phase._replace(
            start_ns=phase.start_ns if start is None else max(phase.start_ns, start),
            end_ns=phase.end_ns if end is None else min(phase.end_ns, end),
        )
        for phase in phases
    )
    return tuple(phase for phase in cut if phase.start_ns < phase.end_ns)


def dotted_keys(limits: dict[str, Any]) -> Iterable[str]:
    """Keys of all single values of nested mappings, for example `sizing.max_symbol_qty`."""
    for key, value in limits.items():
        if isinstance(value, dict):
            yield from (f"{key}.{inner}" for inner in dotted_keys(value))
        else:
            yield str(key)


def _open_days(calendar: Calendar, after: date) -> Iterator[date]:
    """Trading days that follow a closed day, as far as the calendar knows them."""
    for offset in range(1, NEXT_DAYS_MAX):
        day = after + timedelta(days=offset)
        try:
            if calendar.is_trading_day(day):
                yield day
        except SettingsError:
            return
