"""Writes report.html: one file that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tapeline.contracts.clock import ist
from tapeline.session.report.charts import (
    Chart,
    decisions_chart,
    drawdown_chart,
    equity_chart,
    price_charts,
    rejections_chart,
)
from tapeline.session.report.equity import equity
from tapeline.session.report.gather import RunData, gather

TEMPLATE = "report.html.j2"

FILLS_MAX = 5_000
"""Rows of the table of fills; a browser scrolls so many easily. fills.csv has all of them."""


def write_report(folder: Path) -> Path:
    """Builds the report of a run.

    Args:
        folder: output folder of `tapeline run`.

    Returns:
        The file, `report.html` in that folder.

    Raises:
        RunFilesError: files of the run are missing or damaged.
    """
    path = folder / "report.html"
    path.write_text(page(gather(folder)), encoding="utf-8")
    return path


def page(data: RunData) -> str:
    """The report's HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["rupees"] = rupees
    environment.filters["clock"] = lambda ns: f"{ist(ns):%Y-%m-%d %H:%M:%S}"
    prices = price_charts(data.closes, data.fills)
    return environment.get_template(TEMPLATE).render(
        s=data.summary,
        data=data,
        fills=data.fills[:FILLS_MAX],
        hidden=max(0, len(data.fills) - FILLS_MAX),
        symbols=_most_traded_first(data),
        charts=charts(data),
        prices=prices,
        plotly_js=_plotly_js(),
    )


def charts(data: RunData) -> dict[str, Chart]:
    """Charts of the page by the id of their place, without the prices; empty ones are left out."""
    points = equity(data.fills, data.closes)
    summary = data.summary
    found: dict[str, Chart] = {}
    if points:
        found["equity"] = equity_chart(points)
        found["drawdown"] = drawdown_chart(points)
    if summary.rejections:
        found["rejections"] = rejections_chart(summary.rejections)
    if summary.decisions:
        found["decisions"] = decisions_chart(summary.decisions)
    return found


def rupees(value_e4: int, places: int = 2) -> str:
    """Rupees with thousands separated, exact to four places: `-₹1,234.50`."""
    unit = 10 ** (4 - places)
    rounded = (abs(value_e4) + unit // 2) // unit
    whole, part = divmod(rounded, 10**places)
    return f"{'-' if value_e4 < 0 and rounded else ''}₹{whole:,}.{part:0{places}d}"


def _most_traded_first(data: RunData) -> list[tuple[str, int]]:
    """Symbols with their number of fills."""
    counts = dict.fromkeys(data.closes, 0)
    for fill in data.fills:
        counts[fill.symbol] = counts.get(fill.symbol, 0) + 1
    shown = ((symbol, counts[symbol]) for symbol in data.closes)
    return sorted(shown, key=lambda row: (-row[1], row[0]))


def _plotly_js() -> Any:
    # Imported here: it takes a quarter of a second, which only a report should cost.
    from plotly.offline import get_plotlyjs  # noqa: PLC0415

    return Markup(get_plotlyjs())  # noqa: S704 - the library itself, not data of a run
