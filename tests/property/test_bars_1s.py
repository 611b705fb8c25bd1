"""Properties of bar_builder_1s over random feeds."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

import bar_feeds as feeds
from tapeline.compute.bar_builder_1s import logic as builder
from tapeline.contracts.clock import MS_NS
from tapeline.runner.stage import TIMER

FEW = settings(deadline=None, max_examples=40)


def _final_values(outputs):
    return {key: feeds.values(bar) for key, bar in feeds.latest(feeds.bars(outputs)).items()}


def _beats():
    return feeds.beats(until_s=1_520, start_s=1_100)


@FEW
@given(feeds.trades(), st.data())
def test_any_order_of_arrival_within_grace_gives_the_same_bars_without_revisions(ticks, data):
    delays = data.draw(
        st.lists(st.integers(0, feeds.GRACE_MS), min_size=len(ticks), max_size=len(ticks))
    )
    other = [
        msgspec.structs.replace(t, at_ns=t.event_ns + d * MS_NS)
        for t, d in zip(ticks, delays, strict=True)
    ]
    first = feeds.build([*_early(), *ticks, *_beats()])
    second = feeds.build([*_early(), *other, *_beats()])

    assert all(bar.rev == 0 for bar in feeds.bars(first))
    assert _final_values(first) == _final_values(second) == feeds.brute_force(ticks, 1)


def _early():
    """The feed was alive before the day began: its volumes start at zero."""
    return [feeds.beat(-900)]


@FEW
@given(feeds.trades(delay_ms_max=120_000), st.data())
def test_after_late_ticks_the_last_revisions_equal_the_bars_of_all_ticks(ticks, data):
    repeats = data.draw(st.lists(st.sampled_from(ticks), max_size=5)) if ticks else []
    outputs = feeds.build([*_early(), *ticks, *repeats, *_beats(), feeds.beat(1_700)])

    assert _final_values(outputs) == feeds.brute_force(ticks, 1)
    assert not any(output.topic == "ticks.late" for output in outputs)


@FEW
@given(feeds.trades(delay_ms_max=120_000))
def test_volumes_are_never_negative_and_sum_to_the_last_cumulative_volume(ticks):
    last = feeds.latest(feeds.bars(feeds.build([*_early(), *ticks, *_beats(), feeds.beat(1_700)])))

    for symbol in feeds.TRADED:
        volumes = [bar.volume for (name, _), bar in last.items() if name == symbol]
        of_symbol = [t.day_volume for t in ticks if t.symbol == symbol]
        assert all(volume >= 0 for volume in volumes)
        assert sum(volumes) == (of_symbol[-1] if of_symbol else 0)
    assert all(bar.volume is None for (name, _), bar in last.items() if name == feeds.INDEX)


@FEW
@given(feeds.trades(delay_ms_max=20_000), st.sets(st.sampled_from(feeds.SYMBOLS)))
def test_a_replica_that_gets_only_some_symbols_issues_the_same_records_for_them(ticks, some):
    everything = feeds.build([*ticks, *_beats()])
    part = feeds.build([*(t for t in ticks if t.symbol in some), *_beats()])

    assert [o for o in everything if o.key in {"", *some}] == part


@FEW
@given(feeds.trades(delay_ms_max=20_000), st.data())
def test_a_restart_from_the_entries_at_any_place_changes_nothing(ticks, data):
    config = feeds.builder_settings()
    events = [
        *feeds.merged("ticks", [*_early(), *ticks, *feeds.beats(1_400, 1_250)]),
        feeds.timer(),
    ]
    cut = data.draw(st.integers(0, len(events)))
    whole = builder.State(config)
    expected = feeds.run(builder, config, events, whole)

    state = builder.State(config)
    before = feeds.run(builder, config, events[:cut], state)
    state = feeds.restored_builder(config, state)
    after = feeds.run(builder, config, events[cut:], state)

    assert before + after == expected
    assert sorted(state.keys()) == sorted(whole.keys())
    assert [state.entry(k) for k in sorted(state.keys())] == [
        whole.entry(k) for k in sorted(whole.keys())
    ]


@FEW
@given(feeds.trades(delay_ms_max=60_000))
def test_only_entries_that_are_marked_dirty_change(ticks):
    config = feeds.builder_settings(correction_horizon_s=60)
    state = builder.State(config)
    saved = {}
    for event in feeds.merged("ticks", [*ticks, *_beats()]):
        builder.step(state, event, config)
        for key in state.dirty:
            saved[key] = state.entry(key)
        state.dirty.clear()
        assert event.topic != TIMER
    saved = {key: entry for key, entry in saved.items() if entry is not None}

    assert saved == {key: state.entry(key) for key in saved.keys() | set(state.keys())}
