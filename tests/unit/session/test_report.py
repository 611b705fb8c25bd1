"""The report of a run: exact equity, charts as data, a page that needs no network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import run_folder
from builders import START_NS, charges
from run_folder import FILL
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.contracts.messages import Dead, Fill
from tapeline.session.report import charts
from tapeline.session.report.equity import Point, equity
from tapeline.session.report.gather import SHOWN_MAX, gather
from tapeline.session.report.report import FILLS_MAX, page, rupees, write_report
from tapeline.session.topic_files import RunFilesError

replace = msgspec.structs.replace


def fill(at_s: int, side: str, qty: int, price: int, symbol: str = "INFY", fee: int = 0) -> Fill:
    """A fill `at_s` seconds after the start, price and fee in rupees."""
    (base,) = run_folder.topics()["fills"]
    return replace(
        base,
        event_ns=START_NS + at_s * SECOND_NS,
        side=side,
        qty=qty,
        price_e4=price * 10_000,
        symbol=symbol,
        charges=charges(fee * 10_000),
    )


def closes(**by_symbol: list[int]) -> dict[str, dict[int, int]]:
    """1m closes from the first minute on, rupees."""
    return {
        symbol: {START_NS + (n + 1) * MINUTE_NS: price * 10_000 for n, price in enumerate(prices)}
        for symbol, prices in by_symbol.items()
    }


def in_rupees(points: list[Point]) -> list[tuple[int, int]]:
    return [(point.equity_e4 // 10_000, point.drawdown_e4 // 10_000) for point in points]


@pytest.mark.parametrize(
    ("case", "fills", "marks", "expected"),
    [
        ("nothing traded", [], {"INFY": [100, 101]}, [(0, 0), (0, 0)]),
        ("nothing at all", [], {}, []),
        (
            "a long position follows the closes, charges are gone at once",
            [fill(30, "BUY", 10, 100, fee=5)],
            {"INFY": [101, 103, 99]},
            [(5, 0), (25, 0), (-15, -40)],
        ),
        (
            "a short position gains when the price falls",
            [fill(30, "SELL", 10, 100)],
            {"INFY": [101, 95]},
            [(-10, -10), (50, 0)],
        ),
        (
            "a closed position stands still",
            [fill(10, "BUY", 10, 100), fill(50, "SELL", 10, 102)],
            {"INFY": [90, 200]},
            [(20, 0), (20, 0)],
        ),
        (
            "a symbol without a bar keeps its fill's price",
            [fill(10, "BUY", 10, 50, "TCS")],
            {"INFY": [100]},
            [(0, 0)],
        ),
        (
            "a fill after the last bar has a point of its own",
            [fill(10, "BUY", 10, 100), fill(90, "SELL", 10, 97)],
            {"INFY": [101]},
            [(10, 0), (-30, -40)],
        ),
        (
            "fills are booked by exchange time",
            [fill(90, "SELL", 10, 105), fill(10, "BUY", 10, 100)],
            {"INFY": [101, 105]},
            [(10, 0), (50, 0)],
        ),
    ],
)
def test_equity(
    case: str, fills: list[Fill], marks: dict[str, list[int]], expected: list[tuple[int, int]]
) -> None:
    assert in_rupees(equity(fills, closes(**marks))) == expected, case


def test_a_bar_counts_with_its_newest_revision(tmp_path: Path) -> None:
    topics = run_folder.topics()
    (bar,) = topics["bars.1m"]
    topics["bars.1m"] = [replace(bar, rev=1, close_e4=500), replace(bar, rev=0, close_e4=400)]
    assert gather(run_folder.write(tmp_path, topics)).closes == {"INFY": {bar.end_ns: 500}}


def test_charts_show_what_the_files_hold(tmp_path: Path) -> None:
    data = gather(run_folder.write(tmp_path, run_folder.topics(("INFY", "TCS"))))
    prices = charts.price_charts(data.closes, data.fills)
    assert list(prices) == ["INFY", "TCS"]
    line, buys, sells = prices["INFY"]["data"]
    assert (line["x"], line["y"]) == (["2025-11-20 09:16:00"], [1500.05])
    assert (buys["x"], buys["y"]) == (["2025-11-20 09:16:03"], [1500.1])
    assert sells["x"] == []


def test_rejections_are_sorted_with_the_most_frequent_on_top() -> None:
    (bars,) = charts.rejections_chart({"A": 1, "B": 7, "C": 3})["data"]
    assert (bars["y"], bars["x"]) == (["A", "C", "B"], [1, 3, 7])


def test_decisions_name_the_stages_in_words() -> None:
    counts = {"orders.sized": {"APPROVED": 1, "REJECTED": 2}, "orders.allowed": {"APPROVED": 1}}
    approved, rejected = charts.decisions_chart(counts)["data"]
    assert approved["x"] == ["risk manager", "budget guard"]
    assert (approved["y"], rejected["y"]) == ([1, 1], [2, 0])


@pytest.mark.parametrize(
    ("value_e4", "text"),
    [
        (0, "₹0.00"),
        (12_345_600, "₹1,234.56"),
        (-12_345_600, "-₹1,234.56"),
        (50, "₹0.01"),
        (49, "₹0.00"),
        (-49, "₹0.00"),
        (99_999, "₹10.00"),
    ],
)
def test_rupees(value_e4: int, text: str) -> None:
    assert rupees(value_e4) == text


def chart_data(html: str) -> dict[str, Any]:
    match = re.search(r'id="chart-data">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    loaded: dict[str, Any] = json.loads(match[1])
    return loaded


def test_the_page_is_one_file_that_names_no_other(tmp_path: Path) -> None:
    path = write_report(run_folder.write(tmp_path, run_folder.topics()))
    html = path.read_text(encoding="utf-8")
    page_only = html.replace(html[html.index("<script>") : html.index('id="chart-data"')], "")
    assert "http" not in page_only.replace("http-equiv", "")
    assert "default-src 'none'" in html
    assert list(chart_data(html)["charts"]) == ["decisions", "drawdown", "equity", "rejections"]
    assert FILL[:10] in html
    assert "₹6.00" in html


def test_data_of_a_run_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    topics = run_folder.topics()
    evil = "</script><script>alert(1)</script>"
    topics["fills"] = [replace(topics["fills"][0], strategy=evil)]
    html = page(gather(run_folder.write(tmp_path, topics, session=evil)))
    assert evil not in html
    assert evil in json.dumps(chart_data(html)).replace("\\/", "/")


def test_dead_letters_breaks_and_positions_are_listed(tmp_path: Path) -> None:
    topics = run_folder.topics()
    dead = Dead(
        at_ns=START_NS,
        topic="ticks",
        partition=0,
        offset=3,
        stage="bar_builder_1s",
        reason="PRICE_OUT_OF_BAND",
        detail="price 1 e4",
        payload_b64="",
    )
    topics["ticks.dead"] = [dead] * (SHOWN_MAX + 1)
    topics["recon"].append(run_folder.recon(START_NS, 1, finding="qty_drift", breaks=1))
    figures: dict[str, Any] = {"dead": {"PRICE_OUT_OF_BAND": 201}, "open_positions": {"INFY": -5}}
    data = gather(run_folder.write(tmp_path, topics, **figures))
    assert len(data.dead) == SHOWN_MAX
    assert [found.finding for found in data.breaks] == ["qty_drift"]
    html = page(data)
    for text in ("PRICE_OUT_OF_BAND: 201", "price 1 e4", "qty_drift", '<td class="n">-5</td>'):
        assert text in html, text


def test_a_long_list_of_fills_says_how_many_it_leaves_out(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["fills"] *= FILLS_MAX + 3
    assert "3 more are in <code>tables/fills.csv</code>" in page(
        gather(run_folder.write(tmp_path, topics))
    )


def test_a_run_without_topics_has_its_figures(tmp_path: Path) -> None:
    html = page(gather(run_folder.write(tmp_path, {}, rejections={}, decisions={})))
    assert "This run kept no topics" in html
    assert chart_data(html) == {"charts": {}, "prices": {}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "cannot be read"), (b"{}", "is no summary of a run")],
)
def test_a_folder_without_a_good_summary(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "summary.json").write_bytes(content)
    with pytest.raises(RunFilesError, match=sentence):
        gather(tmp_path)
