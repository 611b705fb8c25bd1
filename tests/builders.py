"""Builders of messages for tests: a valid one, with what the test is about given by name."""

from __future__ import annotations

from typing import Any

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Bar, Charges, Fill, Heartbeat, LiveOrder, Tick

START_NS = 1_763_610_300 * SECOND_NS
"""2025-11-20 09:15:00 in India."""


def tick(**changes: Any) -> Tick:
    """A trade of INFY at 1,500 rupees."""
    fields: dict[str, Any] = {
        "at_ns": START_NS + SECOND_NS,
        "symbol": "INFY",
        "seq": 0,
        "event_ns": START_NS + SECOND_NS // 2,
        "last_price_e4": 15_000_000,
        "last_qty": 10,
        "day_volume": 100,
        "trade": True,
        "bids": (14_999_500, 100),
        "asks": (15_000_500, 100),
    }
    return Tick(**{**fields, **changes})


def heartbeat(at_ns: int, feed: str = "live") -> Heartbeat:
    """A beat of the feed."""
    return Heartbeat(at_ns=at_ns, complete_ns=at_ns, feed=feed)  # type: ignore[arg-type]


def bar(**changes: Any) -> Bar:
    """A 1-second bar of INFY."""
    fields: dict[str, Any] = {
        "at_ns": START_NS + 3 * SECOND_NS,
        "symbol": "INFY",
        "tf": "1s",
        "start_ns": START_NS,
        "end_ns": START_NS + SECOND_NS,
        "phase": "continuous",
        "open_e4": 100,
        "high_e4": 400,
        "low_e4": 100,
        "close_e4": 100,
        "volume": 10,
        "n_ticks": 1,
        "cum_open": 0,
        "cum_close": 10,
        "first_ns": START_NS,
        "last_ns": START_NS,
        "rev": 0,
        "final": True,
        "partial": False,
        "cause": "WATERMARK",
    }
    return Bar(**{**fields, **changes})


def charges(total_e4: int = 0) -> Charges:
    """Charges that are all brokerage."""
    return Charges(
        brokerage_e4=total_e4,
        stt_e4=0,
        exchange_e4=0,
        sebi_e4=0,
        stamp_e4=0,
        ipft_e4=0,
        gst_e4=0,
        total_e4=total_e4,
    )


def fill(**changes: Any) -> Fill:
    """A buy of 10 INFY at 2 rupees."""
    fields: dict[str, Any] = {
        "at_ns": START_NS,
        "fill_id": "F1",
        "account": "A1",
        "order_id": "O1",
        "intent_id": "I1",
        "strategy": "sma_cross",
        "symbol": "INFY",
        "side": "BUY",
        "product": "MIS",
        "action": "ENTRY",
        "qty": 10,
        "price_e4": 20_000,
        "trade_id": "T1",
        "broker_order_id": "B1",
        "event_ns": START_NS,
        "tick_seq": 1,
        "charges": charges(100),
    }
    return Fill(**{**fields, **changes})


def live_order(**changes: Any) -> LiveOrder:
    """The first event of an order."""
    fields: dict[str, Any] = {
        "at_ns": START_NS,
        "account": "A1",
        "order_id": "O1",
        "intent_id": "I1",
        "strategy": "sma_cross",
        "leg": 0,
        "n": 0,
        "event": "ALLOWED",
        "prev_state": "NEW",
        "state": "PENDING_SUBMIT",
        "command": "PLACE",
        "authority_epoch": 1,
        "tag": "TAG1",
        "symbol": "INFY",
        "side": "BUY",
        "product": "MIS",
        "action": "ENTRY",
        "order_type": "LIMIT",
        "qty": 10,
        "filled_qty": 0,
        "limit_price_e4": 20_000,
        "trigger_price_e4": None,
        "broker_order_id": None,
        "reserved_e4": 200_000,
        "reason": "OK",
        "prev_hash": "0" * 64,
        "hash": "1" * 64,
    }
    return LiveOrder(**{**fields, **changes})
