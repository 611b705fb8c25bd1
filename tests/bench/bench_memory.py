"""Resident memory of each stage: the processes of paper-short on a real broker and database."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import yaml
from broker import fresh_broker
from kafka_feed import ROOT
from watched import memory_mb

from tapeline.local import LocalKafka
from tapeline.runner.kafka_topics import delete_session
from tapeline.session.load import load_session
from tapeline.supervisor.commands import BINARIES
from tapeline.supervisor.session import ProcessOptions, Running, run_processes

PREFIX = "bench-memory"
SESSION = ROOT / "configs" / "sessions" / "paper-short.yaml"
LOOK_S = 0.25
DEMANDED_MB = {"python": 90, "go": 30}


def measure(broker: LocalKafka) -> dict[str, Any]:
    """Most resident memory of each stage, in Python and, where there is one, in Go."""
    rows = _run(broker.bootstrap, [])
    pipeline = load_session(SESSION).pipeline
    twins = [
        row["stage"] for row in rows if "go" in pipeline.stages[row["stage"]].languages
    ]  # fmt: skip
    missing = [stage for stage in twins if not (BINARIES / stage).exists()]
    if missing:
        raise SystemExit(f"not built: {', '.join(missing)}: run `make go-build`")
    rows += [row for row in _run(broker.bootstrap, twins) if row["language"] == "go"]
    return {"name": "memory", "session": SESSION.stem, "rows": rows, "demanded_mb": DEMANDED_MB}


def _run(brokers: str, in_go: list[str]) -> list[dict[str, Any]]:
    """One run of the session with some stages in Go."""
    folder = ROOT / "build" / "bench" / "memory"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _manifest(folder, in_go)
    configs = ROOT / "configs"
    context = load_session(manifest, configs_dir=configs)
    peaks: dict[tuple[str, str], float] = {}
    looked_s = 0.0

    def look(running: Running) -> bool:
        nonlocal looked_s
        if time.monotonic() - looked_s >= LOOK_S:
            looked_s = time.monotonic()
            for child in running.supervisor.children:
                name = child.program.stage, child.program.language
                seen = memory_mb(child.pid, "VmHWM") if child.pid else 0.0
                peaks[name] = max(peaks.get(name, 0.0), seen)
        return True

    options = ProcessOptions(
        manifest,
        folder / "run",
        brokers,
        prefix=PREFIX,
        fresh=True,
        keep_topics=False,
        configs=configs,
        data_dir=ROOT / "build" / "bench" / "postgres",
    )
    run_processes(context, options, look)
    delete_session({"bootstrap.servers": brokers}, PREFIX)
    return [
        {"stage": stage, "language": language, "peak_mb": round(mb, 1)}
        for (stage, language), mb in peaks.items()
    ]


def _manifest(folder: Path, in_go: list[str]) -> Path:
    document = yaml.safe_load(SESSION.read_text())
    document["spec"]["stages"] = {stage: {"implementation": "go"} for stage in in_go}
    path = folder / SESSION.name
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def main() -> None:
    """Measures alone, with a broker of its own."""
    with fresh_broker() as broker:
        print(json.dumps(measure(broker), indent=1))


if __name__ == "__main__":
    main()
