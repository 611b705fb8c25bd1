"""Lanes: who reads and writes which partition, and which replicas are refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tapeline.runner.log import lane_of
from tapeline.runner.stage import BROADCAST
from tapeline.session.compose import Lanes, groups, memory_log
from tapeline.session.manifest import ManifestError
from tapeline.session.pipeline import load_pipeline

PIPELINE = load_pipeline(Path("configs/pipeline.yaml"))


def lanes(market: int = 1, mode: str = "paper", **replicas: int) -> Lanes:
    return Lanes(PIPELINE, mode, "demo", market, replicas)


def test_market_topics_have_the_partitions_that_were_asked_for_and_the_order_path_one_lane() -> (
    None
):
    partitions = lanes(4).partitions()

    assert (partitions["ticks"], partitions["bars.1s"], partitions["bars.15m"]) == (4, 4, 4)
    assert (partitions["orders"], partitions["live_orders"], partitions["fills"]) == (1, 1, 1)


def test_each_writer_of_a_topic_has_partitions_of_its_own() -> None:
    """So that at_ns never goes back within a partition."""
    four = lanes(4)
    writers = four.writers("control")
    targets = {name: four.wirings(name)[0].targets["control"] for name in writers}

    assert writers == ["ingestion", "risk_manager"]
    assert four.partitions()["control"] == 2
    assert [targets[name].own for name in writers] == [(0,), (1,)]
    assert [targets[name].partition("A1") for name in writers] == [0, 1]


def test_a_stage_reads_the_partitions_of_every_writer() -> None:
    (oms,) = lanes(4).wirings("oms")
    control = next(i for i in oms.inputs if i.topic == "control")

    assert (control.partitions, control.feedback) == ((0, 1), True)
    assert control.rank == PIPELINE.rank("control")


@pytest.mark.parametrize(("market", "replicas"), [(1, 1), (4, 1), (4, 2), (4, 3), (8, 8)])
def test_replicas_share_the_partitions_without_gap_or_overlap(market: int, replicas: int) -> None:
    wired = lanes(market, bar_builder_1s=replicas).wirings("bar_builder_1s")

    assert [w.group for w in wired] == [f"demo.bar_builder_1s.{n}" for n in range(replicas)]
    for read in (
        [w.inputs[0].partitions for w in wired],
        [w.targets["bars.1s"].own for w in wired],
    ):
        assert sorted(p for own in read for p in own) == list(range(market))
    for wiring in wired:
        assert wiring.inputs[0].partitions == wiring.targets["bars.1s"].own
        for lane in wiring.inputs[0].partitions:
            keys = [f"S{n}" for n in range(99) if lane_of(f"S{n}", market) == lane]
            assert {wiring.targets["bars.1s"].partition(key) for key in keys} == {lane}
        assert wiring.targets["bars.1s"].partitions(BROADCAST) == wiring.inputs[0].partitions


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "two replicas of a stage of the order path": (
        lambda: lanes(4, oms=2).wirings("oms"),
        "spec.stages.oms.replicas: 2, but its topics are one ordered lane for each account",
    ),
    "more replicas than partitions": (
        lambda: lanes(2, bar_builder_1s=3).wirings("bar_builder_1s"),
        "spec.stages.bar_builder_1s.replicas: 3 is more than the 2 partitions of its topics",
    ),
}


@pytest.mark.parametrize(("ask", "message"), REFUSED.values(), ids=REFUSED)
def test_replicas_that_could_not_work_are_refused(ask: Callable[[], object], message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        ask()
    assert str(caught.value).startswith(message)
    assert re.search("; (set it to|lower it)", str(caught.value))


@pytest.mark.parametrize(("mode", "gateway"), [("paper", "gateway_paper"), ("dry", "gateway_dry")])
def test_a_mode_has_its_gateway(mode: str, gateway: str) -> None:
    running = lanes(1, mode)

    assert [name for name in running.stages() if name.startswith("gateway")] == [gateway]
    assert running.writers("broker.reports") == [gateway]
    assert running.partitions()["broker.reports"] == 1


def test_every_topic_has_the_groups_that_read_it() -> None:
    found = groups(lanes(2, bar_builder_1s=2))

    assert found["ticks"] == (
        "demo.bar_builder_1s.0",
        "demo.bar_builder_1s.1",
        "demo.gateway_paper.0",
    )
    assert "ticks.late" not in found
    readers = Counter(read.topic for s in lanes().stages().values() for read in s.reads)
    assert {topic: len(names) for topic, names in groups(lanes()).items()} == readers


def test_the_log_of_a_session_keeps_only_what_somebody_reads() -> None:
    log = memory_log(lanes(3), None)
    transaction = log.transaction("x", log.register("x"))
    for topic in ("ticks", "ticks.late"):
        transaction.produce(topic, 0, "A", b"{}")
    transaction.commit()

    assert log.partitions("ticks") == 3
    assert (log.backlog("ticks"), log.backlog("ticks.late")) == (1, 0)
