"""docs/benchmarks.md and its plot, from the figures of build/benchmarks.json."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bench_kafka
import page_text
from plot import Bar, chart

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
AIMS = {"core": 300_000, "flow": 25_000}
"""Ticks a second that the project set itself, on one core."""

Row = dict[str, Any]


def write(figures: dict[str, list[Row]]) -> None:
    """Writes page and plot."""
    (kafka,), (latency,), (memory,) = (figures[name] for name in ("kafka", "latency", "memory"))
    (DOCS / "benchmarks.svg").write_text(_plot(kafka))
    parts = [
        page_text.TOP.format(
            day=f"{datetime.now(UTC):%Y-%m-%d}",
            processor=processor(),
            cores=os.cpu_count(),
            memory_gb=round(_memory_bytes() / 1e9),
            system=f"{platform.system()} {platform.release()}",
            python=platform.python_version(),
            go=_go_version(),
        ),
        "## What was demanded",
        _demanded(kafka, latency, memory),
        _side_by_side(kafka),
        _latency(latency),
        _memory(memory),
        page_text.PEERS,
        _one_process(figures["core"][0], figures["flow"][0]),
        _indicators(figures["indicators"]),
        page_text.REPEAT,
    ]
    (DOCS / "benchmarks.md").write_text("\n\n".join(part.strip("\n") for part in parts) + "\n")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _demanded(kafka: Row, latency: Row, memory: Row) -> str:
    rows: list[tuple[object, ...]] = [
        (row["name"], f"{row['ratio']:.2f}", f"at least {row['demanded']}", _met(row["ratio"], row))
        for row in kafka["ratios"]
    ]
    rows += [
        (
            f"latency to `{row['to']}`, {name}, against the chain with the same load",
            f"{row[key]:.2f}",
            f"at most {latency['demanded']}",
            _yes(row[key] <= latency["demanded"]),
        )
        for row in latency["rows"]
        for name, key in (("median", "ratio_p50"), ("p99", "ratio_p99"))
    ]
    for language, limit in memory["demanded_mb"].items():
        own = [row for row in memory["rows"] if row["language"] == language]
        most = max(own, key=lambda row: float(row["peak_mb"]), default=None)
        if most is not None:
            figure = f"{most['peak_mb']:.1f} MB ({most['stage']})"
            met = _yes(most["peak_mb"] <= limit)
            rows.append(
                (f"largest {language.capitalize()} stage", figure, f"at most {limit} MB", met)
            )
    return _table(("what", "figure", "demanded", "met"), rows)


def _met(ratio: float, row: Row) -> str:
    return _yes(ratio >= row["demanded"])


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"


def _side_by_side(kafka: Row) -> str:
    rows = [
        (
            f"**{row['name']}**" if _is_ours(row) else row["name"],
            f"{row['ticks_per_s']:,}",
            f"{row['ticks_per_s_min']:,} – {row['ticks_per_s_max']:,}",
            f"{row['cpu_working_s']:.2f}",
            f"{row['cpu_s']:.2f}",
            row["peak_mb"],
            f"{row['broker_cpu_s']:.2f}",
            row["commits"] or "none",
        )
        for row in kafka["competitors"]
    ]
    head = (
        "competitor", "ticks/s", "lowest – highest", "CPU s", "with start-up", "peak MB",
        "broker CPU s", "commits",
    )  # fmt: skip
    text = page_text.SIDE_BY_SIDE.format(
        ticks=f"{kafka['ticks']:,}",
        bytes=kafka["tick_bytes"],
        bars=f"{kafka['bars']:,}",
        rounds=kafka["competitors"][0]["rounds"],
    )
    return text.replace("<table>", _table(head, rows))


def _is_ours(row: Row) -> bool:
    return row["name"] in (bench_kafka.PYTHON_RUNNER, bench_kafka.GO_RUNNER)


def _plot(kafka: Row) -> str:
    bars = [
        Bar(
            row["name"],
            row["ticks_per_s_min"],
            row["ticks_per_s"],
            row["ticks_per_s_max"],
            "ours" if _is_ours(row) else "bare",
        )
        for row in sorted(kafka["competitors"], key=lambda row: -row["ticks_per_s"])
    ]
    title = f"Ticks to 1-second bars over Kafka, {kafka['ticks']:,} ticks; median and range"
    return chart(title, "ticks/s", bars)


def _latency(latency: Row) -> str:
    kinds = (
        ("session", "session"), ("chain", "chain, same load"), ("chain_idle", "chain, idle"),
    )  # fmt: skip
    rows = [
        (
            f"`{row['to']}`",
            row["hops"],
            name,
            row[kind]["samples"],
            f"{row[kind]['p50_ms']} ms",
            f"{row[kind]['p99_ms']} ms",
        )
        for row in latency["rows"]
        for kind, name in kinds
    ]
    table = _table(("to", "commits on the way", "of", "samples", "median", "p99"), rows)
    text = page_text.LATENCY.format(rate=f"{latency['ticks_per_wall_s']:,}")
    return text.replace("<table>", table)


def _memory(memory: Row) -> str:
    stages = dict.fromkeys(row["stage"] for row in memory["rows"])
    found = {(row["stage"], row["language"]): row["peak_mb"] for row in memory["rows"]}
    rows = [
        (stage, *(f"{found[key]:.1f}" if (key := (stage, lang)) in found else "" for lang in LANGS))
        for stage in stages
    ]
    table = _table(("stage", *(f"{lang.capitalize()}, MB" for lang in LANGS)), rows)
    return page_text.MEMORY.format(session=memory["session"]).replace("<table>", table)


LANGS = ("python", "go")


def _one_process(core: Row, flow: Row) -> str:
    each = ", ".join(f"{s} s" for s in flow["flow_s_of_each_run"])
    day = f"the day of `paper-smoke` ({flow['ticks']:,} ticks)"
    rows = [
        (
            "`bar_builder_1s` core, 100 symbols, 2 ticks/s each",
            f"{core['ticks_per_s']:,} ticks/s",
            f"{AIMS['core']:,}",
        ),
        (
            "the same, 1 tick/s each: a bar for every tick",
            f"{core['sparse_ticks_per_s']:,} ticks/s",
            "none",
        ),
        (f"embedded flow, {day}", f"{flow['ticks_per_s']:,} ticks/s", f"{AIMS['flow']:,}"),
        (f"the flow of that day, best of {each}", f"{flow['flow_s']} s", "60 s"),
        ("from the command to `summary.json`", f"{flow['wall_s']} s", "60 s"),
        ("first fill after", f"{flow['first_fill_s']} s", "10 s"),
        ("peak memory", f"{flow['peak_memory_mb']} MB", "400 MB"),
    ]
    shares = [
        (
            stage["stage"],
            f"{stage['events']:,}",
            f"{stage['commits']:,}",
            f"{stage['busy_s']:.2f}",
            f"{stage['busy_s'] / flow['flow_s']:.0%}",
        )
        for stage in flow["stages"]
    ]
    text = page_text.ONE_PROCESS.replace("<table>", _table(("what", "figure", "aim"), rows))
    head = ("stage", "events", "commits", "busy s", "share")
    return text.replace("<shares>", _table(head, shares))


def _indicators(rows: list[Row]) -> str:
    cells = [
        (row["name"].removeprefix("indicator "), f"{row['ns_per_update']:.0f}")
        for row in sorted(rows, key=lambda row: str(row["name"]))
    ]
    return page_text.INDICATORS.replace("<table>", _table(("indicator", "ns"), cells))


def processor() -> str:
    """Name of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _go_version() -> str:
    said = subprocess.run(["go", "env", "GOVERSION"], check=True, capture_output=True, text=True)
    return said.stdout.strip().removeprefix("go")
