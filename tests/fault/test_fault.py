"""The fault simulator finds nothing in the product, and finds every bug that is planted."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import invariants
import scenario
import simulate

from tapeline.runner.log import Committed
from tapeline.runner.memory import MemoryTransaction
from tapeline.runner.merge import Merge
from tapeline.runner.scheduler import StalledError
from tapeline.runner.snapshot import SNAPSHOT_KEY
from tapeline.runner.stage import Event

SEEDS = 8
PLANTED = scenario.Faults(
    crash=0.01, duplicate=0.2, short_poll=0.4, database=0.1, snapshot_events=50
)


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_a_disturbed_run_leaves_what_an_undisturbed_one_leaves(seed: int) -> None:
    _, broken = simulate.run_seed(seed)

    assert broken is None, f"seed {seed}: {broken}"


def caught(says: str, log_type: type[scenario.FaultyLog] = scenario.FaultyLog) -> bool:
    """Whether one of a few seeds says so of a product with a planted bug."""
    context = scenario.context(1)
    expected = simulate._expected(1)
    for seed in range(1, 7):
        try:
            outcome = scenario.run(context, seed, PLANTED, log_type)
            invariants.check(outcome, expected, context)
        except (invariants.InvariantError, StalledError, AssertionError) as error:
            if re.search(says, str(error)):
                return True
    return False


class OffsetsFirst(scenario.FaultyLog):
    """Offsets become visible before the outputs that they stand for."""

    def transaction(self, producer_id: str, epoch: int) -> MemoryTransaction:
        log = self

        class Early(MemoryTransaction):
            def save(self, group: str, at: Committed, retain_from: Committed | None) -> None:
                early = MemoryTransaction(log, producer_id, epoch)
                early.saved.append((group, at, retain_from))
                log.apply(early)

        return Early(self, producer_id, epoch)


class OutputsFirst(scenario.FaultyLog):
    """Outputs become visible as they are produced, before the offsets."""

    def transaction(self, producer_id: str, epoch: int) -> MemoryTransaction:
        log = self

        class Early(MemoryTransaction):
            def produce(self, topic: str, partition: int, key: str, value: bytes) -> None:
                early = MemoryTransaction(log, producer_id, epoch)
                early.produced[topic, partition] = [(key, value)]
                log.apply(early)

        return Early(self, producer_id, epoch)


class StateForgotten(scenario.FaultyLog):
    """A snapshot says up to where it reaches, but its entries are not saved."""

    def transaction(self, producer_id: str, epoch: int) -> MemoryTransaction:
        class Forgetful(MemoryTransaction):
            def put_state(self, stage: str, key: str, value: bytes | None) -> None:
                if key == SNAPSHOT_KEY:
                    super().put_state(stage, key, value)

        return Forgetful(self, producer_id, epoch)


@pytest.mark.parametrize(
    ("log_type", "says"),
    [
        (OffsetsFirst, "lost|waits and no stage advances"),
        (OutputsFirst, "doubled"),
        (StateForgotten, "doubled or new|illegal|lacks"),
    ],
    ids=["offsets before outputs", "outputs before offsets", "state not saved"],
)
def test_a_planted_delivery_bug_is_caught(log_type: type[scenario.FaultyLog], says: str) -> None:
    simulate._expected(1)

    assert caught(says, log_type)


def test_a_merge_that_does_not_wait_for_its_inputs_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulate._expected(1)

    def hasty(self: Merge, events_max: int) -> tuple[list[Event], int]:
        taken = [event for buffer in self.buffers for event in buffer.events]
        for buffer in self.buffers:
            buffer.events.clear()
        return sorted(taken), self.horizon_ns()

    monkeypatch.setattr(Merge, "take", hasty)

    assert caught("")


def test_a_failure_names_its_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulate, "run_seed", lambda seed: (0, "broken" if seed == 7 else None))

    with pytest.raises(SystemExit):
        simulate.report(simulate.run_seeds([6, 7]), 2)

    assert "seed 7 FAILED: broken" in capsys.readouterr().out
