"""What one bar costs each indicator: `measure` is called by the benchmark report."""

from __future__ import annotations

import random
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import yaml

from tapeline.strategy.indicators.base import IndicatorBar
from tapeline.strategy.indicators.registry import IndicatorSpec, build, build_pair, load_indicators

CONFIG = Path(__file__).parents[2] / "configs" / "indicators.yaml"
N_BARS = 4_000
ROUNDS = 5
"""The fastest round counts: the others share the machine with something else."""

GUIDE_NS = {"ema_12": 150, "rsi_14": 400, "atr_14": 400}
"""Upper limits that the design aims at, nanoseconds per update."""


def measure() -> list[dict[str, Any]]:
    """Nanoseconds per update of every declared indicator, loop included, by name."""
    specs = load_indicators(yaml.safe_load(CONFIG.read_text()))
    bars = _walk(N_BARS)
    return [
        {"name": f"indicator {name}", "ns_per_update": min(_ns(spec, bars) for _ in range(ROUNDS))}
        for name, spec in specs.items()
    ]


def _ns(spec: IndicatorSpec, bars: list[IndicatorBar]) -> float:
    if spec.pair:
        pair = build_pair(spec)
        others = list(islice(cycle(reversed(bars)), 7, 7 + len(bars)))
        start = perf_counter_ns()
        for bar, other in zip(bars, others, strict=True):
            pair.update_pair(bar, other)
    else:
        update = build(spec).update
        start = perf_counter_ns()
        for bar in bars:
            update(bar)
    return (perf_counter_ns() - start) / len(bars)


def _walk(n_bars: int) -> list[IndicatorBar]:
    source = random.Random(7)
    bars = []
    price = 30_000
    for _ in range(n_bars):
        price = max(100, price + source.randint(-10, 10))
        high = price + source.randint(0, 8)
        low = price - source.randint(0, 8)
        close = source.randint(low, high)
        volume = float(source.randint(1, 5_000))
        bars.append(IndicatorBar(price / 20, high / 20, low / 20, close / 20, volume, 20_000))
    return bars


def main() -> None:
    """Print the figures, slowest last; the guide's limit where there is one."""
    for row in sorted(measure(), key=lambda row: row["ns_per_update"]):
        limit = GUIDE_NS.get(row["name"].removeprefix("indicator "))
        guide = f"  (guide {limit})" if limit else ""
        print(f"{row['ns_per_update']:8.0f} ns  {row['name']}{guide}")


if __name__ == "__main__":
    main()
