"""A real broker and a real server for the tests: one of each for all workers.

The first test that needs one starts it; the last worker that used it stops it and removes its data.
What is missing for it (Java, Maven) fails the test with a sentence: nothing is skipped. A test
takes a prefix or a database of its own, and leaves the services running: one that kills them starts
its own from tapeline.local.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from tapeline.local import LocalKafka, LocalPostgres, LocalServiceError
from tapeline.local.daemon import locked
from tapeline.local.folders import SERVICES
from tapeline.runner.kafka_topics import delete_session
from tapeline.runner.migrations import migrate
from tapeline.runner.queries import sql_dir

Service = TypeVar("Service", LocalKafka, LocalPostgres)

SHARED = SERVICES / "tests"

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What guards against a power cut; no test cuts the power."""


@pytest.fixture(scope="session")
def kafka() -> Iterator[LocalKafka]:
    """A running broker; `kafka.bootstrap` is its address."""
    with shared("kafka", LocalKafka) as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[LocalPostgres]:
    """A running server; `server_database` is a database on it."""
    with shared("postgres", lambda folder: LocalPostgres(folder, settings=FAST)) as server:
        yield server


@pytest.fixture
def prefix(kafka: LocalKafka) -> Iterator[str]:
    """A prefix of topics and groups that no other test has; what begins with it is deleted."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    delete_session({"bootstrap.servers": kafka.bootstrap}, name)


@pytest.fixture
def server_database(postgres_server: LocalPostgres) -> Iterator[str]:
    """Connection string, by TCP, of a new, migrated database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    conninfo = postgres_server.create_database(name)
    migrate(conninfo, sql_dir() / "migrations")
    yield conninfo
    postgres_server.drop_database(name)


@contextmanager
def shared(name: str, make: Callable[[Path], Service]) -> Iterator[Service]:
    """A service that lives as long as any process uses it.

    Its users are the numbers in a file, under a lock. Those of processes that are gone do not
    count, so that a test run that was killed leaves at most a service that the next one takes over.
    """
    folder, users = SHARED / name, SHARED / f"{name}.users"
    service = make(folder)
    with locked(SHARED / f"{name}.lock"):
        try:
            service.start()
        except LocalServiceError as error:
            pytest.fail(str(error), pytrace=False)
        write(users, {*living(users), os.getpid()})
    try:
        yield service
    finally:
        with locked(SHARED / f"{name}.lock"):
            left = living(users) - {os.getpid()}
            write(users, left)
            if not left:
                service.stop()
                shutil.rmtree(folder)


def living(users: Path) -> set[int]:
    """Numbers in a file of users whose processes exist."""
    numbers = users.read_text().split() if users.exists() else []
    return {int(number) for number in numbers if psutil.pid_exists(int(number))}


def write(users: Path, numbers: set[int]) -> None:
    """Puts the users into their file."""
    users.write_text(" ".join(str(number) for number in sorted(numbers)))
