"""Looks after the processes of a session until all have ended, one has failed, or it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tapeline.contracts.exit_codes import REFUSED
from tapeline.runner.gate import VARIABLE, waiting_file
from tapeline.supervisor.child import Child, Phase, Program, Restarts
from tapeline.supervisor.group import ProcessGroup, said

POLL_S = 0.05
"""Twenty looks a second at a dozen processes cost a thousandth of a core."""

HANDING_POLL_S = 0.005
"""The same while a stage is handed over: its pause holds three of these looks."""

STOP_S = 10.0
"""A stage drains within this after SIGTERM; then it is killed, and its successor does the rest."""


@dataclass(frozen=True)
class Outcome:
    """How it ended."""

    stopped: bool = False
    """It was asked to stop."""
    failure: str | None = None
    """Which process was given up, why, and what its log ended with."""


class Supervisor:
    """The processes of a session, in the order of the flow.

    Args:
        programs: one for each replica, sources first.
        logs: folder of their logs.
        group: where they are started.
        restarts: how often a failed one is started again.
        on_change: called when a process has started, ended or changed its phase.
        tell: called with a sentence when something happened that a person wants to know.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        logs: Path,
        group: ProcessGroup,
        restarts: Restarts | None = None,
        on_change: Callable[[], None] = lambda: None,
        tell: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.stages = list(dict.fromkeys(program.stage for program in programs))
        """Names in the order of the flow."""
        self._logs = logs
        self._group = group
        self._restarts = restarts or Restarts()
        self._on_change = on_change
        self._tell = tell
        self._children = {name: self._made(programs, name) for name in self.stages}
        self._held_s: dict[str, float] = {}
        self._successors: dict[str, tuple[Path, list[Child]]] = {}
        """By stage: processes that wait at a gate to take over."""

    @property
    def children(self) -> list[Child]:
        """Every process in the order of the flow."""
        return [child for name in self.stages for child in self._children[name]]

    def of(self, stage: str) -> list[Child]:
        """Processes of a stage, by replica."""
        return self._children[stage]

    def run(self, keep_on: Callable[[], bool]) -> Outcome:
        """Starts every process and looks after them.

        Args:
            keep_on: asked `1 / POLL_S` times a second; false stops the session in order.
        """
        for child in self.children:
            child.start()
        self._on_change()
        while True:
            self.tick()
            failed = next((c for c in self.children if c.phase is Phase.FAILED), None)
            if failed is not None:
                failure = _failure(failed, self._restarts)
                self.stop()
                return Outcome(failure=failure)
            if not self._group.guarded():
                self.stop()
                return Outcome(failure="the guard of the processes was ended from outside")
            if not self._held_s and all(child.over for child in self.children):
                return Outcome()
            if not keep_on():
                self.stop()
                return Outcome(stopped=True)
            time.sleep(HANDING_POLL_S if self._held_s or self._successors else POLL_S)

    def tick(self) -> None:
        """One look at every process."""
        for stage in [s for s, until_s in self._held_s.items() if time.monotonic() >= until_s]:
            if all(child.over for child in self._children[stage]):
                self._tell(f"{stage} was held too long and is started again")
                self.release(stage, [child.program for child in self._children[stage]])
        waiting = [child for _, children in self._successors.values() for child in children]
        changed = [child.tick() for child in (*self.children, *waiting)]
        if any(changed):
            self._on_change()

    def stop(self) -> None:
        """Stops all in the order of the flow, so that each stage still gets what is on its way."""
        self._held_s.clear()
        for name in self.stages:
            self._dismiss(name)
            for child in self._children[name]:
                child.stop(STOP_S)
            while not all(child.over for child in self._children[name]):
                time.sleep(POLL_S)
                # A later stage that fails meanwhile is left as it is: its turn comes.
                for child in self._children[name]:
                    child.tick()
            self._on_change()

    def hold(self, stage: str, for_s: float) -> None:
        """Stops one stage; it is started again by `release`, or by itself after so many seconds."""
        self._held_s[stage] = time.monotonic() + for_s
        for child in self._children[stage]:
            child.stop(STOP_S)
        self._on_change()

    def held(self, stage: str) -> bool:
        """Whether a stage is held and its processes have ended."""
        return stage in self._held_s and all(child.over for child in self._children[stage])

    def prepare(self, stage: str, programs: Sequence[Program], gate: Path) -> None:
        """Starts the successors of a stage; they load and wait until the gate, a file, exists."""
        self._dismiss(stage)
        waiting = [
            replace(program, env={**program.env, VARIABLE: str(gate)}) for program in programs
        ]
        self._successors[stage] = gate, self._made(waiting, stage)
        for child in self._successors[stage][1]:
            child.start()

    def prepared(self, stage: str) -> list[Child] | None:
        """Successors of a stage once all of them wait; None before that."""
        gate, children = self._successors[stage]
        ready = all(waiting_file(gate, child.program.replica).exists() for child in children)
        return children if ready else None

    def stillborn(self, stage: str) -> Child | None:
        """A successor that has ended instead of waiting; the others are ended with it."""
        children = self._successors[stage][1]
        for child in children:
            if child.phase is not Phase.RUNNING or child.exit_code is not None:
                self._dismiss(stage)
                return child
        return None

    def release(self, stage: str, programs: Sequence[Program]) -> list[Child]:
        """Starts a held stage as these programs; its successors are they when they wait for it."""
        assert self.held(stage)
        del self._held_s[stage]
        gate, waiting = self._successors.pop(stage, (Path(), []))
        usable = [c for c in waiting if c.phase is Phase.RUNNING and c.exit_code is None]
        if len(usable) == len(programs) and usable[0].program.language == programs[0].language:
            gate.touch()
            self._children[stage] = usable
        else:
            self._end(waiting)
            self._children[stage] = self._made(programs, stage)
            for child in self._children[stage]:
                child.start()
        self._on_change()
        return self._children[stage]

    def _dismiss(self, stage: str) -> None:
        """Ends the successors of a stage that were not needed."""
        self._end(self._successors.pop(stage, (Path(), []))[1])

    def _end(self, children: Sequence[Child]) -> None:
        for child in children:
            child.stop(STOP_S)
        while not all(child.over for child in children):
            time.sleep(POLL_S)
            for child in children:
                child.tick()

    def _made(self, programs: Sequence[Program], stage: str) -> list[Child]:
        return [
            Child(program, self._group, self._logs, self._restarts, time.monotonic, self._tell)
            for program in programs
            if program.stage == stage
        ]


def _failure(child: Child, restarts: Restarts) -> str:
    name, code = child.program.name, child.exit_code
    if code is None:
        return f"{name}: its program could not be started; the session was stopped"
    why = "it cannot run as it was told to"
    if code != REFUSED:
        why = f"it failed more than {restarts.count} times in {restarts.within_s:.0f} s"
    lines = "\n".join(f"  {line}" for line in child.tail())
    return f"{name} {said(code)}: {why}, so the session was stopped; {child.log} ends with\n{lines}"
