"""The services as containers, by compose.yaml."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping

from tapeline.local.backend import DATABASE, LOG_LINES, Row
from tapeline.local.daemon import LocalServiceError
from tapeline.local.folders import ROOT, SERVICES
from tapeline.local.ports import HOST, Ports

COMPOSE = ROOT / "compose.yaml"

ANSWER_S = 15.0
"""A Docker that lives answers at once; one that is starting may need some seconds."""

PULL_S = 900.0
"""About 1 GB of images, over a slow line."""

READY_S = 180
"""All containers healthy; Kafka takes longest, a few seconds."""


def unusable() -> str | None:
    """Why containers cannot be had here, None when they can be. Fetches the images."""
    if shutil.which("docker") is None:
        return "there is no docker on this machine"
    if _run(["docker", "info"], ANSWER_S).returncode != 0:
        return "Docker does not run"
    if _run(["docker", "compose", "version"], ANSWER_S).returncode != 0:
        return "docker has no compose plugin"
    if _compose("pull", "--quiet", "--policy", "missing", timeout_s=PULL_S).returncode != 0:
        return "Docker cannot pull the images"
    return None


class Containers:
    """The services as containers; see backend.Backend."""

    def up(self, ports: Ports) -> dict[str, str]:
        (SERVICES / "targets").mkdir(parents=True, exist_ok=True)
        options = ["--detach", "--wait", "--wait-timeout", str(READY_S)]
        done = _compose("up", *options, timeout_s=READY_S + ANSWER_S, ports=ports)
        if done.returncode != 0:
            said = "\n".join(done.stderr.splitlines()[-10:])
            raise LocalServiceError(
                "the containers do not start; make logs shows why. A taken port can be changed: "
                f"make up KAFKA_PORT=29192 POSTGRES_PORT=25532\n{said}"
            )
        return {
            "KAFKA": f"{HOST}:{ports.kafka}",
            "POSTGRES": f"postgresql://postgres:{password()}@{HOST}:{ports.postgres}/{DATABASE}",
            "PROMETHEUS": f"http://{HOST}:{ports.prometheus}",
            "GRAFANA": f"http://{HOST}:{ports.grafana}",
        }

    def down(self, *, wipe: bool) -> None:
        done = _compose("down", *(["--volumes"] if wipe else []), timeout_s=READY_S)
        if done.returncode != 0:
            raise LocalServiceError(f"the containers do not stop:\n{done.stderr.strip()}")

    def rows(self) -> list[Row]:
        said = _compose("ps", "--all", "--format", "json", timeout_s=ANSWER_S).stdout
        found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        return [
            Row(
                row["Service"],
                row.get("Health") or row["State"],
                row.get("Ports", ""),
                f"container {row['Name']}",
            )
            for row in found
        ]

    def logs(self) -> str:
        return _compose("logs", "--no-color", "--tail", str(LOG_LINES), timeout_s=ANSWER_S).stdout


def password() -> str:
    """Of PostgreSQL's superuser: made once, readable by the present user only."""
    path = SERVICES / "docker" / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16))
    return path.read_text()


def _compose(
    *arguments: str, timeout_s: float, ports: Ports | None = None
) -> subprocess.CompletedProcess[str]:
    command = ["docker", "compose", "--file", str(COMPOSE), *arguments]
    chosen = {} if ports is None else ports.environment()
    return _run(command, timeout_s, {**chosen, "POSTGRES_PASSWORD": password()})


def _run(
    command: list[str], timeout_s: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - the command is put together here
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "no answer")
