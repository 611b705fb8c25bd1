"""Disturbs a session while it runs: kills its processes and services, stops and continues them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from fault_kafka.lives import Kill, Mortal, ready
from fault_kafka.plan import SCALING, SOURCE, Event, Round
from tapeline.local import LocalKafka, LocalPostgres
from tapeline.supervisor.child import Child, Phase, Program, free_port
from tapeline.supervisor.session import Running

WAIT_S = 90.0
"""Longest wait for a reaction; on a busy machine a start takes some seconds."""

STARTED = ("task.started", "task.restored")
"""What a process says, in Python and in Go, when it has taken over a task."""

IN_A_COMMIT = "4:1:STOP"
"""Fault injection of a life that stops itself with outputs in an open transaction."""

BEAT_S = 1.0
"""A slow consumer runs for a tenth of each beat."""

Steps = Generator[None, None, None]
"""Something that goes on over many looks at the session."""


class DisturbanceError(Exception):
    """What was planned did not have the effect it must have; the message says which."""


@dataclass
class Done:
    """What happened in a round."""

    kills: list[Kill] = field(default_factory=list)
    services: Counter[str] = field(default_factory=Counter)
    """Kills of the broker and of the database."""
    others: Counter[str] = field(default_factory=Counter)
    """Zombies fenced, rebalances and slow consumers, each with its stage."""
    restarts: int = 0
    """Processes started after their first start."""

    def count(self) -> int:
        """Kills by SIGKILL."""
        return len(self.kills) + self.services.total()


class Disturber:
    """Carries out the plan of a round.

    Args:
        plan: what is to happen.
        kafka: the broker that the session uses, and nobody else.
        postgres: the same of the database.
        folder: receives the logs of second processes.
    """

    def __init__(
        self, plan: Round, kafka: LocalKafka, postgres: LocalPostgres, folder: Path
    ) -> None:
        self.done = Done()
        self._plan = plan
        self._services: Mapping[str, LocalKafka | LocalPostgres] = {
            "broker": kafka,
            "postgres": postgres,
        }
        self._folder = folder
        self._mortals: list[Mortal] = []
        self._gates = folder / "gates"
        self._gates.mkdir(parents=True, exist_ok=True)
        self._over = 0
        """Events that have happened."""
        self._current: Steps | None = None
        self._stopped: set[int] = set()
        self._seconds: list[subprocess.Popen[bytes]] = []

    def programs(self, programs: list[Program]) -> list[Program]:
        """Makes the session's programs mortal."""
        for program in programs:
            deaths = self._plan.deaths.get(program.stage, ()) if program.replica == 0 else ()
            gates = self._gates if program.stage == SOURCE else None
            self._mortals.append(Mortal(program, deaths, gates))
        return [mortal.program() for mortal in self._mortals]

    def __call__(self, running: Running) -> bool:
        """One look at the session; see ProcessOptions.on_progress."""
        by_name = {child.program.name: child for child in running.supervisor.children}
        for mortal in self._mortals:
            mortal.child = by_name[mortal.name]
            mortal.tick()
        events = self._plan.events
        if self._current is None and self._over < len(events):
            self._current = self._act(events[self._over], by_name)
        if self._current is not None and next(self._current, self) is self:
            self._current = None
            self._over += 1
            self._open(self._over)
        if self._over == len(events) and not any(m.waits_for_death for m in self._mortals):
            for gate in range(len(events), len(self._plan.deaths.get(SOURCE, ())) + 1):
                self._open(gate)
        return True

    def _open(self, gate: int) -> None:
        """Lets the source's life of this number begin."""
        (self._gates / str(gate)).touch()

    def finish(self) -> Done:
        """Counts what has happened.

        Raises:
            DisturbanceError: some of what was planned has not happened.
        """
        events = self._plan.events[self._over :]
        missed = [f"{event.kind} {event.stage}".strip() for event in events]
        for mortal in self._mortals:
            mortal.settle()
            self.done.kills += mortal.kills
            self.done.restarts += mortal.lives - 1
            if mortal.left:
                missed.append(f"{mortal.left} kills of {mortal.name}")
        if missed or self.done.count() != self._plan.kills():
            raise DisturbanceError(
                f"{self._plan.name}: {self.done.count()} of {self._plan.kills()} kills happened; "
                f"not done: {', '.join(missed)}"
            )
        return self.done

    def close(self) -> None:
        """Leaves no process behind."""
        for pid in self._stopped:
            _signal(pid, signal.SIGCONT)
        for process in self._seconds:
            process.kill()
            process.wait()

    def _act(self, event: Event, all_children: Mapping[str, Child]) -> Steps:
        """An event, once every process works and its delay is over."""
        children = {n: c for n, c in all_children.items() if c.program.stage != SOURCE}
        yield from _until(
            lambda: all(child.over or _works(child) for child in children.values()),
            "every process to work",
        )
        yield from _pause(event.delay_s)
        if event.kind in self._services:
            yield from self._restart(event)
        else:
            yield from self._disturb(event, children)

    def _disturb(self, event: Event, children: Mapping[str, Child]) -> Steps:
        child = children[f"{event.stage}.0"]
        steps: dict[str, Callable[[Child, Event], Steps]] = {
            "zombie": self._zombie,
            "rebalance": self._rebalance,
            "slow": self._slow,
        }
        return steps[event.kind](child, event)

    def _restart(self, event: Event) -> Steps:
        """Kills a service under load and starts it again after a pause."""
        service = self._services[event.kind]

        def act() -> None:
            service.kill()
            time.sleep(event.pause_s)
            service.start()

        thread = threading.Thread(target=act, name=event.kind)
        thread.start()
        while thread.is_alive():
            yield
        if not service.healthy():
            raise DisturbanceError(f"{event.kind} did not come back")
        self.done.services[event.kind] += 1

    def _zombie(self, child: Child, event: Event) -> Steps:
        """Stops a process, starts a second one in its place, continues the first: it must end."""
        first = self._stop(child)
        second = self._second(child)
        yield from _until(lambda: ready(second.port), f"the second {child.program.name} to work")
        self._continue(first)
        yield from _until(lambda: child.pid != first, f"the zombie {child.program.name} to end")
        self._fenced(f"the zombie {child.program.name}", child.exit_code, child.log)
        # Its successor takes the place back: the second process is the zombie now.
        what = f"the second {child.program.name}"
        yield from _until(lambda: second.process.poll() is not None, f"{what} to end")
        self._fenced(what, second.process.returncode, second.log)
        self.done.others[f"zombie {event.stage}"] += 1

    def _second(self, child: Child) -> _Second:
        port = free_port()
        mortal = self._mortal(child.program.name)
        log = self._folder / f"{mortal.name}.second.{len(self._seconds)}.log"
        env = {k: v for k, v in {**os.environ, **mortal.inner.env}.items() if v}
        with log.open("ab") as file:
            process = subprocess.Popen(
                mortal.inner.command(port), stdout=file, stderr=subprocess.STDOUT, env=env
            )
        self._seconds.append(process)
        return _Second(process, port, log)

    def _mortal(self, name: str) -> Mortal:
        return next(mortal for mortal in self._mortals if mortal.name == name)

    def _fenced(self, what: str, code: int | None, log: Path) -> None:
        said = log.read_text(errors="replace")
        # The client may hang on its fatal error instead of raising it: then the watchdog ends it.
        if code != 1 or not any(words in said for words in ("taken over", "newer", "kafka.stuck")):
            raise DisturbanceError(f"{what} ended with {code} and was not fenced; see {log}")

    def _rebalance(self, child: Child, event: Event) -> Steps:
        """Stops a replica until the other one has its task; then it goes on."""
        assert event.stage in SCALING
        mortal = self._mortal(child.program.name)
        first = child.pid
        if child.program.language == "python":
            mortal.once = IN_A_COMMIT
            mortal.kill()
            yield from _until(
                lambda: child.pid != first and _stopped(child.pid), "a commit to stop"
            )
            assert child.pid is not None
            pid = child.pid
            self._stopped.add(pid)
        else:
            pid = self._stop(child)
        other = child.log.with_name(f"{event.stage}.1.log")
        before = _starts(other)
        yield from _until(lambda: _starts(other) > before, f"{event.stage}.1 to take over")
        self._continue(pid)
        yield from _until(lambda: child.pid != pid or _works(child), f"{mortal.name} to go on")
        self.done.others[f"rebalance {event.stage}"] += 1

    def _slow(self, child: Child, event: Event) -> Steps:
        """Lets a process run for a tenth of the time."""
        end = time.monotonic() + event.pause_s
        while time.monotonic() < end and child.pid is not None:
            pid = self._stop(child)
            yield from _pause(BEAT_S * 0.9)
            self._continue(pid)
            yield from _pause(BEAT_S * 0.1)
        self.done.others[f"slow {event.stage}"] += 1

    def _stop(self, child: Child) -> int:
        pid = child.pid
        assert pid is not None
        _signal(pid, signal.SIGSTOP)
        self._stopped.add(pid)
        return pid

    def _continue(self, pid: int) -> None:
        _signal(pid, signal.SIGCONT)
        self._stopped.discard(pid)


@dataclass(frozen=True)
class _Second:
    """A second process with the ids of a first one."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path


def _works(child: Child) -> bool:
    return child.phase is Phase.RUNNING and child.pid is not None and ready(child.http_port)


def _stopped(pid: int | None) -> bool:
    return pid is not None and psutil.Process(pid).status() == psutil.STATUS_STOPPED


def _starts(log: Path) -> int:
    """How many tasks a replica has taken over so far."""
    said = log.read_text(errors="replace")
    return sum(said.count(word) for word in STARTED)


def _until(reached: Callable[[], bool], what: str) -> Iterator[None]:
    end = time.monotonic() + WAIT_S
    while not reached():
        if time.monotonic() > end:
            raise DisturbanceError(f"waited {WAIT_S:.0f} s for {what}")
        yield


def _pause(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
