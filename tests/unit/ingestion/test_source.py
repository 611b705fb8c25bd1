"""Choosing a source, its drills, its spans, and the small parts of the smoke market."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from statistics import fmean

import pytest

import ingestion_sessions as build
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS, ist_ns
from tapeline.contracts.messages import Control
from tapeline.ingestion.app import source
from tapeline.ingestion.beats import Gap, Span, beats, spans
from tapeline.ingestion.smoke_book import SmokeBook
from tapeline.ingestion.smoke_market import Market, feed_gaps, intensity, seeded
from tapeline.ingestion.smoke_symbol import auction_ns
from tapeline.ingestion.source import AT_NS, ChunkedSource, with_drills
from tapeline.market.phases import Phase
from tapeline.session.manifest import ManifestError

ALL_TIME_NS = 2**62


def phase(start_s, end_s, name="continuous"):
    return Phase(start_s * SECOND_NS, end_s * SECOND_NS, name, 0)


def test_kite_is_refused_with_what_to_do():
    with pytest.raises(ManifestError, match=r"kite comes .*; use smoke or replay"):
        source(build.session({"type": "kite"}))


def test_drills_become_control_records_before_the_ticks_of_their_time():
    drills = [
        {"at": "08:00", "command": "PAUSE"},
        {"at": "09:16", "command": "SET", "key": "a.b", "value": 3},
        {"at": "23:00", "command": "KILL"},
    ]
    found = source(build.session(plan=build.HALF_HOUR, drills=drills)).slice(ALL_TIME_NS)

    controls = [(place, each) for place, each in enumerate(found) if each.topic == "control"]
    assert [each.key for _, each in controls] == ["PAPER1"] * 3
    assert [place for place, _ in controls][0::2] == [0, len(found) - 1]
    place, middle = controls[1]
    assert middle.message == Control(
        at_ns=ist_ns(build.DAY, time(9, 16)),
        command="SET",
        by="drill",
        reason="OK",
        key="a.b",
        value=3,
    )
    assert AT_NS(found[place - 1]) < AT_NS(middle) == AT_NS(found[place + 1])


def test_drills_of_one_time_keep_their_order():
    drills = [
        {"at": "09:20", "command": "KILL"},
        {"at": "09:20", "command": "RESUME"},
        {"at": "09:21", "command": "PAUSE"},
    ]
    found = source(build.session(plan=build.HALF_HOUR, drills=drills)).slice(ALL_TIME_NS)
    commands = [each.message.command for each in found if each.topic == "control"]
    assert commands == ["KILL", "RESUME", "PAUSE"]
    assert all(AT_NS(a) <= AT_NS(b) for a, b in pairwise(found))


def test_drills_are_played_where_there_is_nothing_else():
    settings = build.settings(drills=[{"at": "10:00", "command": "KILL"}])
    played = ChunkedSource(with_drills(iter(()), settings))
    assert played.next_ns() == ist_ns(build.DAY, time(10))
    assert len(played.slice(ALL_TIME_NS)) == 1
    assert played.next_ns() is None


def test_a_source_whose_time_goes_back_is_a_bug():
    first, second = (list(beats(s * SECOND_NS, (s + 1) * SECOND_NS)) for s in (2, 1))
    with pytest.raises(AssertionError, match="must not go back"):
        ChunkedSource(iter([first, second])).slice(ALL_TIME_NS)


@pytest.mark.parametrize(
    ("phases", "gaps", "expected"),
    {
        "phases of classes are merged": (
            [(phase(0, 10), phase(60, 70)), (phase(5, 20),)],
            (),
            [(0, 26), (60, 76)],
        ),
        "phases that touch are one": ([(phase(0, 10), phase(10, 20))], (), [(0, 26)]),
        "a gap within changes nothing": ([(phase(0, 60),)], ((10, 20),), [(0, 66)]),
        "a gap over the end keeps the feed on after it": (
            [(phase(0, 60),)],
            ((58, 75),),
            [(0, 81)],
        ),
        "and may join what follows": (
            [(phase(0, 60), phase(75, 90))],
            ((58, 75),),
            [(0, 96)],
        ),
    }.values(),
)
def test_spans(phases, gaps, expected):
    cuts = tuple(Gap(a * SECOND_NS, b * SECOND_NS, silent=True) for a, b in gaps)
    assert spans(phases, 5, cuts) == tuple(Span(a * SECOND_NS, b * SECOND_NS) for a, b in expected)


@pytest.mark.parametrize("silent", [True, False])
def test_beats_of_a_gap(silent):
    gap = Gap(SECOND_NS, 4 * SECOND_NS, silent)
    found = list(beats(1, 7 * SECOND_NS, (gap,)))
    if silent:
        assert [AT_NS(each) // SECOND_NS for each in found] == [1, 5, 6]
    else:
        assert "".join(each.message.feed[0] for each in found) == "lsssll"


@pytest.mark.parametrize(
    ("part", "first_s", "last_s"),
    {
        "the eighth minute of the pre-open": (phase(0, 900, "pre_open"), 420, 480),
        "its last minute when it ends there": (phase(0, 480, "pre_open"), 420, 480),
        "what is left of a clipped one": (phase(0, 30, "pre_open"), 0, 30),
        "the matching of the closing auction": (phase(0, 1200, "closing_auction"), 900, 1140),
    }.values(),
)
def test_time_of_an_auction(part, first_s, last_s):
    assert auction_ns(part, 0.0) == first_s * SECOND_NS
    assert first_s * SECOND_NS <= auction_ns(part, 0.999) < last_s * SECOND_NS


def test_gaps_are_a_while_apart_and_can_be_turned_off():
    gaps = [gap for day in range(20) for gap in feed_gaps(3, day, 90)]
    within = [(b.start_ns - a.end_ns) / MINUTE_NS for a, b in pairwise(gaps) if b > a]
    assert 80 < fmean(within) < 110
    assert {(g.end_ns - g.start_ns) // SECOND_NS for g in gaps} <= set(range(5, 21))
    assert {gap.silent for gap in gaps} == {True, False}
    assert feed_gaps(3, 1, 0) == ()


def test_intensity_has_mean_one_and_its_peaks_at_the_ends():
    assert fmean(intensity(minute) for minute in range(555, 931)) == pytest.approx(1, abs=0.01)
    assert intensity(555) == intensity(930) == intensity(1100) == pytest.approx(1.8)


def test_factors_of_a_day_start_at_zero_and_stay_in_range():
    market = Market(5)
    assert market.level("BANK", 1.2, 10, 540) == 0.0
    levels = [market.level("BANK", market.beta("BANK"), day, 930) for day in range(30)]
    assert 0.002 < max(levels) < 0.06
    assert -0.06 < min(levels) < -0.002
    assert market.beta("INDEX") == 1.0
    assert 0.7 <= market.beta("BANK") <= 1.3


def test_the_book_of_a_share_near_zero_has_fewer_bids_and_stays_on_the_grid():
    penny = build.instrument("AAA", prev_close_e4=500, band_bp=9_000, adv_shares=10_000_000_000)
    book = SmokeBook(penny, 0.75, seeded(1, "AAA"))
    for bits in (0, 1):
        book.trade(200.0, 0.5)
        *_, bids, asks = book.row(1, 1, trade=True, bits=bits)
        assert all(level >= 100 for level in bids[::2])
        assert len(bids) < len(asks) == 6


def test_the_book_changes_its_grid_where_the_tick_size_does():
    share = build.instrument("AAA", prev_close_e4=2_500_500)
    book = SmokeBook(share, 0.75, seeded(1, "AAA"))
    for price, expected in ((2_499_950.0, 2_499_900), (2_500_950.0, 2_500_500)):
        book.trade(price, 0.0)
        *_, bids, asks = book.row(1, 1, trade=True, bits=1)
        assert book.price_e4 == expected
        for level in (*bids[::2], *asks[::2]):
            assert level == share.round_price(level, up=True)
