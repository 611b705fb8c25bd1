"""Settings of the paper gateway."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.errors import SettingsError
from tapeline.execution.gateway_paper.matcher import MatchRules
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.session.context import SessionContext

STAGE = "gateway_paper"

FINAL_STATEMENT_BEFORE_END_NS = 30 * SECOND_NS
"""The closing statement of positions leaves reconciliation time to settle before its last run."""


FILE = "configs/paper_broker.yaml"


class Broker(BaseModel):
    """How the simulated broker answers; the keys of configs/paper_broker.yaml but `matching`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_latency_ms: int = Field(default=40, ge=0, le=60_000)
    """Least time from the gateway to the exchange. Retail HTTP APIs take some tens of
    milliseconds."""
    jitter_ms: int = Field(default=60, ge=0, le=60_000)
    """Hashed time on top of it, 0 to this."""
    timeout_ms: int = Field(default=7_000, ge=1, le=120_000)
    """When the client gives up waiting for an answer: the default of Kite's client library."""
    lost_request_bp: int = Field(default=25, ge=0, le=10_000)
    """Share of placements that never arrive, basis points. One in 400, far more than in reality, so
    that every session day exercises UNKNOWN."""
    lost_ack_bp: int = Field(default=50, ge=0, le=10_000)
    """Share of placements that arrive while their answer is lost, basis points; one in 200."""


class Matching(BaseModel):
    """Bounds of MatchRules; the keys below `matching` in configs/paper_broker.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    participation_bp: int = Field(default=5_000, ge=1, le=10_000)
    slippage_ticks_max: int = Field(default=1, ge=0, le=100)
    half_spread_bp: int = Field(default=5, ge=0, le=1_000)
    protection_bp: int = Field(default=100, ge=1, le=2_000)
    quote_age_s_max: int = Field(default=10, ge=1, le=3_600)

    def rules(self, seed: int) -> MatchRules:
        """What the matcher takes."""
        return MatchRules(
            seed=seed,
            participation_bp=self.participation_bp,
            slippage_ticks_max=self.slippage_ticks_max,
            half_spread_bp=self.half_spread_bp,
            protection_bp=self.protection_bp,
            quote_age_ns_max=self.quote_age_s_max * SECOND_NS,
        )


class _File(Broker):
    matching: Matching = Matching()


class Settings(BaseModel):
    """How the simulated broker behaves; everything that is drawn derives from `rules.seed`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session: str
    """Name of the session; ids derive from it."""
    account: str
    """The one account that this gateway serves."""
    instruments: dict[str, Instrument]
    """By symbol; orders in others are refused, ticks of others ignored."""
    phases: dict[str, tuple[Phase, ...]]
    """By instrument class, all days of the session."""
    day_starts_ns: tuple[int, ...]
    """Start of each day after the first, when the finished orders of the day before are dropped.
    UTC nanoseconds."""
    final_statement_ns: int
    """When all positions are stated for the last time. UTC nanoseconds."""
    rules: MatchRules
    """How orders are matched."""
    broker: Broker = Broker()
    """How the broker answers."""
    latency_ns: int = Field(default=0, ge=0)
    """Modelled processing time of this stage, nanoseconds; the broker's is below."""
    clock_ahead_ms_max: int = Field(default=5_000, ge=0, le=60_000)
    """A tick whose exchange time is further ahead of the session's is ignored: taken at its word,
    it would make every later tick look old."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a resolved session.

        Raises:
            SettingsError: for a wrong or unknown key of configs/paper_broker.yaml.
        """
        file = _file(context.configs.get("paper_broker") or {})
        days: dict[int, int] = {}
        for phase in (phase for phases in context.phases.values() for phase in phases):
            days[phase.day] = min(phase.start_ns, days.get(phase.day, phase.start_ns))
        return cls(
            session=context.name,
            account=context.spec.account,
            instruments=context.instruments,
            phases=context.phases,
            day_starts_ns=tuple(sorted(days.values()))[1:],
            final_statement_ns=context.end_ns - FINAL_STATEMENT_BEFORE_END_NS,
            rules=file.matching.rules(context.seed),
            broker=Broker(**file.model_dump(exclude={"matching"})),
            latency_ns=context.latency_ns(STAGE),
        )


def _file(raw: Any) -> _File:
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(top)"
        raise SettingsError(
            FILE, key, first["msg"], "see the model Broker in gateway_paper/settings.py"
        ) from error
