"""Runs the fault simulation over many seeds: make fault SEEDS=1000.

A failure prints its seed; `python -m tests.fault.simulate --first SEED --seeds 1` repeats it.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import invariants
import scenario

CHUNK = 10
"""Seeds of one task: the undisturbed runs are computed once for each process."""

_expected = scenario.undisturbed()


def run_seed(seed: int) -> tuple[int, str | None]:
    """Crashes of a seed's run, and what was broken, None when every invariant held."""
    data_seed, faults = scenario.draw(seed)
    context = scenario.context(data_seed)
    try:
        outcome = scenario.run(context, seed, faults)
        invariants.check(outcome, _expected(data_seed), context)
    except Exception as error:  # noqa: BLE001 - any failure of any seed is a finding
        return 0, f"{type(error).__name__}: {error} ({faults})"
    return outcome.crashes, None


def run_seeds(seeds: list[int]) -> list[tuple[int, int, str | None]]:
    """Results of several seeds: (seed, crashes, what was broken)."""
    return [(seed, *run_seed(seed)) for seed in seeds]


def report(results: list[tuple[int, int, str | None]], total: int) -> None:
    """Prints each failure with its seed, and the closing line; exits when any failed."""
    failed = [(seed, broken) for seed, _, broken in results if broken is not None]
    for seed, broken in failed:
        print(f"seed {seed} FAILED: {broken}", flush=True)
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    assert len(results) == total
    if failed:
        raise SystemExit(1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    started = time.perf_counter()
    seeds = list(range(options.first, options.first + options.seeds))
    chunks = [seeds[n : n + CHUNK] for n in range(0, len(seeds), CHUNK)]
    results: list[tuple[int, int, str | None]] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for part in pool.map(run_seeds, chunks):
            results += part
            if len(results) % (10 * CHUNK) == 0:
                print(f"{len(results)}/{len(seeds)} seeds", flush=True)
    crashes = sum(killed for _, killed, _ in results)
    print(f"fault simulation: {crashes} crashes in {time.perf_counter() - started:.0f} s")
    report(results, len(seeds))


if __name__ == "__main__":
    main()
