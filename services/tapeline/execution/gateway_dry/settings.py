"""Settings of the dry gateway."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.session.context import SessionContext

STAGE = "gateway_dry"


class Settings(BaseModel):
    """What the dry gateway needs to judge an order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session: str
    """Name of the session; ids derive from it."""
    account: str
    """The one account that this gateway serves."""
    instruments: dict[str, Instrument]
    """By symbol; orders in others are refused."""
    phases: dict[str, tuple[Phase, ...]]
    """By instrument class, all days of the session."""
    latency_ns: int = Field(default=0, ge=0)
    """Modelled processing time of this stage, nanoseconds."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a resolved session."""
        return cls(
            session=context.name,
            account=context.spec.account,
            instruments=context.instruments,
            phases=context.phases,
            latency_ns=context.latency_ns(STAGE),
        )
