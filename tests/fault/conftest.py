"""The simulator sets how often state is saved for its own runs; other tests want the product's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tapeline.runner import pace


@pytest.fixture(autouse=True)
def snapshots_as_shipped() -> Iterator[None]:
    """Undoes what a run has set."""
    shipped = pace.MEMORY_PACE
    yield
    pace.MEMORY_PACE = shipped
