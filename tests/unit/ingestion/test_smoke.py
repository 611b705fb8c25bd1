"""The smoke source over one full day: what its ticks must look like."""

from __future__ import annotations

from collections import Counter
from datetime import time
from itertools import pairwise
from statistics import fmean

import pytest

import ingestion_sessions as build
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, SECOND_NS, ist, ist_ns
from tapeline.contracts.messages import Heartbeat
from tapeline.ingestion.app import source
from tapeline.ingestion.smoke_market import feed_gaps
from tapeline.ingestion.source import AT_NS
from tapeline.market.phases import PhaseClock

EVERYONE = (*build.LIQUID, build.ILLIQUID, build.INDEX)
ALL_TIME_NS = 2**62


@pytest.fixture(scope="module")
def context():
    return build.session(
        {"type": "smoke", "gap_every_min": 60, "late_bp": 50}, instruments=EVERYONE
    )


@pytest.fixture(scope="module")
def day(context):
    return source(context).slice(ALL_TIME_NS)


def phase_of(context, tick):
    return PhaseClock(context.phases_of(tick.symbol)).at(tick.event_ns)


def test_time_never_goes_back_and_no_symbol_has_two_ticks_at_a_time(day):
    assert all(AT_NS(a) <= AT_NS(b) for a, b in pairwise(day))
    places = Counter((AT_NS(each), each.key) for each in day)
    assert places.most_common(1)[0][1] == 1


def test_sequence_is_the_order_of_receipt(day):
    for each in EVERYONE:
        ticks = build.ticks_of(day, each.symbol)
        assert [tick.seq for tick in ticks] == list(range(len(ticks)))


def test_every_record_passes_the_border_of_its_topic(day):
    for output in day[::37]:
        assert codec.decode(output.topic, codec.encode(output.message)) == output.message


def test_every_tick_lies_in_a_phase_of_its_class_and_is_received_after_it_happened(context, day):
    for tick in build.ticks_of(day):
        assert phase_of(context, tick) is not None
        assert tick.at_ns - tick.event_ns >= 20_000_000
        assert context.start_ns <= tick.at_ns < context.end_ns
        assert tick.event_ns % 1_000_000 == 0


def test_prices_are_on_the_tick_grid_and_within_the_band(context, day):
    for tick in build.ticks_of(day):
        rules = context.instruments[tick.symbol]
        for price_e4 in (tick.last_price_e4, *tick.bids[::2], *tick.asks[::2]):
            assert price_e4 == rules.round_price(price_e4, up=True)
            moved = abs(price_e4 - rules.prev_close_e4)
            assert moved * 10_000 <= rules.band_bp * rules.prev_close_e4


def test_depth_has_three_levels_a_side_around_the_last_price(day):
    for tick in build.ticks_of(day, "HDFCBANK"):
        assert len(tick.bids) == len(tick.asks) == 6
        assert list(tick.bids[::2]) == sorted(tick.bids[::2], reverse=True)
        assert list(tick.asks[::2]) == sorted(tick.asks[::2])
        assert tick.bids[0] < tick.asks[0]
        assert tick.last_price_e4 in (tick.bids[0], tick.asks[0])
        assert min(tick.bids[1::2] + tick.asks[1::2]) > 0


def test_day_volume_only_grows_with_exchange_time_and_holds_the_last_trade(day):
    for symbol in ("HDFCBANK", "AMBIKCO"):
        ticks = sorted(build.ticks_of(day, symbol), key=lambda tick: (tick.event_ns, tick.seq))
        seen = 0
        for tick in ticks:
            assert tick.day_volume >= seen
            if tick.day_volume > seen:
                assert tick.trade
                assert 0 < tick.last_qty <= tick.day_volume - seen
            seen = tick.day_volume


def test_an_index_has_neither_volume_nor_depth(day):
    ticks = build.ticks_of(day, "NIFTY")
    assert len(ticks) > 10_000
    assert all(
        tick.day_volume is None and tick.last_qty == 0 and tick.trade and not tick.bids + tick.asks
        for tick in ticks
    )


def test_one_auction_print_before_the_open_and_depth_before_it(context, day):
    early = [t for t in build.ticks_of(day, "INFY") if phase_of(context, t).name == "pre_open"]
    prints = [tick for tick in early if tick.trade]
    assert len(prints) == 1
    assert time(9, 7) <= ist(prints[0].event_ns).time() < time(9, 8)
    assert prints[0].last_qty > 100_000
    assert len(early) > 50
    assert all(tick.event_ns <= prints[0].event_ns for tick in early)


def test_one_print_in_the_closing_auction_and_none_in_the_pause_of_other_shares(context, day):
    prints = [
        tick
        for tick in build.ticks_of(day, "INFY")
        if tick.trade and phase_of(context, tick).name == "closing_auction"
    ]
    assert len(prints) == 1
    assert time(15, 30) <= ist(prints[0].event_ns).time() < time(15, 35)
    assert prints[0].last_qty > 400_000
    assert not [
        tick
        for tick in build.ticks_of(day, "AMBIKCO")
        if phase_of(context, tick).name == "closing_price"
    ]


def test_post_close_trades_at_one_price(context, day):
    late = [t for t in build.ticks_of(day, "INFY") if phase_of(context, t).name == "post_close"]
    assert len(late) > 5
    assert len({tick.last_price_e4 for tick in late}) == 1


def test_rates_are_those_of_the_manifest(day):
    for symbol in ("HDFCBANK", "NIFTY"):
        assert len(build.ticks_of(day, symbol)) / (6 * 3600) == pytest.approx(0.75, rel=0.1)
    thin = [t.event_ns for t in build.ticks_of(day, "AMBIKCO") if t.trade]
    waits = [(b - a) / SECOND_NS for a, b in pairwise(sorted(thin))]
    assert 55 < fmean(wait for wait in waits if wait < 200) < 85


def test_activity_is_u_shaped(day):
    by_minute = Counter(
        (ist(tick.event_ns).hour, ist(tick.event_ns).minute) for tick in build.ticks_of(day)
    )
    midday = fmean(by_minute[12, minute] for minute in range(15, 45))
    assert fmean(by_minute[9, minute] for minute in range(15, 45)) > 1.8 * midday
    assert fmean(by_minute[15, minute] for minute in range(15)) > 1.8 * midday


def test_shares_of_faults_are_in_range(day):
    ticks = build.ticks_of(day, "HDFCBANK")
    depth_only = sum(not tick.trade for tick in ticks) / len(ticks)
    late_s = [lag for t in build.ticks_of(day) if (lag := (t.at_ns - t.event_ns) / 1e9) > 1]
    content = Counter((t.symbol, t.event_ns, t.day_volume, t.trade, t.bids) for t in ticks)
    newest_ns, overtaken = 0, 0
    for tick in ticks:
        overtaken += tick.event_ns < newest_ns
        newest_ns = max(newest_ns, tick.event_ns)

    assert 0.13 < depth_only < 0.18
    assert 0.004 < len(late_s) / len(build.ticks_of(day)) < 0.015
    assert 60 < max(late_s) <= 601
    assert any(count == 2 for count in content.values())
    assert 20 < overtaken < 0.05 * len(ticks)


def test_heartbeats_come_each_second_of_the_phases_and_five_after_and_never_else(context, day):
    beats = [each.message for each in day if isinstance(each.message, Heartbeat)]
    gaps = feed_gaps(7, context.phases["index"][0].day, 60)
    live = {beat.at_ns for beat in beats if beat.feed == "live"}
    expected = set()
    for first, last in ((time(9), time(15, 50)), (time(15, 50), time(16, 0, 5))):
        expected |= set(range(ist_ns(build.DAY, first), ist_ns(build.DAY, last) + 1, SECOND_NS))
    for gap in gaps:
        expected -= set(range(gap.start_ns + SECOND_NS, gap.end_ns + 1, SECOND_NS))
    assert live == expected
    assert all(beat.complete_ns == beat.at_ns for beat in beats)
    assert day[0].message.at_ns == context.start_ns


def test_in_a_feed_gap_nothing_arrives_and_then_all_at_once(context, day):
    gaps = feed_gaps(7, context.phases["index"][0].day, 60)
    inside = [gap for gap in gaps if context.start_ns < gap.start_ns < ist_ns(build.DAY, time(15))]
    assert len(inside) >= 3
    ticks = build.ticks_of(day)
    stale = {
        each.message.at_ns
        for each in day
        if isinstance(each.message, Heartbeat) and each.message.feed == "stale"
    }
    for gap in inside:
        assert not [t for t in ticks if gap.start_ns <= t.at_ns < gap.end_ns]
        burst = [
            t
            for t in ticks
            if gap.end_ns <= t.at_ns < gap.end_ns + SECOND_NS and t.event_ns < gap.end_ns
        ]
        assert len(burst) > 5
        assert bool(stale & set(range(gap.start_ns, gap.end_ns, SECOND_NS))) != gap.silent


def test_symbols_of_a_sector_stay_together(day):
    def closes(symbol):
        return {
            t.event_ns // MINUTE_NS: t.last_price_e4 for t in build.ticks_of(day, symbol) if t.trade
        }

    first, second = closes("HDFCBANK"), closes("ICICIBANK")
    ratios = [first[m] / second[m] for m in sorted(first) if m in second]
    mean = fmean(ratios)
    above = [ratio > mean for ratio in ratios]
    assert max(abs(ratio / mean - 1) for ratio in ratios) < 0.02
    assert sum(a != b for a, b in pairwise(above)) > 10


def test_prices_move_as_much_as_a_share_does(day):
    ticks = {t.event_ns // MINUTE_NS: t.last_price_e4 for t in build.ticks_of(day, "INFY")}
    closes = [ticks[minute] for minute in sorted(ticks)]
    deviation = fmean((b / a - 1) ** 2 for a, b in pairwise(closes)) ** 0.5
    assert 0.0004 < deviation < 0.002
