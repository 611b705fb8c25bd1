"""Containers: used where Docker can, asked for with the chosen ports, named when they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from stand_in_programs import Programs
from tapeline.local import docker
from tapeline.local.backend import Row
from tapeline.local.daemon import LocalServiceError
from tapeline.local.docker import Containers
from tapeline.local.ports import Ports


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setattr(docker, "SERVICES", tmp_path / "services")
    return Programs(tmp_path / "bin", monkeypatch)


REASONS = {
    "info": "Docker does not run",
    "compose version": "docker has no compose plugin",
    "*pull*": "Docker cannot pull the images",
}


@pytest.mark.parametrize(("fails", "reason"), REASONS.items())
def test_why_docker_cannot_be_used(programs: Programs, fails: str, reason: str) -> None:
    programs.add("docker", f'case "$*" in {fails.replace(" ", "?")}) exit 1;; esac')

    assert docker.unusable() == reason


def test_no_docker_and_a_docker_that_works(programs: Programs) -> None:
    assert docker.unusable() == "there is no docker on this machine"
    programs.add("docker", "")
    assert docker.unusable() is None


def test_up_waits_and_passes_the_ports_and_a_password_that_stays(
    programs: Programs, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    programs.add("docker", f'echo "$KAFKA_PORT $POSTGRES_PASSWORD" >> {seen}')
    needed = Containers().up(Ports(kafka=29_192))

    password = docker.password()
    assert seen.read_text() == f"29192 {password}\n"
    assert (tmp_path / "services" / "docker" / "password").stat().st_mode & 0o077 == 0
    assert " up --detach --wait" in programs.calls("docker")[0]
    assert needed == {
        "KAFKA": "127.0.0.1:29192",
        "POSTGRES": f"postgresql://postgres:{password}@127.0.0.1:25432/tapeline",
        "PROMETHEUS": "http://127.0.0.1:29090",
        "GRAFANA": "http://127.0.0.1:29300",
    }


def test_containers_that_do_not_start_are_an_error_with_what_docker_says(
    programs: Programs,
) -> None:
    programs.add("docker", "echo 'port is already allocated' >&2; exit 1")

    with pytest.raises(LocalServiceError, match=r"KAFKA_PORT=29192 .*\nport is already allocated"):
        Containers().up(Ports())
    with pytest.raises(LocalServiceError, match="do not stop"):
        Containers().down(wipe=False)


@pytest.mark.parametrize(("wipe", "ends"), [(False, " down"), (True, " down --volumes")])
def test_data_goes_only_when_asked(programs: Programs, wipe: bool, ends: str) -> None:
    programs.add("docker", "")
    Containers().down(wipe=wipe)

    assert programs.calls("docker")[0].endswith(ends)


def test_rows_are_what_docker_says(programs: Programs) -> None:
    programs.add(
        "docker",
        """\
        echo '{"Service":"kafka","State":"running","Health":"healthy","Ports":"P","Name":"t-1"}'
        echo '{"Service":"postgres","State":"exited","Health":"","Name":"t-2"}'
        """,
    )

    assert Containers().rows() == [
        Row("kafka", "healthy", "P", "container t-1"),
        Row("postgres", "exited", "", "container t-2"),
    ]
