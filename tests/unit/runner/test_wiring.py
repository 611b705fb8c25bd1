"""Where the records of a replica go, and what it is called."""

from __future__ import annotations

from tapeline.runner.log import lane_of
from tapeline.runner.stage import BROADCAST
from tapeline.runner.wiring import Target, Wiring


def test_a_key_stays_in_the_lanes_of_its_writer() -> None:
    target = Target("ticks", 4, 4, (4, 6))
    keys = [f"S{n}" for n in range(50)]

    assert {target.partition(key) for key in keys} == {4, 5, 6, 7}
    assert all(target.partitions(key) == (4 + lane_of(key, 4),) for key in keys)


def test_a_broadcast_goes_to_the_partitions_of_the_replica_alone() -> None:
    assert Target("ticks", 4, 4, (4, 6)).partitions(BROADCAST) == (4, 6)


def test_names_hold_session_stage_and_replica() -> None:
    wiring = Wiring("demo", "oms", 2, (), {})

    assert wiring.group == "demo.oms.2"
    assert wiring.state == "oms.2"
