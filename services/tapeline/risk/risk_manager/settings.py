"""Settings of the risk manager."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SkipValidation

from tapeline.contracts.errors import SettingsError
from tapeline.market.charges import ChargeTable
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.risk.limits import RiskBudget, budget_of
from tapeline.risk.risk_manager.hours import square_off_times
from tapeline.session.context import SessionContext

STAGE = "risk_manager"


class Settings(BaseModel):
    """Everything that the risk manager decides by, besides its state."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    session: str
    """Name of the session; part of every id."""
    account: str
    """Trading account; key of every output."""
    latency_ns: int
    """Modelled processing time: an output exists this long after its cause. Nanoseconds."""
    budget: RiskBudget
    """Limits at the start of the session; control may change some of them."""
    instruments: dict[str, Instrument]
    """By symbol: lots, freeze quantities and tick sizes."""
    phases: dict[str, tuple[Phase, ...]]
    """Market phases of each symbol, all days of the session."""
    square_off_ns: dict[str, tuple[int, ...]]
    """When the square-off of intraday positions starts, by symbol, one time for each day, UTC
    nanoseconds: square_off.lead_s before the continuous phase ends, or the calendar's time when
    that is earlier."""
    charges: SkipValidation[ChargeTable]
    """Dated charges of a trade."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings for a session.

        Raises:
            SettingsError: when configs/risk_budget.yaml or an instrument is impossible.
        """
        budget = budget_of(context)
        for symbol, instrument in context.instruments.items():
            if instrument.lot < 1:
                raise SettingsError(
                    "configs/tokens.csv", f"{symbol}.lot", "must be at least 1", "correct the row"
                )
        phases = {symbol: context.phases_of(symbol) for symbol in context.instruments}
        lead_s = budget.square_off.lead_s
        return cls(
            session=context.name,
            account=context.spec.account,
            latency_ns=context.latency_ns(STAGE),
            budget=budget,
            instruments=context.instruments,
            phases=phases,
            square_off_ns={
                s: square_off_times(p, lead_s, context.square_off_of(s)) for s, p in phases.items()
            },
            charges=context.charges,
        )
