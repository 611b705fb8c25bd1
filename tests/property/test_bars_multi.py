"""Properties of bar_aggregator_multi over random feeds, through bar_builder_1s."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bar_feeds as feeds
from tapeline.compute.bar_aggregator_multi import logic as aggregator
from tapeline.contracts.clock import SECOND_NS

FEW = settings(deadline=None, max_examples=25)
WIDTHS_S = {"bars.1m": 60, "bars.3m": 180, "bars.5m": 300, "bars.15m": 900}
SECONDS = 240


def _ones(ticks):
    """The 1s bars of a feed that lived before the day began and until all windows closed."""
    beats = [feeds.beat(-900), *feeds.beats(1_560, 1_100), feeds.beat(1_700)]
    return feeds.build([*ticks, *beats])


def _final_values(outputs, topic):
    last = feeds.latest(feeds.bars(outputs, topic))
    return {key: feeds.values(bar) for key, bar in last.items()}


@FEW
@given(feeds.trades(seconds=SECONDS))
def test_wide_bars_of_bars_equal_wide_bars_of_ticks_under_any_order_within_grace(ticks):
    outputs = feeds.aggregate(_ones(ticks))

    for topic, width_s in WIDTHS_S.items():
        assert _final_values(outputs, topic) == feeds.brute_force(ticks, width_s)
    assert all(output.message.rev == 0 for output in outputs)


@FEW
@given(feeds.trades(seconds=SECONDS, delay_ms_max=200_000))
def test_after_late_ticks_the_last_revisions_equal_the_wide_bars_of_all_ticks(ticks):
    outputs = feeds.aggregate(_ones(ticks))

    for topic, width_s in WIDTHS_S.items():
        assert _final_values(outputs, topic) == feeds.brute_force(ticks, width_s)
    assert feeds.reasons(outputs) == []


@FEW
@given(feeds.trades(seconds=SECONDS, delay_ms_max=20_000), st.sets(st.sampled_from(feeds.SYMBOLS)))
def test_a_replica_that_gets_only_some_symbols_issues_the_same_records_for_them(ticks, some):
    ones = _ones(ticks)
    everything = feeds.aggregate(ones)
    part = feeds.aggregate([o for o in ones if o.key in {"", *some}])

    assert [o for o in everything if o.key in some] == part


@FEW
@given(feeds.trades(seconds=SECONDS, delay_ms_max=100_000), st.data())
def test_a_restart_from_the_entries_at_any_place_changes_nothing(ticks, data):
    config = feeds.aggregator_settings()
    ones = feeds.build([feeds.beat(-900), *ticks, *feeds.beats(1_450, 1_250)])
    messages = [o.message for o in ones if o.topic == "bars.1s"]
    events = [*feeds.merged("bars.1s", messages), feeds.timer(config.end_ns)]
    cut = data.draw(st.integers(0, len(events)))
    whole = aggregator.State(config)
    expected = feeds.run(aggregator, config, events, whole)

    state = aggregator.State(config)
    before = feeds.run(aggregator, config, events[:cut], state)
    state = feeds.restored_aggregator(config, state)
    after = feeds.run(aggregator, config, events[cut:], state)

    assert before + after == expected
    assert _entries(state) == _entries(whole)


def _entries(state):
    return {key: state.entry(key) for key in sorted(state.keys())}


@FEW
@given(feeds.trades(seconds=SECONDS, delay_ms_max=60_000))
def test_only_entries_that_are_marked_dirty_change(ticks):
    config = feeds.aggregator_settings(correction_horizon_s=60)
    ones = feeds.build(
        [*ticks, *feeds.beats(1_560, 1_100)], feeds.builder_settings(correction_horizon_s=60)
    )
    state = aggregator.State(config)
    saved = {}
    for event in feeds.merged("bars.1s", [o.message for o in ones if o.topic == "bars.1s"]):
        feeds.run(aggregator, config, [event], state)
        for key in state.dirty:
            saved[key] = state.entry(key)
        state.dirty.clear()
    feed = saved.pop("feed", None)
    saved = {key: entry for key, entry in saved.items() if entry is not None}

    assert saved == {key: e for key, e in _entries(state).items() if key != "feed"}
    assert feed == state.entry("feed")


@pytest.mark.parametrize("seed", range(3))
def test_a_whole_phase_of_ticks_a_second(seed):
    """Long enough for minutes and quarters of an hour to be pruned on the way."""
    ticks = [
        feeds.tick(
            second + 0.25 * (second % 3),
            seq=second,
            last_price_e4=feeds.PRICE_E4 + (second * 7919 + seed * 104_729) % 997 * 100,
            day_volume=second * 10,
        )
        for second in range(1_290)
    ]
    late = [
        msgspec.structs.replace(t, at_ns=t.at_ns + (n % 290) * SECOND_NS)
        if (n + seed) % 37 == 0
        else t
        for n, t in enumerate(ticks)
    ]
    beats = feeds.beats(1_620)
    outputs = feeds.aggregate(feeds.build([*late, *beats]))

    for topic, width_s in WIDTHS_S.items():
        assert _final_values(outputs, topic) == feeds.brute_force(ticks, width_s)
    assert feeds.reasons(outputs) == []
