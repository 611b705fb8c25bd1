"""A real-time session, played faster than the wall: bars, orders, journals, summary, stop."""

from __future__ import annotations

import dataclasses
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fault"))

import scenario

from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS
from tapeline.contracts.messages import Bar, Heartbeat, Tick
from tapeline.runner.realtime import replay_journal
from tapeline.session.compose import Lanes, stage_app
from tapeline.session.run import Progress, RunOptions, run_session
from tapeline.session.summary import RunSummary

SPEED = 150.0
"""Ten minutes of market and two to drain take five wall seconds."""

VIRTUAL = scenario.context(2)
CONTEXT = dataclasses.replace(
    VIRTUAL, name="real-time", spec=VIRTUAL.spec.model_copy(update={"clock": "real"})
)
LANES = Lanes(CONTEXT.pipeline, "paper", CONTEXT.name, 1, {})
MINUTES = (VIRTUAL.phases["cash_fno"][-1].end_ns - CONTEXT.start_ns) // MINUTE_NS


class Ran(NamedTuple):
    summary: RunSummary
    folder: Path

    def lines(self, topic: str, partition: int = 0) -> list[bytes]:
        suffix = f".p{partition}" if partition else ""
        path = self.folder / "topics" / f"{topic}{suffix}.ndjson"
        return path.read_bytes().splitlines() if path.is_file() else []

    def messages(self, topic: str) -> list[Any]:
        return [codec.decode(topic, line) for line in self.lines(topic)]

    def journals(self) -> list[str]:
        """Stages that wrote one."""
        names = (self.folder / "topics").glob("journal.*.ndjson")
        return sorted(path.stem.removeprefix("journal.") for path in names)


def play(folder: Path, on_progress: Any = lambda _progress: True, **options: Any) -> Ran:
    whole = {"database": False, "speed": SPEED, **options}
    return Ran(run_session(CONTEXT, RunOptions(folder, **whole), on_progress), folder)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return play(tmp_path_factory.mktemp("real-time"))


def test_it_takes_as_long_as_the_clock_says_and_leaves_no_thread(ran: Ran) -> None:
    lasts_s = (CONTEXT.end_ns - CONTEXT.start_ns) / SECOND_NS / SPEED

    assert ran.summary.wall_s >= lasts_s
    assert "feed" not in {thread.name for thread in threading.enumerate()}


def test_records_arrive_in_order_at_the_time_of_the_clock(ran: Ran) -> None:
    ticks = ran.messages("ticks")
    arrived = [message.at_ns for message in ticks]

    assert arrived == sorted(arrived)
    assert CONTEXT.start_ns <= arrived[0] <= arrived[-1] <= CONTEXT.end_ns
    beats = [message for message in ticks if isinstance(message, Heartbeat)]
    assert len(beats) > 60 * MINUTES * 9 // 10
    assert all(beat.at_ns >= beat.complete_ns for beat in beats)
    assert all(one.complete_ns < next_one.complete_ns for one, next_one in pairwise(beats))


def test_every_minute_in_which_a_symbol_traded_has_its_bar(ran: Ran) -> None:
    traded = {
        (m.symbol, m.event_ns // MINUTE_NS)
        for m in ran.messages("ticks")
        if isinstance(m, Tick) and m.trade and m.at_ns < m.event_ns + MINUTE_NS
    }
    bars: list[Bar] = ran.messages("bars.1m")

    assert {bar.symbol for bar in bars} == set(CONTEXT.instruments)
    assert len(traded) >= 3 * MINUTES
    assert traded <= {(bar.symbol, bar.start_ns // MINUTE_NS) for bar in bars}


def test_every_trade_is_in_a_bar_or_accounted_for(ran: Ran) -> None:
    trades = sum(isinstance(m, Tick) and m.trade for m in ran.messages("ticks"))
    last = {(b.symbol, b.start_ns): b for b in ran.messages("bars.1s") if isinstance(b, Bar)}
    late, dead = len(ran.lines("ticks.late")), len(ran.lines("ticks.dead"))

    assert sum(bar.n_ticks for bar in last.values()) + late + dead == trades


def test_it_trades_and_reconciles(ran: Ran) -> None:
    """Whether it ends flat is up to the machine: at this speed a pause of 0.3 s is 45 s."""
    summary = ran.summary

    assert not summary.stopped
    assert summary.fills == len(ran.lines("fills")) > 0
    assert summary.recon_runs > 0
    assert summary.recon_breaks == 0
    assert [m.command for m in ran.messages("control")] == ["REDUCE", "RESUME", "KILL"]
    assert {stage.stage for stage in summary.stages} == set(LANES.stages()) - {"store"}
    assert (ran.folder / "summary.json").is_file()


def test_each_stage_with_several_inputs_journals_the_order_in_which_it_took_them(ran: Ran) -> None:
    several = [name for name, stage in LANES.stages().items() if len(stage.reads) > 1]

    assert ran.journals() == sorted(set(several) - {"store"})
    for name in ran.journals():
        taken: dict[tuple[str, int], list[int]] = {}
        entries = ran.messages(f"journal.{name}")
        for entry in entries:
            taken.setdefault((entry.topic, entry.partition), []).append(entry.offset)
        for place, offsets in taken.items():
            assert offsets == list(range(len(ran.lines(*place)))), (name, place)
        assert all(one.at_ns <= later.at_ns for one, later in pairwise(entries)), name


@pytest.mark.parametrize("name", ["strategy_runner", "risk_manager", "budget_guard", "oms"])
def test_its_journal_gives_what_a_stage_published(ran: Ran, name: str) -> None:
    (wiring,) = LANES.wirings(name)
    files = {(i.topic, p): ran.lines(i.topic, p) for i in wiring.inputs for p in i.partitions}

    def fetch(topic: str, partition: int, offset: int) -> bytes:
        return files[topic, partition][offset]

    journal = ran.messages(f"journal.{name}")
    again: dict[str, list[bytes]] = {topic: [] for topic in wiring.targets}
    for output in replay_journal(
        stage_app(CONTEXT, name), journal, fetch, CONTEXT.end_ns + MINUTE_NS
    ):
        again.setdefault(output.topic, []).append(codec.encode(output.message))
    for topic, target in wiring.targets.items():
        published = ran.lines(topic, target.first)
        assert again[topic][: len(published)] == published, topic


def test_it_stops_when_asked_and_keeps_what_it_has(tmp_path: Path) -> None:
    def until_there_are_bars(progress: Progress) -> bool:
        return progress.archive.counts["bars.1s"] < 20

    stopped = play(tmp_path, until_there_are_bars)

    assert stopped.summary.stopped
    assert stopped.messages("ticks")[-1].at_ns < CONTEXT.end_ns
    assert len(stopped.lines("bars.1s")) == stopped.summary.counts["bars.1s"] >= 20


@pytest.mark.postgres
def test_with_a_database_every_bar_is_stored(tmp_path: Path, postgres_folder: Path) -> None:
    stored = play(tmp_path, database=True, data_dir=postgres_folder, speed=2 * SPEED)

    rows = (stored.folder / "tables" / "bars_1m.csv").read_text().splitlines()
    bars: list[Bar] = stored.messages("bars.1m")
    assert len(rows) - 1 == len({(bar.symbol, bar.start_ns) for bar in bars}) > 0
    assert (stored.summary.bar_differences, stored.summary.position_differences) == (0, 0)
