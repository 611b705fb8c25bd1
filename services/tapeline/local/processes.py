"""Kafka from its jars and PostgreSQL from the installation's binaries, as processes."""

from __future__ import annotations

from pathlib import Path

from tapeline.local.backend import DATABASE, LOG_LINES, Row
from tapeline.local.kafka import LocalKafka
from tapeline.local.ports import Ports
from tapeline.local.postgres import LocalPostgres


class Processes:
    """The services as processes of this machine; see backend.Backend.

    Args:
        folder: data, logs and pid files.
    """

    def __init__(self, folder: Path) -> None:
        self._kafka_folder = folder / "kafka"
        self._postgres_folder = folder / "postgres"

    def up(self, ports: Ports) -> dict[str, str]:
        kafka = LocalKafka(self._kafka_folder, ports.kafka)
        postgres = LocalPostgres(self._postgres_folder, ports.postgres)
        kafka.start()
        postgres.start()
        return {"KAFKA": kafka.bootstrap, "POSTGRES": postgres.create_database(DATABASE)}

    def down(self, *, wipe: bool) -> None:
        for service in self._services():
            service.stop()
            if wipe:
                service.wipe()

    def rows(self) -> list[Row]:
        return [self._row(service) for service in self._services()]

    def logs(self) -> str:
        parts = []
        for service in self._services():
            log = service.log
            lines = log.read_text(errors="replace").splitlines() if log.exists() else []
            parts += [f"== {log}", *lines[-LOG_LINES:]]
        return "\n".join(parts)

    def _services(self) -> tuple[LocalKafka, LocalPostgres]:
        return LocalKafka(self._kafka_folder), LocalPostgres(self._postgres_folder)

    @staticmethod
    def _row(service: LocalKafka | LocalPostgres) -> Row:
        name, pid = service.log.stem, service.pid
        if pid is None:
            return Row(name, "stopped", "", "")
        state = "healthy" if service.healthy() else "starting"
        return Row(name, state, service.address, f"pid {pid}")
