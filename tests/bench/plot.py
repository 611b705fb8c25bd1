"""A bar chart as SVG: figures of one kind, longest bar first drawn to the full width."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, ROW, LEFT, RIGHT, TOP = 860, 30, 270, 150, 44
THICK = 18
COLOURS = {"bare": "#9aa5b1", "ours": "#1f6feb"}
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#7d8590}",
    ".title{font-size:15px;font-weight:600}",
    ".span{stroke:#7d8590;stroke-width:1.5}",
)
"""One grey for text and lines that can be read on white and on black."""


class Bar(NamedTuple):
    """One bar: a median with its range."""

    name: str
    low: float
    value: float
    high: float
    kind: str
    """bare or ours."""


def chart(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """The chart as the text of an SVG file; whiskers are the lowest and the highest round."""
    height = TOP + ROW * len(bars) + 14
    scale = (WIDTH - LEFT - RIGHT) / max(bar.high for bar in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        f'  role="img" aria-label="{escape(title)}">',
        *(f"<style>{rule}</style>" for rule in STYLE),
        '<text class="title" x="12" y="24">',
        f"  {escape(title)}</text>",
    ]
    for number, bar in enumerate(bars):
        parts += _bar(bar, TOP + ROW * number, scale, unit)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(bar: Bar, top: float, scale: float, unit: str) -> list[str]:
    middle, base = top + THICK / 2, top + THICK / 2 + 5
    low, end, high = (round(LEFT + each * scale, 1) for each in (bar.low, bar.value, bar.high))
    size = f'width="{end - LEFT:.1f}" height="{THICK}"'
    figure = f"{bar.value:,.0f} {escape(unit)}"
    return [
        f'<text x="{LEFT - 10}" y="{base}" text-anchor="end">{escape(bar.name)}</text>',
        f'<rect x="{LEFT}" y="{top}" {size} rx="2" fill="{COLOURS[bar.kind]}"/>',
        f'<line class="span" x1="{low}" y1="{middle}" x2="{high}" y2="{middle}"/>',
        f'<text x="{max(high, end) + 8:.1f}" y="{base}">{figure}</text>',
    ]
