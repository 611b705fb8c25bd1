"""Settings of reconciliation."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tapeline.contracts.clock import SECOND_NS
from tapeline.session.context import SessionContext

STAGE = "recon"

LAST_RUN_BEFORE_END_NS = 10 * SECOND_NS
"""The last run comes after the broker's closing statement (30 s before the end) has settled."""


class Settings(BaseModel):
    """When reconciliation runs, and how long it waits before it calls a difference a break."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session: str
    """Name of the session."""
    account: str
    """Account whose records are compared."""
    spans_ns: tuple[tuple[int, int], ...] = Field(min_length=1)
    """When it may run, ascending: trading days with the time to drain; the first run is at the
    start of each. UTC nanoseconds."""
    last_ns: int
    """Last run. UTC nanoseconds."""
    latency_ns: int = Field(default=0, ge=0)
    """Modelled processing time of this stage, nanoseconds."""
    every_s: int = Field(default=300, ge=1)
    """Seconds between runs: a person learns of a break within five minutes."""
    settle_ms: int = Field(default=5_000, ge=0)
    """A record younger than this is not judged. A broker's report needs a second to reach the OMS
    and its fill nothing more; five leave room for a slow poll."""
    silence_s: int = Field(default=90, ge=0)
    """The broker states a changed position within a minute; after this many seconds without a
    statement, its silence says that nothing changed."""
    unknown_s: int = Field(default=60, ge=1)
    """An order UNKNOWN for longer is a break. The OMS decides after 30 s of lookups."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a resolved session."""
        return cls(
            session=context.name,
            account=context.spec.account,
            spans_ns=context.spans_ns,
            last_ns=context.end_ns - LAST_RUN_BEFORE_END_NS,
            latency_ns=context.latency_ns(STAGE),
        )
