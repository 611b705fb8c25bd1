"""Settings of bar_aggregator_multi."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tapeline.contracts.clock import SECOND_NS
from tapeline.market.phases import Phase
from tapeline.session.context import SessionContext

STAGE = "bar_aggregator_multi"

END_MARGIN_NS = SECOND_NS
"""What is open is forced out this long before the session's end: after the bar builder, which does
the same 2 s before it, so that its last bars are in."""


class Settings(BaseModel):
    """Everything that decides what bar_aggregator_multi issues."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbols: dict[str, str]
    """Instrument class of each symbol of the session."""
    phases: dict[str, tuple[Phase, ...]]
    """Phases of each instrument class, in time order, all days of the session."""
    end_ns: int
    """When windows that no watermark has closed are forced out. UTC nanoseconds."""
    latency_ns: int
    """Modelled processing time: an output's at_ns is its cause's plus this. Nanoseconds."""
    correction_horizon_s: int = 300
    """Seconds after its end in which a window takes revisions. At least that of bar_builder_1s,
    whose corrections reach no further back. It bounds the memory: five minutes of 1s bars and
    twenty of 1m bars for each symbol."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings for a resolved session."""
        return cls(
            symbols={name: i.instrument_class for name, i in context.instruments.items()},
            phases=context.phases,
            end_ns=context.end_ns - END_MARGIN_NS,
            latency_ns=context.latency_ns(STAGE),
        )
