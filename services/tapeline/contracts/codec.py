"""Bytes of a topic to messages and back; the one border at which records are validated."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tapeline.contracts import messages as m

MESSAGES: dict[str, Any] = {
    "ticks": m.Tick | m.Heartbeat,
    "ticks.late": m.Tick,
    "bars.1s": m.Bar | m.Heartbeat,
    "bars.1m": m.Bar,
    "bars.3m": m.Bar,
    "bars.5m": m.Bar,
    "bars.15m": m.Bar,
    "orders": m.Order,
    "orders.sized": m.Sized,
    "orders.allowed": m.Allowed,
    "live_orders": m.LiveOrder,
    "broker.reports": m.BrokerReport,
    "fills": m.Fill,
    "recon": m.Recon,
    "control": m.Control,
}
"""Message types of each topic of configs/pipeline.yaml (a test compares the two lists)."""

RECORD_BYTES_MAX = 64 * 1024
"""The largest record is an intent of two legs with all indicators and votes: about 4 KiB; 16 times
that leaves room, and keeps a hostile record from filling memory. A dead letter may be larger: it
holds the bytes of whatever was refused."""

NESTING_MAX = 256
"""How deep objects and lists may be nested; the messages use 7 levels. msgspec's own limit depends
on how deep its caller is, and Go has none, so that a limit of ours decides."""

FLAT_BYTES_MAX = 2 * NESTING_MAX
"""A record of at most so many bytes cannot be nested deeper than NESTING_MAX and be complete."""

DEAD = ".dead"
"""What the name of a dead-letter topic ends with."""

_DECODERS = {topic: msgspec.json.Decoder(kind) for topic, kind in MESSAGES.items()}
_DEAD = msgspec.json.Decoder(m.Dead)
_JOURNAL = msgspec.json.Decoder(m.Journal)
_ENCODER = msgspec.json.Encoder()
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class BadRecordError(Exception):
    """Bytes that are not a record of their topic; the runner sends them to `<topic>.dead`."""

    def __init__(self, reason: str, detail: str, why: str = "") -> None:
        super().__init__(f"{reason}: {detail}" + (f" ({why})" if why else ""))
        self.reason = reason
        self.detail = detail
        """What the dead letter says: the same in every language."""
        self.why = why
        """What the parser says, for the log."""


def encode(message: msgspec.Struct) -> bytes:
    """JSON bytes of a message, fields in schema order: the same in Python and Go."""
    return _ENCODER.encode(message)


def decoder(topic: str) -> msgspec.json.Decoder[Any]:
    """Decoder of a topic, without its prefix.

    Raises:
        KeyError: for a topic that configs/pipeline.yaml does not name.
    """
    if topic.endswith(DEAD):
        return _DEAD
    if topic.startswith("journal."):
        return _JOURNAL
    return _DECODERS[topic]


def decode(topic: str, value: bytes) -> Any:
    """Message in `value`.

    Raises:
        BadRecordError: with SCHEMA or OVERSIZED as its reason.
    """
    if len(value) > FLAT_BYTES_MAX:
        check_size(topic, value)
    try:
        return decoder(topic).decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _no_record(topic, str(error)) from error


def check_size(topic: str, value: bytes) -> None:
    """Refuses what no decoder may see; needed for more than FLAT_BYTES_MAX bytes only.

    Raises:
        BadRecordError: for too many bytes, or too deep nesting.
    """
    if len(value) > RECORD_BYTES_MAX and not topic.endswith(DEAD):
        raise BadRecordError("OVERSIZED", f"{len(value)} bytes, at most {RECORD_BYTES_MAX}")
    if _is_nested_too_deep(value):
        raise _no_record(topic, f"nested deeper than {NESTING_MAX}")


def _no_record(topic: str, why: str) -> BadRecordError:
    return BadRecordError("SCHEMA", f"these bytes are no record of {topic}", why)


def _is_nested_too_deep(value: bytes) -> bool:
    if value.count(b"{") + value.count(b"[") <= NESTING_MAX:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", value):
        if byte in b"{[":
            depth += 1
            if depth > NESTING_MAX:
                return True
        elif byte in b"}]":
            depth -= 1
    return False
