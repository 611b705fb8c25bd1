"""Virtual time: the result is a function of manifest and seed, of nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fault"))

import scenario

from tapeline.session.context import SessionContext
from tapeline.session.manifest import StageSpec
from tapeline.session.run import RunOptions, run_session
from tapeline.session.summary import RunSummary

SHUFFLES = 20
CONTEXT = scenario.context(3)

Run = Callable[..., tuple[RunSummary, Path]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a session into a folder of its own; no database unless asked for."""

    def play(context: SessionContext = CONTEXT, **options: object) -> tuple[RunSummary, Path]:
        folder = tmp_path_factory.mktemp("run")
        whole = {"database": False, **options}
        return run_session(context, RunOptions(folder, **whole)), folder  # type: ignore[arg-type]

    return play


@pytest.fixture(scope="module")
def first(run: Run) -> tuple[RunSummary, Path]:
    """The run that the others are compared with."""
    summary, folder = run()
    assert summary.fills > 5
    assert summary.decisions["orders.sized"]["REJECTED"] > 0
    return summary, folder


def files(folder: Path) -> dict[str, str]:
    """Digest of the file of each topic."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "topics").glob("*.ndjson"))
    }


def records(folder: Path, topic: str) -> list[bytes]:
    """Records of a topic over all its partitions, ascending; a broadcast counts once."""
    topics = folder / "topics"
    paths = [*topics.glob(f"{topic}.ndjson"), *topics.glob(f"{topic}.p?.ndjson")]
    return sorted({line for path in paths for line in path.read_bytes().splitlines()})


def scaled(partitions: int) -> SessionContext:
    """The session with a replica of each stage that scales for each partition."""
    names = [name for name, stage in CONTEXT.pipeline.stages.items() if stage.scales]
    stages = {name: StageSpec(replicas=partitions) for name in names}
    return dataclasses.replace(CONTEXT, spec=CONTEXT.spec.model_copy(update={"stages": stages}))


def test_a_seed_gives_every_record_again(first: tuple[RunSummary, Path], run: Run) -> None:
    summary, folder = run()

    assert summary.fills_digest == first[0].fills_digest
    assert files(folder) == files(first[1])


def test_another_seed_gives_other_fills(first: tuple[RunSummary, Path], run: Run) -> None:
    digests = {run(scenario.context(seed))[0].fills_digest for seed in (4, 5)}

    assert len(digests | {first[0].fills_digest}) == 3


@pytest.mark.parametrize("seed", range(SHUFFLES))
def test_the_order_of_the_stages_does_not_show(
    first: tuple[RunSummary, Path], run: Run, seed: int
) -> None:
    summary, folder = run(shuffle=seed)

    assert summary.fills_digest == first[0].fills_digest
    assert files(folder) == files(first[1])


@pytest.mark.parametrize("partitions", [2, 4])
@pytest.mark.parametrize("replicated", [False, True], ids=["one replica", "replicas"])
def test_partitions_and_replicas_do_not_show(
    first: tuple[RunSummary, Path], run: Run, partitions: int, replicated: bool
) -> None:
    context = scaled(partitions) if replicated else CONTEXT
    summary, folder = run(context, partitions=partitions, shuffle=partitions)

    assert summary.fills_digest == first[0].fills_digest
    for topic in CONTEXT.pipeline.topics:
        assert records(folder, topic) == records(first[1], topic), topic


@pytest.mark.postgres
def test_the_database_does_not_show(
    first: tuple[RunSummary, Path], run: Run, postgres_folder: Path
) -> None:
    summary, folder = run(database=True, data_dir=postgres_folder)

    assert summary.fills_digest == first[0].fills_digest
    assert files(folder) == files(first[1])
    assert (summary.bar_differences, summary.position_differences) == (0, 0)
