"""The recorded bars of 2019 through the manifest that plays them: nothing lost, nothing changed."""

from __future__ import annotations

from pathlib import Path

import ingestion_sessions as build
from tapeline.contracts.clock import MINUTE_NS, ist_day
from tapeline.contracts.messages import Dead
from tapeline.ingestion.app import source
from tapeline.ingestion.replay_bars import read_rows
from tapeline.session.load import load_session


def test_every_minute_of_both_files_can_be_rebuilt():
    session = load_session(Path("configs/sessions/replay-nse-2019.yaml"))
    found = source(session).slice(session.end_ns)
    assert not [each for each in found if isinstance(each.message, Dead)]

    rows = 0
    for symbol, file in session.spec.source.files.items():
        by_minute: dict[int, list] = {}
        for tick in build.ticks_of(found, symbol):
            by_minute.setdefault(tick.event_ns // MINUTE_NS * MINUTE_NS, []).append(tick)
        before = {}
        for row in read_rows(session.base_dir / file):
            ticks = by_minute.pop(row.start_ns)
            prices = [tick.last_price_e4 for tick in ticks]
            volume = ticks[-1].day_volume - before.get(ist_day(row.start_ns), 0)
            before[ist_day(row.start_ns)] = ticks[-1].day_volume
            assert (prices[0], max(prices), min(prices), prices[-1], volume) == row[2:7]
            rows += 1
        assert not by_minute
    assert rows == 1913
