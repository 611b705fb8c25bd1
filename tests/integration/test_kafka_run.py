"""Sessions on a real broker and a real server, each stage a process: the same fills, tables, files.

The session is that of the fault simulator: ten minutes of session time with everything in it.
"""

from __future__ import annotations

import csv
import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tapeline.contracts.exit_codes import DRAINED
from tapeline.runner.kafka_clients import KafkaMeans
from tapeline.session.collect import follow
from tapeline.session.load import load_session
from tapeline.session.run import RunOptions, run_session
from tapeline.session.summary import RunSummary
from tapeline.session.tables import CSV_TABLES
from tapeline.supervisor.child import Phase, Restarts
from tapeline.supervisor.session import (
    EarlierRunError,
    ProcessOptions,
    Running,
    SessionFailedError,
    run_processes,
)
from tapeline.supervisor.state_file import read_state

MANIFEST = Path("tests/fault/session.yaml")
CONFIGS = Path("configs").resolve()

OF_THE_MACHINE = {"first_fill_s", "flow_s", "wall_s", "peak_memory_mb", "stages", "rejections"}
"""Figures that another run of the same session need not have; rejections differ in their order."""

OF_THE_RUN = {"stage_epochs", "stage_offsets"}
"""Tables that tell how often a run was started and which offsets it reached."""

PLACE = "seq"
"""Column of order_events: offsets on Kafka have gaps, where transactions end and watermarks are."""

OFFSET = re.compile(rb'"offset":\d+,')
"""In dead letters, for the same reason."""


def run(
    options: ProcessOptions, on_progress: Callable[[Running], bool] | None = None
) -> RunSummary:
    context = load_session(options.manifest, configs_dir=options.configs)
    return run_processes(context, options, on_progress or (lambda _running: True))


def in_one_process(
    options: ProcessOptions, tmp_path: Path, postgres_folder: Path
) -> tuple[RunSummary, Path]:
    """The same session without Kafka, and its folder."""
    context = load_session(options.manifest, configs_dir=options.configs)
    folder = tmp_path / "one"
    return run_session(
        context, RunOptions(folder, postgres_folder, partitions=options.lanes)
    ), folder


def figures(summary: RunSummary) -> dict[str, object]:
    return {
        name: getattr(summary, name)
        for name in RunSummary.__struct_fields__
        if name not in OF_THE_MACHINE
    }


def topics(folder: Path) -> dict[str, list[bytes]]:
    """Lines of each file; of dead letters without the offset of their cause.

    All tasks of a stage write their dead letters to one partition, in no order between tasks.
    """
    found = {}
    for path in sorted((folder / "topics").iterdir()):
        lines = path.read_bytes().splitlines()
        if path.name.endswith(".dead.ndjson"):
            lines = sorted(OFFSET.sub(b"", line) for line in lines)
        found[path.name] = lines
    return found


def tables(folder: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """Rows of each table, sorted, without what belongs to the run."""
    found = {}
    for name in sorted(set(CSV_TABLES) - OF_THE_RUN):
        with (folder / "tables" / f"{name}.csv").open() as file:
            rows = csv.DictReader(file)
            found[name] = sorted([(k, v) for k, v in row.items() if k != PLACE] for row in rows)
    return found


def with_replicas(tmp_path: Path) -> Path:
    """The manifest with two processes of each bar stage."""
    path = tmp_path / "session.yaml"
    stages = (
        "\n  stages:\n    bar_builder_1s: {replicas: 2}\n    bar_aggregator_multi: {replicas: 2}\n"
    )
    path.write_text(MANIFEST.read_text().rstrip() + stages)
    return path


@pytest.mark.parametrize("lanes", [1, 2])
def test_processes_give_the_files_and_tables_of_a_run_in_one_process(
    lanes: int, options: ProcessOptions, tmp_path: Path, postgres_folder: Path
) -> None:
    manifest = MANIFEST if lanes == 1 else with_replicas(tmp_path)
    options = replace(options, lanes=lanes, manifest=manifest)
    expected, folder = in_one_process(options, tmp_path, postgres_folder)

    summary = run(options)

    assert summary.fills > 0
    assert figures(summary) == figures(expected)
    assert topics(options.out_dir) == topics(folder)
    assert tables(options.out_dir) == tables(folder)
    processes = read_state(options.out_dir).processes
    assert len(processes) == 11 if lanes == 1 else 13
    assert {(p.phase, p.exit_code, p.restarts) for p in processes} == {("ended", 0, 0)}
    means = KafkaMeans(options.kafka, options.prefix or "")
    end_ns = load_session(manifest, configs_dir=CONFIGS).end_ns
    fills = list(follow(means, "fills", end_ns, lambda: True))
    assert fills == topics(folder)["fills.ndjson"]


class KillEach:
    """Kills each stage once, when it has handled something."""

    def __init__(self) -> None:
        self.killed: set[str] = set()

    def __call__(self, running: Running) -> bool:
        reached = running.readings.horizons_ns()
        for child in running.supervisor.children:
            stage, pid = child.program.stage, child.pid
            if stage not in self.killed and reached.get(stage, -1) > 0 and pid is not None:
                os.kill(pid, signal.SIGKILL)
                self.killed.add(stage)
        return True


def test_stages_that_are_killed_lose_and_double_nothing(
    options: ProcessOptions, tmp_path: Path, postgres_folder: Path
) -> None:
    expected, folder = in_one_process(options, tmp_path, postgres_folder)
    kill = KillEach()

    summary = run(options, kill)

    assert kill.killed
    assert figures(summary) == figures(expected)
    assert topics(options.out_dir) == topics(folder)
    assert tables(options.out_dir) == tables(folder)
    with pytest.raises(EarlierRunError, match=r"add --fresh .* or --resume"):
        run(options)
    assert figures(run(replace(options, resume=True))) == figures(expected)
    anew = run(replace(options, fresh=True), lambda _running: False)
    assert (anew.stopped, anew.fills) == (True, 0)


def test_a_session_goes_on_where_it_was_stopped_or_has_failed(
    options: ProcessOptions, tmp_path: Path, postgres_folder: Path
) -> None:
    expected, folder = in_one_process(options, tmp_path, postgres_folder)

    def crash(running: Running) -> bool:
        (oms,) = running.supervisor.of("oms")
        if running.readings.horizons_ns().get("oms", -1) > 0 and oms.pid is not None:
            os.kill(oms.pid, signal.SIGKILL)
        return True

    def stop(running: Running) -> bool:
        (oms,) = running.supervisor.of("oms")
        return not (
            oms.phase is Phase.RUNNING and running.readings.horizons_ns().get("oms", -1) > 0
        )

    with pytest.raises(SessionFailedError, match=r"(?s)oms\.0 was ended by SIGKILL: .* --resume"):
        run(replace(options, restarts=Restarts(count=0)), crash)
    on = replace(options, resume=True)
    assert run(on, stop).stopped
    codes = {p.exit_code for p in read_state(options.out_dir).processes}
    assert codes <= {0, DRAINED, -signal.SIGTERM}  # the last: it was just being started
    another = load_session(options.manifest, configs_dir=options.configs, seed=5)
    with pytest.raises(EarlierRunError, match=r"other values of spec\.seed"):
        run_processes(another, replace(on, seed=5, out_dir=tmp_path / "elsewhere"))
    summary = run(on)

    assert figures(summary) == figures(expected)
    assert topics(options.out_dir) == topics(folder)
    assert tables(options.out_dir) == tables(folder)
