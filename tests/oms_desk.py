"""Builders for tests of the OMS: a desk that plays decisions, reports and time to it."""

from __future__ import annotations

from typing import Any

import msgspec

from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import (
    Allowed,
    BrokerReport,
    Charges,
    Control,
    Extra,
    Fill,
    Leg,
    LiveOrder,
    Order,
    Signal,
)
from tapeline.execution.oms.logic import State, entry_type, step
from tapeline.execution.oms.settings import Rules, Settings
from tapeline.execution.oms.state import order_id
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.runner.stage import TIMER, Event, Output

START_NS = 1_795_320_900 * SECOND_NS
"""2026-11-22 09:45 in India."""
DAY = 20779
END_NS = START_NS + 6 * 3600 * SECOND_NS
ACCOUNT = "PAPER1"


class FlatCharges:
    """One basis point of the notional, at BSE two, and nothing else."""

    def fill_charges(
        self,
        day: Any,
        product: str,
        side: str,
        qty: int,
        price_e4: int,
        order_filled_e4: int,
        *,
        exchange: str,
    ) -> Charges:
        fee = qty * price_e4 * (2 if exchange == "BSE" else 1) // 10_000
        return Charges(
            brokerage_e4=fee,
            stt_e4=0,
            exchange_e4=0,
            sebi_e4=0,
            stamp_e4=0,
            ipft_e4=0,
            gst_e4=0,
            total_e4=fee,
        )


def instrument(symbol: str, **changes: Any) -> Instrument:
    fields: dict[str, Any] = {
        "symbol": symbol,
        "exchange": "NSE",
        "token": 1,
        "instrument_class": "cash_fno",
        "lot": 1,
        "freeze_qty": 100_000,
        "band_bp": 1000,
        "prev_close_e4": 1_000_000,
        "adv_shares": 1_000_000,
        "tick_table": ((10**13, 500),),
    }
    return Instrument(**(fields | changes))


def settings(**rules: Any) -> Settings:
    return Settings(
        session="test",
        account=ACCOUNT,
        latency_ns=200_000,
        rules=Rules(**rules),
        instruments={s: instrument(s) for s in ("INFY", "TCS")},
        phases={"cash_fno": (Phase(START_NS, END_NS, CONTINUOUS, DAY),)},
        charges=FlatCharges(),
    )


def leg(symbol: str = "INFY", side: str = "BUY", qty: int | None = 10, **changes: Any) -> Leg:
    fields: dict[str, Any] = {
        "symbol": symbol,
        "side": side,
        "weight_bp": 10_000,
        "qty": qty,
        "order_type": "LIMIT",
        "limit_price_e4": 1_000_500,
        "trigger_price_e4": None,
        "reference_price_e4": 1_000_000,
        "stop_distance_e4": 10_000,
        "target_distance_e4": None,
    }
    return Leg(**(fields | changes))


def market(symbol: str = "INFY", side: str = "SELL", qty: int | None = 10, **changes: Any) -> Leg:
    fields = {"order_type": "MARKET", "limit_price_e4": None, "stop_distance_e4": None}
    return leg(symbol, side, qty, **(fields | changes))


def signal() -> Signal:
    """Any signal: the OMS does not look into it."""
    return Signal(
        strategy="sma",
        version="1",
        tf="1m",
        symbol="INFY",
        bar_start_ns=START_NS,
        bar_rev=0,
        indicators={},
        votes={},
        confidence_bp=10_000,
    )


def allowed(at_ns: int, intent_id: str = "I1", *legs: Leg, **changes: Any) -> Allowed:
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "intent_id": intent_id,
        "strategy": "sma",
        "bucket": "trend",
        "action": "ENTRY",
        "product": "MIS",
        "legs": legs or (leg(),),
        "expires_ns": None,
        "leg_timeout_ms": None,
        "extra": Extra(signal=signal()),
    }
    reserved_e4 = changes.pop("reserved_e4", 10_005_000)
    decision = changes.pop("decision", "APPROVED")
    order = Order(**(fields | changes))
    return Allowed(
        at_ns=at_ns,
        intent_id=intent_id,
        decision=decision,
        reason="OK",
        numbers={},
        reserved_e4=reserved_e4,
        order=order,
    )


class Desk:
    """Drives one OMS; time only goes forward, and timers fire when they are due."""

    def __init__(self, **rules: Any) -> None:
        self.settings = settings(**rules)
        self.state = State()
        self.now_ns = START_NS
        self.outputs: list[Output] = []
        self._position = 0
        self._report = 0

    def send(self, topic: str, message: Any) -> list[Output]:
        event = Event(self.now_ns, 0, ACCOUNT, self._position, topic, message)
        self._position += 1
        outputs = step(self.state, event, self.settings)
        timer_ns = self.state.timer_ns()
        assert timer_ns is None or timer_ns > self.now_ns
        self.outputs += outputs
        return outputs

    def wait(self, ms: int) -> list[Output]:
        """Lets time pass; returns what the timers caused."""
        until_ns = self.now_ns + ms * MS_NS
        outputs: list[Output] = []
        while (due_ns := self.state.timer_ns()) is not None and due_ns <= until_ns:
            self.now_ns = due_ns
            outputs += self.send(TIMER, None)
        self.now_ns = until_ns
        return outputs

    def allow(self, intent_id: str = "I1", *legs: Leg, **changes: Any) -> list[Output]:
        return self.send("orders.allowed", allowed(self.now_ns, intent_id, *legs, **changes))

    def control(self, command: str) -> list[Output]:
        control = Control(
            at_ns=self.now_ns, command=command, by="test", reason="OK", key=None, value=None
        )
        return self.send("control", control)

    def id(self, intent_id: str = "I1", leg: int = 0, attempt: int = 0) -> str:
        return order_id(self.settings.session, intent_id, leg, attempt)

    def order(self, intent_id: str = "I1", leg: int = 0, attempt: int = 0) -> Any:
        return self.state.orders[self.id(intent_id, leg, attempt)]

    def message(self, kind: str, order: Any, **changes: Any) -> BrokerReport:
        self._report += 1
        fields: dict[str, Any] = {
            "at_ns": self.now_ns,
            "report_id": f"R{self._report}",
            "report": kind,
            "account": ACCOUNT,
            "tag": order.tag,
            "broker_order_id": f"B{order.tag}"[:24],
            "symbol": order.symbol,
            "trade_id": None,
            "side": None,
            "qty": 0,
            "price_e4": None,
            "cum_qty": 0,
            "event_ns": self.now_ns,
            "tick_seq": None,
            "reason": "OK",
            "message": "",
        }
        return BrokerReport(**(fields | changes))

    def report(
        self, kind: str, intent_id: str = "I1", leg: int = 0, attempt: int = 0, **changes: Any
    ) -> list[Output]:
        message = self.message(kind, self.order(intent_id, leg, attempt), **changes)
        return self.send("broker.reports", message)

    def trade(
        self,
        qty: int,
        trade_id: str,
        intent_id: str = "I1",
        leg: int = 0,
        attempt: int = 0,
        **changes: Any,
    ) -> list[Output]:
        order = self.order(intent_id, leg, attempt)
        fields = {"qty": qty, "trade_id": trade_id, "price_e4": 1_000_000, "side": order.side}
        return self.report("FILL", intent_id, leg, attempt, **(fields | changes))

    def restart(self) -> None:
        """Saves every entry as JSON and loads it into a new state, last entry first."""
        self.state = reloaded(self.state)

    @property
    def events(self) -> list[LiveOrder]:
        return live(self.outputs)

    @property
    def fills(self) -> list[Fill]:
        return [o.message for o in self.outputs if o.topic == "fills"]


def reloaded(state: State) -> State:
    fresh = State()
    for key in reversed(list(state.keys())):
        entry = state.entry(key)
        assert entry is not None
        saved = codec.encode(entry)
        fresh.load(key, msgspec.json.decode(saved, type=entry_type(key)))
    return fresh


def live(outputs: list[Output]) -> list[LiveOrder]:
    return [o.message for o in outputs if o.topic == "live_orders"]


def brief(outputs: list[Output]) -> list[tuple[str, str, str, str]]:
    """(event, state, command, reason) of each live_order among the outputs."""
    return [(e.event, e.state, e.command, e.reason) for e in live(outputs)]
