"""Hands stages over between Python and Go at random moments under load: make handover-soak.

A session in real time on a broker and a database of its own, each stage a process. A thread asks
for handovers at seeded moments, there and back. Afterwards everything that the stages wrote is
compared, record by record, with what the same stages make of the same inputs in one process, and
every state that was handed over with theirs at the same offset.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from fault_kafka.handover_check import (
    Checked,
    Took,
    Topics,
    check,
    longest_gap_ms,
    rates,
    share,
)
from tapeline.local import LocalKafka, LocalPostgres
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.supervisor.handover import Handover, hand_over
from tapeline.supervisor.session import ProcessOptions, Running, run_processes

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
FOLDER = ROOT / "build" / "handover-soak"

BUILDER, AGGREGATOR = "bar_builder_1s", "bar_aggregator_multi"
STAGES = (BUILDER, AGGREGATOR)

RATE = 5_000
"""Ticks a second of wall time, under which the handovers happen."""

PAUSE_MS_MAX = 3_000.0
"""At the 95th percentile."""

REST_S = (0.5, 4.0)
"""From one handover to the next, at random: more than a stage needs to catch up, seldom enough
that it meets any part of a snapshot, a minute and a bar."""

TICKS_PER_SESSION_S = 112.0
"""What MANIFEST publishes, on average, in the hour of the day that twenty handovers take: 154 at
first, 90 at its end."""

MANIFEST = """\
apiVersion: tapeline.dev/v1alpha1
kind: TradingSession
metadata: {{name: handover}}
spec:
  mode: paper
  calendar: nse
  dates: [2026-11-20]
  window: {{from: "09:15", to: "15:30"}}
  clock: real
  account: HANDOVER1
  seed: {seed}
  symbols: [NIFTY, RELIANCE, HDFCBANK, ICICIBANK, INFY, TCS, SBIN, AXISBANK, KOTAKBANK, ITC, LT,
    BHARTIARTL, HINDUNILVR, TATASTEEL, SUNPHARMA, MARUTI, M&M, WIPRO, AHLEAST, ADORWELD]
  source: {{type: smoke, ticks_per_s: 5, late_bp: 100, duplicate_bp: 50, gap_every_min: 20}}
  strategies: [sma_cross]
  stages:
    ingestion: {{implementation: {ingestion}}}
    bar_builder_1s: {{replicas: {replicas}}}
    bar_aggregator_multi: {{replicas: {replicas}}}
"""


@dataclass(frozen=True)
class Soak:
    """What to do."""

    seed: int
    moments: int
    rate: int = RATE
    lanes: int = 1
    replicas: int = 1
    """Processes of each bar stage, which share its lanes."""
    stages: tuple[str, ...] = STAGES
    ingestion: str = "go"
    """Python publishes 5,000 ticks a second too, and takes half a core for it."""
    rest_s: tuple[float, float] = REST_S


@dataclass
class Result:
    """What came of it."""

    soak: Soak
    took: list[Took]
    checked: Checked
    commit_gaps_ms: list[int] = field(default_factory=list)
    """Longest time without a commit of the stage, around each handover."""
    record_gaps_ms: list[int] = field(default_factory=list)
    """The same of records of bars.1s, as a reader sees them, for handovers of the builder."""

    @property
    def pauses_ms(self) -> list[float]:
        """Of each handover, as it tells itself."""
        return [took.handover.pause_ms for took in self.took]

    @property
    def passed(self) -> bool:
        """Whether nothing is lost, doubled or different, and the pauses are short enough."""
        checked = self.checked
        same = not checked.differences and not checked.wrong_hashes
        complete = len(self.took) == self.soak.moments and checked.outputs > 0
        return same and complete and share(self.seen_ms, 0.95) <= PAUSE_MS_MAX

    @property
    def seen_ms(self) -> list[float]:
        """The longer of what each handover says of itself and what its commits show."""
        return [max(*pair) for pair in zip(self.pauses_ms, self.commit_gaps_ms, strict=True)]


class Takeovers:
    """Asks for handovers while a session runs; the session is stopped after the last one."""

    def __init__(self, context: SessionContext, folder: Path, soak: Soak) -> None:
        self.took: list[Took] = []
        self._context = context
        self._folder = folder
        self._soak = soak
        self._dice = random.Random(soak.seed)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="takeovers", daemon=True)

    def __call__(self, running: Running) -> bool:
        """See `run_processes`: called many times a second."""
        if self._thread.ident is None:
            if running.readings.published("bars.1s") > 0:
                self._thread.start()
            return True
        return self._thread.is_alive()

    def finish(self) -> list[Took]:
        """What was done; raises what went wrong."""
        if self._failure is not None:
            raise self._failure
        return self.took

    def _run(self) -> None:
        stages = self._soak.stages
        languages = dict.fromkeys(stages, "python")
        try:
            for number in range(self._soak.moments):
                time.sleep(self._dice.uniform(*self._soak.rest_s))
                every = number < len(stages)
                stage = stages[number] if every else self._dice.choice(stages)
                languages[stage] = "go" if languages[stage] == "python" else "python"
                from_ms = time.time_ns() // 1_000_000
                done = hand_over(self._folder, stage, languages[stage], self._context)
                self.took.append(Took(done, from_ms, time.time_ns() // 1_000_000))
                print(f"  {number + 1:2d}  {line_of(done)}", flush=True)  # noqa: T201 - a command
            # The last one shows its gap only when its successor has gone on.
            time.sleep(self._soak.rest_s[1])
        except BaseException as error:  # noqa: BLE001 - raised again by `finish`
            self._failure = error


def line_of(h: Handover) -> str:
    """One handover in one line."""
    task = h.tasks[0]
    offsets = ", ".join(f"{place}@{offset}" for place, offset in task.offsets.items())
    return (
        f"{h.stage:20s} {h.before:>6s} to {h.after:6s} {h.pause_ms:5.0f} ms: {h.freeze_ms:4.0f} "
        f"freeze, {h.verify_ms:4.0f} verify; {offsets}, state {task.state_hash[:12]}"
    )


def run_soak(soak: Soak, kafka: LocalKafka, postgres: LocalPostgres, folder: Path) -> Result:
    """Runs the session with its handovers, and compares.

    Args:
        soak: what to do.
        kafka: a broker; topics begin with the folder's name.
        postgres: a server.
        folder: receives manifest, logs and files; new.
    """
    folder.mkdir(parents=True)
    manifest = folder / "session.yaml"
    manifest.write_text(MANIFEST.format_map(vars(soak)))
    context = load_session(manifest, configs_dir=CONFIGS)
    options = ProcessOptions(
        manifest=manifest,
        out_dir=folder / "run",
        kafka=kafka.bootstrap,
        postgres=postgres.conninfo,
        lanes=soak.lanes,
        prefix=folder.name,
        keep_topics=False,
        configs=CONFIGS,
        speed=soak.rate / TICKS_PER_SESSION_S,
    )
    takeovers = Takeovers(context, options.out_dir, soak)
    run_processes(context, options, takeovers, lambda text: print(f"  {text}"))  # noqa: T201
    took = takeovers.finish()
    lanes = Lanes(context.pipeline, context.spec.mode, folder.name, soak.lanes, {})
    topics = Topics(kafka.bootstrap, folder.name)
    result = Result(
        soak, took, check(context, lanes, topics, soak.stages, [t.handover for t in took])
    )
    commits = topics.commit_times_ms()
    rows = (row for lane in range(soak.lanes) for row in topics.rows("bars.1s", lane))
    bars_ms = sorted(row.written_ms for row in rows)
    for each in took:
        span = each.from_ms, each.to_ms + 1_000
        times_ms = commits[f"{folder.name}.{each.handover.stage}"]
        result.commit_gaps_ms.append(longest_gap_ms(times_ms, *span))
        if each.handover.stage == BUILDER:
            result.record_gaps_ms.append(longest_gap_ms(bars_ms, *span))
    return result


def lines_of(result: Result) -> list[str]:
    """What a person reads of it."""
    checked, took = result.checked, result.took
    around = rates(checked.ticks_by_s, took)
    states = checked.hashes + len(checked.wrong_hashes)
    lines = [
        f"{len(took)} handovers",
        three("ticks/s around them", around),
        three("pause, ms", result.pauses_ms),
        three("  of it freeze", [t.handover.freeze_ms for t in took]),
        three("  of it verify", [t.handover.verify_ms for t in took]),
        three("  of it go on", [_rest_ms(t) for t in took]),
        three("longest time without a commit, ms", result.commit_gaps_ms),
        three("longest time without a bar, ms", result.record_gaps_ms),
        f"{checked.ticks:,} ticks, {checked.outputs:,} records of the stages compared",
        f"{checked.lost} lost, {checked.doubled} doubled or different",
        f"{checked.hashes} of {states} states equal those of one process at the same offset",
    ]
    lines += [f"DIFFERENT: {difference}" for difference in checked.differences]
    return lines + [f"WRONG STATE: {wrong}" for wrong in checked.wrong_hashes]


def _rest_ms(took: Took) -> float:
    h = took.handover
    return h.pause_ms - h.freeze_ms - h.verify_ms


def three(title: str, values: Sequence[float]) -> str:
    """Median, 95th percentile and longest."""
    p50, p95, longest = (share(values, part) for part in (0.5, 0.95, 1.0))
    return f"{title}: p50 {p50:,.0f}, p95 {p95:,.0f}, max {longest:,.0f}"


def as_json(result: Result) -> dict[str, Any]:
    """The same for programs."""
    checked = result.checked
    around = rates(checked.ticks_by_s, result.took)
    measured: dict[str, Sequence[float]] = {
        "pause_ms": result.pauses_ms,
        "freeze_ms": [t.handover.freeze_ms for t in result.took],
        "verify_ms": [t.handover.verify_ms for t in result.took],
        "commit_gap_ms": result.commit_gaps_ms,
        "record_gap_ms": result.record_gaps_ms,
        "ticks_per_s": around,
    }
    return {
        "seed": result.soak.seed,
        "handovers": len(result.took),
        "ticks": checked.ticks,
        "records": checked.outputs,
        "lost": checked.lost,
        "doubled": checked.doubled,
        "states_equal": checked.hashes,
        "states_different": len(checked.wrong_hashes),
        "passed": result.passed,
        **{
            name: {"p50": share(v, 0.5), "p95": share(v, 0.95), "max": share(v, 1), "min": min(v)}
            for name, v in measured.items()
            if v
        },
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=20, help="handovers (default: 20)")
    parser.add_argument("--seed", type=int, default=None, help="default: a new one")
    parser.add_argument("--rate", type=int, default=RATE, help=f"ticks a second ({RATE})")
    parser.add_argument("--lanes", type=int, default=1, help="partitions of market topics (1)")
    parser.add_argument("--replicas", type=int, default=1, help="processes of a bar stage (1)")
    parser.add_argument("--ingestion", choices=("python", "go"), default="go")
    parser.add_argument("--json", type=Path, default=None, help="file for the figures")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    soak = Soak(
        seed=seed,
        moments=options.moments,
        rate=options.rate,
        lanes=options.lanes,
        replicas=options.replicas,
        ingestion=options.ingestion,
    )
    print(f"seed {seed}: {soak.moments} handovers", flush=True)  # noqa: T201 - a command
    kafka, postgres = LocalKafka(FOLDER / "kafka"), LocalPostgres(FOLDER / "postgres")
    if FOLDER.exists():
        # A soak that was killed has left them running.
        kafka.stop()
        postgres.stop()
        shutil.rmtree(FOLDER)
    with kafka, postgres:
        result = run_soak(soak, kafka, postgres, FOLDER / "soak")
    for line in lines_of(result):
        print(line)  # noqa: T201 - a command
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(result), indent=2) + "\n")
    if not result.passed:
        sys.exit(f"seed {seed} FAILED; logs are in {FOLDER}")


if __name__ == "__main__":
    main()
