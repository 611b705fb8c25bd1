"""What is shown while a session runs, how it is stopped, and what it serves."""

from __future__ import annotations

import dataclasses
import io
import os
import signal
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

import run_folder
from tapeline.cli.progress import LineView, Snapshot, Watch, panel, share, snapshot
from tapeline.cli.serving import RunMetrics, server
from tapeline.cli.stopping import StopRequest
from tapeline.contracts import codec
from tapeline.contracts.clock import IST_OFFSET_NS, MINUTE_NS
from tapeline.market.phases import Phase
from tapeline.runner.progress import Stats
from tapeline.session.load import load_session
from tapeline.session.run import Progress
from tapeline.session.summary import Tally

CONTEXT = load_session(Path("configs/sessions/paper-short.yaml"))
HALF_NS = (CONTEXT.start_ns + CONTEXT.end_ns) // 2


def progress(horizons_ns: dict[str, int], fills: int = 0, ticks: int = 0) -> Progress:
    """A run whose stages have come so far."""
    runners = {
        name: SimpleNamespace(name=name, horizon_ns=ns, stats=Stats(events=10), next_ns=None)
        for name, ns in horizons_ns.items()
    }
    state = SimpleNamespace(state=None)
    session: Any = SimpleNamespace(
        feed=None, context=CONTEXT, runners=runners, stage=lambda _name: state
    )
    archive: Any = SimpleNamespace(counts=Counter(ticks=ticks))
    tally = Tally()
    for message in run_folder.topics()["fills"] * fills:
        tally.fill("fills", "", codec.encode(message))
    return Progress(session, archive, tally, started=100.0)


def test_the_session_is_as_far_as_its_slowest_stage() -> None:
    now = snapshot(progress({"oms": HALF_NS, "recon": CONTEXT.end_ns * 2}, ticks=600), 102.0)
    assert now.session_ns == HALF_NS
    assert now.horizons_ns == {"oms": HALF_NS, "recon": CONTEXT.end_ns}
    assert (now.events, now.ticks, now.ticks_per_s) == (20, 600, 300.0)


def test_a_session_that_has_not_begun_is_at_its_start() -> None:
    assert snapshot(progress({"oms": -1}), 100.0).share == 0


def test_only_the_markets_hours_count_towards_the_end() -> None:
    phases = {
        "cash": (Phase(100, 200, "continuous", 1), Phase(1_000, 1_200, "continuous", 2)),
        "cash_fno": (Phase(100, 150, "continuous", 1), Phase(1_000, 1_300, "continuous", 2)),
    }
    context = dataclasses.replace(CONTEXT, phases=phases)
    times = {0: 0, 100: 0, 150: 0.125, 200: 0.25, 900: 0.25, 1_150: 0.625, 9_999: 1}
    assert {at: share(context, at) for at in times} == times


def shown(**changes: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "session_ns": HALF_NS,
        "share": 0.5,
        "events": 1234,
        "ticks": 1000,
        "ticks_per_s": 500.0,
        "fills": 0,
        "rejections": 2,
        "net_pnl_e4": -15_000,
        "horizons_ns": {"oms": HALF_NS},
        "wall_s": 2.0,
    }
    return Snapshot(**{**fields, **changes})


def test_the_panel_shows_all_figures() -> None:
    text = io.StringIO()
    Console(file=text, width=120).print(panel("paper-short", shown(fills=3)))
    for figure in ("paper-short", "50% of", "1,234 events", "3 fills", "-₹1.50", "2 rej", "oms"):
        assert figure in text.getvalue(), figure
    title, bar, clock, *_ = text.getvalue().splitlines()
    assert (title.strip(), bar.strip("━╸╺ ")) == ("paper-short", "")
    assert "IST" in clock


def test_lines_come_at_the_start_the_first_fill_each_busy_hour_and_the_end() -> None:
    lines: list[str] = []
    view = LineView(lines.append, "day")
    hour_ns = 60 * MINUTE_NS
    ten_ns = 1_000_000 * hour_ns - IST_OFFSET_NS
    times_ns = (ten_ns - 2, ten_ns - 1, ten_ns, ten_ns + 1, ten_ns + hour_ns)
    for fills, session_ns in enumerate(times_ns):
        view.show(shown(session_ns=session_ns, fills=fills, ticks=fills))
    view.show(shown(session_ns=times_ns[-1] + hour_ns, fills=9, ticks=4))
    view.close()
    assert [line.split(" ")[0] for line in lines] == ["day", "first", *["2084-01-29"] * 2, "day"]


def test_a_watch_draws_four_times_a_second_and_at_the_first_fill_at_once() -> None:
    text = io.StringIO()
    clock = iter((100.0, 100.1, 100.2, 100.3))
    console = Console(file=text, force_terminal=True, width=100)
    with Watch(CONTEXT, console, lambda: next(clock)) as watch:
        drawn = []
        for fills in (0, 0, 1, 1):
            before = len(text.getvalue())
            watch(progress({"oms": HALF_NS}, fills=fills))
            drawn.append(len(text.getvalue()) > before)
    assert drawn == [True, False, True, False]


def test_a_watch_writes_lines_when_there_is_no_terminal() -> None:
    text = io.StringIO()
    with Watch(CONTEXT, Console(file=text)) as watch:
        watch(progress({"oms": HALF_NS}, fills=1))
    assert [line.split(" ")[0] for line in text.getvalue().splitlines()] == [
        "paper-short",
        "first",
        "paper-short",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_a_second_one_does_what_it_did_before(
    number: signal.Signals,
) -> None:
    caught: list[int] = []
    before = signal.signal(number, lambda got, _frame: caught.append(got))
    try:
        with StopRequest() as stop:
            assert not stop.asked
            os.kill(os.getpid(), number)
            assert (stop.asked, caught) == (True, [])
            os.kill(os.getpid(), number)
            assert caught == [number]
    finally:
        signal.signal(number, before)


def test_health_and_metrics_are_served_as_of_the_last_reading() -> None:
    metrics = RunMetrics()
    with server(0, metrics) as served:
        address = f"http://127.0.0.1:{served.port}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/readyz")
        with refused.value as answer:
            assert answer.read() == b"the session is starting\n"
        run = progress({"oms": HALF_NS})
        metrics.read(run)
        run.session.runners.clear()
        metrics.read(run)
        with urllib.request.urlopen(f"{address}/readyz") as answer:
            assert answer.read() == b"ready\n"
        with urllib.request.urlopen(f"{address}/metrics") as answer:
            text = answer.read().decode()
    assert 'tapeline_stage_events_total{session="paper-short",stage="oms"} 10.0' in text
