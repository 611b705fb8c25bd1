"""bar_builder_1s, case by case."""

from __future__ import annotations

import base64

import msgspec
import pytest

import bar_feeds as feeds
from bar_feeds import OPEN_NS, PRICE_E4, beat, received, tick
from tapeline.compute.bar_builder_1s import logic as builder
from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Heartbeat, Tick
from tapeline.market.phases import Phase
from tapeline.runner.stage import BROADCAST

ALIVE = beat(-900)
"""A beat before the day's first phase: volumes are known to start at zero."""

BAD_TICKS = {
    "a symbol that the session does not name": (tick(0, symbol="XYZ"), "UNKNOWN_SYMBOL"),
    "depth of a symbol that the session does not name": (
        tick(0, symbol="XYZ", trade=False),
        "UNKNOWN_SYMBOL",
    ),
    "between two phases": (tick(-500), "TICK_OUTSIDE_SESSION"),
    "after the last phase": (tick(1_600), "TICK_OUTSIDE_SESSION"),
    "far before the session": (tick(0, event_ns=0), "TICK_OUTSIDE_SESSION"),
    "further ahead than clocks may differ": (received(tick(5), 2.999), "TICK_FROM_FUTURE"),
    "far in the future": (tick(0, event_ns=2**62), "TICK_FROM_FUTURE"),
    "no volume though the instrument has one": (tick(0, day_volume=None), "TICK_WITHOUT_VOLUME"),
    "an absurd price at the open": (tick(0, last_price_e4=10**13), "PRICE_OUT_OF_BAND"),
    "a price of almost nothing": (tick(0, last_price_e4=1), "PRICE_OUT_OF_BAND"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD_TICKS.values(), ids=BAD_TICKS.keys())
def test_a_bad_tick_is_a_dead_letter_with_its_bytes(bad, reason):
    (output,) = feeds.build([bad])

    assert (output.topic, output.key) == ("ticks.dead", bad.symbol)
    assert (output.message.reason, output.message.stage) == (reason, "bar_builder_1s")
    assert output.message.at_ns == bad.at_ns + 100_000
    assert codec.decode("ticks", base64.b64decode(output.message.payload_b64)) == bad


def test_depth_only_ticks_do_nothing():
    assert feeds.build([tick(0, trade=False), tick(1), tick(1.5, trade=False), beat(2.4)]) == (
        feeds.build([tick(1), beat(2.4)])
    )


def test_a_bar_has_open_high_low_close_by_exchange_time_whatever_the_arrival():
    ticks = [
        received(tick(0.4, last_price_e4=99_0000, day_volume=140), 0.5),
        received(tick(0.1, last_price_e4=100_0000, day_volume=110), 0.6),
        received(tick(0.8, last_price_e4=101_0000, day_volume=180), 0.7),
        received(tick(0.5, last_price_e4=103_0000, day_volume=160), 1.1),
    ]
    (bar,) = feeds.bars(feeds.build([ALIVE, *ticks, beat(3)]))

    assert (bar.open_e4, bar.high_e4, bar.low_e4, bar.close_e4) == (
        100_0000,
        103_0000,
        99_0000,
        101_0000,
    )
    assert (bar.cum_open, bar.cum_close, bar.volume, bar.n_ticks) == (0, 180, 180, 4)
    assert (bar.first_ns, bar.last_ns) == (ticks[1].event_ns, ticks[2].event_ns)
    assert (bar.start_ns, bar.end_ns) == (OPEN_NS, OPEN_NS + SECOND_NS)
    assert (bar.rev, bar.final, bar.partial, bar.cause) == (0, True, False, "WATERMARK")
    assert bar.at_ns == OPEN_NS + 3 * SECOND_NS + 100_000


def test_ticks_of_one_exchange_time_rank_by_volume_and_then_price():
    ticks = [
        tick(0, last_price_e4=101_0000, day_volume=30),
        tick(0, last_price_e4=102_0000, day_volume=10),
        tick(0, last_price_e4=99_0000, day_volume=30),
    ]
    (bar,) = feeds.bars(feeds.build([ALIVE, *ticks, beat(3)]))

    assert (bar.open_e4, bar.close_e4) == (102_0000, 101_0000)


CLOSINGS = {
    "no grace left, by a beat": ([tick(0), beat(2.5)], 1),
    "grace left, by a beat": ([tick(0), beat(2.499)], 0),
    "by the symbol's own next tick": ([tick(0), tick(2.5)], 1),
    "not by another symbol's tick": ([tick(0), tick(60, symbol="BBB")], 0),
    "not by a stale beat": ([tick(0), beat(60, "stale")], 0),
    "by the first live beat after stale ones": ([tick(0), beat(60, "stale"), beat(61)], 1),
    "by its own tick while the feed is stale": ([tick(0), beat(60, "stale"), tick(60)], 1),
    "not by its own depth": ([tick(0), tick(60, trade=False)], 0),
    "the end of a phase is only an edge": ([tick(1_290.4), beat(1_291.9)], 0),
    "a window is cut at the end of its phase": ([tick(1_290.4), beat(1_292)], 1),
}


@pytest.mark.parametrize(("messages", "count"), CLOSINGS.values(), ids=CLOSINGS.keys())
def test_a_window_closes(messages, count):
    assert len(feeds.bars(feeds.build(messages))) == count


def test_windows_never_span_phases():
    bars = feeds.bars(feeds.build([tick(-600.1), tick(0), tick(1_290.4), tick(1_320), beat(1_400)]))

    assert [(b.phase, b.start_ns - OPEN_NS, b.end_ns - b.start_ns) for b in bars] == [
        ("pre_open", -601 * SECOND_NS, SECOND_NS),
        ("continuous", 0, SECOND_NS),
        ("continuous", 1_290 * SECOND_NS, SECOND_NS // 2),
        ("closing_auction", 1_320 * SECOND_NS, SECOND_NS),
    ]


def test_a_beat_closes_symbols_in_name_order_and_is_passed_on_behind_their_bars():
    outputs = feeds.build([tick(0, symbol="BBB"), tick(0.5), beat(3)])

    assert [output.key for output in outputs] == ["AAA", "BBB", BROADCAST]
    at_ns = OPEN_NS + 3 * SECOND_NS
    assert outputs[-1].message == Heartbeat(
        at_ns=at_ns + 100_001, complete_ns=at_ns - 1_500_000_000, feed="live"
    )


def test_no_bar_is_older_than_the_beat_before_it():
    """A beat sorts before ticks of its own time, and is passed on a nanosecond behind its bars."""
    late = received(tick(0.7), 3)
    outputs = feeds.build([tick(0), beat(3), late, beat(3), received(tick(0.8), 3.1)])

    assert [(o.key, o.message.at_ns - late.at_ns - 100_000) for o in outputs] == [
        ("AAA", 0),
        (BROADCAST, 1),
        (BROADCAST, 2),
        ("AAA", 2),
        ("AAA", 100 * MS_NS),
    ]


def test_a_stale_beat_is_passed_on_without_promising_more():
    outputs = feeds.build([beat(3), beat(4, "stale")])

    assert [(o.message.feed, o.message.complete_ns) for o in outputs] == [
        ("live", OPEN_NS + 1_500_000_000),
        ("stale", OPEN_NS + 1_500_000_000),
    ]


def test_an_index_has_no_volume_even_when_its_feed_sends_one():
    ticks = [tick(0, symbol="IDX", day_volume=None), tick(0.5, symbol="IDX", day_volume=7)]
    (bar,) = feeds.bars(feeds.build([*ticks, beat(3)]))

    assert (bar.volume, bar.cum_open, bar.cum_close, bar.n_ticks) == (None, None, None, 2)


def test_a_corrected_cumulative_volume_never_makes_a_negative_volume():
    bars = feeds.bars(
        feeds.build([ALIVE, tick(0, day_volume=100), tick(3, day_volume=90), beat(9)])
    )

    assert [(b.volume, b.cum_open, b.cum_close) for b in bars] == [(100, 0, 100), (0, 100, 90)]


def _two_days():
    next_day = tuple(
        Phase(p.start_ns + 86_400 * SECOND_NS, p.end_ns + 86_400 * SECOND_NS, p.name, p.day + 1)
        for p in feeds.PHASES
    )
    phases = (*feeds.PHASES, *next_day)
    return feeds.builder_settings(
        phases={"cash": phases, "index": phases}, end_ns=feeds.END_NS + 86_400 * SECOND_NS
    )


def test_cumulative_volume_restarts_with_the_day():
    bars = feeds.bars(
        feeds.build(
            [ALIVE, tick(0, day_volume=500), tick(86_400, day_volume=20), beat(86_410)],
            _two_days(),
        )
    )

    assert [(b.cum_open, b.volume, b.partial) for b in bars] == [(0, 500, False), (0, 20, False)]


PARTIALS = {
    "the feed was seen before the day began": ([ALIVE], {}, (0, 150, False)),
    "the feed was seen within the first minute": ([beat(-840)], {}, (0, 150, False)),
    "the feed was first seen later": ([beat(-839)], {}, (100, 50, True)),
    "nothing was seen but the tick": ([], {}, (100, 50, True)),
    "the session's window cuts off the day's start": (
        [ALIVE],
        {"clipped_days": {"cash": (feeds.DAY,), "index": ()}},
        (100, 50, True),
    ),
}


@pytest.mark.parametrize(("first", "changes", "expected"), PARTIALS.values(), ids=PARTIALS.keys())
def test_volume_of_the_first_bar_when(first, changes, expected):
    ticks = [tick(0, day_volume=100), tick(0.5, day_volume=150)]
    config = feeds.builder_settings(**changes)
    (bar,) = feeds.bars(feeds.build([*first, *ticks, beat(3)], config))

    assert (bar.cum_open, bar.volume, bar.partial) == expected


def test_the_volume_of_ticks_that_were_missed_belongs_to_the_later_bar():
    bars = feeds.bars(
        feeds.build([ALIVE, tick(0, day_volume=100), tick(50, day_volume=900), beat(60)])
    )

    assert [b.volume for b in bars] == [100, 800]


def test_a_late_tick_revises_its_bar_and_the_next_ones_volume():
    ticks = [
        tick(0, day_volume=100),
        tick(2, day_volume=300),
        tick(5, day_volume=400),
        received(tick(0.5, day_volume=250, last_price_e4=105_0000), 20),
    ]
    bars = feeds.bars(feeds.build([ALIVE, *ticks, beat(21)]))

    assert [(b.rev, b.cause, b.final, b.high_e4, b.volume) for b in bars] == [
        (0, "WATERMARK", True, PRICE_E4, 100),
        (0, "WATERMARK", True, PRICE_E4, 200),
        (0, "WATERMARK", True, PRICE_E4, 100),
        (1, "LATE_TICK", True, 105_0000, 250),
        (1, "LATE_TICK", True, PRICE_E4, 50),
    ]


def test_a_late_tick_that_leaves_the_volume_as_it_was_revises_one_bar():
    ticks = [
        tick(0.5, day_volume=100),
        tick(2, day_volume=300),
        received(tick(0.1, day_volume=50), 20),
    ]
    bars = feeds.bars(feeds.build([ALIVE, *ticks]))

    assert [(b.rev, b.volume, b.n_ticks) for b in bars] == [(0, 100, 1), (0, 200, 1), (1, 100, 2)]


def test_a_late_tick_of_an_empty_second_issues_its_first_bar():
    ticks = [tick(0), tick(9, day_volume=300), received(tick(4, day_volume=120), 20)]
    bars = feeds.bars(feeds.build([ALIVE, *ticks]))

    assert [(b.start_ns - OPEN_NS, b.rev, b.cause, b.volume) for b in bars] == [
        (0, 0, "WATERMARK", 100),
        (9 * SECOND_NS, 0, "WATERMARK", 200),
        (4 * SECOND_NS, 0, "LATE_TICK", 20),
        (9 * SECOND_NS, 1, "LATE_TICK", 180),
    ]


def test_a_tick_beyond_the_grace_is_late_although_nothing_came_before_it():
    (bar,) = feeds.bars(feeds.build([received(tick(0), 2.5)]))

    assert (bar.rev, bar.cause, bar.final) == (0, "LATE_TICK", True)


HORIZONS = {"just inside the horizon": (302.4, "bars.1s"), "just outside": (302.5, "ticks.late")}


@pytest.mark.parametrize(("offset_s", "topic"), HORIZONS.values(), ids=HORIZONS.keys())
def test_a_late_tick(offset_s, topic):
    late = received(tick(0.5), offset_s)
    (output,) = feeds.build([late])

    assert (output.topic, output.key) == (topic, "AAA")
    if topic == "ticks.late":
        assert output.message == msgspec.structs.replace(late, at_ns=late.at_ns + 100_000)


DUPLICATES = {
    "in an open window": ([tick(0), tick(0)], 1),
    "among other ticks": ([tick(0), tick(0.5), tick(0)], 1),
    "in the newest window's past": ([tick(0), tick(1), received(tick(0), 1.2)], 1),
    "in a closed window": ([tick(0), received(tick(0), 60)], 1),
    "not when the quantity differs": ([tick(0), tick(0, last_qty=11)], 0),
    "not when the price differs": ([tick(0), tick(0, last_price_e4=PRICE_E4 + 5)], 0),
    "not when the volume differs": ([tick(0), tick(0, day_volume=101)], 0),
}


@pytest.mark.parametrize(("ticks", "count"), DUPLICATES.values(), ids=DUPLICATES.keys())
def test_a_repeat_is_a_dead_letter(ticks, count):
    outputs = feeds.build(ticks)

    assert feeds.reasons(outputs) == ["DUPLICATE_TICK"] * count


BANDS = {
    "within a quarter of the previous close": ([1.0, 1.25, 0.75], []),
    "within a quarter of the last bar": ([1.2, 1.45, 1.7], []),
    "a spike": ([1.0, 1.3, 1.0], ["PRICE_OUT_OF_BAND"]),
    "an opening far from the previous close, then its neighbours": ([1.8, 1.9, 1.7], []),
    "back to the previous close after an absurd opening": ([1.9, 1.1, 1.2], []),
    "a crash through the band": ([1.0, 0.7, 0.7], ["PRICE_OUT_OF_BAND"] * 2),
}


@pytest.mark.parametrize(("factors", "expected"), BANDS.values(), ids=BANDS.keys())
def test_price_band(factors, expected):
    ticks = [tick(5 * n, last_price_e4=int(PRICE_E4 * f)) for n, f in enumerate(factors)]

    assert feeds.reasons(feeds.build(ticks)) == expected


def test_an_auction_may_move_the_price_further():
    before = [tick(1_280), tick(1_285)]
    auction = [tick(1_330, last_price_e4=PRICE_E4 * 3 // 2), tick(1_340, last_price_e4=10**12)]

    assert feeds.reasons(feeds.build([*before, *auction])) == ["PRICE_OUT_OF_BAND"]


def test_the_band_follows_the_close_of_the_day_before():
    ticks = [
        tick(0, last_price_e4=1_240_000),
        tick(86_400, last_price_e4=1_240_000),
        tick(86_410, last_price_e4=1_540_000),
    ]

    assert feeds.reasons(feeds.build(ticks, _two_days())) == []


def test_the_end_of_the_session_forces_open_windows_out_once():
    config = feeds.builder_settings()
    state = builder.State(config)
    feeds.run(builder, config, feeds.merged("ticks", [ALIVE, tick(5), tick(6)]), state)
    assert state.timer_ns() == feeds.END_NS

    outputs = builder.step(state, feeds.timer(), config)

    assert [(b.cause, b.final, b.rev) for b in feeds.bars(outputs)] == [("FEED_END", False, 0)] * 2
    assert state.timer_ns() is None


def test_a_tick_after_the_end_of_the_session_still_counts():
    messages = [tick(0), received(tick(0.5, day_volume=130), 0.7)]
    config = feeds.builder_settings(end_ns=OPEN_NS + SECOND_NS * 6 // 10)
    outputs = feeds.build(messages, config)

    assert [(b.cause, b.final, b.rev) for b in feeds.bars(outputs)] == [
        ("FEED_END", False, 0),
        ("LATE_TICK", False, 1),
    ]


def test_closed_windows_are_kept_for_the_horizon_only():
    config = feeds.builder_settings(correction_horizon_s=60)
    state = builder.State(config)
    messages = [tick(second, day_volume=100 + second) for second in range(1_200)]
    feeds.run(builder, config, feeds.merged("ticks", messages), state)

    kept = [key for key in list(state.keys()) if "/" in key]
    assert len(kept) <= 4
    assert state.entry("AAA/1") is None
    assert state.entry("NONE") is None


def test_a_wrong_message_is_a_bug():
    config = feeds.builder_settings()
    event = msgspec.structs.replace(feeds.merged("ticks", [beat(0)])[0], message=msgspec.Struct())
    with pytest.raises(AssertionError, match="ticks holds"):
        builder.step(builder.State(config), event, config)


def test_an_output_can_be_encoded_and_decoded():
    outputs = feeds.build([tick(0), beat(3), received(tick(0.5), 600), tick(-500)])

    for output in outputs:
        assert codec.decode(output.topic, codec.encode(output.message)) == output.message
    assert isinstance(outputs[-1].message, Tick)


def test_a_tick_received_before_the_grace_has_passed_since_1970():
    config = feeds.builder_settings()
    state = builder.State(config)
    early = tick(0, at_ns=1, event_ns=2)
    (output,) = feeds.run(builder, config, feeds.merged("ticks", [early]), state)

    assert output.message.reason == "TICK_OUTSIDE_SESSION"
    assert feeds.restored_builder(config, state).symbols["AAA"].watermark_ns == 0
