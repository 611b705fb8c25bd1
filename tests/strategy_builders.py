"""Sessions, bars and a runner for the tests of strategies."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tapeline.contracts.clock import MINUTE_NS, SECOND_NS, ist_day, ist_ns
from tapeline.contracts.messages import Bar, Order
from tapeline.market.charges import ChargeTable
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CONTINUOUS, PRE_OPEN, Phase
from tapeline.runner.stage import Event
from tapeline.session.context import SessionContext
from tapeline.session.manifest import SessionSpec
from tapeline.session.pipeline import load_pipeline
from tapeline.strategy.logic import State, entry_type, step
from tapeline.strategy.settings import Settings

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
PIPELINE = load_pipeline(CONFIGS / "pipeline.yaml")
DAY = date(2026, 11, 20)
OPEN_NS = ist_ns(DAY, time(9, 15))
GRACE_NS = 2 * SECOND_NS
TF_MINUTES = {"1m": 1, "3m": 3, "5m": 5, "15m": 15}


@cache
def _parsed(name: str) -> Any:
    return yaml.safe_load((CONFIGS / f"{name}.yaml").read_text())


def config(name: str) -> Any:
    """A file of configs/, parsed; a copy of its own for each caller."""
    return deepcopy(_parsed(name))


def phases(days: int = 1, minutes: int = 360) -> tuple[Phase, ...]:
    """Pre-open and continuous trading of some days."""
    found = []
    for number in range(days):
        start_ns = OPEN_NS + number * 1440 * MINUTE_NS
        day = ist_day(start_ns)
        found += [
            Phase(start_ns - 15 * MINUTE_NS, start_ns, PRE_OPEN, day),
            Phase(start_ns, start_ns + minutes * MINUTE_NS, CONTINUOUS, day),
        ]
    return tuple(found)


def instrument(symbol: str, cls: str = "cash_fno") -> Instrument:
    """A share with a tick of five paise."""
    return Instrument(
        symbol=symbol,
        exchange="NSE",
        token=1,
        instrument_class=cls,
        lot=1,
        freeze_qty=100_000,
        band_bp=1000,
        prev_close_e4=1_000_000,
        adv_shares=1_000_000,
        tick_table=((10**13, 500),),
    )


def session(
    *strategies: str,
    symbols: tuple[str, ...] = ("AAA", "BBB", "HDFCBANK", "ICICIBANK"),
    registry: dict[str, Any] | None = None,
    ensemble: dict[str, Any] | None = None,
    indicators: dict[str, Any] | None = None,
    days: int = 1,
    minutes: int = 360,
) -> SessionContext:
    """A resolved session; configurations that are not given are the shipped ones."""
    spec = SessionSpec(
        mode="paper",
        dates=(DAY,),
        symbols=symbols,
        source={"type": "smoke"},
        strategies=strategies,
    )
    rows = {s: instrument(s, "index" if s == "NIFTY" else "cash_fno") for s in sorted(symbols)}
    return SessionContext(
        name="test",
        spec=spec,
        seed=1,
        pipeline=PIPELINE,
        instruments=rows,
        phases=dict.fromkeys(("cash_fno", "index"), phases(days, minutes)),
        charges=ChargeTable.__new__(ChargeTable),
        configs={
            "registry": registry or config("registry"),
            "ensemble": ensemble if ensemble is not None else config("ensemble"),
            "indicators": indicators or config("indicators"),
        },
        base_dir=CONFIGS,
    )


def entry(class_: str, parameters: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An entry of registry.yaml."""
    return {
        "class": class_,
        "version": "1",
        "symbols": ["AAA"],
        "timeframe": "1m",
        "bucket": "trend",
        "parameters": parameters or {},
        **changes,
    }


def settings_for(**entries: dict[str, Any]) -> Settings:
    """Settings of a session that runs the given registry entries."""
    registry = {"strategies": entries}
    return Settings.from_session(session(*entries, registry=registry, ensemble={"ensembles": {}}))


def bar(minute: int, close: float, **changes: Any) -> Bar:
    """A bar that begins `minute` minutes after the opening; prices in rupees.

    Without open, high and low it is a point; `at_ns` is two seconds after its end.
    """
    tf = changes.pop("tf", "1m")
    day = changes.pop("day", 0)
    opened = changes.pop("open", close)
    start_ns = OPEN_NS + (day * 1440 + minute) * MINUTE_NS
    end_ns = start_ns + TF_MINUTES[tf] * MINUTE_NS
    high, low = changes.pop("high", max(opened, close)), changes.pop("low", min(opened, close))
    base = Bar(
        at_ns=end_ns + GRACE_NS,
        symbol="AAA",
        tf=tf,
        start_ns=start_ns,
        end_ns=end_ns,
        phase=CONTINUOUS,
        open_e4=round(opened * 10_000),
        high_e4=round(high * 10_000),
        low_e4=round(low * 10_000),
        close_e4=round(close * 10_000),
        volume=1000,
        n_ticks=10,
        cum_open=0,
        cum_close=1000,
        first_ns=start_ns,
        last_ns=end_ns - 1,
        rev=0,
        final=True,
        partial=False,
        cause="WATERMARK",
    )
    return msgspec.structs.replace(base, **changes)


def series(closes: list[float], **changes: Any) -> list[Bar]:
    """One bar after another; each opens where the one before closed."""
    step_minutes = TF_MINUTES[changes.get("tf", "1m")]
    opens = [closes[0], *closes[:-1]]
    return [
        bar(number * step_minutes, close, open=opened, **changes)
        for number, (opened, close) in enumerate(zip(opens, closes, strict=True))
    ]


class Runner:
    """Feeds bars to a strategy runner."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.state = State(settings)
        self.position = 0

    def feed(self, bars: list[Bar]) -> list[Order]:
        """Intents that the bars cause."""
        orders = []
        for message in bars:
            event = Event(
                message.at_ns, 0, message.symbol, self.position, f"bars.{message.tf}", message
            )
            self.position += 1
            outputs = step(self.state, event, self.settings)
            assert all(o.message.at_ns == message.at_ns + 500_000 for o in outputs)
            orders += [output.message for output in outputs]
        return orders

    def restart(self) -> None:
        """A new state with all entries of the old one, through JSON."""
        before, self.state = self.state, State(self.settings)
        for key in sorted(before.keys(), reverse=True):
            entry_json = msgspec.json.encode(before.entry(key))
            self.state.load(key, msgspec.json.decode(entry_json, type=entry_type(key)))


def told(orders: list[Order]) -> list[str]:
    """Intents in short: action, cause, sides."""
    return [
        f"{o.action} {'/'.join(leg.side for leg in o.legs)} {o.extra.signal.cause}" for o in orders
    ]
