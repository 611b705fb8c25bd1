"""Bars rebuilt from replayed ticks equal the file, whatever the bars."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import ingestion_sessions as build
from tapeline.contracts.clock import MINUTE_NS, ist, ist_day
from tapeline.contracts.money import rupees
from tapeline.ingestion.app import source
from tapeline.ingestion.replay_bars import COLUMNS

SHARE = build.instrument("INFY")
BARS = st.tuples(
    st.lists(st.integers(1, 10**10), min_size=4, max_size=4),
    st.one_of(st.integers(0, 5), st.integers(0, 10**12)),
)


def text(price_e4: int) -> str:
    return format(Decimal(rupees(price_e4)), "f")


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.integers(0, 14), BARS, max_size=10))
def test_rebuilt_bars_equal_the_file(bars):
    session_start = build.session(plan=build.QUARTER).start_ns
    rows, expected = [",".join(COLUMNS)], {}
    for minute in sorted(bars):
        prices, volume = bars[minute]
        open_e4, close_e4 = prices[:2]
        bar = (open_e4, max(prices), min(prices), close_e4)
        start = (ist(session_start) + timedelta(minutes=minute)).replace(tzinfo=None)
        rows.append(",".join([start.isoformat(), *map(text, bar), str(volume)]))
        expected[session_start + minute * MINUTE_NS] = (*bar, volume)
    assert rebuilt(rows) == expected


def rebuilt(rows: list[str]) -> dict[int, tuple[int, int, int, int, int]]:
    """Bars of the ticks of a file: volume from the cumulative volume of the day."""
    with TemporaryDirectory() as folder:
        Path(folder, "bars.csv").write_text("\n".join(rows))
        replay = {"type": "replay", "format": "bars-1m", "files": {"INFY": "bars.csv"}}
        session = build.session(
            replay, instruments=(SHARE,), plan=build.QUARTER, base_dir=Path(folder)
        )
        ticks = build.ticks_of(source(session).slice(2**62))
    prices: dict[int, list[int]] = {}
    closing: dict[int, int] = {}
    for tick in ticks:
        assert ist_day(tick.event_ns) == ist_day(tick.at_ns)
        minute_ns = tick.event_ns // MINUTE_NS * MINUTE_NS
        prices.setdefault(minute_ns, []).append(tick.last_price_e4)
        closing[minute_ns] = tick.day_volume
    found, before = {}, 0
    for minute_ns, seen in prices.items():
        volume = closing[minute_ns] - before
        found[minute_ns] = (seen[0], max(seen), min(seen), seen[-1], volume)
        before = closing[minute_ns]
    return found
