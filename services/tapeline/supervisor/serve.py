"""Does what was asked of a supervisor: holds a stage, and starts it again in either language."""

from __future__ import annotations

from collections.abc import Callable

from tapeline.supervisor.child import Program
from tapeline.supervisor.control import HOLD_S, Answer, Request, Requests
from tapeline.supervisor.supervisor import Supervisor

Programs = Callable[[str, str], list[Program]]
"""Programs of a stage in a language, one for each replica."""


class Service:
    """Answers the requests of a session, between two looks at its processes.

    Args:
        requests: where they wait.
        supervisor: the session's processes.
        programs: programs of a stage in a language.
        refusals: errors of `programs` whose message is the answer.
    """

    def __init__(
        self,
        requests: Requests,
        supervisor: Supervisor,
        programs: Programs,
        refusals: tuple[type[Exception], ...],
    ) -> None:
        self._requests = requests
        self._supervisor = supervisor
        self._programs = programs
        self._refusals = refusals
        self._holding: set[str] = set()
        """Names of the requests whose stage is on its way to a stop, or whose successors load."""

    def __call__(self) -> None:
        """Answers what can be answered now."""
        for name, request in self._requests.waiting():
            answer = self._answer(name, request)
            if answer is not None:
                self._holding.discard(name)
                self._requests.answer(name, answer)

    def _answer(self, name: str, request: Request) -> Answer | None:
        if request.stage not in self._supervisor.stages:
            return Answer(
                refused=f"{request.stage}: is no stage of this session: use one of "
                f"{', '.join(self._supervisor.stages)}"
            )
        if request.command == "hold":
            return self._hold(name, request.stage)
        if request.command == "release" and not self._supervisor.held(request.stage):
            return Answer(refused=f"{request.stage}: is not held: ask to hold it first")
        if request.command == "prepare" and name in self._holding:
            return self._prepared(request.stage)
        try:
            before = self._supervisor.of(request.stage)[0].program.language
            programs = self._programs(request.stage, request.implementation or before)
        except self._refusals as error:
            return Answer(refused=str(error))
        if request.command == "prepare":
            self._holding.add(name)
            self._supervisor.prepare(request.stage, programs, self._requests.gate(name))
            return None
        return Answer(pids=[c.pid for c in self._supervisor.release(request.stage, programs)])

    def _prepared(self, stage: str) -> Answer | None:
        dead = self._supervisor.stillborn(stage)
        if dead is not None:
            lines = "\n".join(f"  {line}" for line in dead.tail())
            return Answer(
                refused=f"{dead.program.name}: its successor could not be loaded; {dead.log} ends "
                f"with\n{lines}"
            )
        children = self._supervisor.prepared(stage)
        return None if children is None else Answer(pids=[child.pid for child in children])

    def _hold(self, name: str, stage: str) -> Answer | None:
        if name not in self._holding:
            self._holding.add(name)
            self._supervisor.hold(stage, HOLD_S)
        if not self._supervisor.held(stage):
            return None
        return Answer(exit_codes=[c.exit_code for c in self._supervisor.of(stage)])
