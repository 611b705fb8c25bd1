"""Records to rows of PostgreSQL: which table, which columns. Pure; runner/sink.py writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tapeline.contracts import codec
from tapeline.contracts.messages import (
    Allowed,
    Bar,
    Control,
    Fill,
    Heartbeat,
    LiveOrder,
    Order,
    Recon,
    Sized,
)

Row = tuple[str, str]
"""(table, one line of COPY text)."""

TABLES = (
    "bars_1s",
    "bars_1m",
    "bars_3m",
    "bars_5m",
    "bars_15m",
    "orders",
    "order_events",
    "fills",
    "recon_runs",
    "recon_breaks",
    "risk_state",
)
"""Tables that the store writes, in the order in which a batch merges them."""

_NULL = r"\N"
_REPLACED = "\ufffd"
"""Stands for U+0000, which PostgreSQL holds neither in text nor in JSON."""
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": _REPLACED})
_JSON_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""U+0000 as JSON writes it, and not a backslash before the text u0000."""


def rows(message: Any, account: str, position: int) -> Iterator[Row]:
    """Rows of one record.

    Args:
        message: record of a topic that the store reads.
        account: trading account of the session.
        position: offset of the record in its partition; orders the audit trail.
    """
    kind = type(message)
    if kind is Bar:
        yield f"bars_{message.tf}", _bar(message)
    elif kind is Order:
        yield "orders", _decision("strategy", message, message, None, "OK", {})
    elif kind is Sized:
        yield (
            "orders",
            _decision(
                "risk", message, message.order, message.decision, message.reason, message.numbers
            ),
        )
    elif kind is Allowed:
        numbers = {**message.numbers, "reserved_e4": message.reserved_e4}
        yield (
            "orders",
            _decision("budget", message, message.order, message.decision, message.reason, numbers),
        )
    elif kind is LiveOrder:
        yield "order_events", _order_event(message, position)
    elif kind is Fill:
        yield "fills", _fill(message)
    elif kind is Recon:
        yield _recon(message, position)
    elif kind is Control:
        yield "risk_state", _control(message, account)
    else:
        assert kind is Heartbeat, f"the store reads no {kind.__name__}"


def line(*values: object) -> str:
    """One line of COPY text: tabs between the values, backslash escapes, \\N for null."""
    return "\t".join(
        _NULL if v is None else v.translate(_ESCAPES) if isinstance(v, str) else str(v)
        for v in values
    )


def price(value_e4: int) -> str:
    """Rupees with four decimals; exact, also for negative amounts."""
    sign = "-" if value_e4 < 0 else ""
    whole, part = divmod(abs(value_e4), 10_000)
    return f"{sign}{whole}.{part:04d}"


def _bar(b: Bar) -> str:
    # The busiest row: spelled out, since it costs a third of what `line` does.
    null = _NULL
    return (
        f"{b.symbol}\t{b.start_ns}\t{b.end_ns}\t{b.phase}\t"
        f"{b.open_e4 // 10000}.{b.open_e4 % 10000:04d}\t"
        f"{b.high_e4 // 10000}.{b.high_e4 % 10000:04d}\t"
        f"{b.low_e4 // 10000}.{b.low_e4 % 10000:04d}\t"
        f"{b.close_e4 // 10000}.{b.close_e4 % 10000:04d}\t"
        f"{null if b.volume is None else b.volume}\t{b.n_ticks}\t"
        f"{null if b.cum_open is None else b.cum_open}\t"
        f"{null if b.cum_close is None else b.cum_close}\t"
        f"{b.first_ns}\t{b.last_ns}\t{b.rev}\t{b.final}\t{b.partial}\t{b.at_ns}"
    )


def _decision(
    stage: str,
    message: Any,
    order: Order,
    decision: str | None,
    reason: str,
    numbers: dict[str, int],
) -> str:
    return line(
        order.intent_id,
        stage,
        message.at_ns,
        order.strategy,
        order.bucket,
        order.action,
        decision,
        reason,
        _json(numbers),
        _json(order.legs),
        _json(order.extra.signal),
    )


def _order_event(e: LiveOrder, position: int) -> str:
    return line(
        e.account,
        position,
        e.order_id,
        e.n,
        e.at_ns,
        e.intent_id,
        e.strategy,
        e.symbol,
        e.side,
        e.qty,
        e.filled_qty,
        e.event,
        e.prev_state,
        e.state,
        e.command,
        e.reason,
        e.prev_hash,
        e.hash,
        _json(e),
    )


def _fill(f: Fill) -> str:
    return line(
        f.account,
        f.fill_id,
        f.at_ns,
        f.order_id,
        f.intent_id,
        f.strategy,
        f.symbol,
        f.side,
        f.product,
        f.qty,
        price(f.price_e4),
        f.trade_id,
        f.broker_order_id,
        f.event_ns,
        price(f.charges.total_e4),
        _json(f.charges),
    )


def _recon(r: Recon, position: int) -> Row:
    if r.finding == "SUMMARY":
        return "recon_runs", line(r.account, r.run, r.at_ns, r.breaks, r.detail)
    return "recon_breaks", line(
        r.account,
        r.run,
        position,
        r.at_ns,
        r.finding,
        r.symbol,
        r.order_id,
        r.expected,
        r.actual,
        r.detail,
    )


def _control(c: Control, account: str) -> str:
    return line(account, c.at_ns, c.command, c.by, c.reason, c.key or "", c.value)


def _json(value: Any) -> str:
    text = codec.encode(value).decode()
    return _JSON_NUL.sub(rf"\1{_REPLACED}", text) if r"\u0000" in text else text
