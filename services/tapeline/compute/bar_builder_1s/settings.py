"""Settings of bar_builder_1s."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.market.phases import PRE_OPEN, Phase
from tapeline.session.context import SessionContext
from tapeline.session.manifest import KiteSource, ReplaySource

STAGE = "bar_builder_1s"

BAND_BP_MIN = 2_500
"""No exchange band is wider than 20 % of the previous close, and F&O stocks flex theirs in steps:
a quarter between two windows is a bad record, not a move."""

END_MARGIN_NS = 2 * SECOND_NS
"""What is open is forced out this long before the session's end, so that the aggregator (1 s before
it) still sees it. The market has then been closed for DRAIN_NS less this."""


class SymbolRules(BaseModel):
    """What is fixed for one symbol."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instrument_class: str
    """Class in `Settings.phases`."""
    has_volume: bool
    """False for an index: its bars carry null volumes."""
    prev_close_e4: int
    """Centre of the band before the first day's close, 1/10,000 rupee."""
    band_bp: int
    """Largest distance of a price from the previous close or the last bar, basis points."""


class Settings(BaseModel):
    """Everything that decides what bar_builder_1s issues."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbols: dict[str, SymbolRules]
    """Symbols of the session; a tick of any other is a dead letter."""
    phases: dict[str, tuple[Phase, ...]]
    """Phases of each instrument class, in time order, all days of the session."""
    clipped_days: dict[str, tuple[int, ...]]
    """By class: days (since 1970-01-01) that the session enters after the market's start, so that
    the cumulative volume at the first tick is not zero; the day's first bar is then `partial`."""
    end_ns: int
    """When windows that no watermark has closed are forced out. UTC nanoseconds."""
    latency_ns: int
    """Modelled processing time: an output's at_ns is its cause's plus this. Nanoseconds."""
    grace_ms: int = 1_500
    """Milliseconds a window waits for late ticks after its end. Kite's snapshots arrive within a
    second of their exchange time and that time has whole seconds; half a second is to spare."""
    max_ahead_ms: int = 2_000
    """Milliseconds that the exchange time may be ahead of the receive time: clocks differ."""
    correction_horizon_s: int = 300
    """Seconds after its end in which a late tick re-issues a window; later ones go to ticks.late.
    It bounds the memory: at one tick a second, 300 small windows for each symbol."""
    auction_band_bp: int = 9_000
    """Band in an auction and before the day's first bar, basis points: an auction discovers the
    price (listing, split, bonus), so that only the absurd is refused."""
    baseline_wait_s: int = 60
    """Seconds after the day's first phase starts within which the first event must be seen for the
    day's cumulative volume to be known to start at zero."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings for a resolved session."""
        symbols = {
            symbol: SymbolRules(
                instrument_class=instrument.instrument_class,
                has_volume=instrument.has_volume,
                prev_close_e4=instrument.prev_close_e4,
                band_bp=max(BAND_BP_MIN, instrument.band_bp),
            )
            for symbol, instrument in context.instruments.items()
        }
        return cls(
            symbols=symbols,
            phases=context.phases,
            clipped_days={name: _clipped_days(context, name) for name in context.phases},
            end_ns=context.end_ns - END_MARGIN_NS,
            latency_ns=context.latency_ns(STAGE),
        )


def _clipped_days(context: SessionContext, instrument_class: str) -> tuple[int, ...]:
    """Days whose start the session's window cuts off, where ticks count the whole day's volume.

    Smoke ticks and expanded minute bars count from the session's own start instead.
    """
    source, start = context.spec.source, context.spec.window.start
    counts_whole_day = isinstance(source, KiteSource) or (
        isinstance(source, ReplaySource) and source.format == "ticks"
    )
    if not counts_whole_day or start is None:
        return ()
    starts_ns = {ist_ns(day, start) for day in context.spec.dates}
    return tuple(
        phase.day
        for phase in context.phases[instrument_class]
        if phase.start_ns in starts_ns and phase.name != PRE_OPEN
    )
