"""Measures and writes docs/benchmarks.md and build/benchmarks.json: make bench.

A benchmark, never a test: it fails when something cannot be measured or a result is wrong, not when
it is slow. `python -m tests.bench.run latency memory` measures these parts anew and keeps the rest.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import bench_bar_builder
import bench_indicators
import bench_kafka
import bench_latency
import bench_memory
import page
from broker import fresh_broker

from tapeline.local import LocalKafka

ROOT = Path(__file__).resolve().parents[2]
SESSION = ROOT / "configs" / "sessions" / "paper-smoke.yaml"
FIGURES = ROOT / "build" / "benchmarks.json"
ROUNDS = 3

Row = dict[str, Any]


def main(arguments: Sequence[str]) -> None:
    """Runs every measurement, or the named ones, one at a time."""
    unknown = set(arguments) - PARTS.keys()
    if unknown:
        raise SystemExit(
            f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
        )
    figures = _kept() if arguments else {}
    for name in arguments or PARTS:
        print(f"measuring: {name}", flush=True)
        figures[name] = PARTS[name]()
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n")
    missing = PARTS.keys() - figures.keys()
    if missing:
        print(f"written: {FIGURES}; the page needs also: {', '.join(sorted(missing))}")
        return
    page.write(figures)
    print("written: docs/benchmarks.md, docs/benchmarks.svg, build/benchmarks.json")


def _kept() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    return found


def _flow() -> list[Row]:
    """The whole day of paper-smoke in one process, with PostgreSQL and all files; best of some."""
    out = ROOT / "build" / "bench" / "paper-smoke"
    runs = [_run(out) for _ in range(ROUNDS)]
    if len({run["fills_digest"] for run in runs}) != 1:
        raise SystemExit(f"runs of one seed differ: {[run['fills_digest'] for run in runs]}")
    best = min(runs, key=lambda run: run["flow_s"])
    with (out / "topics" / "ticks.ndjson").open("rb") as file:
        ticks = sum(line.startswith(b'{"kind":"tick"') for line in file)
    return [
        {
            "name": "embedded flow",
            "ticks": ticks,
            "ticks_per_s": round(ticks / best["flow_s"]),
            "flow_s": round(best["flow_s"], 2),
            "flow_s_of_each_run": [round(run["flow_s"], 2) for run in runs],
            "wall_s": round(best["wall_s"], 2),
            "first_fill_s": round(best["first_fill_s"], 2),
            "peak_memory_mb": round(max(run["peak_memory_mb"] for run in runs)),
            "fills": best["fills"],
            "unit": "ticks/s, one core (PostgreSQL's processes may use another)",
            "stages": best["stages"],
        }
    ]


def _run(out: Path) -> Row:
    tapeline = str(Path(sys.executable).with_name("tapeline"))
    command = [tapeline, "run", str(SESSION), "--out", str(out), "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: Row = json.loads(done.stdout)
    return found


def _on_a_broker(measure: Callable[[LocalKafka], Row]) -> list[Row]:
    with fresh_broker() as broker:
        return [measure(broker)]


PARTS: dict[str, Callable[[], list[Row]]] = {
    "core": lambda: [bench_bar_builder.measure()],
    "flow": _flow,
    "indicators": bench_indicators.measure,
    "kafka": lambda: _on_a_broker(bench_kafka.measure),
    "latency": lambda: _on_a_broker(bench_latency.measure),
    "memory": lambda: _on_a_broker(bench_memory.measure),
}


if __name__ == "__main__":
    main(sys.argv[1:])
