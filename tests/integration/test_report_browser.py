"""The report in a real browser: it draws every chart with no network, and shows the figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import run_folder
from builders import START_NS
from tapeline.contracts.clock import MINUTE_NS
from tapeline.session.report.report import write_report

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--dump-dom",
)


def dom(page: Path, profile: Path) -> str:
    """The page's DOM after its scripts have run."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser is not None, (
        f"none of {', '.join(BROWSERS)} is installed: apt-get install chromium, then run again"
    )
    command = [browser, *FLAGS, f"--user-data-dir={profile}", page.resolve().as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


def test_chromium_draws_the_report(tmp_path: Path) -> None:
    topics = run_folder.topics(("INFY", "TCS"))
    first = topics["bars.1m"]
    topics["bars.1m"] = first + [
        run_folder.later(bar, minutes * MINUTE_NS) for minutes in range(1, 5) for bar in first
    ]
    topics["recon"].append(run_folder.recon(START_NS, 1, finding="qty_drift", breaks=1))
    folder = run_folder.write(tmp_path / "run", topics, recon_breaks=1)
    shown = dom(write_report(folder), tmp_path / "profile")

    assert "<title>Tapeline run hand-made</title>" in shown
    ready = re.search(r'<div id="ready"[^>]*data-charts="(\d+)"', shown)
    assert ready is not None, "the page's script did not come to its end"
    assert ready[1] == "5"
    for chart in ("price", "equity", "drawdown", "rejections", "decisions"):
        place = shown.index(f'<div id="{chart}"')
        assert 'class="main-svg"' in shown[place : place + 3_000], chart
    assert shown.count('class="plot-container plotly"') == 5
    for element, text in {
        "net-pnl": "₹6.00",
        "charges": "₹4.00",
        "fill-count": "1",
        "breaks": "1 in 1 runs",
        "digest": "0" * 64,
    }.items():
        assert re.search(rf'id="{element}"[^>]*>{re.escape(text)}<', shown), element
    assert "INFY (1 fill)" in shown
    assert shown.count('class="trace scatter') >= 3
