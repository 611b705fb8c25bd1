"""Real time: whatever the arrival, and however often stages are killed, the journal replays it."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "fault"))

import scenario

from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Journal
from tapeline.ingestion.app import source
from tapeline.runner.drive import drive
from tapeline.runner.memory import MemoryLog
from tapeline.runner.realtime import QueueRunner, SessionClock, replay_journal
from tapeline.runner.stage import Event, Output
from tapeline.session.compose import SINK, SOURCE, Lanes, Session, stage_app

CONTEXT = scenario.context(2)
LANES = Lanes(CONTEXT.pipeline, "paper", CONTEXT.name, 1, {})


class Played:
    """A real-time session on a clock that the test moves, with stages killed at random."""

    def __init__(self, seed: int, kill: float) -> None:
        self.chance = random.Random(seed)
        self.now_ns = CONTEXT.start_ns
        self.log = MemoryLog(LANES.partitions())
        clock = SessionClock(None, lambda: self.now_ns)
        self.session = Session(CONTEXT, LANES, self.log, None, clock, start=False)
        self.source = source(CONTEXT)
        self.wirings = [
            w for name in LANES.stages() if name not in {SOURCE, SINK} for w in LANES.wirings(name)
        ]
        self.runners: dict[str, Any] = {w.stage: self.build(w, kill) for w in self.wirings}
        (feed,) = LANES.wirings(SOURCE)
        self.feed = QueueRunner(self.arrived, feed, self.log, lambda: self.now_ns)
        self.kills = 0
        while self.now_ns < CONTEXT.end_ns:
            self.now_ns += self.chance.randint(1, 900) * MS_NS
            self.round(kill)
        for _ in range(20):
            self.round(0)

    def build(self, wiring: Any, kill: float) -> Any:
        def after_step(_step: int) -> None:
            if self.chance.random() < kill:
                raise scenario.Crash

        return self.session.build(wiring, after_step)

    def round(self, kill: float) -> None:
        self.feed.cycle()
        for wiring in self.chance.sample(self.wirings, len(self.wirings)):
            try:
                self.runners[wiring.stage].cycle()
            except scenario.Crash:
                self.kills += 1
                self.runners[wiring.stage] = self.build(wiring, kill)

    def arrived(self) -> list[Output]:
        due = self.source.slice(self.now_ns - SECOND_NS)
        return [replace(o, message=replace(o.message, at_ns=self.now_ns)) for o in due]

    def published(self, stage: str) -> dict[str, list[bytes]]:
        """What a stage published, by topic."""
        (wiring,) = LANES.wirings(stage)
        values = {
            topic: [r.value for r in self.log.held(topic, target.first)]
            for topic, target in wiring.targets.items()
        }
        return {topic: found for topic, found in values.items() if found}

    def replayed(self, stage: str) -> dict[str, list[bytes]]:
        """What the stage publishes from its journal, or from its only input in order."""
        app = stage_app(CONTEXT, stage)
        (wiring,) = LANES.wirings(stage)
        until_ns = self.runners[stage].horizon_ns
        if len(wiring.inputs) > 1 or len(wiring.inputs[0].partitions) > 1:
            entries = [
                codec.decode("journal.x", r.value) for r in self.log.held(f"journal.{stage}", 0)
            ]
            assert all(isinstance(entry, Journal) for entry in entries)
            outputs = replay_journal(app, entries, self.fetch, until_ns)
        else:
            outputs = drive(app, self.in_order(wiring.inputs[0].topic), until_ns)
        values: dict[str, list[bytes]] = {}
        for output in outputs:
            if not output.topic.endswith(".dead"):
                values.setdefault(output.topic, []).append(codec.encode(output.message))
        return values

    def fetch(self, topic: str, partition: int, offset: int) -> bytes:
        return self.log.held(topic, partition)[offset].value

    def in_order(self, topic: str) -> Any:
        for record in self.log.held(topic, 0):
            message = codec.decode(topic, record.value)
            yield Event(message.at_ns, 0, record.key, record.offset, topic, message)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**9), kill=st.sampled_from([0.0, 0.0005, 0.003]))
def test_the_journal_of_a_real_time_run_gives_its_outputs_byte_for_byte(
    seed: int, kill: float
) -> None:
    played = Played(seed, kill)

    published = {w.stage: played.published(w.stage) for w in played.wirings}
    assert published["bar_builder_1s"]["bars.1s"]
    for stage, values in published.items():
        assert played.replayed(stage) == values, stage


def test_a_real_time_run_trades() -> None:
    played = Played(7, 0.001)

    assert played.kills > 0
    assert played.published("oms")["fills"]
