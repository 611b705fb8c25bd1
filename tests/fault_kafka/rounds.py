"""Runs one planned session on a broker and a database, and the same session undisturbed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import yaml

from fault import scenario
from fault_kafka.compare import (
    Difference,
    broken_invariants,
    compare_tables,
    compare_topics,
    expected_topics,
    read_topics,
)
from fault_kafka.disturb import Disturber, Done
from fault_kafka.plan import SCALING, Round
from tapeline.local import LocalKafka, LocalPostgres
from tapeline.session.load import load_session
from tapeline.session.run import RunOptions, run_session
from tapeline.supervisor.child import Restarts
from tapeline.supervisor.session import ProcessOptions, run_processes

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "tests" / "fault" / "session.yaml"

CHANGED = ("registry", "indicators", "ensemble", "paper_broker")
"""Configuration files with which the fault simulator makes a session of ten minutes busy: fast
strategies, and a paper broker that loses answers."""

RESTARTS = Restarts(first_s=0.05, longest_s=0.4, count=1_000)
"""Processes are killed more often here than in a life; what a failure means is compared, not
how soon the supervisor loses patience (tests/unit/supervisor)."""


@dataclass(frozen=True)
class Result:
    """What came of a round."""

    name: str
    done: Done
    records: int
    differences: tuple[Difference, ...]
    broken: tuple[str, ...]
    seconds: float

    @property
    def lost(self) -> int:
        """Records and rows that the undisturbed run has and this one has not."""
        return sum(difference.lost for difference in self.differences)

    @property
    def doubled(self) -> int:
        """Records and rows that are there too often, or changed."""
        return sum(difference.doubled for difference in self.differences)

    @property
    def passed(self) -> bool:
        """Whether nothing differs, order included, and every invariant holds."""
        return not self.differences and not self.broken


def run_round(
    plan: Round,
    kafka: LocalKafka,
    postgres: LocalPostgres,
    folder: Path,
    tell: Callable[[str], None],
) -> Result:
    """Runs a round and compares.

    Args:
        plan: what runs, and what goes wrong.
        kafka: a broker of its own.
        postgres: a server of its own.
        folder: receives the files of both runs and the logs.
        tell: called with sentences on what happened to a process.

    Raises:
        DisturbanceError: the plan could not be carried out, so that the result shows nothing.
        SessionFailedError: the session did not reach its end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    started = perf_counter()
    manifest, configs = _manifest(plan, folder), _configs(plan, folder)
    context = load_session(manifest, configs_dir=configs, seed=plan.data_seed)
    undisturbed = folder / "undisturbed"
    expected = run_session(
        context, RunOptions(undisturbed, folder / "embedded", partitions=plan.lanes)
    )
    prefix = folder.name
    disturber = Disturber(plan, kafka, postgres, folder)
    options = ProcessOptions(
        manifest=manifest,
        out_dir=folder / "disturbed",
        kafka=kafka.bootstrap,
        postgres=postgres.conninfo,
        lanes=plan.lanes,
        prefix=prefix,
        configs=configs,
        seed=plan.data_seed,
        restarts=RESTARTS,
        programs=disturber.programs,
    )
    try:
        summary = run_processes(context, options, disturber, tell)
        done = disturber.finish()
    finally:
        disturber.close()
    topics = read_topics(kafka.bootstrap, prefix)
    tables = options.out_dir / "tables"
    rows = compare_tables(tables, undisturbed / "tables")
    records = compare_topics(topics, expected_topics(undisturbed / "topics"))
    broken = broken_invariants(topics, tables)
    if summary.fills_digest != expected.fills_digest:
        broken.append(f"fills digest {summary.fills_digest}, expected {expected.fills_digest}")
    return Result(
        plan.name,
        done,
        sum(len(values) for values in topics.values()),
        (*records, *rows),
        tuple(broken),
        perf_counter() - started,
    )


def _configs(plan: Round, folder: Path) -> Path:
    """The project's configuration with that of the fault simulator."""
    path = folder / "configs"
    shutil.copytree(ROOT / "configs", path)
    changed = scenario.context(plan.data_seed).configs
    for name in CHANGED:
        (path / f"{name}.yaml").write_text(yaml.safe_dump(changed[name]))
    return path


def _manifest(plan: Round, folder: Path) -> Path:
    """The session of the fault simulator, with the languages and replicas of the round."""
    lines = ["  stages:"] if plan.go or plan.replicas > 1 else []
    for stage in sorted({*plan.go, *(SCALING if plan.replicas > 1 else ())}):
        language = "go" if stage in plan.go else "python"
        replicas = plan.replicas if stage in SCALING else 1
        lines.append(f"    {stage}: {{implementation: {language}, replicas: {replicas}}}")
    path = folder / "session.yaml"
    path.write_text(MANIFEST.read_text().rstrip() + "\n" + "\n".join(lines) + "\n")
    return path
