"""What a scrape shows: the state's integers as labelled figures."""

from __future__ import annotations

from typing import NamedTuple

from tapeline.contracts.money import BP
from tapeline.contracts.order_states import TERMINAL
from tapeline.monitoring.exporter import names
from tapeline.monitoring.exporter.logic import unrealised_e4
from tapeline.monitoring.exporter.names import Kind, Metric
from tapeline.monitoring.exporter.state import State


class MetricRow(NamedTuple):
    """One figure of a scrape."""

    name: str
    """Family, with the prefix."""
    help: str
    type: Kind
    labels: dict[str, str]
    value: float
    suffix: str = ""
    """Histogram: _bucket (with the label `le`), _sum or _count. Otherwise empty."""


def families(state: State) -> list[MetricRow]:
    """All figures, family by family in the order of `names.METRICS`, labels sorted."""
    counted: dict[str, list[tuple[tuple[str, ...], int]]] = {m.name: [] for m in names.METRICS}
    for count in state.counts.values():
        counted[count.name].append((tuple(count.labels), count.value))
    for metric, value in _derived(state).items():
        counted[metric.name] = [((), value)]
    rows: list[MetricRow] = []
    for metric in names.METRICS:
        if metric.kind == "histogram":
            rows += _histogram(metric, dict(counted[metric.name]))
        else:
            samples = sorted(counted[metric.name]) or ([] if metric.labels else [((), 0)])
            rows += [_row(metric, labels, value) for labels, value in samples]
    return rows


def _derived(state: State) -> dict[Metric, int]:
    performance = state.performance
    unrealised = unrealised_e4(state)
    equity_e4 = state.capital_e4 + performance.realised_e4 - performance.charges_e4 + unrealised
    peak_e4 = performance.peak_e4
    by_state = {c.labels[0]: c.value for c in state.counts.values() if c.name == names.ORDERS.name}
    return {
        names.OPEN_ORDERS: sum(n for s, n in by_state.items() if s not in TERMINAL),
        names.UNKNOWN_ORDERS: by_state.get("UNKNOWN", 0),
        names.REALISED: performance.realised_e4,
        names.UNREALISED: unrealised,
        names.CHARGES: performance.charges_e4,
        names.EQUITY: equity_e4,
        names.PEAK: peak_e4,
        names.DRAWDOWN: max(0, peak_e4 - equity_e4) * BP // peak_e4,
        names.DRAWDOWN_MAX: performance.drawdown_bp_max,
    }


def _row(metric: Metric, labels: tuple[str, ...], value: int) -> MetricRow:
    named = dict(zip(metric.labels, labels, strict=True))
    return MetricRow(
        names.PREFIX + metric.name, metric.help, metric.kind, named, value / metric.scale
    )


def _histogram(metric: Metric, counted: dict[tuple[str, ...], int]) -> list[MetricRow]:
    total = counted.get(("count",), 0)
    name = names.PREFIX + metric.name
    samples: list[tuple[str, dict[str, str], float]] = [
        ("_bucket", {"le": str(bound / metric.scale)}, counted.get(("bucket", str(bound)), 0))
        for bound in names.FIRST_FILL_BOUNDS_MS
    ]
    samples.append(("_bucket", {"le": "+Inf"}, total))
    samples.append(("_sum", {}, counted.get(("sum",), 0) / metric.scale))
    samples.append(("_count", {}, total))
    return [
        MetricRow(name, metric.help, metric.kind, labels, value, suffix)
        for suffix, labels, value in samples
    ]
