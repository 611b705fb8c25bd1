"""Deterministic ids: a replay of the same events gives the same ids."""

from __future__ import annotations

import base64
import hashlib

ID_BYTES = 15
"""120 bits: 24 base32 characters; a collision among 10^12 ids has odds of about 10^-12."""

TAG_CHARS = 20
"""Kite keeps at most 20 alphanumeric characters of an order's tag."""


def derive(*parts: str | int) -> str:
    """Id of something caused by `parts`, usually (session, stage, source event, n).

    Returns:
        24 characters of A-Z and 2-7.
    """
    text = "\x1f".join(str(part) for part in parts)
    digest = hashlib.blake2b(text.encode(), digest_size=ID_BYTES).digest()
    return base64.b32encode(digest).decode()


def tag(order_id: str) -> str:
    """Tag sent to the broker with an order, by which it is looked up after a timeout."""
    return derive("tag", order_id)[:TAG_CHARS]
