"""Some ten kills under one session on a real broker and a real database; `make fault-kafka` has
more of them."""

from __future__ import annotations

import os

from fault_kafka.plan import draw_short, planned
from fault_kafka.run import FOLDER, run_plan

SEED = 7
"""Another one with each change of this line; a failure is repeated by --short --seed."""


def test_a_session_whose_processes_and_services_are_killed_loses_and_doubles_nothing() -> None:
    rounds = draw_short(SEED)

    (result,) = run_plan(rounds, FOLDER / f"short-{os.getpid()}")

    assert result.done.count() == planned(rounds) >= 10
    assert result.records > 0
    assert [str(difference) for difference in result.differences] == []
    assert result.broken == ()
