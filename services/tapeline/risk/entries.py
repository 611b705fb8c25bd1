"""State as a table of entries: what both risk stages build their State on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec


class Entries:
    """Entries by key, with the keys that changed since the shell last saved.

    Subclasses keep caches beside the table; `refresh` rebuilds them from the entries alone, so
    that a restored state behaves exactly like the one that was saved.
    """

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self.dirty: set[str] = set()
        self._restored = False

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry; None when it no longer exists."""
        found: msgspec.Struct | None = self.entries.get(key)
        return found

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry; order does not matter, caches follow at the next step."""
        self.entries[key] = entry
        self._restored = True

    def keys(self) -> Iterator[str]:
        """Keys of all entries that exist."""
        return iter(self.entries)

    def put(self, key: str, entry: msgspec.Struct) -> None:
        """Writes an entry."""
        self.entries[key] = entry
        self.dirty.add(key)

    def drop(self, key: str) -> None:
        """Deletes an entry."""
        del self.entries[key]
        self.dirty.add(key)

    def under(self, prefix: str) -> list[Any]:
        """Entries whose keys start with `prefix`, in key order."""
        return [self.entries[key] for key in sorted(self.entries) if key.startswith(prefix)]

    def settle(self) -> None:
        """Rebuilds the caches after a restore; does nothing otherwise."""
        if self._restored:
            self._restored = False
            self.refresh()

    def refresh(self) -> None:
        """Rebuilds the caches from the entries."""
