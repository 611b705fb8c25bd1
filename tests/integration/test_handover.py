"""Handovers between Python and Go on a real broker: the short form of `make handover-soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from fault_kafka.handover import BUILDER, Soak, as_json, lines_of, run_soak
from tapeline.local import LocalKafka, LocalPostgres
from tapeline.supervisor.database import SessionDatabase

RATE = 1_000
"""A rate that a busy machine keeps up with; what it is compared with does not depend on it."""


@pytest.mark.parametrize(("lanes", "replicas"), [(1, 1), (4, 2)])
def test_a_stage_goes_to_go_and_back_and_loses_and_doubles_nothing(
    lanes: int,
    replicas: int,
    kafka: LocalKafka,
    postgres_server: LocalPostgres,
    prefix: str,
    tmp_path: Path,
) -> None:
    """With one task in one process, and with four tasks that two processes share."""
    soak = Soak(
        seed=lanes,
        moments=2,
        rate=RATE,
        lanes=lanes,
        replicas=replicas,
        stages=(BUILDER,),
        rest_s=(0.2, 0.5),
    )
    try:
        result = run_soak(soak, kafka, postgres_server, tmp_path / prefix)
    finally:
        SessionDatabase(postgres_server.conninfo, prefix).drop()

    assert [(t.handover.before, t.handover.after) for t in result.took] == [
        ("python", "go"),
        ("go", "python"),
    ]
    assert [len(t.handover.tasks) for t in result.took] == [lanes, lanes]
    assert result.checked.differences == []
    assert result.checked.wrong_hashes == []
    assert (result.checked.hashes, result.checked.lost, result.checked.doubled) == (2 * lanes, 0, 0)
    assert result.checked.outputs > 0
    assert as_json(result)["records"] == result.checked.outputs
    assert any("0 lost, 0 doubled" in line for line in lines_of(result))
