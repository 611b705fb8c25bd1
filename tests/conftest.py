"""Fixtures for every folder of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from services_fixture import kafka, postgres_server, prefix, server_database

__all__ = ["kafka", "postgres_server", "prefix", "server_database"]


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """A test that sets up the logs leaves them on its own standard error, which is closed then."""
    yield
    structlog.reset_defaults()
