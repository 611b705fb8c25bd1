"""A single-node Kafka broker from its jars."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tapeline.local import jars
from tapeline.local.daemon import Daemon, LocalServiceError, locked
from tapeline.local.folders import DEPLOY
from tapeline.local.ports import HOST, answers, free_ports, freed

START_S = 180.0
"""A start takes 2 to 3 s, after a crash 5 s; on a machine with ten times the work it can do, a
minute. One that fails ends by itself, and nobody waits."""

METADATA_S = 2.0
"""A broker that serves answers a metadata request in milliseconds."""

PORT_ATTEMPTS = 3
"""Starts with other free ports, should a program take the ones that were found free."""

CLUSTER = "dGFwZWxpbmVsb2NhbGthZg"
"""Cluster id of every local broker: fixed, so that formatting may be repeated after a crash."""

HEAP_MB = 512

JVM = (
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)
"""As Kafka's own start script."""


class LocalKafka:
    """A broker whose data is below a folder. It outlives this process until it is stopped.

    As a context manager it is started, and stopped at the end.

    Args:
        folder: data, settings, log and pid file.
        port: TCP port on the loopback address; 0 = a free one, kept over restarts.
        options: settings of the broker beside those of deploy/local/kafka/server.properties.
        heap_mb: Java heap, MiB.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        options: Mapping[str, str] | None = None,
        heap_mb: int = HEAP_MB,
    ) -> None:
        self.folder = folder.resolve()
        self._fixed = port
        self._options = dict(options or {})
        self._heap_mb = heap_mb
        self._settings = self.folder / "server.properties"
        self._ports_file = self.folder / "ports.json"
        self._daemon = Daemon("kafka", self.folder, str(self._settings))

    def __enter__(self) -> LocalKafka:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """HOST:PORT for clients; known after the first start."""
        return self.address

    @property
    def address(self) -> str:
        """HOST:PORT; known after the first start."""
        return f"{HOST}:{self._ports()[0]}"

    @property
    def pid(self) -> int | None:
        """Number of the process, None when it does not run."""
        return self._daemon.pid

    @property
    def log(self) -> Path:
        """What the broker says."""
        return self._daemon.log

    def start(self) -> None:
        """Starts the broker unless it runs, and waits until it serves every partition.

        Raises:
            LocalServiceError: what is missing or wrong, and what to do.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "lock"):
            self._refuse_other_port()
            new_ports = self._fixed == 0 and not self._ports_file.exists()
            for _ in range(PORT_ATTEMPTS if new_ports else 1):
                if self.pid is None:
                    self._spawn(new_ports)
                if self._daemon.wait_for(self.healthy, START_S):
                    return
        raise LocalServiceError(
            f"kafka ended while it started; its log is {self.log}:\n{self._daemon.tail()}"
        )

    def stop(self) -> None:
        """Stops the broker in order. Does nothing when it does not run."""
        with locked(self.folder / "lock"):
            self._daemon.stop()

    def kill(self) -> None:
        """Ends the broker as a crash does."""
        self._daemon.kill()

    def restart(self) -> None:
        """Stops the broker in order and starts it again on the same port."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Removes the data of a broker that is stopped: every topic and every offset."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def healthy(self) -> bool:
        """Whether the broker runs and every partition has a leader."""
        if self.pid is None or not answers(self._ports()[0]):
            return False
        try:
            client = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
            known = client.list_topics(timeout=METADATA_S)
        except KafkaException:
            return False
        partitions = [p for topic in known.topics.values() for p in topic.partitions.values()]
        return bool(known.brokers) and all(p.leader >= 0 for p in partitions)

    def _ports(self) -> tuple[int, int]:
        """Ports for clients and for the broker's own controller."""
        first, second = json.loads(self._ports_file.read_text())
        return first, second

    def _spawn(self, new_ports: bool) -> None:
        java, libs = jars.java(), jars.ensure_jars()
        if self._fixed or new_ports:
            ports = [self._fixed, self._fixed + 1] if self._fixed else free_ports(2)
            self._ports_file.write_text(json.dumps(ports))
        self._refuse_taken_ports()
        self._settings.write_text(self._properties())
        base = [java, f"-Xmx{self._heap_mb}m", *JVM, "-cp", f"{libs}/*"]
        base.append(f"-Dlog4j2.configurationFile={DEPLOY / 'kafka' / 'log4j2.properties'}")
        self._format(base)
        self._daemon.spawn([*base, "kafka.Kafka", str(self._settings)])

    def _refuse_other_port(self) -> None:
        if self._fixed and self.pid is not None and self._ports()[0] != self._fixed:
            raise LocalServiceError(
                f"kafka runs already, on port {self._ports()[0]}; to move it: make down, then "
                f"make up KAFKA_PORT={self._fixed}"
            )

    def _refuse_taken_ports(self) -> None:
        again = self._settings.exists()
        for port in self._ports():
            if not freed(port, again=again):
                raise LocalServiceError(
                    f"kafka: port {port} is taken by another program; stop it, or choose another "
                    "port and the one above it: make up KAFKA_PORT=29192"
                )

    def _properties(self) -> str:
        port, controller = self._ports()
        own = {
            "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller}",
            "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
            "controller.quorum.voters": f"1@{HOST}:{controller}",
            "log.dirs": str(self.folder / "data"),
            **self._options,
        }
        shared = (DEPLOY / "kafka" / "server.properties").read_text()
        return shared + "\n" + "".join(f"{key}={value}\n" for key, value in own.items())

    def _format(self, base: list[str]) -> None:
        data = self.folder / "data"
        if all((data / name).exists() for name in ("meta.properties", "bootstrap.checkpoint")):
            return
        arguments = ["format", "--ignore-formatted", "-t", CLUSTER, "-c", str(self._settings)]
        done = subprocess.run(  # noqa: S603 - the command is put together here
            [*base, "kafka.tools.StorageTool", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        if done.returncode != 0:
            raise LocalServiceError(
                f"kafka: {data} cannot be formatted:\n{done.stdout}{done.stderr}\n"
                "remove the folder to start with an empty broker: make down WIPE=1"
            )
