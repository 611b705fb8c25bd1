"""Settings of the OMS."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, ValidationError

from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.errors import SettingsError
from tapeline.market.charges import ChargeTable
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.session.context import SessionContext

FILE = "configs/oms.yaml"


class Rules(BaseModel):
    """What a desk may choose; the keys of configs/oms.yaml, all optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    protection_bp: int = Field(default=100, ge=1, le=2000)
    """How far a MARKET or SL-M order may trade from its reference, basis points. Brokers refuse
    API orders without market protection since 2026-04-01 (NSE/INVG/67858; https://kite.trade/forum/discussion/comment/52991);
    1 % passes a normal spread of a liquid stock and stops a fill through an empty book."""
    chase_after_ms: int = Field(default=3000, ge=1)
    """How long an exit at a protected price may rest before it is cancelled and placed again; two
    round trips of a second each and a second to trade."""
    chase_step_bp: int = Field(default=25, ge=0, le=1000)
    """How much further from the last known price each chase may trade, basis points."""
    max_chases: int = Field(default=3, ge=0, le=20)
    """Chases of one exit; the last order then rests until its expiry, or until a new exit for the
    symbol starts again. Bounds the orders that one exit may cost."""
    ack_timeout_ms: int = Field(default=5000, ge=1)
    """How long a command may stay unanswered before its order is UNKNOWN; longer than the broker
    library's read timeout would hide a placed order, shorter would query healthy ones."""
    query_every_ms: int = Field(default=2000, ge=1)
    """How often an UNKNOWN order is looked up at first; the order book may be read once a second,
    and other readers need their share."""
    query_slow_ms: int = Field(default=30_000, ge=1)
    """How often after the deadline, for orders that cannot be given up and for missing trades."""
    unknown_deadline_s: int = Field(default=30, ge=0)
    """How long the broker must keep answering "no such order" before a never-seen order is given
    up; placements have been reported to show up many seconds late."""
    cancels_per_second: int = Field(default=5, ge=1, le=10)
    """Cancels that may leave in one calendar second, those of chases too; the oldest go first, the
    others follow in the next seconds. The broker counts cancels among its 10 orders a second
    (kite.trade/docs/connect/v3/exceptions, API rate limit): a kill switch that sent all at once
    would have the rest refused, and half of the limit is left to exits."""


class Settings(BaseModel):
    """Everything that the OMS needs to know of its session."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    session: str
    """Name of the session; part of every order id."""
    account: str
    """The trading account."""
    latency_ns: int
    """Modelled processing time, nanoseconds."""
    authority_epoch: int = 1
    """Epoch of the order authority of the account; the gateway refuses older ones."""
    rules: Rules = Rules()
    instruments: dict[str, Instrument]
    """By symbol."""
    phases: dict[str, tuple[Phase, ...]]
    """By instrument class, in time order."""
    charges: Annotated[ChargeTable, SkipValidation]
    """Dated charges."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a session.

        Raises:
            SettingsError: for a wrong or unknown key of configs/oms.yaml.
        """
        return cls(
            session=context.name,
            account=context.spec.account,
            latency_ns=context.latency_ns("oms"),
            rules=_rules(context.configs.get("oms") or {}),
            instruments=context.instruments,
            phases=context.phases,
            charges=context.charges,
        )

    def phase_end_ns(self, symbol: str, at_ns: int) -> int | None:
        """End of the market phase that holds a time, None outside of phases. UTC nanoseconds."""
        for phase in self.phases[self.instruments[symbol].instrument_class]:
            if phase.start_ns <= at_ns < phase.end_ns:
                return phase.end_ns
        return None

    @property
    def ack_timeout_ns(self) -> int:
        """Rule ack_timeout_ms in nanoseconds."""
        return self.rules.ack_timeout_ms * MS_NS

    @property
    def chase_after_ns(self) -> int:
        """Rule chase_after_ms in nanoseconds."""
        return self.rules.chase_after_ms * MS_NS

    @property
    def query_every_ns(self) -> int:
        """Rule query_every_ms in nanoseconds."""
        return self.rules.query_every_ms * MS_NS

    @property
    def query_slow_ns(self) -> int:
        """Rule query_slow_ms in nanoseconds."""
        return self.rules.query_slow_ms * MS_NS

    @property
    def unknown_deadline_ns(self) -> int:
        """Rule unknown_deadline_s in nanoseconds."""
        return self.rules.unknown_deadline_s * SECOND_NS


def _rules(raw: Any) -> Rules:
    try:
        return Rules.model_validate(raw)
    except ValidationError as error:
        item = error.errors()[0]
        key = ".".join(str(part) for part in item["loc"]) or "(top)"
        remedy = f"use one of {sorted(Rules.model_fields)}, with a value in its range"
        raise SettingsError(FILE, key, item["msg"], remedy) from error
