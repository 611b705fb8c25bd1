"""Builders and a small shell for the tests of the two risk stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tapeline.contracts import messages as m
from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, POST_CLOSE, PRE_OPEN, Phase
from tapeline.risk.budget_guard.settings import Settings as GuardSettings
from tapeline.risk.limits import RiskBudget, risk_budget
from tapeline.risk.risk_manager.hours import square_off_times
from tapeline.risk.risk_manager.logic import State as RiskState
from tapeline.risk.risk_manager.logic import step as risk_step
from tapeline.risk.risk_manager.settings import Settings as RiskSettings
from tapeline.runner.stage import TIMER, Event, Output

DAY = date(2026, 11, 20)
RUPEE = 10_000
SYMBOLS = ("AAA", "BBB", "CCC")
RAW = yaml.safe_load((Path(__file__).parents[1] / "configs" / "risk_budget.yaml").read_text())
TEN = ist_ns(DAY, time(10))


def ns(text: str, day: date = DAY) -> int:
    """UTC nanoseconds of an Indian wall-clock time."""
    return ist_ns(day, time.fromisoformat(text))


def phases(day: date = DAY) -> tuple[Phase, ...]:
    """A day with a closing auction."""
    rows = (
        ("09:00", "09:08", PRE_OPEN),
        ("09:15", "15:15", CONTINUOUS),
        ("15:15", "15:35", CLOSING_AUCTION),
        ("15:50", "16:00", POST_CLOSE),
    )
    number = ns("12:00", day) // (86_400 * SECOND_NS)
    return tuple(Phase(ns(a, day), ns(b, day), name, number) for a, b, name in rows)


def instrument(symbol: str = "AAA", **changes: Any) -> Instrument:
    row: dict[str, Any] = {
        "symbol": symbol,
        "exchange": "NSE",
        "token": 1,
        "instrument_class": "cash_fno",
        "lot": 1,
        "freeze_qty": 100_000,
        "band_bp": 2_000,
        "prev_close_e4": 1_000 * RUPEE,
        "adv_shares": 1_000_000,
        "tick_table": ((10**13, 500),),
    }
    return Instrument(**{**row, **changes})


class FlatCharges:
    """5 basis points of each side's notional, at BSE 10: a simple stand-in for the dated table."""

    def fill_charges(
        self,
        day: date,
        product: str,
        side: str,
        qty: int,
        price_e4: int,
        order_filled_e4: int,
        *,
        exchange: str,
    ) -> m.Charges:
        return charges(qty * price_e4 * (10 if exchange == "BSE" else 5) // 10_000)


def charges(total_e4: int) -> m.Charges:
    zero = dict.fromkeys(("stt", "exchange", "sebi", "stamp", "ipft", "gst"), 0)
    parts = {f"{name}_e4": value for name, value in zero.items()}
    return m.Charges(brokerage_e4=total_e4, total_e4=total_e4, **parts)


def limits(**overrides: int) -> RiskBudget:
    """The default profile; keys with __ for the dot."""
    changed = {key.replace("__", "."): value for key, value in overrides.items()}
    return risk_budget(RAW, "default", changed)


def risk_settings(
    budget: RiskBudget | None = None,
    instruments: Sequence[Instrument] | None = None,
    days: Sequence[date] = (DAY,),
) -> RiskSettings:
    budget = budget or limits()
    known = {i.symbol: i for i in instruments or [instrument(s) for s in SYMBOLS]}
    plan = tuple(phase for day in days for phase in phases(day))
    return RiskSettings(
        session="test",
        account="PAPER1",
        latency_ns=200_000,
        budget=budget,
        instruments=known,
        phases=dict.fromkeys(known, plan),
        square_off_ns=dict.fromkeys(known, square_off_times(plan, budget.square_off.lead_s)),
        charges=FlatCharges(),
    )


def guard_settings(budget: RiskBudget | None = None, **changes: Any) -> GuardSettings:
    base = {"account": "PAPER1", "latency_ns": 200_000, "send_delay_ns": 400_000}
    return GuardSettings(budget=budget or limits(), **{**base, **changes})


def event(topic: str, message: Any, at_ns: int = TEN) -> Event:
    return Event(at_ns, 0, "", 0, topic, message)


def timer(at_ns: int) -> Event:
    return event(TIMER, None, at_ns)


def bar(symbol: str = "AAA", close: int = 1_000, at_ns: int = TEN, **changes: Any) -> m.Bar:
    """A 1s bar that ended at `at_ns`, close in rupees."""
    row: dict[str, Any] = {
        "at_ns": at_ns,
        "symbol": symbol,
        "tf": "1s",
        "start_ns": at_ns - SECOND_NS,
        "end_ns": at_ns,
        "phase": CONTINUOUS,
        **dict.fromkeys(("open_e4", "high_e4", "low_e4", "close_e4"), close * RUPEE),
        "volume": 10,
        "n_ticks": 1,
        "cum_open": 0,
        "cum_close": 10,
        "first_ns": at_ns - SECOND_NS,
        "last_ns": at_ns - SECOND_NS,
        "rev": 0,
        "final": True,
        "partial": False,
        "cause": "WATERMARK",
    }
    return m.Bar(**{**row, **changes})


def leg(symbol: str = "AAA", side: str = "BUY", **changes: Any) -> m.Leg:
    row: dict[str, Any] = {
        "symbol": symbol,
        "side": side,
        "weight_bp": 10_000,
        "qty": None,
        "order_type": "LIMIT",
        "limit_price_e4": 1_000 * RUPEE,
        "trigger_price_e4": None,
        "reference_price_e4": 1_000 * RUPEE,
        "stop_distance_e4": 10 * RUPEE,
        "target_distance_e4": 20 * RUPEE,
    }
    return m.Leg(**{**row, **changes})


def exit_leg(symbol: str = "AAA", side: str = "SELL", **changes: Any) -> m.Leg:
    row = {"order_type": "MARKET", "limit_price_e4": None}
    none = {"stop_distance_e4": None, "target_distance_e4": None}
    return leg(symbol, side, **{**row, **none, **changes})


def order(*legs: m.Leg, confidence_bp: int = 10_000, **changes: Any) -> m.Order:
    legs = legs or (leg(),)
    signal = m.Signal(
        strategy="sma",
        version="1",
        tf="1m",
        symbol=legs[0].symbol,
        bar_start_ns=0,
        bar_rev=0,
        indicators={},
        votes={},
        confidence_bp=confidence_bp,
    )
    row: dict[str, Any] = {
        "at_ns": TEN,
        "intent_id": "I1",
        "strategy": "sma",
        "bucket": "trend",
        "action": "ENTRY",
        "product": "MIS",
        "legs": legs,
        "expires_ns": None,
        "leg_timeout_ms": None,
        "extra": m.Extra(signal=signal),
    }
    return m.Order(**{**row, **changes})


def exit_order(*legs: m.Leg, **changes: Any) -> m.Order:
    return order(*(legs or (exit_leg(),)), **{"action": "EXIT", "intent_id": "X1", **changes})


def fill(
    symbol: str = "AAA", side: str = "BUY", qty: int = 100, price: int = 1_000, **changes: Any
) -> m.Fill:
    row: dict[str, Any] = {
        "at_ns": TEN,
        "fill_id": "F1",
        "account": "PAPER1",
        "order_id": "O1",
        "intent_id": "I0",
        "strategy": "sma",
        "symbol": symbol,
        "side": side,
        "product": "MIS",
        "action": "ENTRY",
        "qty": qty,
        "price_e4": price * RUPEE,
        "trade_id": "T1",
        "broker_order_id": "B1",
        "event_ns": TEN,
        "tick_seq": None,
        "charges": charges(0),
    }
    return m.Fill(**{**row, **changes})


def control(command: str, **changes: Any) -> m.Control:
    row = {"at_ns": TEN, "by": "person", "reason": "OK", "key": None, "value": None}
    return m.Control(command=command, **{**row, **changes})


def sized(order_: m.Order, decision: str = "APPROVED") -> m.Sized:
    return m.Sized(
        at_ns=TEN,
        intent_id=order_.intent_id,
        decision=decision,
        reason="OK",
        numbers={},
        order=order_,
    )


def allowed(order_: m.Order, decision: str = "APPROVED", reason: str = "OK") -> m.Allowed:
    return m.Allowed(
        at_ns=TEN,
        intent_id=order_.intent_id,
        decision=decision,
        reason=reason,
        numbers={},
        reserved_e4=0,
        order=order_,
    )


def live(**changes: Any) -> m.LiveOrder:
    row: dict[str, Any] = {
        "at_ns": TEN,
        "account": "PAPER1",
        "order_id": "O1",
        "intent_id": "I1",
        "strategy": "sma",
        "leg": 0,
        "n": 0,
        "event": "ALLOWED",
        "prev_state": "NEW",
        "state": "PENDING_SUBMIT",
        "command": "PLACE",
        "authority_epoch": 0,
        "tag": "T1",
        "symbol": "AAA",
        "side": "BUY",
        "product": "MIS",
        "action": "ENTRY",
        "order_type": "LIMIT",
        "qty": 100,
        "filled_qty": 0,
        "limit_price_e4": 1_000 * RUPEE,
        "trigger_price_e4": None,
        "broker_order_id": None,
        "reserved_e4": 100 * 1_000 * RUPEE,
        "reason": "OK",
        "prev_hash": "0" * 64,
        "hash": "0" * 64,
    }
    return m.LiveOrder(**{**row, **changes})


class Shell:
    """Drives a stage like the runner: steps, due timers, saved entries."""

    def __init__(
        self, new_state: Callable[[], Any], step: Callable[..., Sequence[Output]], settings: Any
    ) -> None:
        self.new_state = new_state
        self.step_of = step
        self.settings = settings
        self.state = new_state()
        self.saved: dict[str, tuple[type[Any], bytes]] = {}
        """Type and JSON of every entry that was saved, as state.<stage> would hold it."""

    def send(self, *events: Event) -> list[Output]:
        """Outputs of some events, timers not included."""
        outputs: list[Output] = []
        for one in events:
            outputs += self.step_of(self.state, one, self.settings)
            self.save()
        return outputs

    def save(self) -> None:
        for key in self.state.dirty:
            entry = self.state.entry(key)
            if entry is None:
                self.saved.pop(key, None)
            else:
                self.saved[key] = (type(entry), msgspec.json.encode(entry))
        self.state.dirty.clear()

    def restart(self) -> None:
        """A new state from what was saved, loaded in another order."""
        state = self.new_state()
        for key in sorted(self.saved, reverse=True):
            kind, value = self.saved[key]
            state.load(key, msgspec.json.decode(value, type=kind))
        self.state = state


def messages(outputs: Sequence[Output]) -> list[Any]:
    return [output.message for output in outputs]


def content(state: Any) -> dict[str, Any]:
    """Every entry of a state."""
    keys = list(state.keys())
    return {key: state.entry(key) for key in keys}


def risk_shell(budget: RiskBudget | None = None, **changes: Any) -> Shell:
    """A risk manager that has seen a bar of each symbol at 10:00:00."""
    settings = risk_settings(budget, **changes)
    made = Shell(lambda: RiskState(settings), risk_step, settings)
    made.send(*(event("bars.1s", bar(symbol)) for symbol in SYMBOLS))
    return made


def decide(made: Shell, order_: m.Order, at_ns: int = TEN) -> m.Sized:
    (output,) = made.send(event("orders", order_, at_ns))
    assert output.topic == "orders.sized"
    assert output.key == "PAPER1"
    assert output.message.at_ns == at_ns + 200_000
    found: m.Sized = output.message
    return found


def hold(made: Shell, qty: int, symbol: str = "AAA", **changes: Any) -> None:
    """Gives the strategy a position."""
    side = "BUY" if qty > 0 else "SELL"
    made.send(event("fills", fill(symbol, side, abs(qty), **changes)))
