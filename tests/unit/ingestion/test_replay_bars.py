"""Minute bars to ticks: what is played, what is refused and where the rest goes."""

from __future__ import annotations

import base64
from datetime import time
from itertools import pairwise

import pytest

import ingestion_sessions as build
from tapeline.contracts.clock import MS_NS, SECOND_NS, ist, ist_ns
from tapeline.contracts.messages import Dead, Heartbeat
from tapeline.contracts.reasons import Reason
from tapeline.ingestion.app import source
from tapeline.ingestion.replay_bars import COLUMNS, MinuteRow, expand
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.source import AT_NS, SourceError
from tapeline.session.manifest import ManifestError

ALL_TIME_NS = 2**62
SHARE = build.instrument("INFY")
GOOD = ("10:00:00,1480.00,1482.00,1479.50,1481.00,1000", "10:02:00,1481,1481,1481,1481,0")


def on(day, *rows):
    return [f"{day.isoformat()}T{row}" for row in rows]


def play(tmp_path, rows, *, header=COLUMNS, share=SHARE, **changes):
    (tmp_path / "bars.csv").write_text("\n".join([",".join(header), *rows]) + "\n")
    files = {share.symbol: "bars.csv"}
    return source(
        build.session(
            {"type": "replay", "format": "bars-1m", "files": files},
            instruments=(share,),
            base_dir=tmp_path,
            plan=changes.pop("plan", build.ONE_HOUR),
            **changes,
        )
    ).slice(ALL_TIME_NS)


def bar(open_e4, high_e4, low_e4, close_e4, volume):
    return MinuteRow(2, 0, open_e4, high_e4, low_e4, close_e4, volume, "")


@pytest.mark.parametrize(
    ("row", "path"),
    {
        "the high comes first when it is nearer to the open": (
            bar(18, 20, 10, 12, 9),
            ((18, 0), (20, 3), (10, 3), (12, 3)),
        ),
        "the low comes first when it is nearer to the open": (
            bar(12, 20, 10, 18, 10),
            ((12, 0), (10, 3), (20, 3), (18, 4)),
        ),
        "the high comes first when both are as near": (
            bar(15, 20, 10, 15, 2),
            ((15, 0), (20, 0), (10, 0), (15, 2)),
        ),
        "a bar of one price without volume": (bar(5, 5, 5, 5, 0), ((5, 0),) * 4),
    }.values(),
)
def test_path_of_a_bar(row, path):
    assert expand(row) == path


def test_four_ticks_of_a_minute(tmp_path):
    first, *_, last = ticks = build.ticks_of(play(tmp_path, on(build.DAY, GOOD[0])))

    start_ns = ist_ns(build.DAY, time(10))
    offsets_ms = [(t.event_ns - start_ns) // MS_NS for t in ticks]
    assert offsets_ms == [500, 20_000, 40_000, 59_000]
    assert [t.last_price_e4 for t in ticks] == [14_800_000, 14_795_000, 14_820_000, 14_810_000]
    assert [t.last_qty for t in ticks] == [0, 333, 333, 334]
    assert [t.day_volume for t in ticks] == [0, 333, 666, 1000]
    assert [t.seq for t in ticks] == [0, 1, 2, 3]
    assert all(t.trade and t.at_ns == t.event_ns + 50_000_000 for t in ticks)
    assert first.bids == (14_799_000, 100_000)
    assert last.asks == (14_811_000, 100_000)


def test_a_price_of_one_tick_has_no_bids(tmp_path):
    penny = build.instrument("INFY", prev_close_e4=100)
    ticks = build.ticks_of(
        play(tmp_path, on(build.DAY, "10:00:00,0.01,0.01,0.01,0.01,3"), share=penny)
    )
    assert {tick.bids for tick in ticks} == {()}
    assert {tick.asks for tick in ticks} == {(200, 100_000)}


def test_an_index_is_played_without_volume_and_depth(tmp_path):
    ticks = build.ticks_of(play(tmp_path, on(build.DAY, GOOD[0]), share=build.INDEX))
    assert {(t.day_volume, t.last_qty, t.bids, t.asks) for t in ticks} == {(None, 0, (), ())}


def test_days_start_again_and_the_night_is_silent(tmp_path):
    rows = [*on(build.DAY, *GOOD), *on(build.NEXT_DAY, *GOOD)]
    found = play(tmp_path, rows, days=(build.DAY, build.NEXT_DAY))

    assert [tick.seq for tick in build.ticks_of(found)] == [*range(8), *range(8)]
    assert [tick.day_volume for tick in build.ticks_of(found)][8] == 0
    beats = [each.message.at_ns for each in found if isinstance(each.message, Heartbeat)]
    assert len(beats) == 2 * 3606
    assert len([1 for a, b in pairwise(beats) if b - a != SECOND_NS]) == 1
    assert ist(beats[3605]).time() == time(11, 0, 5)
    assert all(AT_NS(a) <= AT_NS(b) for a, b in pairwise(found))


def test_a_minute_that_its_phase_cuts_short_stays_within_it(tmp_path):
    plan = {"cash_fno": (("continuous", "10:00", "10:02:30"),)}
    ticks = build.ticks_of(play(tmp_path, on(build.DAY, GOOD[1]), plan=plan))
    end_ns = ist_ns(build.DAY, time(10, 2, 30))
    assert [end_ns - t.event_ns for t in ticks][-1] == SECOND_NS // 2
    assert len({tick.event_ns for tick in ticks}) == 4


def test_rows_in_no_phase_are_dead_letters_with_their_text(tmp_path):
    early, late = "09:50:00,1480,1480,1480,1480,7", "11:07:00,1480,1480,1480,1480,7"
    found = play(tmp_path, on(build.DAY, early, *GOOD, late))

    dead = [each for each in found if isinstance(each.message, Dead)]
    assert [each.topic for each in dead] == ["ticks.dead"] * 2
    assert [each.key for each in dead] == ["INFY"] * 2
    assert {each.message.reason for each in dead} == {Reason.TICK_OUTSIDE_SESSION}
    assert [base64.b64decode(d.message.payload_b64).decode() for d in dead] == on(
        build.DAY, early, late
    )
    assert dead[0].message.at_ns == ist_ns(build.DAY, time(10))
    assert dead[1].message.at_ns == ist_ns(build.DAY, time(11, 2))
    assert dead[1].message.detail == "bars.csv:5: lies in no phase of the calendar"
    assert len(build.ticks_of(found)) == 8


def test_rows_that_the_manifest_did_not_ask_for_are_passed_over(tmp_path):
    rows = [*on(build.DAY, "09:30:00,1,1,1,1,1", *GOOD, "11:30:00,1,1,1,1,1")]
    rows += on(build.NEXT_DAY, *GOOD)
    found = play(tmp_path, rows, window={"from": time(10), "to": time(11)})
    assert not [each for each in found if isinstance(each.message, Dead)]
    assert len(build.ticks_of(found)) == 8


@pytest.mark.parametrize(
    ("rows", "complaint"),
    {
        "a high below the close": (
            ["10:00:00,10,11,9,12,1"],
            "bars.csv:2: high 11 is below another price of the row",
        ),
        "a low above the open": (
            ["10:00:00,10,12,11,12,1"],
            "bars.csv:2: low 11 is above another price of the row",
        ),
        "five decimals": (["10:00:00,10.00001,12,9,12,1"], "open '10.00001' is not a price"),
        "not a number": (["10:00:00,10,NaN,9,12,1"], "high 'NaN' is not a price"),
        "a negative price": (["10:00:00,10,12,-9,12,1"], "low '-9' is not a price"),
        "a price of zero": (["10:00:00,10,12,0,12,1"], "low '0' is not a price in rupees above 0"),
        "half a share": (["10:00:00,10,12,9,12,1.5"], "volume '1.5' is not a whole number"),
        "a minute twice": ([GOOD[1], GOOD[1]], "bars.csv:3: repeats the minute of line 2"),
        "rows out of order": ([GOOD[1], GOOD[0]], "bars.csv:3: is earlier than line 2; sort"),
        "a missing column": (["10:00:00,10,12,9,12"], "bars.csv:2: 5 columns instead of 6"),
        "not a time": (["25:00:00,10,12,9,12,1"], "is not a time like 2019-01-01T09:15:00"),
        "a time of another format": (["10h00,10,12,9,12,1"], "is not a time like"),
        "not a whole minute": (["10:00:30,10,12,9,12,1"], "must be a whole minute"),
        "a time with a zone": (["10:00:00+05:30,10,12,9,12,1"], "must be a whole minute"),
        "an unclosed quote": (['10:00:00,"10,12,9,12,1'], "is not CSV in UTF-8"),
    }.values(),
)
def test_a_bad_row_is_named_before_anything_is_played(tmp_path, rows, complaint):
    with pytest.raises(SourceError) as error:
        play(tmp_path, on(build.DAY, *rows))
    assert complaint in str(error.value)


def test_a_wrong_header_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"bars.csv:1: the first line must be start_ist,open"):
        play(tmp_path, [], header=["time", "price"])


@pytest.mark.parametrize("year", ["1970", "2262"])
def test_a_year_whose_nanoseconds_do_not_fit_is_named(tmp_path, year):
    with pytest.raises(SourceError, match="is not in the years 1971 to 2261"):
        play(tmp_path, [f"{year}-01-01T10:00,1,1,1,1,1"])


def test_settings_that_went_through_json_play_the_same(tmp_path):
    (tmp_path / "bars.csv").write_text("\n".join([",".join(COLUMNS), *on(build.DAY, *GOOD)]))
    replay = {"type": "replay", "format": "bars-1m", "files": {"INFY": "bars.csv"}}
    made = build.settings(
        replay, instruments=(SHARE,), base_dir=tmp_path, window={"from": time(10)}
    )
    assert Settings.model_validate(made.model_dump(mode="json")) == made
    assert made.source.files == {"INFY": str(tmp_path / "bars.csv")}


def test_trailing_zeros_are_not_decimals(tmp_path):
    row = "10:00:00,1480.0500000,1480.050,1480.05,1480.05,1"
    assert build.ticks_of(play(tmp_path, on(build.DAY, row)))[0].last_price_e4 == 14_800_500


@pytest.mark.parametrize(
    ("files", "complaint"),
    {
        "a symbol without a file": ({}, "no file for ['INFY']"),
        "a file without a symbol": ({"INFY": "a.csv", "TCS": "b.csv"}, "['TCS'] are not in spec"),
        "a file that is not there": ({"INFY": "a.csv"}, "a.csv: cannot be read"),
    }.values(),
)
def test_files_must_match_the_symbols(tmp_path, files, complaint):
    replay = {"type": "replay", "format": "bars-1m", "files": files}
    session = build.session(replay, instruments=(SHARE,), base_dir=tmp_path)
    with pytest.raises(ManifestError) as error:
        source(session)
    assert complaint in str(error.value)
