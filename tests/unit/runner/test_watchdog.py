"""A call that never returns ends its process; one that returns does not."""

from __future__ import annotations

import subprocess
import sys
import threading

from tapeline.runner.watchdog import Watchdog

WAIT_S = 30.0

STUCK = """
import threading
from tapeline.runner.watchdog import Watchdog
with Watchdog(look_s=0.01).watching("offsets of s.oms.0", 0.0):
    threading.Event().wait()
"""


def test_a_call_that_takes_too_long_is_noticed() -> None:
    ended = threading.Event()
    with Watchdog(ended.set, look_s=0.01).watching("a commit", 0.0):
        assert ended.wait(WAIT_S)


def test_a_call_that_has_returned_is_forgotten() -> None:
    ended = threading.Event()
    dog = Watchdog(ended.set, look_s=0.01)
    for _ in range(100):
        with dog.watching("a commit", 0.0):
            pass

    assert not ended.wait(0.1)


def test_a_process_that_is_stuck_ends_and_says_where() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=WAIT_S, check=False
    )

    assert done.returncode == 1
    assert "kafka.stuck" in done.stdout
    assert "offsets of s.oms.0" in done.stdout
