"""Measures and writes docs/benchmarks.md and build/benchmarks.json: make bench.

A benchmark, never a test: it fails when something cannot be measured, not when it is slow.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import bench_bar_builder
import bench_indicators

ROOT = Path(__file__).resolve().parents[2]
SESSION = ROOT / "configs" / "sessions" / "paper-smoke.yaml"
ROUNDS = 3
TARGETS = {"bar_builder_1s core": 300_000, "embedded flow": 25_000}
"""Ticks a second that the project set itself, on one core."""


def main() -> None:
    """Runs every measurement, one at a time."""
    flow = _flow()
    figures = [bench_bar_builder.measure(), *flow]
    indicators = bench_indicators.measure()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    rows = [*figures, *indicators]
    (build / "benchmarks.json").write_text(json.dumps(rows, indent=2) + "\n")
    (ROOT / "docs" / "benchmarks.md").write_text(_page(figures, indicators))
    for row in figures:
        print(json.dumps({k: v for k, v in row.items() if k != "stages"}))
    print("written: docs/benchmarks.md, build/benchmarks.json")


def _flow() -> list[dict[str, Any]]:
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


def _run(out: Path) -> dict[str, Any]:
    command = [Path(sys.executable).with_name("tapeline"), "run", SESSION, "--out", out, "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _page(figures: list[dict[str, Any]], indicators: list[dict[str, Any]]) -> str:
    core, flow = figures
    stages = "\n".join(
        f"| {s['stage']} | {s['events']:,} | {s['commits']:,} | {s['busy_s']:.2f} | "
        f"{s['busy_s'] / flow['flow_s']:.0%} |"
        for s in flow["stages"]
    )
    updates = "\n".join(
        f"| {row['name'].removeprefix('indicator ')} | {row['ns_per_update']:.0f} |"
        for row in sorted(indicators, key=lambda row: str(row["name"]))
    )
    return f"""# Benchmarks

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}; run it again to measure your machine.
Machines are noisy: other work on the same cores moved the figures below by up to a factor of two.
Quote ratios of one run, not single figures.

Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()},
Python {platform.python_version()}.

| what | figure | aim |
|---|---|---|
{_table(core, flow)}

The core is `step()` over ready-made events, without log, codec and runner. The flow is everything
between the source and the last committed row: generated ticks, all stages, every record encoded,
validated and written to its topic's file, PostgreSQL with real commits. It leaves out starting
PostgreSQL and writing the tables as CSV, which `from the command` contains.

## Where the time of the flow goes

| stage | events | commits | busy s | share |
|---|---|---|---|---|
{stages}

What is missing to 100 % is the scheduler, the watermarks of idle stages and the progress display.

## Indicators

Nanoseconds for one bar, loop included.

| indicator | ns |
|---|---|
{updates}
"""


def _table(core: dict[str, Any], flow: dict[str, Any]) -> str:
    each = ", ".join(f"{s} s" for s in flow["flow_s_of_each_run"])
    core_aim, flow_aim = (f"{TARGETS[row['name']]:,}" for row in (core, flow))
    day = f"the day of `paper-smoke` ({flow['ticks']:,} ticks)"
    rows = [
        ("`bar_builder_1s` core, 100 symbols, 2 ticks/s each", core["ticks_per_s"], core_aim),
        ("the same, 1 tick/s each: a bar for every tick", core["sparse_ticks_per_s"], "none"),
        (f"embedded flow, {day}", flow["ticks_per_s"], flow_aim),
        (f"the flow of that day, best of {each}", f"{flow['flow_s']} s", "60 s"),
        ("from the command to `summary.json`", f"{flow['wall_s']} s", "60 s"),
        ("first fill after", f"{flow['first_fill_s']} s", "10 s"),
        ("peak memory", f"{flow['peak_memory_mb']} MB", "400 MB"),
    ]
    return "\n".join(
        f"| {what} | {f'{figure:,} ticks/s' if isinstance(figure, int) else figure} | {aim} |"
        for what, figure, aim in rows
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
