"""Wires the source of a session."""

from __future__ import annotations

from tapeline.ingestion.replay_bars import bar_chunks
from tapeline.ingestion.replay_ticks import tick_chunks
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.smoke import smoke_chunks
from tapeline.ingestion.source import ChunkedSource, Source, with_drills
from tapeline.session.context import SessionContext
from tapeline.session.manifest import SmokeSource


def source(session: SessionContext) -> Source:
    """The source that the manifest names, with the session's drills merged in.

    Raises:
        ManifestError: for a source that cannot be played, naming key, file and line.
    """
    settings = Settings.from_session(session)
    if isinstance(settings.source, SmokeSource):
        chunks = smoke_chunks(settings)
    elif settings.source.format == "ticks":
        chunks = tick_chunks(settings)
    else:
        chunks = bar_chunks(settings)
    return ChunkedSource(with_drills(chunks, settings))
