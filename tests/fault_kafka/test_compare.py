"""What the fault run must notice is planted here, and noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fault_kafka.compare import (
    OF_THE_RUN,
    compare_tables,
    compare_topics,
    expected_topics,
)
from fault_kafka.disturb import DisturbanceError, Disturber
from fault_kafka.plan import (
    ALL_STEPS,
    GO,
    SINK,
    SOURCE,
    SOURCE_STEPS,
    STAGES,
    Death,
    Event,
    Round,
    draw,
    draw_short,
    planned,
)
from fault_kafka.run import KILLS_MIN
from tapeline.local import LocalKafka, LocalPostgres
from tapeline.session.tables import CSV_TABLES
from tapeline.supervisor.child import Program

TICKS = {("ticks", 0): [b"a", b"b", b"c"], ("ticks", 1): [b"d"]}

PLANTED = {
    "a record is lost": ({("ticks", 0): [b"a", b"c"], ("ticks", 1): [b"d"]}, (1, 0)),
    "the last record is lost": ({("ticks", 0): [b"a", b"b"], ("ticks", 1): [b"d"]}, (1, 0)),
    "a record is doubled": ({("ticks", 0): [b"a", b"b", b"b", b"c"], ("ticks", 1): [b"d"]}, (0, 1)),
    "a record is changed": ({("ticks", 0): [b"a", b"x", b"c"], ("ticks", 1): [b"d"]}, (1, 1)),
    "two records changed places": (
        {("ticks", 0): [b"b", b"a", b"c"], ("ticks", 1): [b"d"]},
        (0, 0),
    ),
    "a partition is empty": ({("ticks", 0): [b"a", b"b", b"c"]}, (1, 0)),
    "a topic too many": ({**TICKS, ("ticks.dead", 0): [b"e"]}, (0, 1)),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_fault_of_a_topic_is_noticed(case: str) -> None:
    found, (lost, doubled) = PLANTED[case]

    (difference,) = compare_topics(found, TICKS)

    assert (difference.lost, difference.doubled) == (lost, doubled)


def test_a_record_in_another_partition_is_lost_here_and_too_many_there() -> None:
    differences = compare_topics({("ticks", 0): [b"a", b"b"], ("ticks", 1): [b"d", b"c"]}, TICKS)

    assert [(d.lost, d.doubled) for d in differences] == [(1, 0), (0, 1)]


def test_equal_topics_have_no_difference() -> None:
    assert compare_topics(TICKS, TICKS) == []


def test_dead_letters_may_have_other_offsets_and_another_order() -> None:
    ours = {("ticks.dead", 0): [b'{"offset":7,"x":1}', b'{"offset":9,"x":2}']}
    theirs = {("ticks.dead", 0): [b'{"offset":1,"x":2}', b'{"offset":0,"x":1}']}

    assert compare_topics(ours, theirs) == []


def test_files_of_a_run_in_one_process_are_its_partitions(tmp_path: Path) -> None:
    (tmp_path / "bars.1m.ndjson").write_bytes(b"a\nb\n")
    (tmp_path / "bars.1m.p1.ndjson").write_bytes(b"c\n")

    expected = {("bars.1m", 0): [b"a", b"b"], ("bars.1m", 1): [b"c"]}
    assert expected_topics(tmp_path) == expected


def tables(folder: Path, fills: str) -> Path:
    folder.mkdir()
    for table in set(CSV_TABLES) - OF_THE_RUN:
        (folder / f"{table}.csv").write_text(fills if table == "fills" else "id,position\n1,2\n")
    return folder


ROWS = {
    "a row is lost": ("id,qty\n1,5\n", (1, 0)),
    "a row is doubled": ("id,qty\n1,5\n2,6\n2,6\n", (0, 1)),
    "a row is changed": ("id,qty\n1,5\n2,7\n", (1, 1)),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_planted_fault_of_a_table_is_noticed(case: str, tmp_path: Path) -> None:
    rows, (lost, doubled) = ROWS[case]
    expected = tables(tmp_path / "expected", "id,qty\n1,5\n2,6\n")

    (difference,) = compare_tables(tables(tmp_path / "found", rows), expected)

    assert (difference.lost, difference.doubled) == (lost, doubled)


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_kills_every_stage_after_every_step_in_every_language(seed: int) -> None:
    rounds = draw(seed)

    assert planned(rounds) >= KILLS_MIN
    assert rounds == draw(seed)
    for stage in STAGES:
        for language in ("python", "go") if stage in GO else ("python",):
            killed = {
                death.step
                for each in rounds
                if (stage in each.go) == (language == "go")
                for death in each.deaths.get(stage, ())
            }
            wanted = {SOURCE: {*SOURCE_STEPS}, SINK: {None}}.get(stage, {None, *ALL_STEPS})
            assert killed == wanted, f"{stage} in {language}"
    assert {e.kind for each in rounds for e in each.events} == {
        "broker",
        "postgres",
        "zombie",
        "rebalance",
        "slow",
    }


@pytest.mark.parametrize("seed", range(20))
def test_a_short_plan_kills_after_every_step(seed: int) -> None:
    (short,) = draw_short(seed)

    steps = {death.step for deaths in short.deaths.values() for death in deaths}
    assert steps == {None, *ALL_STEPS}
    assert short.kills() == 15


def test_a_round_without_its_kills_is_no_success(tmp_path: Path) -> None:
    deaths = {"oms": (Death(4, 1), Death(None, 0))}
    plan = Round("none", 1, deaths=deaths, events=(Event("broker"),))
    disturber = Disturber(plan, LocalKafka(tmp_path), LocalPostgres(tmp_path), tmp_path)
    disturber.programs([Program("oms", 0, "python", lambda _port: ["true"])])

    with pytest.raises(
        DisturbanceError, match=r"0 of 3 kills happened; not done: broker, 2 kills of oms\.0"
    ):
        disturber.finish()
