"""Feeds random streams to the bar stages of both languages and compares every byte: make parity.

Compared are what they publish, which state entries change when, the state at the end and its hash,
and all of that once more with the state handed over to the other language in the middle. A stream
that shows a difference is made small and becomes a case (cases.py).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from parity import cases
from parity.compare import Finding
from parity.markets import STAGES
from parity.seeds import LINES, Done, run_seed
from parity.shells import program
from parity.shrink import shrink
from parity.streams import Stream

_OVER = "\r" if sys.stdout.isatty() else ""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000_000, help="of each stage")
    parser.add_argument("--seed", type=int, default=1, help="of the first stream")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--rewrite-cases", action="store_true", help="to what Python makes of them")
    options = parser.parse_args()
    if options.rewrite_cases:
        for case in cases.read():
            print(cases.write(case.folder.name, case.plan, case.lines))
        return
    started = time.perf_counter()
    for stage in STAGES:
        program(stage)
    seeds = range(options.seed, options.seed - (-options.events // LINES))
    total = Done(seeds.start, dict.fromkeys(STAGES, 0), 0, None)
    with ProcessPoolExecutor(options.workers) as pool:
        for done in pool.map(run_seed, seeds):
            if done.difference is not None:
                pool.shutdown(cancel_futures=True)
                _keep(done.seed, *done.difference)
                raise SystemExit(1)
            events = {stage: total.events[stage] + done.events[stage] for stage in STAGES}
            total = Done(done.seed, events, total.bytes + done.bytes, None)
            if sys.stdout.isatty():
                print(f"\rseed {done.seed}: {sum(events.values()):,} events", end="", flush=True)
    counted = ", ".join(f"{stage} {total.events[stage]:,} events" for stage in STAGES)
    print(
        f"{_OVER}{counted}; {total.bytes:,} bytes compared, 0 differ; "
        f"seeds {seeds.start} to {seeds.stop - 1}; {time.perf_counter() - started:.0f} s"
    )


def _keep(seed: int, stream: Stream, finding: Finding) -> None:
    """Shows a difference and makes a case of it."""
    print(f"\nseed {seed} of {stream.plan['stage']} DIFFERS: {finding}", flush=True)
    print(f"making it small, from {len(stream.lines)} lines ...", flush=True)
    small = shrink(stream.plan, stream.lines, stream.cut)
    folder = cases.write(f"seed-{seed}", stream.plan, small.lines)
    print(f"{len(small.lines)} lines in {folder}: {small.finding}")


if __name__ == "__main__":
    main()
