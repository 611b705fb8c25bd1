"""What `make up`, `down`, `ps` and `logs` do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tapeline.local import docker
from tapeline.local.backend import DATABASE, Backend, Row
from tapeline.local.daemon import LocalServiceError
from tapeline.local.ports import Ports
from tapeline.local.processes import Processes
from tapeline.runner.migrations import migrate
from tapeline.runner.queries import sql_dir

DOCKER, PROCESSES = "docker", "processes"

Say = Callable[[str], None]


class Services:
    """The services of one folder.

    Args:
        folder: build/services.
        say: shows a line to a person.
        environment: KAFKA_PORT and the like; SERVICES: docker or processes, without it Docker
            where it can be used; TOPICS and PARTITIONS, see topics.create_for.
        unusable: why Docker cannot be used, None when it can.
    """

    def __init__(
        self,
        folder: Path,
        say: Say,
        environment: Mapping[str, str],
        unusable: Callable[[], str | None] = docker.unusable,
    ) -> None:
        self.env_file = folder.with_suffix(".env")
        self._folder = folder
        self._say = say
        self._environment = environment
        self._unusable = unusable
        self._kind_file = folder / "kind"

    def up(self) -> None:
        """Starts what does not run, migrates, and says where everything is.

        Raises:
            LocalServiceError: with the sentence for a person.
        """
        ports = Ports.read(self._environment)
        kind, why = self._choose()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._kind_file.write_text(kind)
        backend = self._backend(kind)
        needed = backend.up(ports)
        applied = migrate(needed["POSTGRES"], sql_dir() / "migrations")
        self._write(needed)
        self._show(backend.rows())
        self._say(f"database {DATABASE}: {applied} migrations applied")
        self._topics(needed["KAFKA"])
        if kind == PROCESSES:
            self._say(f"Prometheus and Grafana: not started, they need Docker ({why})")
        else:
            self._say(f"Grafana: {needed['GRAFANA']}, Prometheus: {needed['PROMETHEUS']}")
        self._say(f"addresses: {self.env_file}; stop with: make down")

    def down(self, *, wipe: bool) -> None:
        """Stops everything in order."""
        kind = self._last_kind()
        if kind is None:
            self._say("nothing was started by make up")
            return
        self._backend(kind).down(wipe=wipe)
        self.env_file.unlink(missing_ok=True)
        self._say("stopped, data removed" if wipe else "stopped; make down WIPE=1 removes the data")

    def ps(self) -> None:
        """Shows each service, its state, where it is and what runs it."""
        kind = self._last_kind()
        if kind is None:
            self._say("nothing was started; start with: make up")
            return
        self._show(self._backend(kind).rows())

    def logs(self) -> None:
        """Shows the end of each service's log."""
        kind = self._last_kind()
        self._say("nothing was started" if kind is None else self._backend(kind).logs())

    def _choose(self) -> tuple[str, str]:
        """Containers or processes, and why not containers."""
        running = self._running_kind()
        asked = self._environment.get("SERVICES", "")
        if asked not in ("", DOCKER, PROCESSES):
            raise LocalServiceError(f"SERVICES={asked}: give {DOCKER} or {PROCESSES}, or leave it")
        if running is not None and asked not in ("", running):
            raise LocalServiceError(f"the services run by {running}; make down first")
        if PROCESSES in (running, asked):
            return PROCESSES, f"SERVICES={PROCESSES}" if asked else "the services run as processes"
        why = self._unusable()
        if why is None:
            return DOCKER, ""
        if DOCKER in (running, asked):
            raise LocalServiceError(f"{why}; mend that, or use: make up SERVICES={PROCESSES}")
        return PROCESSES, why

    def _last_kind(self) -> str | None:
        """As the last `up` chose; None when there was none."""
        return self._kind_file.read_text() if self._kind_file.exists() else None

    def _running_kind(self) -> str | None:
        """The same, None when none of its services runs."""
        kind = self._last_kind()
        if kind is None or all(row.state == "stopped" for row in self._backend(kind).rows()):
            return None
        return kind

    def _topics(self, bootstrap: str) -> None:
        """A session creates its topics when it starts; here before, when TOPICS names it."""
        manifest = self._environment.get("TOPICS")
        if manifest:
            from tapeline.local.topics import create_for  # noqa: PLC0415 - loads all of a session

            self._say(create_for(Path(manifest), self._environment, bootstrap))

    def _backend(self, kind: str) -> Backend:
        return docker.Containers() if kind == DOCKER else Processes(self._folder)

    def _write(self, needed: Mapping[str, str]) -> None:
        lines = ["# Written by `make up`, removed by `make down`. Holds a password."]
        lines += [f"{name}={value}" for name, value in needed.items()]
        beside = self.env_file.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text("\n".join(lines) + "\n")
        beside.replace(self.env_file)

    def _show(self, rows: list[Row]) -> None:
        for row in rows:
            self._say(f"{row.name:<12} {row.state:<9} {row.where:<28} {row.process}".rstrip())
