"""Kills stages, broker and database under whole sessions: make fault-kafka.

Each session runs on a real broker and a real database that nobody else uses, a process for each
stage. Then every topic and every table is read to its end and compared with an undisturbed run of
the same session in one process. A failure prints its seed; `python -m tests.fault_kafka.run --seed
SEED` repeats the plan (not the moments at which the machine lets things happen).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fault_kafka.plan import Round, draw, draw_short, planned
from fault_kafka.rounds import ROOT, Result, run_round
from tapeline.local import LocalKafka, LocalPostgres

KILLS_MIN = 60
"""Of the long form; fewer would show too little."""

FOLDER = ROOT / "build" / "fault-kafka"

NO_FSYNC = {"fsync": "off"}
"""It guards against a power cut; a process that is killed loses nothing that it has written."""


def run_plan(rounds: Sequence[Round], folder: Path, *, verbose: bool = False) -> list[Result]:
    """Runs every round on one broker and one server, and prints each result.

    The folder is removed when all is well; else it shows what happened.
    """
    results = []
    with ExitStack() as stack:
        kafka = stack.enter_context(LocalKafka(folder / "kafka"))
        postgres = stack.enter_context(LocalPostgres(folder / "postgres", settings=NO_FSYNC))
        for number, plan in enumerate(rounds, 1):
            print(f"session {number} of {len(rounds)}: {plan.name}", flush=True)
            place = folder / f"fault-{number}"
            tell = (lambda text: print(f"  {text}", flush=True)) if verbose else _silent
            results.append(run_round(plan, kafka, postgres, place, tell))
            for line in lines_of(results[-1]):
                print(f"  {line}", flush=True)
    if all(result.passed for result in results):
        shutil.rmtree(folder)
    return results


def _silent(_text: str) -> None:
    """What the supervisor says of each kill is in the counts."""


def lines_of(result: Result) -> list[str]:
    """What a person reads of a session."""
    done = result.done
    steps = Counter("outside" if k.step is None else f"step {k.step}" for k in done.kills)
    languages = Counter(k.language for k in done.kills)
    lines = [
        f"{done.count()} kills: {counts(languages + done.services)}; {done.restarts} restarts",
        f"by stage: {counts(Counter(k.stage for k in done.kills))}",
        f"by step: {counts(steps)}",
    ]
    if done.others:
        lines.append(f"also: {counts(done.others)}")
    lines.append(
        f"{result.records} records read: {result.lost} lost, {result.doubled} doubled; "
        f"{result.seconds:.0f} s"
    )
    lines += [f"DIFFERENT: {difference}" for difference in result.differences]
    lines += [f"BROKEN: {what}" for what in result.broken]
    return lines


def counts(counter: Counter[str]) -> str:
    """Counts in words, in a fixed order."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "none"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one")
    parser.add_argument("--short", action="store_true", help="some ten kills in one session")
    parser.add_argument("--only", type=int, default=None, help="one session of the plan, from 1")
    parser.add_argument("--verbose", action="store_true", help="say what happens to each process")
    options = parser.parse_args()
    # Ends in order, so that no broker and no server is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    rounds = (draw_short if options.short else draw)(seed)
    if not options.short:
        assert planned(rounds) >= KILLS_MIN, "the plan kills too little"
    if options.only is not None:
        rounds = rounds[options.only - 1 : options.only]
    print(f"seed {seed}: {planned(rounds)} kills in {len(rounds)} sessions", flush=True)
    started = time.perf_counter()
    folder = FOLDER / str(os.getpid())
    results = run_plan(rounds, folder, verbose=options.verbose)
    kills = sum(result.done.count() for result in results)
    print(
        f"{kills} kills, {sum(r.done.restarts for r in results)} restarts, "
        f"{sum(r.lost for r in results)} lost, {sum(r.doubled for r in results)} doubled, "
        f"{time.perf_counter() - started:.0f} s"
    )
    if not all(result.passed for result in results):
        sys.exit(f"seed {seed} FAILED; files and logs are in {folder}")


if __name__ == "__main__":
    main()
