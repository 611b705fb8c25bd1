"""Java and the jars: named when they are missing, fetched once."""

from __future__ import annotations

from pathlib import Path

import pytest

from stand_in_programs import Programs
from tapeline.local.daemon import LocalServiceError
from tapeline.local.jars import ensure_jars, java, java_version

COPIES = """\
for argument in "$@"; do
  folder=${argument#-DoutputDirectory=}
  [ "$folder" = "$argument" ] || { mkdir -p "$folder"; touch "$folder/a.jar"; }
done
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path / "bin", monkeypatch)


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    path = tmp_path / "pom.xml"
    path.write_text("<project/>")
    return path


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("the machine has no java", 0),
    ],
)
def test_the_version_of_java(said: str, version: int) -> None:
    assert java_version(said) == version


def test_java_is_found_with_its_version(programs: Programs) -> None:
    programs.add("java", "echo 'openjdk version \"21.0.1\"' >&2")

    assert java().endswith("/bin/java")


def test_an_old_java_is_refused(programs: Programs) -> None:
    programs.add("java", "echo 'java version \"1.8.0_402\"' >&2")

    with pytest.raises(LocalServiceError, match=r"needs Java 17, .*java is 8; install Java 17"):
        java()


def test_no_java_is_named_with_the_fix(programs: Programs) -> None:
    with pytest.raises(
        LocalServiceError, match=r"no java on this machine; install Java 17.*apt-get"
    ):
        java()


def test_java_home_comes_before_the_path(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    programs.add("java", "echo 'openjdk version \"21\"' >&2")

    with pytest.raises(LocalServiceError, match="no java"):
        java()


def test_jars_are_fetched_once_for_a_pom(programs: Programs, pom: Path, tmp_path: Path) -> None:
    programs.add("mvn", COPIES)
    libs = tmp_path / "libs"

    for _ in range(2):
        assert ensure_jars(pom, libs) == libs
    assert (libs / "a.jar").exists()
    assert len(programs.calls("mvn")) == 1

    pom.write_text("<project><version>2</version></project>")
    (libs / "old.jar").touch()
    ensure_jars(pom, libs)
    assert len(programs.calls("mvn")) == 2
    assert not (libs / "old.jar").exists()


def test_no_maven_is_named_with_the_fix(programs: Programs, pom: Path, tmp_path: Path) -> None:
    with pytest.raises(
        LocalServiceError, match=r"no mvn on this machine; install it.*or use Docker"
    ):
        ensure_jars(pom, tmp_path / "libs")


def test_what_maven_says_is_shown_and_nothing_is_left(
    programs: Programs, pom: Path, tmp_path: Path
) -> None:
    programs.add("mvn", f"{COPIES}echo '[ERROR] unknown host'; exit 1")

    with pytest.raises(LocalServiceError, match=r"check the network .*\n\[ERROR\] unknown host"):
        ensure_jars(pom, tmp_path / "libs")
    assert not (tmp_path / "libs").exists()
