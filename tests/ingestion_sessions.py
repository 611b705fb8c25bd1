"""Sessions for tests of ingestion, built by hand: no calendar and no configs needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from tapeline.contracts.clock import ist_day, ist_ns
from tapeline.contracts.messages import Tick
from tapeline.ingestion.settings import Settings
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase
from tapeline.runner.stage import Output
from tapeline.session.context import SessionContext
from tapeline.session.manifest import SessionSpec
from tapeline.session.pipeline import Pipeline, load_pipeline

DAY = date(2026, 11, 20)
NEXT_DAY = date(2026, 11, 23)
TICKS = ((2_500_000, 100), (10_000_000, 500), (50_000_000, 1_000), (10**13, 5_000))
FULL_DAY = {
    "cash_fno": (
        ("pre_open", "09:00", "09:15"),
        ("continuous", "09:15", "15:15"),
        ("closing_auction", "15:15", "15:35"),
        ("post_close", "15:50", "16:00"),
    ),
    "cash": (
        ("pre_open", "09:00", "09:15"),
        ("continuous", "09:15", "15:30"),
        ("closing_price", "15:30", "15:50"),
        ("post_close", "15:50", "16:00"),
    ),
    "index": (("pre_open", "09:00", "09:15"), ("continuous", "09:15", "15:15")),
}
HALF_HOUR = dict.fromkeys(
    FULL_DAY, (("pre_open", "09:05", "09:15"), ("continuous", "09:15", "09:35"))
)
QUARTER = dict.fromkeys(FULL_DAY, (("continuous", "10:00", "10:15"),))
ONE_HOUR = dict.fromkeys(FULL_DAY, (("continuous", "10:00", "11:00"),))


def instrument(symbol: str, kind: str = "cash_fno", **changes: Any) -> Instrument:
    """A liquid share at 1,480 rupees."""
    fields: dict[str, Any] = {
        "symbol": symbol,
        "exchange": "NSE",
        "token": 1,
        "instrument_class": kind,
        "lot": 1,
        "freeze_qty": 100_000,
        "band_bp": 1_000,
        "prev_close_e4": 14_800_000,
        "adv_shares": 10_000_000,
        "tick_table": TICKS,
    }
    return Instrument(**(fields | changes))


LIQUID = (
    instrument("HDFCBANK"),
    instrument("ICICIBANK", prev_close_e4=13_700_000),
    instrument("INFY", prev_close_e4=15_400_000),
)
ILLIQUID = instrument("AMBIKCO", "cash", adv_shares=5_000)
INDEX = instrument("NIFTY", "index", prev_close_e4=258_500_000, adv_shares=0)


def phases_on(days: Sequence[date], plan: dict[str, Any]) -> dict[str, tuple[Phase, ...]]:
    """Phases of a plan by instrument class."""
    found: dict[str, tuple[Phase, ...]] = {}
    for name, rows in plan.items():
        found[name] = tuple(
            Phase(
                start := ist_ns(day, time.fromisoformat(begins)),
                ist_ns(day, time.fromisoformat(ends)),
                phase,
                ist_day(start),
            )
            for day in days
            for phase, begins, ends in rows
        )
    return found


@cache
def pipeline() -> Pipeline:
    """configs/pipeline.yaml, read once."""
    return load_pipeline(Path("configs/pipeline.yaml"))


def session(
    source: dict[str, Any] | None = None,
    *,
    instruments: Sequence[Instrument] = LIQUID,
    days: Sequence[date] = (DAY,),
    plan: dict[str, Any] | None = None,
    base_dir: Path = Path(),
    seed: int = 7,
    **spec: Any,
) -> SessionContext:
    """A resolved session of a source; smoke when none is given."""
    return SessionContext(
        name="test",
        spec=SessionSpec.model_validate(
            {
                "mode": "paper",
                "dates": list(days),
                "symbols": [each.symbol for each in instruments],
                "source": source or {"type": "smoke"},
                **spec,
            }
        ),
        seed=seed,
        pipeline=pipeline(),
        instruments={each.symbol: each for each in instruments},
        phases=phases_on(days, plan or FULL_DAY),
        charges=None,  # type: ignore[arg-type]
        configs={},
        base_dir=base_dir,
    )


def settings(source: dict[str, Any] | None = None, **changes: Any) -> Settings:
    """Settings of such a session."""
    return Settings.from_session(session(source, **changes))


def ticks_of(outputs: Sequence[Output], symbol: str | None = None) -> list[Tick]:
    """Ticks among records, of all symbols or one."""
    return [
        each.message
        for each in outputs
        if isinstance(each.message, Tick) and symbol in (None, each.message.symbol)
    ]
