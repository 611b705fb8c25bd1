"""`tapeline run` as a person starts it: a process, a manifest, a folder that holds everything."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tapeline.session.pipeline import load_pipeline

pytestmark = pytest.mark.postgres

TAPELINE = str(Path(sys.executable).with_name("tapeline"))
SYMBOLS = ["HDFCBANK", "ICICIBANK", "INFY", "RELIANCE", "TATASTEEL"]
RUN_S_MAX = 60


class Finished(NamedTuple):
    folder: Path
    summary: dict[str, Any]
    err: str


def tapeline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [TAPELINE, *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=RUN_S_MAX, check=False
    )


def write_manifest(path: Path, **spec: Any) -> Path:
    """25 minutes of paper-short with a few symbols."""
    manifest = yaml.safe_load(Path("configs/sessions/paper-short.yaml").read_text())
    manifest["metadata"]["name"] = "front-door"
    manifest["spec"] |= {"symbols": SYMBOLS, "window": {"from": "09:12", "to": "09:37"}, **spec}
    path.write_text(yaml.safe_dump(manifest))
    return path


@pytest.fixture(scope="module")
def desk() -> Iterator[Path]:
    """A folder to run in, with the configs; the server's user must be able to enter it."""
    with tempfile.TemporaryDirectory(prefix="tapeline-desk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "configs").symlink_to(Path("configs").resolve())
        yield folder


@pytest.fixture(scope="module")
def finished(desk: Path) -> Finished:
    manifest = write_manifest(desk / "front-door.yaml")
    done = tapeline("run", str(manifest), "--json", "--http", "0", cwd=desk)
    assert done.returncode == 0, done.stderr
    return Finished(desk / "build/runs/front-door", json.loads(done.stdout), done.stderr)


def test_the_summary_adds_up(finished: Finished) -> None:
    summary = finished.summary
    assert not summary["stopped"]
    assert summary["fills"] == summary["counts"]["fills"] > 0
    assert summary["net_pnl_e4"] == summary["gross_pnl_e4"] - summary["charges_e4"]
    assert summary["open_positions"] == {}
    for figure in ("recon_breaks", "bar_differences", "position_differences"):
        assert summary[figure] == 0, figure
    decided = sum(count["REJECTED"] for count in summary["decisions"].values() if len(count) > 1)
    assert sum(summary["rejections"].values()) == decided
    kept = json.loads((finished.folder / "summary.json").read_bytes())
    assert kept.items() <= summary.items()


def test_progress_is_told_on_the_side(finished: Finished) -> None:
    starts = [line.split(" ")[0] for line in finished.err.splitlines()]
    assert starts[:3] == ["front-door", "health", "first"], finished.err
    assert starts[-1] == "front-door"


def test_every_topic_that_was_written_is_a_file_with_all_its_records(finished: Finished) -> None:
    topics = finished.folder / "topics"
    files = {path.stem: path.read_bytes().count(b"\n") for path in topics.glob("*.ndjson")}
    assert files == finished.summary["counts"]
    silent = {"control", "ticks.late"}
    assert set(load_pipeline(Path("configs/pipeline.yaml")).topics) - silent <= set(files)


def test_every_table_is_a_file_and_agrees_with_the_topics(finished: Finished) -> None:
    tables = finished.folder / "tables"
    created = re.findall(
        r"^CREATE TABLE (\w+)", "".join(p.read_text() for p in _migrations()), re.MULTILINE
    )
    missing = [name for name in created if not (tables / f"{name}.csv").is_file()]
    assert missing == []
    with (tables / "fills.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == finished.summary["fills"]
    last = (finished.folder / "topics/fills.ndjson").read_text().splitlines()[-1]
    assert json.loads(last)["fill_id"] in {row["fill_id"] for row in rows}


def _migrations() -> list[Path]:
    return sorted(Path("sql/migrations").glob("*.sql"))


def test_the_report_is_written(finished: Finished) -> None:
    report = (finished.folder / "report.html").read_text()
    assert finished.summary["fills_digest"] in report


def test_the_last_fill_is_traced_to_its_tick(finished: Finished, desk: Path) -> None:
    done = tapeline("trace", "last", "--json", cwd=desk)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["complete"], found["missing"]) == (True, [])
    assert found["target"]["id"] == finished.summary["last_fill_id"]


def test_the_audit_trail_is_intact(finished: Finished, desk: Path) -> None:
    done = tapeline("audit", "verify", "--json", cwd=desk)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["events"] == finished.summary["counts"]["live_orders"]


def test_another_order_of_the_stages_gives_the_same_fills(finished: Finished, desk: Path) -> None:
    arguments = ["--shuffle", "3", "--partitions", "2", "--no-topics", "--out", str(desk / "again")]
    done = tapeline("run", str(desk / "front-door.yaml"), "--json", *arguments, cwd=desk)
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["fills_digest"] == finished.summary["fills_digest"]
    assert not (desk / "again/topics").exists()


def test_a_run_in_real_time_serves_its_metrics_and_stops_when_asked(desk: Path) -> None:
    manifest = write_manifest(desk / "real.yaml", clock="real", symbols=SYMBOLS[:3])
    process = subprocess.Popen(
        [TAPELINE, "run", str(manifest), "--json", "--http", "0", "--out", str(desk / "real")],
        cwd=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        address = next(line.split()[-1] for line in lines if line.startswith("health"))
        metrics = _metrics(address)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=RUN_S_MAX)
    assert 'tapeline_stage_events_total{session="front-door",stage="oms"}' in metrics
    assert process.returncode == 130, err
    assert f"stopped before the session's end; files are in {desk / 'real'}" in err
    summary = json.loads(out)
    assert summary["stopped"]
    ticks = (desk / "real/topics/ticks.ndjson").read_bytes()
    assert ticks.count(b"\n") == summary["counts"]["ticks"]
    assert (desk / "real/report.html").is_file()


def _metrics(address: str) -> str:
    """Asks until the session runs."""
    for _ in range(RUN_S_MAX * 10):
        with urllib.request.urlopen(address, timeout=5) as answer:
            text: str = answer.read().decode()
        if text.strip():
            return text
        time.sleep(0.1)
    raise AssertionError("the session never became ready")
