"""Hash chain over the order events of an account: what was written cannot be changed unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from tapeline.contracts import codec
from tapeline.contracts.messages import LiveOrder

GENESIS = "0" * 64
"""prev_hash of the first event of an account."""


def chain_hash(prev_hash: str, event: LiveOrder) -> str:
    """Hash of an event.

    Args:
        prev_hash: hash of the event before it in the account, GENESIS for the first.
        event: its own `hash` is left out of the calculation (taken as "").

    Returns:
        64 hexadecimal characters: SHA-256 of prev_hash and the event's JSON in schema order.
    """
    content = codec.encode(msgspec.structs.replace(event, hash=""))
    return hashlib.sha256(prev_hash.encode() + content).hexdigest()


def verify_chain(events: Iterable[LiveOrder], head: str = GENESIS) -> int | None:
    """Checks the chain of one account.

    Finds every changed, inserted, removed or reordered event, except that a cut at the end needs
    the last hash from elsewhere (the state of the OMS holds it) to be seen.

    Args:
        events: in the order in which they were written.
        head: hash of the event before the first one.

    Returns:
        Index of the first event that does not fit; None when all do.
    """
    for index, event in enumerate(events):
        if event.prev_hash != head or event.hash != chain_hash(head, event):
            return index
        head = event.hash
    return None
