"""Builders of what the order path sees: instruments, ticks, order commands, reports, fills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec

from tapeline.contracts.clock import MINUTE_NS, SECOND_NS, ist_day
from tapeline.contracts.ids import derive, tag
from tapeline.contracts.messages import BrokerReport, Charges, Fill, LiveOrder, Tick
from tapeline.execution.gateway_paper.matcher import MatchRules
from tapeline.execution.gateway_paper.settings import Broker
from tapeline.execution.gateway_paper.settings import Settings as PaperSettings
from tapeline.market.charges import ChargeTable
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, PRE_OPEN, Phase
from tapeline.runner.stage import TIMER, Event, Output
from tapeline.session.context import SessionContext
from tapeline.session.manifest import SessionSpec, SmokeSource
from tapeline.session.pipeline import load_pipeline

MIDNIGHT_NS = 1_795_285_800 * SECOND_NS
"""2026-11-22 00:00 in India; any day will do."""
OPEN_NS = MIDNIGHT_NS + (9 * 60 + 15) * MINUTE_NS
CLOSE_NS = MIDNIGHT_NS + (15 * 60 + 15) * MINUTE_NS
AUCTION_END_NS = CLOSE_NS + 20 * MINUTE_NS
END_NS = AUCTION_END_NS + 2 * MINUTE_NS
DAY = ist_day(OPEN_NS)
NEXT_DAY_NS = 86_400 * SECOND_NS

ACCOUNT = "PAPER1"
PIPELINE = Path(__file__).parent.parent / "configs" / "pipeline.yaml"


def instrument(symbol: str = "INFY", **changes: Any) -> Instrument:
    """A stock at 100 rupees with a tick of 5 paise, below 50 rupees of 1 paisa."""
    fields: dict[str, Any] = {
        "symbol": symbol,
        "exchange": "NSE",
        "token": 1,
        "instrument_class": "cash_fno",
        "lot": 1,
        "freeze_qty": 10_000,
        "band_bp": 1_000,
        "prev_close_e4": 1_000_000,
        "adv_shares": 1_000_000,
        "tick_table": ((500_000, 100), (10**13, 500)),
    }
    return Instrument(**{**fields, **changes})


def day_phases(offset_ns: int = 0) -> tuple[Phase, ...]:
    """Pre-open, continuous and closing auction of one day."""
    day = ist_day(OPEN_NS + offset_ns)
    bounds = (
        (OPEN_NS - 15 * MINUTE_NS, OPEN_NS, PRE_OPEN),
        (OPEN_NS, CLOSE_NS, CONTINUOUS),
        (CLOSE_NS, AUCTION_END_NS, CLOSING_AUCTION),
    )
    return tuple(Phase(a + offset_ns, b + offset_ns, name, day) for a, b, name in bounds)


def paper_settings(*, days: int = 1, rules: dict[str, Any] | None = None, **changes: Any) -> Any:
    """A paper gateway in which nothing is lost and commands take 10 ms."""
    phases = tuple(p for d in range(days) for p in day_phases(d * NEXT_DAY_NS))
    fields: dict[str, Any] = {
        "session": "test",
        "account": ACCOUNT,
        "instruments": {
            "INFY": instrument("INFY"),
            "TCS": instrument("TCS"),
            "NIFTY": instrument("NIFTY", instrument_class="index"),
        },
        "phases": {"cash_fno": phases, "index": phases},
        "day_starts_ns": tuple(OPEN_NS - 15 * MINUTE_NS + d * NEXT_DAY_NS for d in range(1, days)),
        "final_statement_ns": END_NS + (days - 1) * NEXT_DAY_NS - 30 * SECOND_NS,
        "rules": MatchRules(seed=7, **{"slippage_ticks_max": 0, **(rules or {})}),
    }
    answers = {"base_latency_ms": 10, "jitter_ms": 0, "lost_request_bp": 0, "lost_ack_bp": 0}
    answers.update({k: changes.pop(k) for k in list(changes) if k in Broker.model_fields})
    return PaperSettings(**{**fields, "broker": Broker(**answers), **changes})


def tick(at_ns: int, symbol: str = "INFY", **changes: Any) -> Tick:
    """A trade at 100.00 with 100 shares a level: bids from 99.95 down, asks from 100.05 up."""
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "symbol": symbol,
        "seq": at_ns // 1_000_000 % 10**9,
        "event_ns": at_ns,
        "last_price_e4": 1_000_000,
        "last_qty": 40,
        "day_volume": at_ns // 1_000_000 % 10**9,
        "trade": True,
        "bids": (999_500, 100, 999_000, 100),
        "asks": (1_000_500, 100, 1_001_000, 100),
    }
    return Tick(**{**fields, **changes})


def live_order(at_ns: int, order_id: str = "A", **changes: Any) -> LiveOrder:
    """A command to buy 10 INFY at 100.05 or better."""
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "account": ACCOUNT,
        "order_id": order_id,
        "intent_id": f"intent-{order_id}",
        "strategy": "sma_cross",
        "leg": 0,
        "n": 0,
        "event": "ALLOWED",
        "prev_state": "NEW",
        "state": "PENDING_SUBMIT",
        "command": "PLACE",
        "authority_epoch": 1,
        "tag": tag(order_id),
        "symbol": "INFY",
        "side": "BUY",
        "product": "MIS",
        "action": "ENTRY",
        "order_type": "LIMIT",
        "qty": 10,
        "filled_qty": 0,
        "limit_price_e4": 1_000_500,
        "trigger_price_e4": None,
        "broker_order_id": None,
        "reserved_e4": 0,
        "reason": "OK",
        "prev_hash": "0" * 64,
        "hash": "1" * 64,
    }
    return LiveOrder(**{**fields, **changes})


def report(at_ns: int, kind: str, order_id: str = "A", **changes: Any) -> BrokerReport:
    """A broker's report on an order."""
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "report_id": derive(order_id, kind, at_ns),
        "report": kind,
        "account": ACCOUNT,
        "tag": tag(order_id),
        "broker_order_id": f"broker-{order_id}",
        "symbol": "INFY",
        "trade_id": None,
        "side": None,
        "qty": 0,
        "price_e4": None,
        "cum_qty": 0,
        "event_ns": at_ns,
        "tick_seq": None,
        "reason": "OK",
        "message": "",
    }
    return BrokerReport(**{**fields, **changes})


def fill(at_ns: int, order_id: str = "A", trade_id: str = "T1", **changes: Any) -> Fill:
    """A fill of 10 INFY bought at 100.05 for one rupee of charges."""
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "fill_id": derive("fill", trade_id),
        "account": ACCOUNT,
        "order_id": order_id,
        "intent_id": f"intent-{order_id}",
        "strategy": "sma_cross",
        "symbol": "INFY",
        "side": "BUY",
        "product": "MIS",
        "action": "ENTRY",
        "qty": 10,
        "price_e4": 1_000_500,
        "trade_id": trade_id,
        "broker_order_id": f"broker-{order_id}",
        "event_ns": at_ns - SECOND_NS,
        "tick_seq": 0,
        "charges": Charges(
            brokerage_e4=10_000,
            stt_e4=0,
            exchange_e4=0,
            sebi_e4=0,
            stamp_e4=0,
            ipft_e4=0,
            gst_e4=0,
            total_e4=10_000,
        ),
    }
    return Fill(**{**fields, **changes})


def session_context(*, days: int = 1) -> SessionContext:
    """A paper session in INFY, without files but for the pipeline."""
    spec = SessionSpec(
        mode="paper",
        dates=(date(2026, 11, 23),),
        account=ACCOUNT,
        symbols=("INFY",),
        source=SmokeSource(type="smoke"),
    )
    phases = tuple(p for d in range(days) for p in day_phases(d * NEXT_DAY_NS))
    return SessionContext(
        name="test",
        spec=spec,
        seed=7,
        pipeline=load_pipeline(PIPELINE),
        instruments={"INFY": instrument("INFY")},
        phases={"cash_fno": phases},
        charges=cast("ChargeTable", None),
        configs={"risk_budget": {"profiles": {"default": {"capital_e4": 1_000_000_000}}}},
        base_dir=PIPELINE.parent,
    )


class Driver:
    """Drives one stage as the shell does: a timer event for each time that the stage asks for.

    With `cut` set, the state is saved to JSON and restored into a new one before every event whose
    number is in it.
    """

    def __init__(
        self,
        logic: Any,
        settings: Any,
        entry_type: Callable[[str], Any],
        cut: Iterable[int] = (),
    ) -> None:
        self.logic = logic
        self.settings = settings
        self.state = logic.State(settings)
        self.outputs: list[Output] = []
        self._entry_type = entry_type
        self._cut = frozenset(cut)
        self._stored: dict[str, bytes] = {}
        self._taken = 0

    def send(self, topic: str, message: Any, at_ns: int | None = None) -> list[Any]:
        """Runs the timers before a message, then the message; returns its own outputs."""
        now_ns = message.at_ns if at_ns is None else at_ns
        self.advance(now_ns)
        return self._step(Event(now_ns, 0, "", 0, topic, message))

    def advance(self, until_ns: int) -> list[Any]:
        """Runs the timers before or at a time; returns their outputs."""
        messages: list[Any] = []
        while (due := self.state.timer_ns()) is not None and due <= until_ns:
            messages += self._step(Event(due, 0, "", 0, TIMER, None))
        return messages

    def messages(self) -> list[Any]:
        """Everything the stage has said so far."""
        return [output.message for output in self.outputs]

    def _step(self, event: Event) -> list[Any]:
        if self._taken in self._cut:
            self._restart()
        self._taken += 1
        outputs: Sequence[Output] = self.logic.step(self.state, event, self.settings)
        for output in outputs:
            assert output.message.at_ns == event.at_ns  # type: ignore[attr-defined]
        self.outputs += outputs
        self._save()
        return [output.message for output in outputs]

    def _save(self) -> None:
        for key in sorted(self.state.dirty):
            entry = self.state.entry(key)
            if entry is None:
                self._stored.pop(key, None)
            else:
                self._stored[key] = msgspec.json.encode(entry)
        self.state.dirty.clear()

    def _restart(self) -> None:
        assert set(self._stored) <= set(self.state.keys())
        self.state = self.logic.State(self.settings)
        for key, value in sorted(self._stored.items(), reverse=True):
            self.state.load(key, msgspec.json.decode(value, type=self._entry_type(key)))
        assert not self.state.dirty
