"""What each command prints, for people and as JSON, and how it refuses."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

import run_folder
from builders import START_NS, heartbeat, tick
from run_folder import FILL, INTENT
from tapeline.cli import console
from tapeline.cli.main import main
from tapeline.cli.trace import line
from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.contracts.messages import LiveOrder
from tapeline.execution.audit import GENESIS, chain_hash
from tapeline.session.load import load_session

START_OF_TRADING = time(9, 15)
MANIFEST = "configs/sessions/paper-short.yaml"

replace = msgspec.structs.replace


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command line in this process."""

    def run(*arguments: str, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "argv", ["tapeline", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        text = capsys.readouterr()
        return Answer(int(ended.value.code or 0), text.out, text.err)

    return run


def chained(events: list[LiveOrder]) -> list[LiveOrder]:
    """The events with the hashes that the OMS gives them."""
    head, made = GENESIS, []
    for event in events:
        linked = replace(event, prev_hash=head)
        made.append(replace(linked, hash=chain_hash(head, linked)))
        head = made[-1].hash
    return made


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run on disk whose audit chain holds."""
    topics = run_folder.topics()
    topics["live_orders"] = chained(topics["live_orders"])
    return run_folder.write(tmp_path / "run", topics)


def test_version(call: Call) -> None:
    assert call("version").out.startswith("tapeline 0.")
    assert list(call("version", "--json").json()) == ["version"]


def test_no_command_shows_the_help(call: Call) -> None:
    answer = call()
    for name in ("run", "validate", "trace", "replay", "audit", "report", "pipeline", "version"):
        assert f"\n  {name}" in answer.out + answer.err, name


def test_pipeline_as_a_table_names_every_stage(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.out, "_width", 200)
    stages = call("pipeline", "--json").json()["stages"]
    shown = call("pipeline").out
    assert all(name in shown for name in stages)
    assert "~live_orders" in shown


def test_pipeline_as_a_diagram_dots_the_feedback_edges(call: Call) -> None:
    lines = call("pipeline", "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert '  ingestion -->|"ticks"| bar_builder_1s' in lines
    assert '  oms -.->|"live_orders"| budget_guard' in lines
    assert '  bar_aggregator_multi -->|"bars.1m<br>bars.3m<br>bars.5m<br>bars.15m"| store' in lines


def test_a_broken_pipeline_is_refused_with_its_key(call: Call, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text("topics: {}\nstages: {}\n")
    answer = call("pipeline", "--configs", str(tmp_path))
    assert (answer.code, answer.out) == (2, "")
    assert "pipeline.yaml: feedback_latency_ms: is missing; add it" in answer.err


def test_a_paused_session_is_valid_and_does_not_run(call: Call, tmp_path: Path) -> None:
    manifest = tmp_path / "paused.yaml"
    manifest.write_text(Path(MANIFEST).read_text() + "  paused: true\n")
    configs = ("--configs", "configs")

    assert call("validate", str(manifest), *configs).code == 0
    answer = call("run", str(manifest), *configs, "--out", str(tmp_path / "out"))
    assert (answer.code, answer.out) == (2, "")
    assert "spec.paused: the session is paused: set it to false to run it" in answer.err
    assert not (tmp_path / "out").exists()


def test_validate_says_what_will_run(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.out, "_width", 200)
    answer = call("validate", MANIFEST)
    assert answer.code == 0
    for text in ("paper mode", "gateway_paper", "sma_cross", "pre_open", "2026-11-20 09:37:00"):
        assert text in answer.out, text
    found = call("validate", MANIFEST, "--json").json()
    assert "gateway_dry" not in found["stages"]
    assert found["classes"]["cash_fno"]["phases"][0] == {
        "name": "pre_open",
        "start": "2026-11-20 09:07:00",
        "end": "2026-11-20 09:15:00",
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read (No such file or directory); check the path"),
        ("kind: [", "is not valid YAML"),
        ("kind: TradingSession", "spec: is missing; add it"),
    ],
)
def test_a_bad_manifest_is_refused_in_a_sentence(
    call: Call, tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_text(content)
    for command in (("validate", str(path)), ("run", str(path))):
        answer = call(*command)
        assert (answer.code, answer.out) == (2, ""), command
        assert sentence in answer.err
        assert "Traceback" not in answer.err


def test_a_bug_shows_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tapeline.cli.validate.load_session", broken)
    monkeypatch.setattr(sys, "argv", ["tapeline", "validate", MANIFEST])
    with pytest.raises(ZeroDivisionError):
        main()


def test_trace_shows_the_chain(call: Call, run: Path) -> None:
    answer = call("trace", FILL[:8], "--run", str(run))
    assert answer.code == 0, answer.err
    for text in (
        f"fill {FILL}",
        "INFY tick 0 of 09:15:00.000: 10 at ₹1,500.00, bid 100 at ₹1,499.95",
        "INFY 1m of 09:15:00.000 rev 0: open ₹1,500.00",
        "sma_cross ENTRY BUY INFY LIMIT near ₹1,500.05; cause SIGNAL, confidence 60 %; indicators",
        "sma_5=1500.5; votes sma_cross=+1",
        "APPROVED OK BUY 10 INFY; qty=10",
        "₹15,000.00 reserved",
        "FULL_FILL: SUBMITTED → FILLED",
        "FILL BUY 10 at ₹1,500.10, 10 so far INFY, OK",
        "charges ₹4.0000 (brokerage ₹4.0000",
        "run 1: 0 breaks; 1 fill, 1 trade",
    ):
        assert text in answer.out, text
    found = call("trace", "last", "--run", str(run), "--json").json()
    assert (found["complete"], found["missing"]) == (True, [])
    assert found["target"]["id"] == FILL


def test_trace_of_a_pair_shows_hedge_and_spread(call: Call, tmp_path: Path) -> None:
    run_folder.write(tmp_path, run_folder.topics(("INFY", "TCS")))
    answer = call("trace", INTENT, "--run", str(tmp_path))
    assert "hedge_ratio=1.5 spread=2 zscore=2.1" in answer.out


def test_an_incomplete_trace_fails_and_names_what_is_missing(call: Call, tmp_path: Path) -> None:
    run_folder.write(tmp_path, {**run_folder.topics(), "recon": []})
    answer = call("trace", "last", "--run", str(tmp_path))
    assert answer.code == 1
    assert "incomplete: recon missing" in answer.out


def test_every_record_of_a_chain_has_its_words() -> None:
    found = run_folder.recon(START_NS, 3, finding="qty_drift", detail="INFY: 10 or 9")
    assert line(found) == "09:15:00.000  run 3: qty_drift, ours 1, theirs 1; INFY: 10 or 9"
    assert "bid none, ask none" in line(tick(bids=(), asks=()))
    (sized,) = run_folder.topics()["orders.sized"]
    refused = line(replace(sized, decision="REJECTED", reason="PAUSED", numbers={}))
    assert refused.endswith("REJECTED PAUSED; no numbers")


def test_the_newest_run_is_meant_when_none_is_named(
    call: Call, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "RUNS", run.parent)
    assert call("trace", "last", "--json").json()["complete"]
    monkeypatch.setattr(console, "RUNS", run)
    answer = call("trace", "last")
    assert (answer.code, answer.out) == (2, "")
    assert "holds no run" in answer.err


def test_an_intact_audit_trail(call: Call, run: Path) -> None:
    assert "2 order events, the chain is intact" in call("audit", "verify", "--run", str(run)).out
    answer = call("audit", "verify", "--run", str(run), "--json")
    assert (answer.code, answer.json()["intact"], answer.json()["events"]) == (0, True, 2)


@pytest.mark.parametrize(
    ("case", "change", "sentence"),
    [
        ("changed", lambda b: b.replace(b'"qty":10', b'"qty":11', 1), "order event 1 of the run"),
        ("first removed", lambda b: b.split(b"\n", 1)[1], "order event 1 of the run"),
        ("repeated", lambda b: b + b.splitlines(keepends=True)[1], "order event 3 of the run"),
        ("cut at the end", lambda b: b.splitlines(keepends=True)[0], "its summary counted 2"),
        ("no JSON", lambda b: b + b"x\n", "live_orders.ndjson:3: is no record"),
    ],
)
def test_an_audit_trail_that_was_tampered_with(
    call: Call, run: Path, case: str, change: Callable[[bytes], bytes], sentence: str
) -> None:
    path = run / "topics" / "live_orders.ndjson"
    path.write_bytes(change(path.read_bytes()))
    answer = call("audit", "verify", "--run", str(run))
    assert answer.code == 1, case
    assert sentence in answer.err


def test_report_writes_the_page(call: Call, run: Path) -> None:
    assert f"wrote {run}/report.html" in call("report", str(run)).out
    assert call("report", str(run), "--json").json() == {"report": f"{run}/report.html"}
    assert (run / "report.html").is_file()


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        ("ingestion", "reads no topic"),
        ("store", "publishes nothing to replay"),
        ("oracle", "does not exist"),
    ],
)
def test_replay_refuses_what_is_no_filter(call: Call, stage: str, why: str) -> None:
    answer = call("replay", stage, "--manifest", MANIFEST)
    assert (answer.code, answer.out) == (2, "")
    assert f"stage {stage}: {why}: use one of bar_builder_1s" in answer.err


def test_replay_is_a_filter_from_ticks_to_bars(call: Call) -> None:
    day = load_session(Path(MANIFEST)).spec.dates[0]
    start_ns = ist_ns(day, START_OF_TRADING)
    trade = tick(at_ns=start_ns + 2, event_ns=start_ns + 1)
    beat = heartbeat(start_ns + 10 * SECOND_NS)
    lines = [
        {"topic": "ticks", "key": key, "value": msgspec.Raw(codec.encode(message))}
        for key, message in (("INFY", trade), ("", beat))
    ]
    stdin = b"\n".join(msgspec.json.encode(one) for one in lines)
    answer = call("replay", "bar_builder_1s", "--manifest", MANIFEST, "--json", stdin=stdin)
    bars = [json.loads(text) for text in answer.out.splitlines()]
    kinds = [(one["topic"], one["value"]["kind"]) for one in bars]
    assert kinds == [("bars.1s", "bar"), ("bars.1s", "heartbeat")]
    assert bars[0]["value"]["close_e4"] == trade.last_price_e4


def test_replay_keeps_and_takes_up_a_state(call: Call, tmp_path: Path) -> None:
    day = load_session(Path(MANIFEST)).spec.dates[0]
    start_ns = ist_ns(day, START_OF_TRADING)
    messages = [tick(at_ns=start_ns + n * SECOND_NS, event_ns=start_ns + n) for n in range(1, 9)]
    lines = [
        msgspec.json.encode({"topic": "ticks", "key": "INFY", "value": message, "offset": n})
        for n, message in enumerate(messages)
    ]
    base = ("replay", "bar_builder_1s", "--manifest", MANIFEST)
    ends = [str(tmp_path / name) for name in ("whole", "first", "second")]

    whole = call(*base, "--state-out", ends[0], stdin=b"\n".join(lines))
    first = call(
        *(
            *base,
            "--state-out",
            ends[1],
            "--state-log",
            str(tmp_path / "log"),
            "--state-every",
            "2",
        ),
        *("--until-ns", "0"),
        stdin=b"\n".join(lines[:4]),
    )
    second = call(
        *(*base, "--state-in", ends[1], "--state-out", ends[2]), stdin=b"\n".join(lines[4:])
    )

    assert first.out + second.out == whole.out
    assert second.err == whole.err
    assert whole.err.startswith("state hash ")
    assert Path(ends[0]).read_bytes() == Path(ends[2]).read_bytes()
    assert len((tmp_path / "log").read_bytes().splitlines()) > 2


def test_replay_names_a_state_that_is_not_there(call: Call) -> None:
    answer = call("replay", "oms", "--manifest", MANIFEST, "--state-in", "build/no/such")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "build/no/such: No such file or directory\n"


def test_replay_names_the_line_that_is_no_record(call: Call) -> None:
    answer = call("replay", "oms", "--manifest", MANIFEST, stdin=b"\nnot json\n")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("line 2: ")
