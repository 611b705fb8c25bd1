"""A process that is found again by its pid file, and told from others with its number."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tapeline.local import daemon
from tapeline.local.daemon import Daemon, LocalServiceError

WAITS = "import sys, time; print('up', flush=True); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Daemon]:
    made = Daemon("server", tmp_path, str(tmp_path / "settings"))
    yield made
    made.kill()


def start(process: Daemon, code: str, mark: str | None = None) -> int:
    arguments = [str(process.log.parent / "settings") if mark is None else mark]
    pid = process.spawn([sys.executable, "-c", code, *arguments])
    assert not code or process.wait_for(lambda: "up" in process.tail(), 30)
    return pid


def test_it_is_found_by_another_owner_and_stopped(process: Daemon, tmp_path: Path) -> None:
    pid = start(process, WAITS)
    other = Daemon("server", tmp_path, str(tmp_path / "settings"))

    assert other.pid == pid
    other.stop()
    assert (process.pid, other.pid) == (None, None)


def test_it_does_not_end_with_its_starter(process: Daemon) -> None:
    pid = start(process, WAITS)

    assert os.getsid(pid) == pid


def test_a_kill_leaves_the_pid_file_as_a_crash_does(process: Daemon, tmp_path: Path) -> None:
    start(process, WAITS)
    process.kill()

    assert process.pid is None
    assert (tmp_path / "server.pid").exists()


def test_a_process_that_does_not_stop_is_killed(
    process: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "STOP_S", 0.2)
    start(process, DEAF)
    process.stop()

    assert process.pid is None


@pytest.mark.parametrize("content", ["ours", "0", "-1", "99999999", "", "x"])
def test_a_pid_file_of_nobody_of_ours_means_that_nothing_runs(
    process: Daemon, tmp_path: Path, content: str
) -> None:
    content = content.replace("ours", str(os.getpid()))
    (tmp_path / "server.pid").write_text(content)

    assert process.pid is None
    process.stop()


def test_waiting_ends_with_the_process(process: Daemon) -> None:
    start(process, "")

    assert not process.wait_for(lambda: False, 30)


def test_waiting_ends_at_the_deadline_and_shows_the_log(process: Daemon) -> None:
    start(process, WAITS)

    with pytest.raises(LocalServiceError, match=r"server runs but is not ready after 0 s; .*\nup"):
        process.wait_for(lambda: False, 0.0)


def test_a_long_log_is_moved_aside(
    process: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "LOG_BYTES_MAX", 3)
    process.log.write_text("old words")
    start(process, WAITS)

    assert (tmp_path / "server.log.1").read_text() == "old words"
    assert process.tail() == "up"


DYING = (
    "import os, threading, time, ctypes\n"
    "threading.Thread(target=lambda: (time.sleep(1), os._exit(0))).start()\n"
    "print('up', flush=True)\n"
    "ctypes.CDLL(None).pthread_exit(None)"
)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process without its leader")
def test_a_process_is_not_gone_before_its_last_thread(process: Daemon) -> None:
    """Its first thread has ended, which makes it look like a zombie, and its ports are held."""
    pid = start(process, DYING)
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert process.pid == pid

    assert process.pid == pid
    process.stop()
    assert process.pid is None
