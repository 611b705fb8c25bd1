"""Settings of the exporter."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tapeline.contracts.errors import SettingsError
from tapeline.session.context import SessionContext

STAGE = "exporter"


class Settings(BaseModel):
    """What the exporter cannot learn from the topics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    capital_e4: int = Field(gt=0)
    """Capital with which the session starts, 1/10,000 rupee; drawdown is relative to it and to what
    was earned."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a resolved session.

        Raises:
            SettingsError: when the risk profile names no capital.
        """
        risk = context.spec.risk
        profiles = context.configs.get("risk_budget", {}).get("profiles", {})
        capital_e4 = risk.overrides.get(
            "capital_e4", profiles.get(risk.profile, {}).get("capital_e4")
        )
        if not isinstance(capital_e4, int) or capital_e4 <= 0:
            raise SettingsError(
                "configs/risk_budget.yaml",
                f"profiles.{risk.profile}.capital_e4",
                f"is {capital_e4!r}",
                "set the session's capital in 1/10,000 rupee",
            )
        return cls(capital_e4=capital_e4)
