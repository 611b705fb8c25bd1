"""Local servers: started once, found again, back after a crash, clear when they cannot start."""

from __future__ import annotations

import os
import re
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tapeline.local import LocalKafka, LocalPostgres, LocalServiceError
from tapeline.local.ports import free_ports, taken
from tapeline.local.services import PROCESSES, Services


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below pytest's folders: another user, as whom PostgreSQL may run, cannot enter them."""
    with tempfile.TemporaryDirectory(prefix="tapeline-local-") as path:
        yield Path(path)


@pytest.fixture
def broker(folder: Path) -> Iterator[LocalKafka]:
    with LocalKafka(folder) as kafka:
        yield kafka


@pytest.fixture
def server(folder: Path) -> Iterator[LocalPostgres]:
    with LocalPostgres(folder) as postgres:
        yield postgres


def topics(kafka: LocalKafka) -> set[str]:
    return set(AdminClient({"bootstrap.servers": kafka.bootstrap}).list_topics(timeout=10).topics)


def test_a_killed_broker_comes_back_on_its_port_with_its_topics(broker: LocalKafka) -> None:
    client = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    client.create_topics([NewTopic("kept", 3)])["kept"].result()
    before, first = broker.bootstrap, broker.pid

    broker.kill()
    assert not broker.healthy()
    broker.start()

    assert (broker.bootstrap, broker.healthy()) == (before, True)
    assert broker.pid != first
    assert "kept" in topics(broker)


def test_a_second_owner_finds_the_running_broker_and_may_stop_it(broker: LocalKafka) -> None:
    second = LocalKafka(broker.folder)
    second.start()

    assert (second.pid, second.bootstrap) == (broker.pid, broker.bootstrap)
    second.stop()
    assert broker.pid is None


def test_topics_are_never_made_by_a_mistyped_name(broker: LocalKafka) -> None:
    client = AdminClient({"bootstrap.servers": broker.bootstrap})
    client.list_topics("mistyped", timeout=10)

    assert "mistyped" not in topics(broker)


def test_a_killed_server_comes_back_on_its_port_with_its_rows(server: LocalPostgres) -> None:
    conninfo = server.create_database("kept")
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")

    server.kill()
    assert not server.healthy()
    server.start()

    assert server.create_database("kept") == conninfo
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT a FROM t").fetchall() == [(1,)]


def test_a_restarted_server_is_another_process(server: LocalPostgres) -> None:
    first = server.pid
    server.restart()

    assert server.healthy()
    assert server.pid != first


def test_a_pid_that_belongs_to_another_program_is_no_server(server: LocalPostgres) -> None:
    server.kill()
    (server.folder / "postgres.pid").write_text(str(os.getpid()))
    own = server.folder / "data" / "postmaster.pid"
    own.write_text(own.read_text().replace(own.read_text().split("\n")[0], str(os.getpid()), 1))

    assert server.pid is None
    server.start()
    assert server.healthy()


def test_a_wrong_password_is_refused(server: LocalPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.conninfo, password="guessed")


@pytest.mark.parametrize(
    ("service", "fix"), [(LocalKafka, "KAFKA_PORT="), (LocalPostgres, "POSTGRES_PORT=")]
)
def test_a_taken_port_is_named_with_the_fix(
    folder: Path, service: type[LocalKafka | LocalPostgres], fix: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalServiceError, match=rf"port {port} is taken .* make up {fix}"):
            service(folder, port).start()


def test_a_broker_that_cannot_start_shows_its_log(folder: Path) -> None:
    kafka = LocalKafka(folder, options={"log.retention.hours": "soon"})

    with pytest.raises(LocalServiceError, match="soon"):
        kafka.start()
    assert kafka.pid is None


def test_a_running_service_stays_on_its_port(broker: LocalKafka) -> None:
    port = int(broker.bootstrap.partition(":")[2])

    with pytest.raises(LocalServiceError, match=rf"kafka runs already, on port {port}; to move it"):
        LocalKafka(broker.folder, port + 2).start()


class Person:
    """Someone who types make up, ps and down, without Docker."""

    def __init__(self, folder: Path) -> None:
        postgres, *others = free_ports(9)
        kafka = next(port for port in others if not taken(port + 1) and port + 1 != postgres)
        self._folder = folder / "services"
        self._ports = {"KAFKA_PORT": str(kafka), "POSTGRES_PORT": str(postgres)}
        self.said: list[str] = []
        self.services = self.asks(SERVICES=PROCESSES)

    def asks(self, **variables: str) -> Services:
        """The services, with variables of make."""
        return Services(self._folder, self.said.append, {**self._ports, **variables})

    def reads(self, what: str) -> list[list[str]]:
        """The words of the lines that a command shows for the two services."""
        self.said.clear()
        getattr(self.services, what)()
        return [line.split() for line in self.said if line.split()[0] in ("kafka", "postgres")]

    def env(self) -> dict[str, str]:
        lines = self.services.env_file.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_up_twice_up_after_a_crash_down_and_wipe(folder: Path) -> None:
    person = Person(folder)
    try:
        first = person.reads("up")
        assert [(name, state) for name, state, *_ in first] == [
            ("kafka", "healthy"),
            ("postgres", "healthy"),
        ]
        assert person.reads("up") == first == person.reads("ps")
        with psycopg.connect(person.env()["POSTGRES"]) as connection:
            connection.execute("INSERT INTO outbox (topic, key, payload) VALUES ('t', 'k', '')")

        for row in first:
            os.kill(int(row[-1]), signal.SIGKILL)
        after = person.reads("up")
        assert {state for _, state, *_ in after} == {"healthy"}
        assert [row[2] for row in after] == [row[2] for row in first]
        with psycopg.connect(person.env()["POSTGRES"]) as connection:
            assert connection.execute("SELECT topic FROM outbox").fetchall() == [("t",)]
        person.asks(TOPICS="configs/sessions/paper-short.yaml", PARTITIONS="4").up()
        assert any(
            re.match(r"topics of paper-short: \d+ created, 0 were there", s) for s in person.said
        )
        with pytest.raises(LocalServiceError, match="has 4 partitions, the session needs 1"):
            person.asks(TOPICS="configs/sessions/paper-short.yaml").up()
        with pytest.raises(LocalServiceError, match="PARTITIONS=x: give a number"):
            person.asks(TOPICS="configs/sessions/paper-short.yaml", PARTITIONS="x").up()
        person.reads("logs")
        assert "Kafka Server started" in "\n".join(person.said)
    finally:
        person.services.down(wipe=True)
    assert person.reads("ps") == [["kafka", "stopped"], ["postgres", "stopped"]]
    assert not list((folder / "services").glob("*/data"))
