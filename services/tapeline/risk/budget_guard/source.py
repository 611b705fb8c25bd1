"""Where the daily budget comes from."""

from __future__ import annotations

from typing import Protocol

from tapeline.risk.limits import RiskBudget


class BudgetSource(Protocol):
    """Says how much may be reserved and spent on entries in a day."""

    def daily_e4(self, limits: RiskBudget) -> int:
        """Daily budget under the present limits, 1/10,000 rupee."""
        ...


class StaticBudget:
    """The budget of configs/risk_budget.yaml, as control may have changed it."""

    def daily_e4(self, limits: RiskBudget) -> int:
        """Daily budget under the present limits, 1/10,000 rupee."""
        return limits.budget.daily_e4
