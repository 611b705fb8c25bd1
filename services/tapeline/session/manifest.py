"""The TradingSession manifest: one model for the laptop and for the cluster's CRD."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tapeline.contracts.errors import SettingsError
from tapeline.market.documents import read_yaml

API_VERSION = "tapeline.dev/v1alpha1"
APPROVAL_ANNOTATION = "tapeline.dev/approved-generation"
"""Live needs this annotation to equal the object's generation: an approval of exactly this spec."""


class ManifestError(Exception):
    """The manifest is wrong; the message names the file, the key and what to do."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Metadata(_Model):
    """Kubernetes metadata, as far as Tapeline reads it."""

    name: str = Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
    namespace: str = "default"
    generation: int | None = None
    annotations: dict[str, str] = {}
    labels: dict[str, str] = {}


class SmokeSource(_Model):
    """Seeded ticks that behave like a market; needs no account."""

    type: Literal["smoke"]
    ticks_per_s: float = Field(default=0.75, gt=0, le=20)
    """Mean rate of a liquid symbol in the continuous phase."""
    late_bp: int = Field(default=20, ge=0, le=1000)
    """Share of ticks that arrive late, basis points."""
    duplicate_bp: int = Field(default=5, ge=0, le=1000)
    """Share of ticks that are received twice, basis points."""
    gap_every_min: int = Field(default=90, ge=0)
    """Mean minutes between feed gaps of some seconds; 0 = none."""


class ReplaySource(_Model):
    """Recorded ticks (ndjson) or minute bars (csv), relative to the manifest."""

    type: Literal["replay"]
    format: Literal["ticks", "bars-1m"]
    files: dict[str, str]
    """bars-1m: file of each symbol. ticks: one entry `ticks`."""
    price_field_scale: Literal["rupees"] = "rupees"


class KiteSource(_Model):
    """Zerodha Kite websocket."""

    type: Literal["kite"]


Source = Annotated[SmokeSource | ReplaySource | KiteSource, Field(discriminator="type")]


def _wall_clock(value: Any) -> Any:
    """Refuses a time without quotes: YAML reads 10:15 as the number 615."""
    if isinstance(value, int | float):
        raise ValueError('a time must stand in quotes, as in "10:15"')  # noqa: TRY004 - pydantic
    return value


WallClock = Annotated[time, BeforeValidator(_wall_clock)]
"""Time of day in India."""


class Window(_Model):
    """Part of the trading day that is run, Indian Standard Time; None = from or to its end."""

    start: WallClock | None = Field(default=None, alias="from")
    end: WallClock | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.start and self.end and self.start >= self.end:
            raise ValueError(f"window: from {self.start} must be before to {self.end}")
        return self


class Drill(_Model):
    """A control command at a session time: a planned exercise of the kill switch, say."""

    at: WallClock
    command: Literal["KILL", "REDUCE", "RESUME", "PAUSE", "SET"]
    key: str | None = Field(default=None, min_length=1, max_length=128)
    """SET: dotted key of a limit in configs/risk_budget.yaml."""
    value: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    """SET: the new limit, in the unit of its key."""

    @model_validator(mode="after")
    def _complete(self) -> Drill:
        if self.command == "SET" and (self.key is None or self.value is None):
            raise ValueError("SET changes one limit: give its key and its new value")
        if self.command != "SET" and (self.key is not None or self.value is not None):
            raise ValueError(f"{self.command} takes no key or value: remove them, or use SET")
        return self


class StageSpec(_Model):
    """How one stage runs."""

    implementation: Literal["python", "go"] = "python"
    image: str | None = None
    replicas: int = Field(default=1, ge=1, le=64)
    resources: dict[str, Any] = {}


class Rollout(_Model):
    """How a change of implementation, image or config is brought in."""

    min_records: int = Field(default=1000, ge=1, alias="minRecords")
    """Records the comparator must have seen equal before a handover."""
    watch_s: int = Field(default=60, ge=1, alias="watchSeconds")
    deadline_s: int = Field(default=1800, ge=1, alias="deadlineSeconds")
    auto_rollback: bool = Field(default=True, alias="autoRollback")
    allowed_phases: tuple[str, ...] = Field(
        default=("pre_open", "post_close", "closed"), alias="allowedPhases"
    )


class RiskSpec(_Model):
    """Risk limits: a profile of configs/risk_budget.yaml, with overrides by dotted key."""

    profile: str = "default"
    overrides: dict[str, int] = {}


class Credentials(_Model):
    """Kubernetes Secret that holds api_key and access_token (on a laptop: the environment)."""

    secret: str


class SessionSpec(_Model):
    """What a person wants to run."""

    mode: Literal["dry", "paper", "live"]
    calendar: str = "nse"
    dates: tuple[date, ...] = Field(min_length=1)
    """Trading days, ascending."""
    window: Window = Window()
    clock: Literal["virtual", "real"] = "virtual"
    account: str = Field(default="PAPER1", pattern=r"^[A-Z0-9_-]{1,32}$")
    seed: int = Field(default=1, ge=0, lt=2**63)
    symbols: tuple[str, ...] = Field(min_length=1)
    source: Source
    strategies: tuple[str, ...] = ()
    """Names in configs/registry.yaml."""
    risk: RiskSpec = RiskSpec()
    drills: tuple[Drill, ...] = ()
    stages: dict[str, StageSpec] = {}
    rollout: Rollout = Rollout()
    credentials: Credentials | None = None
    paused: bool = False

    @model_validator(mode="after")
    def _check(self) -> SessionSpec:
        if list(self.dates) != sorted(set(self.dates)):
            raise ValueError("dates: must ascend without repeats")
        doubled = sorted({s for s in self.symbols if self.symbols.count(s) > 1})
        if doubled:
            raise ValueError(f"symbols: {doubled} appear more than once; remove the repeats")
        return self


class TradingSession(_Model):
    """The object that a person applies."""

    api_version: Literal["tapeline.dev/v1alpha1"] = Field(alias="apiVersion")
    kind: Literal["TradingSession"]
    metadata: Metadata
    spec: SessionSpec


def load_manifest(path: Path) -> TradingSession:
    """Reads a manifest.

    Raises:
        ManifestError: one line for each problem: file, key, what is wrong.
    """
    try:
        raw = read_yaml(path)
    except SettingsError as error:
        raise ManifestError(str(error)) from error
    if not isinstance(raw, dict):
        raise ManifestError(f"{path}: must hold one TradingSession object")
    try:
        return TradingSession.model_validate(raw)
    except ValidationError as error:
        raise ManifestError(problems(path, error)) from error


PLAIN = {
    "missing": "is missing; add it",
    "tuple_type": "must be a list, as in [A, B]",
    "too_short": "must not be empty",
    "model_type": "must be a mapping of keys",
    "date_from_datetime_parsing": "must be a date, as 2026-11-20",
    "date_from_datetime_inexact": "must be a date, as 2026-11-20",
}
"""Words of ours for problems that pydantic names by its own types."""


def problems(path: Path, error: ValidationError) -> str:
    """One line for each problem of a YAML file: file, dotted key, what is wrong."""
    lines = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"]) or "(top)"
        hint = " (unknown key; check its spelling)" if item["type"] == "extra_forbidden" else ""
        said = PLAIN.get(item["type"], item["msg"].removeprefix("Value error, "))
        lines.append(f"{path}: {key}: {said}{hint}")
    return "\n".join(lines)
