"""The saved state of a replica: its entries as bytes, and the position that they reach."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from tapeline.runner.log import Committed
from tapeline.runner.stage import StageApp

SNAPSHOT_KEY = "@snapshot"
"""Entry of the state topic that says up to where the other entries reach."""


MARK = "@"
"""First character of entries that are the runner's own and no part of the stage's state."""


class StateError(Exception):
    """A saved state that cannot be gone on from; the message says what to do."""


class StateVersionError(StateError):
    """A saved state is of a newer version than this code reads; deploy the newer code."""


class _RawEntry(msgspec.Struct):
    stage: str
    key: str
    version: int
    entry: msgspec.Raw


def entry_bytes(app: StageApp, state: Any, key: str) -> bytes | None:
    """Bytes of one entry under schemas/state_entry.schema.json; None when it no longer exists."""
    entry = state.entry(key)
    if entry is None:
        return None
    return msgspec.json.encode(
        {"stage": app.name, "key": key, "version": app.entry_version, "entry": entry}
    )


def state_hash(app: StageApp, state: Any) -> str:
    """SHA-256 over all entries of a state, in key order: equal for equal states."""
    digest = hashlib.sha256()
    for key in sorted(state.keys()):
        digest.update(entry_bytes(app, state, key) or b"")
    return digest.hexdigest()


def load_entries(app: StageApp, state: Any, entries: Mapping[str, bytes]) -> None:
    """Restores a state from the bytes of its entries.

    Raises:
        StateVersionError: an entry was written by newer code.
        StateError: an entry is none of this code's.
    """
    for key, value in sorted(entries.items()):
        if key.startswith(MARK):
            continue
        try:
            _load_entry(app, state, key, value)
        except msgspec.MsgspecError as error:
            raise StateError(
                f"state.{app.name} entry {key}: {error}; it was saved by other code or is damaged: "
                "start the session anew with --fresh"
            ) from error
    state.dirty.clear()


def _load_entry(app: StageApp, state: Any, key: str, value: bytes) -> None:
    raw = msgspec.json.decode(value, type=_RawEntry)
    if raw.version > app.entry_version:
        raise StateVersionError(
            f"state.{app.name} entry {key}: version {raw.version}, this code reads up to "
            f"{app.entry_version}; start the newer release or reset the stage"
        )
    state.load(key, msgspec.json.decode(raw.entry, type=app.entry_type(key)))


def position_bytes(position: Committed) -> bytes:
    """Bytes of the entry SNAPSHOT_KEY."""
    offsets = [[topic, part, offset] for (topic, part), offset in position.offsets.items()]
    return msgspec.json.encode({"offsets": offsets, "horizon_ns": position.horizon_ns})


def position_of(value: bytes) -> Committed:
    """Position in the entry SNAPSHOT_KEY."""
    raw = msgspec.json.decode(value)
    return Committed({(t, p): offset for t, p, offset in raw["offsets"]}, raw["horizon_ns"])


def origin(committed: Committed) -> Committed:
    """Start of the partitions of a position."""
    return Committed(dict.fromkeys(committed.offsets, 0), -1)
