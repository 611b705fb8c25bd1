"""Settings of ingestion: what to play, for which symbols, in which phases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tapeline.ingestion.sectors import SECTORS
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.session.context import SessionContext
from tapeline.session.manifest import (
    Drill,
    ManifestError,
    ReplaySource,
    SmokeSource,
    Window,
)


class Settings(BaseModel):
    """Everything that decides what a source plays; frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str
    """Key of the control records."""
    seed: int = Field(ge=0)
    """Decides every draw of the smoke source; another seed is another day."""
    start_ns: int = Field(ge=0)
    """Start of the first phase, UTC nanoseconds."""
    end_ns: int = Field(ge=0)
    """End of the session, UTC nanoseconds; nothing is received after it."""
    dates: tuple[date, ...]
    """Trading days; rows of other days were not asked for and are passed over."""
    window: Window
    """Part of the day; rows outside were not asked for and are passed over."""
    instruments: tuple[Instrument, ...]
    """The session's symbols, in symbol order."""
    phases: dict[str, tuple[Phase, ...]]
    """By instrument class of those symbols."""
    drills: tuple[tuple[int, Drill], ...]
    """Planned control commands with their times, UTC nanoseconds, ascending."""
    source: SmokeSource | ReplaySource = Field(discriminator="type")
    """The manifest's spec.source; its files are resolved against the folder of the manifest."""
    sectors: dict[str, str] = SECTORS
    """Smoke: symbols of one sector share a price factor, so that pairs of them stay together.
    A symbol that is not named is a sector of its own. Default: the large NSE names."""
    beat_tail_s: int = Field(default=5, ge=1, le=60)
    """Heartbeats go on for so many seconds after a phase. Default 5: longer than the grace for
    late ticks, so that the last windows of a phase close by watermark."""
    replay_latency_ms: int = Field(default=50, ge=0, le=900)
    """Minute bars: time from exchange to us, milliseconds. Default 50, a usual Kite lag; below
    1 s, so that a minute is received before the next begins."""
    replay_depth_qty: int = Field(default=100_000, ge=1)
    """Minute bars: shares on the one level of depth each side. Default 100,000: minute bars know
    no depth, so the matcher's fills are limited by price and not by quantity."""

    @classmethod
    def from_session(cls, context: SessionContext) -> Settings:
        """Settings of a session.

        Raises:
            ManifestError: for a source that cannot be played, naming the key.
        """
        spec = context.spec
        if not isinstance(spec.source, SmokeSource | ReplaySource):
            raise ManifestError(
                "spec.source.type: kite comes with the broker integration; use smoke or replay"
            )
        instruments = tuple(context.instruments[symbol] for symbol in sorted(spec.symbols))
        classes = sorted({instrument.instrument_class for instrument in instruments})
        return cls(
            account=spec.account,
            seed=context.seed,
            start_ns=context.start_ns,
            end_ns=context.end_ns,
            dates=spec.dates,
            window=spec.window,
            instruments=instruments,
            phases={name: context.phases[name] for name in classes},
            drills=context.drills_ns(),
            source=_resolved(spec.source, context.base_dir),
        )


def _resolved(source: SmokeSource | ReplaySource, folder: Path) -> SmokeSource | ReplaySource:
    """A source whose files can be opened from here."""
    if isinstance(source, SmokeSource):
        return source
    files = {name: str(folder / file) for name, file in source.files.items()}
    return source.model_copy(update={"files": files})
