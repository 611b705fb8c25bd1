"""Java and the jars of the broker, by Maven: once, and again only when the pom changes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from tapeline.local.daemon import LocalServiceError, locked
from tapeline.local.folders import DEPLOY, SERVICES

POM = DEPLOY / "kafka" / "pom.xml"
LIBS = SERVICES / "kafka" / "libs"

JAVA_MIN = 17
"""Kafka 4 refuses older ones."""

DOWNLOAD_S = 900.0
"""45 MB and Maven's own plugins, over a slow line."""

STAMP = "pom.sha256"


def java() -> str:
    """The java program.

    Raises:
        LocalServiceError: there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    remedy = (
        f"install Java {JAVA_MIN} or newer (Debian: apt-get install openjdk-17-jre-headless; "
        "macOS: brew install openjdk@17) or set JAVA_HOME to it"
    )
    if found is None:
        raise LocalServiceError(f"Kafka needs Java, and there is no java on this machine; {remedy}")
    version = java_version(_output([found, "-version"]))
    if version < JAVA_MIN:
        raise LocalServiceError(f"Kafka needs Java {JAVA_MIN}, {found} is {version}; {remedy}")
    return found


def java_version(text: str) -> int:
    """Major version in what `java -version` says: 8 for "1.8.0_402"; 0 when it says none."""
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else 0


def ensure_jars(pom: Path = POM, libs: Path = LIBS) -> Path:
    """Copies the jars of a pom into a folder unless they are there. Returns the folder.

    Raises:
        LocalServiceError: Maven is absent, or cannot get them.
    """
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()
    with locked(libs.with_suffix(".lock")):
        stamp = libs / STAMP
        if not stamp.exists() or stamp.read_text() != digest:
            fresh = libs.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _download(pom, fresh)
            (fresh / STAMP).write_text(digest)
            shutil.rmtree(libs, ignore_errors=True)
            fresh.rename(libs)
    return libs


def _download(pom: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalServiceError(
            "Kafka's jars come by Maven, and there is no mvn on this machine; install it "
            "(Debian: apt-get install maven; macOS: brew install maven), or use Docker"
        )
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += [f"-DoutputDirectory={folder}", "-DincludeScope=runtime", "-Dstyle.color=never"]
    try:
        done = subprocess.run(  # noqa: S603 - the command is put together here
            command, capture_output=True, text=True, timeout=DOWNLOAD_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LocalServiceError(
            f"Maven has not fetched Kafka's jars within {DOWNLOAD_S:.0f} s; check the network, "
            "then start again"
        ) from error
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).splitlines()[:10])
        raise LocalServiceError(
            f"Maven cannot fetch Kafka's jars; check the network and Maven's settings:\n{said}"
        )


def _output(command: list[str]) -> str:
    done = subprocess.run(  # noqa: S603 - the command is put together here
        command, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
