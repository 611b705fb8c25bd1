"""bar_aggregator_multi, case by case."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

import bar_feeds as feeds
from bar_feeds import OPEN_NS, PRICE_E4, beat, received, tick
from tapeline.compute.bar_aggregator_multi import logic as aggregator
from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Bar, Heartbeat
from tapeline.runner.stage import Output

ALIVE = beat(-900)


def second(offset_s: int, at_s: float | None = None, **changes: Any) -> Output:
    """A 1s bar of AAA, issued 2 s after its end unless said otherwise."""
    start_ns = OPEN_NS + offset_s * SECOND_NS
    at_ns = start_ns + 3 * SECOND_NS if at_s is None else OPEN_NS + round(at_s * 1_000) * MS_NS
    fields: dict[str, Any] = {
        "at_ns": at_ns,
        "symbol": "AAA",
        "tf": "1s",
        "start_ns": start_ns,
        "end_ns": start_ns + SECOND_NS,
        "phase": "continuous",
        "open_e4": PRICE_E4,
        "high_e4": PRICE_E4,
        "low_e4": PRICE_E4,
        "close_e4": PRICE_E4,
        "volume": 0,
        "n_ticks": 1,
        "cum_open": 0,
        "cum_close": 0,
        "first_ns": start_ns,
        "last_ns": start_ns,
        "rev": 0,
        "final": True,
        "partial": False,
        "cause": "WATERMARK",
    }
    return Output("bars.1s", "AAA", Bar(**(fields | changes)))


def promise(complete_s: float, at_s: float, feed: Any = "live") -> Output:
    """A heartbeat that says that all 1s bars up to a time came before it; passed on behind them."""
    complete_ns = OPEN_NS + round(complete_s * 1_000) * MS_NS
    at_ns = OPEN_NS + round(at_s * 1_000) * MS_NS + 1
    return Output("bars.1s", "", Heartbeat(at_ns=at_ns, complete_ns=complete_ns, feed=feed))


def minutes(*records: Output, topic: str = "bars.1m") -> list[Bar]:
    return feeds.bars(feeds.aggregate(records), topic)


def test_a_minute_sums_its_seconds_up():
    (bar,) = minutes(
        second(0, open_e4=101, high_e4=109, low_e4=100, close_e4=105, cum_close=40, n_ticks=3),
        second(59, open_e4=104, high_e4=106, low_e4=99, close_e4=103, cum_open=40, cum_close=70),
        promise(60, 62),
    )

    assert (bar.open_e4, bar.high_e4, bar.low_e4, bar.close_e4) == (101, 109, 99, 103)
    assert (bar.cum_open, bar.cum_close, bar.volume, bar.n_ticks) == (0, 70, 70, 4)
    assert (bar.start_ns, bar.end_ns) == (OPEN_NS, OPEN_NS + 60 * SECOND_NS)
    assert (bar.first_ns, bar.last_ns) == (OPEN_NS, OPEN_NS + 59 * SECOND_NS)
    assert (bar.rev, bar.final, bar.partial, bar.cause) == (0, True, False, "WATERMARK")


def test_an_index_has_no_volume():
    (bar,) = minutes(second(0, cum_open=None, cum_close=None, volume=None), promise(60, 62))

    assert (bar.volume, bar.cum_open, bar.cum_close) == (None, None, None)


def test_one_partial_second_makes_the_minute_partial():
    (bar,) = minutes(second(0, partial=True), second(5), promise(60, 62))

    assert bar.partial


CLOSINGS = {
    "by a promise of its whole length": ([second(0), promise(60, 62)], 1),
    "not by a promise of less": ([second(0), promise(59.9, 62)], 0),
    "by an own bar of the next minute": ([second(0), second(60)], 1),
    "not by an own bar that is not final": ([second(0), second(60, final=False)], 0),
    "by its own last second": ([second(0), second(59)], 1),
    "not by its last second but one": ([second(0), second(58)], 0),
    "not by a last second that is not final": ([second(0), second(59, final=False)], 0),
    "not by another symbol's bar": ([second(0), second(60, symbol="BBB")], 0),
    "not by a stale beat that promises nothing new": ([second(0), promise(0, 70, "stale")], 0),
    "a window cut at the end of its phase": ([second(1_289), promise(1_290.5, 1_293)], 1),
}


@pytest.mark.parametrize(("records", "count"), CLOSINGS.values(), ids=CLOSINGS.keys())
def test_a_minute_closes(records, count):
    outputs = feeds.aggregate(records)

    assert len(feeds.bars(outputs, "bars.1m")) == count


def test_a_promise_closes_at_once_what_the_bars_before_it_completed():
    (bar,) = minutes(second(0), second(58, at_s=62), promise(60, 62))

    assert (bar.n_ticks, bar.rev, bar.cause) == (2, 0, "WATERMARK")
    assert bar.at_ns == OPEN_NS + 62 * SECOND_NS + 1 + 100_000


def test_wider_windows_are_anchored_at_the_phase_and_close_narrow_before_wide():
    outputs = feeds.aggregate([second(0), second(61), second(899), second(900)])

    assert [(o.topic, (o.message.end_ns - OPEN_NS) // SECOND_NS) for o in outputs] == [
        ("bars.1m", 60),
        ("bars.1m", 120),
        ("bars.3m", 180),
        ("bars.5m", 300),
        ("bars.1m", 900),
        ("bars.3m", 900),
        ("bars.5m", 900),
        ("bars.15m", 900),
    ]


def test_no_window_spans_two_phases():
    outputs = feeds.aggregate(
        [second(1_289), second(1_320, phase="closing_auction"), promise(1_500, 1_502)]
    )

    assert [
        (b.phase, (b.start_ns - OPEN_NS) // SECOND_NS, (b.end_ns - OPEN_NS) / SECOND_NS)
        for b in feeds.bars(outputs, "bars.15m")
    ] == [("continuous", 900, 1_290.5), ("closing_auction", 1_320, 1_500)]


def test_a_revision_of_an_open_minute_is_absorbed():
    (bar,) = minutes(second(0), second(0, at_s=20, rev=1, high_e4=PRICE_E4 + 5), promise(60, 62))

    assert (bar.rev, bar.high_e4, bar.n_ticks) == (0, PRICE_E4 + 5, 1)


def test_a_revision_of_a_closed_minute_cascades_to_closed_windows_only():
    late = second(10, at_s=200, rev=1, high_e4=PRICE_E4 + 5, cause="LATE_TICK")
    outputs = feeds.aggregate([second(10), second(70), promise(180, 183), late])

    issued = [(o.topic, o.message.rev, o.message.cause, o.message.high_e4) for o in outputs]
    assert issued == [
        ("bars.1m", 0, "WATERMARK", PRICE_E4),
        ("bars.1m", 0, "WATERMARK", PRICE_E4),
        ("bars.3m", 0, "WATERMARK", PRICE_E4),
        ("bars.1m", 1, "LATE_TICK", PRICE_E4 + 5),
        ("bars.3m", 1, "LATE_TICK", PRICE_E4 + 5),
    ]


def test_an_open_wide_window_takes_a_revised_minute_when_it_closes():
    late = second(10, at_s=100, rev=1, high_e4=PRICE_E4 + 5, cause="LATE_TICK")
    bars = minutes(second(10), second(70), late, promise(180, 183), topic="bars.3m")

    assert [(b.rev, b.high_e4, b.cause) for b in bars] == [(0, PRICE_E4 + 5, "WATERMARK")]


def test_a_late_second_of_an_empty_minute_issues_its_first_bar():
    late = second(70, at_s=200, cause="LATE_TICK")
    outputs = feeds.aggregate([second(0), second(190), late])

    assert [(o.topic, o.message.rev, o.message.cause) for o in outputs] == [
        ("bars.1m", 0, "WATERMARK"),
        ("bars.3m", 0, "WATERMARK"),
        ("bars.1m", 0, "LATE_TICK"),
        ("bars.3m", 1, "LATE_TICK"),
    ]


def test_a_late_second_of_an_empty_quarter_issues_every_timeframe():
    outputs = feeds.aggregate([second(1_000), second(890, at_s=1_010, cause="LATE_TICK")])

    assert [(o.topic, o.message.rev, o.message.cause) for o in outputs] == [
        (topic, 0, "LATE_TICK") for topic in aggregator.TOPICS
    ]


BAD_BARS = {
    "a symbol that the session does not name": (second(0, symbol="XYZ"), "UNKNOWN_SYMBOL"),
    "between two phases": (second(1_300), "BAR_OUTSIDE_SESSION"),
    "across the end of a phase": (second(1_290), "BAR_OUTSIDE_SESSION"),
    "the same revision again": (second(600, at_s=900.5), "STALE_REVISION"),
    "beyond the horizon": (second(590, at_s=901), "BAR_TOO_LATE"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD_BARS.values(), ids=BAD_BARS.keys())
def test_a_bad_bar_is_a_dead_letter_with_its_bytes(bad, reason):
    outputs = feeds.aggregate([second(600), second(891), bad])
    (dead,) = [o for o in outputs if o.topic == "bars.1s.dead"]

    assert (dead.message.reason, dead.message.stage) == (reason, "bar_aggregator_multi")
    assert codec.decode("bars.1s", base64.b64decode(dead.message.payload_b64)) == bad.message


def test_the_end_of_the_session_forces_open_windows_out():
    outputs = feeds.aggregate([second(0), second(70)])
    assert len(outputs) == 1
    config = feeds.aggregator_settings()
    state = aggregator.State(config)
    messages = [o.message for o in (second(0), second(70))]
    feeds.run(aggregator, config, feeds.merged("bars.1s", messages), state)

    outputs = aggregator.step(state, feeds.timer(config.end_ns), config)

    assert [(o.topic, o.message.final, o.message.cause) for o in outputs] == [
        (topic, False, "FEED_END") for topic in aggregator.TOPICS
    ]
    assert state.timer_ns() is None
    late = feeds.merged("bars.1s", [second(80, at_s=2_402).message])
    assert [o.message.rev for o in feeds.run(aggregator, config, late, state)] == [1, 1, 1, 1]


def test_a_forced_second_makes_its_minute_not_final():
    (bar,) = minutes(second(0, final=False, cause="FEED_END"), promise(60, 62))

    assert not bar.final


def test_the_end_of_the_feed_reaches_every_timeframe():
    ones = feeds.build([ALIVE, tick(0), beat(3, "stale"), beat(2_500, "stale")])
    outputs = feeds.aggregate(ones)

    assert [(o.topic, o.message.cause, o.message.final) for o in outputs] == [
        (topic, "FEED_END", False) for topic in aggregator.TOPICS
    ]


def test_windows_are_kept_for_the_horizon_only():
    config = feeds.aggregator_settings()
    state = aggregator.State(config)
    messages = [second(n).message for n in range(1_290)]
    feeds.run(aggregator, config, feeds.merged("bars.1s", messages), state)
    frames = state.symbols["AAA"]

    assert len(frames.windows[0]) <= 22
    assert sum(len(minute.seconds) for minute in frames.windows[0]) <= 361
    assert state.entry(f"AAA/{OPEN_NS}") is None
    assert state.entry("NONE") is None


def test_a_correction_within_the_horizon_after_a_tick_that_came_late():
    ticks = [tick(second, day_volume=second) for second in range(400)]
    late = received(tick(100.5, day_volume=100, last_price_e4=PRICE_E4 + 900), 399.6)
    outputs = feeds.aggregate(feeds.build([ALIVE, *ticks, late, *feeds.beats(410, 1)]))
    corrected = [o for o in outputs if o.message.cause == "LATE_TICK"]

    assert [(o.topic, o.message.rev, o.message.high_e4) for o in corrected] == [
        ("bars.1m", 1, PRICE_E4 + 900),
        ("bars.3m", 1, PRICE_E4 + 900),
        ("bars.5m", 1, PRICE_E4 + 900),
    ]


def test_a_wrong_message_is_a_bug():
    config = feeds.aggregator_settings()
    (event,) = feeds.merged("bars.1s", [promise(0, 1).message])
    event = msgspec.structs.replace(event, message=msgspec.Struct())
    with pytest.raises(AssertionError, match="holds a Struct"):
        aggregator.step(aggregator.State(config), event, config)
