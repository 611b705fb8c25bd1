"""A small coherent run on disk: one signal on a 1m bar, one order, one fill, one reconciliation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from builders import START_NS, bar, charges, heartbeat, tick
from tapeline.contracts import codec, ids
from tapeline.contracts import messages as m
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.session.summary import RunSummary, StageTime

INTENT = ids.derive("run", "intent")
ORDER = ids.derive("run", "order")
FILL = ids.derive("run", "fill")
KNOWN_NS = START_NS + MINUTE_NS + 2 * SECOND_NS

Topics = dict[str, list[Any]]


def write(folder: Path, topics: Mapping[str, Sequence[Any]], **summary: Any) -> Path:
    """Writes the topics and a summary as a run does."""
    (folder / "topics").mkdir(parents=True, exist_ok=True)
    for topic, messages in topics.items():
        lines = b"".join(codec.encode(message) + b"\n" for message in messages)
        (folder / "topics" / f"{topic}.ndjson").write_bytes(lines)
    counts = {topic: len(messages) for topic, messages in topics.items()}
    text = msgspec.json.encode(run_summary(counts=counts, **summary))
    (folder / "summary.json").write_bytes(text)
    return folder


def run_summary(**changes: Any) -> RunSummary:
    """A run with one fill."""
    fields: dict[str, Any] = {
        "session": "hand-made",
        "mode": "paper",
        "seed": 7,
        "first_day": "2025-11-20",
        "last_day": "2025-11-20",
        "counts": {},
        "decisions": {"orders.sized": {"APPROVED": 1, "REJECTED": 2}},
        "rejections": {"PHASE_CLOSED": 2},
        "dead": {},
        "fills": 1,
        "filled_notional_e4": 150_000_000,
        "gross_pnl_e4": 100_000,
        "charges_e4": 40_000,
        "net_pnl_e4": 60_000,
        "open_positions": {},
        "recon_runs": 1,
        "recon_breaks": 0,
        "bar_differences": 0,
        "position_differences": 0,
        "fills_digest": "0" * 64,
        "last_fill_id": FILL,
        "first_fill_s": 0.5,
        "wall_s": 1.25,
        "flow_s": 1.0,
        "stopped": False,
        "peak_memory_mb": 120.0,
        "stages": [StageTime(stage="oms", events=10, commits=3, busy_s=0.1)],
    }
    return RunSummary(**{**fields, **changes})


def topics(symbols: Sequence[str] = ("INFY",), tf: str = "1m") -> Topics:
    """Records of every topic; two symbols make a pair."""
    minutes = {"1m": 1, "3m": 3}[tf]
    ends_ns = START_NS + minutes * MINUTE_NS
    ticks: list[Any] = []
    seconds: list[Any] = [heartbeat(START_NS)]
    bars: dict[str, list[Any]] = {"bars.1m": []}
    for symbol in symbols:
        for n in range(minutes):
            at_ns = START_NS + n * MINUTE_NS
            prices = (15_000_000 + n, 15_000_500 + n)
            for k, price_e4 in enumerate(prices):
                event_ns = at_ns + 10 * k * SECOND_NS
                ticks.append(_tick(symbol, 2 * n + k, event_ns, price_e4))
                seconds.append(_bar(symbol, "1s", event_ns, SECOND_NS, (price_e4, price_e4)))
            bars["bars.1m"].append(_bar(symbol, "1m", at_ns, MINUTE_NS, prices, 10 * SECOND_NS))
        if tf != "1m":
            ends = (15_000_000, 15_000_500 + minutes - 1)
            span_ns = (minutes - 1) * MINUTE_NS + 10 * SECOND_NS
            whole = _bar(symbol, tf, START_NS, minutes * MINUTE_NS, ends, span_ns)
            bars.setdefault(f"bars.{tf}", []).append(whole)
    ticks.append(_tick(symbols[0], 2 * minutes, ends_ns + 3 * SECOND_NS, 15_001_000))
    ticks.sort(key=lambda one: one.at_ns)
    seconds.sort(key=lambda one: one.at_ns)
    return {
        "ticks": [heartbeat(START_NS), *ticks],
        "bars.1s": seconds,
        **bars,
        **order_path(symbols, tf, ends_ns + 2 * SECOND_NS, 2 * minutes),
    }


def order_path(symbols: Sequence[str], tf: str, at_ns: int, tick_seq: int) -> Topics:
    """From the signal to the reconciliation."""
    order = intent(symbols, tf, at_ns)
    head = {"at_ns": at_ns, "intent_id": INTENT, "decision": "APPROVED", "reason": "OK"}
    later_ns = at_ns + 2 * SECOND_NS
    fill = m.Fill(
        at_ns=later_ns,
        fill_id=FILL,
        account="PAPER1",
        order_id=ORDER,
        intent_id=INTENT,
        strategy="sma_cross",
        symbol=symbols[0],
        side="BUY",
        product="MIS",
        action="ENTRY",
        qty=10,
        price_e4=15_001_000,
        trade_id="T1",
        broker_order_id="B1",
        event_ns=at_ns + SECOND_NS,
        tick_seq=tick_seq,
        charges=charges(40_000),
    )
    return {
        "orders": [order],
        "orders.sized": [m.Sized(**head, numbers={"qty": 10}, order=order)],
        "orders.allowed": [m.Allowed(**head, numbers={}, reserved_e4=150_000_000, order=order)],
        "live_orders": [live_order(symbols[0], at_ns), live_order(symbols[0], later_ns, 1, 10)],
        "broker.reports": [report(symbols[0], at_ns + SECOND_NS, tick_seq)],
        "fills": [fill],
        "recon": [recon(later_ns - SECOND_NS, 0), recon(later_ns + SECOND_NS, 1)],
    }


def intent(symbols: Sequence[str], tf: str, at_ns: int) -> m.Order:
    """An entry of a strategy on one symbol, or of a pair strategy on two."""
    shared: dict[str, Any] = {
        "strategy": "sma_cross",
        "version": "1",
        "tf": tf,
        "bar_start_ns": START_NS,
        "indicators": {"sma_5": 1500.5},
        "votes": {"sma_cross": 1},
        "confidence_bp": 6_000,
    }
    signal: m.Signal | m.PairSignal = m.Signal(symbol=symbols[0], bar_rev=0, **shared)
    if len(symbols) == 2:
        pair: dict[str, Any] = {"symbols": tuple(symbols), "bar_revs": (0, 0)}
        signal = m.PairSignal(**shared, **pair, hedge_ratio=1.5, spread=2.0, zscore=2.1)
    return m.Order(
        at_ns=at_ns,
        intent_id=INTENT,
        strategy="sma_cross",
        bucket="trend",
        action="ENTRY",
        product="MIS",
        legs=tuple(leg(symbol) for symbol in symbols),
        expires_ns=None,
        leg_timeout_ms=None,
        extra=m.Extra(signal=signal),
    )


def leg(symbol: str) -> m.Leg:
    """A buy at the market."""
    return m.Leg(
        symbol=symbol,
        side="BUY",
        weight_bp=10_000,
        qty=10,
        order_type="LIMIT",
        limit_price_e4=15_001_000,
        trigger_price_e4=None,
        reference_price_e4=15_000_500,
        stop_distance_e4=10_000,
        target_distance_e4=None,
    )


def live_order(symbol: str, at_ns: int, n: int = 0, filled_qty: int = 0) -> m.LiveOrder:
    """A transition of the order."""
    return m.LiveOrder(
        at_ns=at_ns,
        account="PAPER1",
        order_id=ORDER,
        intent_id=INTENT,
        strategy="sma_cross",
        leg=0,
        n=n,
        event="FULL_FILL" if filled_qty else "SUBMIT",
        prev_state="SUBMITTED" if filled_qty else "NEW",
        state="FILLED" if filled_qty else "PENDING_SUBMIT",
        command="NONE" if filled_qty else "PLACE",
        authority_epoch=1,
        tag=ids.tag(ORDER),
        symbol=symbol,
        side="BUY",
        product="MIS",
        action="ENTRY",
        order_type="LIMIT",
        qty=10,
        filled_qty=filled_qty,
        limit_price_e4=15_001_000,
        trigger_price_e4=None,
        broker_order_id=None,
        reserved_e4=0 if filled_qty else 150_000_000,
        reason="OK",
        prev_hash="0" * 64,
        hash="1" * 64,
    )


def report(symbol: str, at_ns: int, tick_seq: int) -> m.BrokerReport:
    """The broker tells of the trade."""
    return m.BrokerReport(
        at_ns=at_ns,
        report_id="R1",
        report="FILL",
        account="PAPER1",
        tag=ids.tag(ORDER),
        broker_order_id="B1",
        symbol=symbol,
        trade_id="T1",
        side="BUY",
        qty=10,
        price_e4=15_001_000,
        cum_qty=10,
        event_ns=at_ns,
        tick_seq=tick_seq,
        reason="OK",
        message="",
    )


def recon(at_ns: int, run: int, **changes: Any) -> m.Recon:
    """Summary of a reconciliation without breaks."""
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "account": "PAPER1",
        "run": run,
        "finding": "SUMMARY",
        "symbol": None,
        "order_id": None,
        "expected": 1,
        "actual": 1,
        "breaks": 0,
        "detail": "1 fill, 1 trade",
    }
    return m.Recon(**{**fields, **changes})


def _tick(symbol: str, seq: int, event_ns: int, price_e4: int) -> m.Tick:
    return tick(
        symbol=symbol,
        seq=seq,
        event_ns=event_ns,
        at_ns=event_ns + SECOND_NS // 4,
        last_price_e4=price_e4,
    )


def _bar(
    symbol: str,
    tf: str,
    start_ns: int,
    width_ns: int,
    ends_e4: tuple[int, int],
    last_ns: int = 0,
) -> m.Bar:
    return bar(
        symbol=symbol,
        tf=tf,
        at_ns=start_ns + width_ns + SECOND_NS,
        start_ns=start_ns,
        end_ns=start_ns + width_ns,
        open_e4=ends_e4[0],
        high_e4=ends_e4[1],
        low_e4=ends_e4[0],
        close_e4=ends_e4[1],
        first_ns=start_ns,
        last_ns=start_ns + last_ns,
    )


def later(bar: m.Bar, by_ns: int) -> m.Bar:
    """The same bar some time later."""
    times = {name: getattr(bar, name) + by_ns for name in TIMES}
    return msgspec.structs.replace(bar, **times)


TIMES = ("at_ns", "start_ns", "end_ns", "first_ns", "last_ns")
