"""From any id back to the ticks and on to the reconciliation, over files as a run writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

import run_folder
from builders import START_NS
from run_folder import FILL, INTENT, ORDER, Topics
from tapeline.contracts.clock import SECOND_NS
from tapeline.session.topic_files import RunFiles, RunFilesError
from tapeline.session.trace import Trace, TraceError, trace

replace = msgspec.structs.replace


def traced(folder: Path, topics: Topics, wanted: str = FILL) -> Trace:
    return trace(RunFiles(run_folder.write(folder, topics)), wanted)


def statuses(found: Trace) -> dict[str, str]:
    return {link.name: link.status for link in found.links}


def link(found: Trace, name: str) -> Any:
    return next(link for link in found.links if link.name == name)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (FILL, "fill"),
        (FILL[:6], "fill"),
        (FILL[:10].lower(), "fill"),
        (ORDER, "order"),
        (INTENT, "intent"),
        ("last", "fill"),
    ],
)
def test_every_id_or_its_start_gives_the_whole_chain(
    tmp_path: Path, wanted: str, kind: str
) -> None:
    found = traced(tmp_path, run_folder.topics(), wanted)
    assert found.target.kind == kind
    assert found.target.intent_id == INTENT
    assert found.complete, found.missing
    assert [link.name for link in found.links] == [
        "ticks",
        "1s bars",
        "1m bars",
        "signal bar",
        "signal",
        "risk decision",
        "budget decision",
        "order events",
        "broker reports",
        "fill",
        "matched tick",
        "recon",
    ]
    assert statuses(found)["1m bars"] == "not_applicable"


def test_a_signal_of_a_longer_bar_shows_its_minutes(tmp_path: Path) -> None:
    found = traced(tmp_path, run_folder.topics(tf="3m"))
    assert found.complete, found.missing
    assert link(found, "1m bars").count == 3
    assert [bar.start_ns for bar in link(found, "1m bars").records] == [
        START_NS,
        START_NS + 120 * SECOND_NS,
    ]
    assert link(found, "1s bars").count == 6
    assert [tick.seq for tick in link(found, "ticks").records] == [0, 5]


def test_a_pair_shows_both_symbols(tmp_path: Path) -> None:
    found = traced(tmp_path, run_folder.topics(("INFY", "TCS")))
    assert found.complete, found.missing
    for name, count in {"signal bar": 2, "ticks": 4, "1s bars": 4}.items():
        symbols = {record.symbol for record in link(found, name).records}
        assert (symbols, link(found, name).count) == ({"INFY", "TCS"}, count), name


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("ticks", "ticks"),
        ("bars.1s", "1s bars"),
        ("bars.1m", "signal bar"),
        ("orders.sized", "risk decision"),
        ("orders.allowed", "budget decision"),
        ("live_orders", "order events"),
        ("broker.reports", "broker reports"),
        ("recon", "recon"),
    ],
)
def test_a_topic_that_was_lost_is_named(tmp_path: Path, topic: str, name: str) -> None:
    topics = run_folder.topics()
    topics[topic] = []
    found = traced(tmp_path, topics)
    assert not found.complete
    assert name in found.missing


def test_the_bar_is_the_revision_that_the_strategy_saw(tmp_path: Path) -> None:
    topics = run_folder.topics()
    bars = topics["bars.1m"]
    later = replace(bars[0], rev=1, at_ns=bars[0].at_ns + 1, close_e4=15_000_400)
    topics["bars.1m"] = [*bars, later]
    assert link(traced(tmp_path, topics), "signal bar").records == bars


def test_a_bar_whose_opening_tick_differs_is_incomplete(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["bars.1m"] = [replace(topics["bars.1m"][0], open_e4=14_999_900)]
    assert traced(tmp_path, topics).missing == ["ticks"]


def test_a_refusal_of_the_risk_manager_ends_the_chain(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["orders.sized"] = [
        replace(topics["orders.sized"][0], decision="REJECTED", reason="PAUSED")
    ]
    for topic in ("orders.allowed", "live_orders", "broker.reports", "fills"):
        topics[topic] = []
    found = traced(tmp_path, topics, INTENT)
    assert found.complete
    assert link(found, "fill").note == "the risk manager refused the intent: PAUSED"
    assert statuses(found)["recon"] == "not_applicable"
    assert statuses(found)["risk decision"] == "found"


def test_a_refusal_of_the_budget_guard_is_shown_with_its_decision(tmp_path: Path) -> None:
    topics = run_folder.topics()
    allowed = replace(topics["orders.allowed"][0], decision="REJECTED", reason="THROTTLED")
    topics["orders.allowed"] = [allowed]
    for topic in ("live_orders", "broker.reports", "fills"):
        topics[topic] = []
    found = traced(tmp_path, topics, INTENT)
    assert found.complete
    assert link(found, "budget decision").records == [allowed]
    assert link(found, "order events").note == "the budget guard refused the intent: THROTTLED"


def test_an_order_without_a_fill_has_no_fill_to_miss(tmp_path: Path) -> None:
    topics = run_folder.topics()
    placed = topics["live_orders"][0]
    topics["live_orders"] = [placed, replace(placed, n=1, state="CANCELLED")]
    topics["fills"] = []
    found = traced(tmp_path, topics, ORDER)
    assert found.complete, found.missing
    assert "ended as CANCELLED" in link(found, "fill").note


def test_a_fill_that_was_lost_is_missing(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["fills"] = []
    assert traced(tmp_path, topics, ORDER).missing == ["fill"]


def test_a_fill_whose_trade_no_report_tells_of_is_incomplete(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["broker.reports"] = [replace(topics["broker.reports"][0], trade_id="T9")]
    assert traced(tmp_path, topics).missing == ["broker reports"]


def test_a_fill_without_a_tick_needs_none(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["fills"] = [replace(topics["fills"][0], tick_seq=None)]
    found = traced(tmp_path, topics)
    assert found.complete
    assert statuses(found)["matched tick"] == "not_applicable"


def test_a_matched_tick_that_is_not_there_is_missing(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["fills"] = [replace(topics["fills"][0], tick_seq=99)]
    assert traced(tmp_path, topics).missing == ["matched tick"]


def test_a_square_off_has_the_risk_managers_signal_on_a_second(tmp_path: Path) -> None:
    topics = run_folder.topics()
    topics["orders"] = []
    sized = topics["orders.sized"][0]
    signal = replace(sized.order.extra.signal, tf="1s", strategy="square_off")
    order = replace(sized.order, extra=replace(sized.order.extra, signal=signal))
    topics["orders.sized"] = [replace(sized, order=order)]
    found = traced(tmp_path, topics)
    assert found.complete, found.missing
    assert link(found, "signal").note == "made by the risk manager itself: square_off"
    assert len(link(found, "ticks").records) == 1


def test_a_fill_whose_intent_is_nowhere_has_no_signal_and_no_bars(tmp_path: Path) -> None:
    topics = run_folder.topics()
    for topic in ("orders", "orders.sized", "orders.allowed"):
        topics[topic] = []
    missing = traced(tmp_path, topics).missing
    assert missing[:6] == [
        "ticks",
        "1s bars",
        "1m bars",
        "signal bar",
        "signal",
        "risk decision",
    ]


def test_breaks_of_the_order_are_shown_with_the_run_that_found_them(tmp_path: Path) -> None:
    topics = run_folder.topics()
    summary = topics["recon"][1]
    broken = replace(summary, finding="qty_drift", order_id=ORDER, breaks=1)
    other = replace(broken, order_id="ANOTHER")
    topics["recon"] += [broken, other]
    assert link(traced(tmp_path, topics), "recon").records == [summary, broken]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("ABC", "give at least 6 characters"),
        ("ZZZZZZZZ", "no fill, order or intent"),
    ],
)
def test_ids_that_name_nothing(tmp_path: Path, wanted: str, sentence: str) -> None:
    with pytest.raises(TraceError, match=sentence):
        traced(tmp_path, run_folder.topics(), wanted)


def test_an_ambiguous_start_lists_what_it_may_mean(tmp_path: Path) -> None:
    topics = run_folder.topics()
    fill = topics["fills"][0]
    topics["fills"] = [fill, replace(fill, fill_id=FILL[:8] + "X")]
    with pytest.raises(TraceError, match=f"fill {FILL}, fill {FILL[:8]}X"):
        traced(tmp_path, topics, FILL[:8])


def test_last_needs_a_fill(tmp_path: Path) -> None:
    topics = {**run_folder.topics(), "fills": []}
    with pytest.raises(TraceError, match="the run has no fill"):
        traced(tmp_path, topics, "last")


def test_a_run_without_topics_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunFilesError, match="without --no-topics"):
        trace(RunFiles(run_folder.write(tmp_path, {})), "last")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RunFilesError, match="there is no such folder"):
        RunFiles(tmp_path / "nowhere")


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path, run_folder.topics())
    with (folder / "topics" / "fills.ndjson").open("ab") as file:
        file.write(b'{"at_ns": "soon"}\n')
    with pytest.raises(RunFilesError, match=r"fills\.ndjson:2: is no record of fills"):
        trace(RunFiles(folder), "last")


def test_partitions_are_read_in_order_and_other_topics_are_not(tmp_path: Path) -> None:
    topics = run_folder.topics()
    ticks = topics["ticks"]
    folder = run_folder.write(tmp_path, {"ticks": ticks[:1], "ticks.late": ticks[1:2]})
    files = folder / "topics"
    for partition in (1, 2, 10):
        line = msgspec.json.encode(replace(ticks[1], seq=partition)) + b"\n"
        (files / f"ticks.p{partition}.ndjson").write_bytes(line)
    (files / "ticks.dead.ndjson").write_bytes(b"")
    (files / "ticks.dead.p1.ndjson").write_bytes(b"")
    run = RunFiles(folder)
    assert [getattr(tick, "seq", None) for tick in run.records("ticks")] == [None, 1, 2, 10]
    assert run.dead_topics() == ["ticks"]
