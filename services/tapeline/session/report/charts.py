"""Charts as plain plotly JSON: data only, colours come with the page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tapeline.contracts.clock import ist
from tapeline.contracts.messages import Fill
from tapeline.session.report.equity import Point
from tapeline.session.report.gather import Closes

Chart = dict[str, Any]


def moment(ns: int) -> str:
    """Indian time as plotly's date axis reads it, to the second."""
    return ist(ns).strftime("%Y-%m-%d %H:%M:%S")


def price_charts(closes: Closes, fills: Sequence[Fill]) -> dict[str, Chart]:
    """By symbol: 1m closes, and the fills as triangles that point up for a buy."""
    return {
        symbol: {
            "data": [_line("1m close", of_symbol), *_fill_marks(symbol, fills)],
            "layout": {"yaxis": {"title": {"text": "rupees"}}, "hovermode": "closest"},
        }
        for symbol, of_symbol in closes.items()
    }


def equity_chart(points: Sequence[Point]) -> Chart:
    """Equity after charges."""
    return _over_time(points, [p.equity_e4 for p in points], "Equity after charges")


def drawdown_chart(points: Sequence[Point]) -> Chart:
    """Distance from the highest equity so far."""
    chart = _over_time(points, [p.drawdown_e4 for p in points], "Drawdown")
    chart["data"][0]["fill"] = "tozeroy"
    return chart


def rejections_chart(rejections: Mapping[str, int]) -> Chart:
    """Rejections by reason, the most frequent on top."""
    rows = sorted(rejections.items(), key=lambda row: (row[1], row[0]))
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [count for _, count in rows],
        "y": [reason for reason, _ in rows],
        "text": [f"{count:,}" for _, count in rows],
        "textposition": "auto",
        "hovertemplate": "%{y}: %{x}<extra></extra>",
    }
    return {
        "data": [bars],
        "layout": {"xaxis": {"title": {"text": "decisions"}}, "yaxis": {"automargin": True}},
    }


def decisions_chart(decisions: Mapping[str, Mapping[str, int]]) -> Chart:
    """Decisions of each deciding stage, approved and rejected."""
    stages = [topic for topic in STAGES if topic in decisions]
    verdicts = sorted({verdict for counts in decisions.values() for verdict in counts})
    data = [
        {
            "type": "bar",
            "name": verdict.lower(),
            "x": [STAGES[stage] for stage in stages],
            "y": [decisions[stage].get(verdict, 0) for stage in stages],
            "text": [f"{decisions[stage].get(verdict, 0):,}" for stage in stages],
            "textposition": "auto",
        }
        for verdict in verdicts
    ]
    layout = {"barmode": "group", "yaxis": {"title": {"text": "decisions"}}, "showlegend": True}
    return {"data": data, "layout": layout}


STAGES = {"orders.sized": "risk manager", "orders.allowed": "budget guard"}
"""Who decides on a topic, in words."""


def _line(name: str, closes: Mapping[int, int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [moment(end_ns) for end_ns in closes],
        "y": [close_e4 / 10_000 for close_e4 in closes.values()],
        "line": {"width": 1.5},
        "hovertemplate": "%{x|%H:%M}: ₹%{y:,.2f}<extra></extra>",
    }


def _fill_marks(symbol: str, fills: Sequence[Fill]) -> list[dict[str, Any]]:
    """Both sides, also when one has no fill, so that each keeps its colour."""
    own = [fill for fill in fills if fill.symbol == symbol]
    sides = (("BUY", "triangle-up"), ("SELL", "triangle-down"))
    return [_marks(side, shape, [f for f in own if f.side == side]) for side, shape in sides]


def _marks(side: str, shape: str, fills: Sequence[Fill]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": side.lower(),
        "x": [moment(fill.event_ns) for fill in fills],
        "y": [fill.price_e4 / 10_000 for fill in fills],
        "text": [f"{f.side} {f.qty} · {f.strategy} · {f.action.lower()}" for f in fills],
        "marker": {"symbol": shape, "size": 11},
        "hovertemplate": "%{text}<br>%{x|%H:%M:%S} at ₹%{y:,.2f}<extra></extra>",
    }


def _over_time(points: Sequence[Point], values_e4: Sequence[int], name: str) -> Chart:
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [moment(point.at_ns) for point in points],
        "y": [value_e4 / 10_000 for value_e4 in values_e4],
        "line": {"width": 1.5, "shape": "hv"},
        "hovertemplate": "%{x|%H:%M}: ₹%{y:,.2f}<extra></extra>",
    }
    return {"data": [line], "layout": {"yaxis": {"title": {"text": "rupees"}}}}
