"""Command lines of a session's processes: Python by its module, Go by its binary and a plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tapeline.session.compose import SINK, Lanes
from tapeline.session.context import SessionContext
from tapeline.session.manifest import ManifestError
from tapeline.session.plan import write_plan
from tapeline.supervisor.child import Program

BINARIES = Path(__file__).resolve().parents[3] / "go" / "bin"
"""Where `make go-build` puts the stages in Go."""


@dataclass(frozen=True)
class Commands:
    """Makes the programs of one session."""

    context: SessionContext
    lanes: Lanes
    manifest: Path
    folder: Path
    """Output folder of the session; plans go below it."""
    kafka: str
    prefix: str
    postgres: str | None = None
    """Connection string of the store; it travels in the environment, since it may hold a password
    and a command line is there for all to read."""
    configs: Path | None = None
    seed: int | None = None
    """Takes the place of spec.seed."""
    binaries: Path = BINARIES
    more: Mapping[str, str] = field(default_factory=dict)
    """Further options of every process, such as --speed."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Further variables of every process."""

    def all(self) -> list[Program]:
        """Every program of the session, in the order of the flow.

        Raises:
            ManifestError: a stage cannot run as the manifest says.
        """
        return [
            program
            for stage in self.lanes.stages()
            for program in self.of(stage, self.language(stage))
        ]

    def of(self, stage: str, language: str, replicas: int = 0) -> list[Program]:
        """Programs of a stage in a language, one for each replica.

        Args:
            stage: a stage that runs in the session's mode.
            language: python or go.
            replicas: at least so many, whatever the manifest says.

        Raises:
            ManifestError: the stage cannot have so many replicas, or cannot run in that language.
        """
        asked = max(replicas, self.lanes.replicas.get(stage, 1))
        lanes = replace(self.lanes, replicas={stage: asked})
        numbers = [wiring.replica for wiring in lanes.wirings(stage)]
        languages = self.context.pipeline.stages[stage].languages
        if language not in languages:
            raise ManifestError(
                f"spec.stages.{stage}.implementation: {stage} has no {language} implementation: "
                f"use {' or '.join(languages)}"
            )
        if language == "go":
            return self._go(stage, numbers)
        return [self._python(stage, replica) for replica in numbers]

    def language(self, stage: str) -> str:
        """Language that the manifest asks for."""
        spec = self.context.spec.stages.get(stage)
        return "python" if spec is None else spec.implementation

    def _python(self, stage: str, replica: int) -> Program:
        options: dict[str, object] = {
            "--manifest": self.manifest,
            "--stage": stage,
            "--replica": replica,
            "--lanes": self.lanes.market,
            "--kafka": self.kafka,
            "--prefix": self.prefix,
        }
        if self.configs is not None:
            options["--configs"] = self.configs
        if self.seed is not None:
            options["--seed"] = self.seed
        command = [
            sys.executable,
            "-m",
            "tapeline.session.process",
            *_words({**options, **self.more}),
        ]
        return self._program(stage, replica, "python", command)

    def _go(self, stage: str, replicas: list[int]) -> list[Program]:
        binary = self.binaries / stage
        if not binary.exists():
            raise ManifestError(
                f"spec.stages.{stage}.implementation: {binary} is not built: run `make go-build`"
            )
        plan = self.folder / "plans" / f"{stage}.json"
        plan.parent.mkdir(parents=True, exist_ok=True)
        beside = plan.with_suffix(".new")
        beside.write_bytes(write_plan(self.context, self.lanes, stage, self.prefix))
        beside.replace(plan)  # a process that starts now reads the old one or the new one
        made = []
        for replica in replicas:
            options = {"--plan": plan, "--kafka": self.kafka, "--replica": replica}
            command = [str(binary), "run", *_words({**options, **self.more})]
            made.append(self._program(stage, replica, "go", command))
        return made

    def _program(self, stage: str, replica: int, language: str, command: list[str]) -> Program:
        postgres = self.postgres if stage == SINK and self.postgres else ""
        return Program(
            stage,
            replica,
            language,
            lambda port: [*command, "--http", str(port)],
            {**self.env, "POSTGRES": postgres},
        )


def _words(options: Mapping[str, object]) -> list[str]:
    return [word for name, value in options.items() for word in (name, str(value))]
