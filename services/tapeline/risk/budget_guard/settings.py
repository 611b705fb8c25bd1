"""Settings of the budget guard."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SkipValidation

from tapeline.risk.budget_guard.source import BudgetSource, StaticBudget
from tapeline.risk.limits import RiskBudget, budget_of
from tapeline.session.context import SessionContext

STAGE = "budget_guard"


class Settings(BaseModel):
    """Everything that the budget guard decides by, besides its state."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    account: str
    """Trading account; key of every output."""
    latency_ns: int
    """Modelled processing time: an output exists this long after its cause. Nanoseconds."""
    send_delay_ns: int
    """Time from the decision to the order's way to the broker, nanoseconds: the latencies of this
    stage and of the OMS. Orders are counted in the calendar second in which they are sent."""
    budget: RiskBudget
    """Limits at the start of the session; control may change some of them."""
    source: SkipValidation[BudgetSource] = StaticBudget()
    """Where the daily budget comes from; the default takes it from the limits."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings for a session.

        Raises:
            SettingsError: when configs/risk_budget.yaml is impossible.
        """
        latency_ns = context.latency_ns(STAGE)
        return cls(
            account=context.spec.account,
            latency_ns=latency_ns,
            send_delay_ns=latency_ns + context.latency_ns("oms"),
            budget=budget_of(context),
        )
