"""What `make up`, `down`, `ps` and `logs` choose and say, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.local import services as module
from tapeline.local.__main__ import USAGE, main
from tapeline.local.backend import Row
from tapeline.local.daemon import LocalServiceError
from tapeline.local.ports import Ports
from tapeline.local.services import DOCKER, PROCESSES, Services


class Fake:
    """Services that only remember whether they run."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.runs = False
        self.wiped = False

    def up(self, ports: Ports) -> dict[str, str]:
        self.runs = True
        more = {"GRAFANA": "g", "PROMETHEUS": "p"} if self.kind == DOCKER else {}
        return {"KAFKA": f"127.0.0.1:{ports.kafka}", "POSTGRES": "postgresql://", **more}

    def down(self, *, wipe: bool) -> None:
        self.runs = False
        self.wiped = wipe

    def rows(self) -> list[Row]:
        return [Row("kafka", "healthy" if self.runs else "stopped", "here", self.kind)]

    def logs(self) -> str:
        return f"log of {self.kind}"


class Desk:
    """A person at a machine: what they type, and what they read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "services"
        self.backends = {kind: Fake(kind) for kind in (DOCKER, PROCESSES)}
        self.said: list[str] = []
        self.docker: str | None = "there is no docker on this machine"
        monkeypatch.setattr(module, "migrate", lambda *_: 8)
        monkeypatch.setattr(module.docker, "Containers", lambda: self.backends[DOCKER])
        monkeypatch.setattr(module, "Processes", lambda _: self.backends[PROCESSES])

    def services(self, **environment: str) -> Services:
        self.said.clear()
        return Services(self.folder, self.said.append, environment, lambda: self.docker)

    @property
    def text(self) -> str:
        return "\n".join(self.said)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_without_docker_processes_run_and_the_rest_is_named(desk: Desk) -> None:
    desk.services(KAFKA_PORT="29192").up()

    assert desk.said == [
        "kafka        healthy   here                         processes",
        "database tapeline: 8 migrations applied",
        f"Prometheus and Grafana: not started, they need Docker ({desk.docker})",
        f"addresses: {desk.folder}.env; stop with: make down",
    ]
    env = Path(f"{desk.folder}.env")
    assert "\nKAFKA=127.0.0.1:29192\nPOSTGRES=postgresql://\n" in env.read_text()
    assert env.stat().st_mode & 0o077 == 0


def test_with_docker_everything_runs(desk: Desk) -> None:
    desk.docker = None
    desk.services().up()

    assert "Grafana: g, Prometheus: p" in desk.text
    assert desk.backends[DOCKER].runs


def test_what_runs_goes_on_as_it_is(desk: Desk) -> None:
    desk.services().up()
    desk.docker = None
    desk.services().up()

    assert not desk.backends[DOCKER].runs
    with pytest.raises(LocalServiceError, match="the services run by processes; make down first"):
        desk.services(SERVICES=DOCKER).up()


def test_after_down_the_choice_is_free(desk: Desk) -> None:
    desk.services().up()
    desk.services().down(wipe=False)
    desk.docker = None
    desk.services().up()

    assert desk.backends[DOCKER].runs


def test_processes_can_be_asked_for(desk: Desk) -> None:
    desk.docker = None
    desk.services(SERVICES=PROCESSES).up()

    assert desk.backends[PROCESSES].runs


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (DOCKER, "there is no docker .*SERVICES=processes"),
        ("podman", "SERVICES=podman: give docker"),
    ],
)
def test_what_cannot_be_done_is_named(desk: Desk, asked: str, message: str) -> None:
    with pytest.raises(LocalServiceError, match=message):
        desk.services(SERVICES=asked).up()


@pytest.mark.parametrize("wipe", [False, True])
def test_down_stops_and_removes_data_only_when_asked(desk: Desk, wipe: bool) -> None:
    desk.services().up()
    desk.services().down(wipe=wipe)

    assert (desk.backends[PROCESSES].runs, desk.backends[PROCESSES].wiped) == (False, wipe)
    assert not Path(f"{desk.folder}.env").exists()
    desk.services().ps()
    assert "stopped" in desk.text


def test_before_the_first_start_there_is_nothing(desk: Desk) -> None:
    services = desk.services()
    services.down(wipe=True)
    services.ps()
    services.logs()

    assert desk.said == [
        "nothing was started by make up",
        "nothing was started; start with: make up",
        "nothing was started",
    ]


def test_logs_are_those_of_what_runs(desk: Desk) -> None:
    desk.services().up()
    desk.services().logs()

    assert desk.said == ["log of processes"]


def test_a_command_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["start"]) == 2
    assert capsys.readouterr().err == f"{USAGE}\n"
