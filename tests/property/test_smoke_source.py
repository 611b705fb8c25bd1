"""The smoke source is a pure function of (settings, seed), symbol by symbol."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

import ingestion_sessions as build
from tapeline.contracts.clock import SECOND_NS
from tapeline.ingestion.app import source
from tapeline.ingestion.source import AT_NS

ALL_TIME_NS = 2**62
HURRY = settings(deadline=None, max_examples=5)


def play(seed, instruments=build.LIQUID, **changes):
    smoke = {"type": "smoke", "ticks_per_s": 0.5, "gap_every_min": 15, "late_bp": 300}
    return source(
        build.session(smoke, seed=seed, instruments=instruments, plan=build.HALF_HOUR, **changes)
    )


@HURRY
@given(st.integers(0, 2**63 - 1))
def test_a_seed_gives_the_same_records_and_another_seed_others(seed):
    first = play(seed).slice(ALL_TIME_NS)

    assert first == play(seed).slice(ALL_TIME_NS)
    assert first != play(seed ^ 1).slice(ALL_TIME_NS)


@HURRY
@given(st.integers(0, 1000), st.lists(st.integers(1, 400), max_size=30))
def test_slices_of_any_length_give_the_same_records(seed, steps_s):
    whole, sliced = play(seed), play(seed)
    parts = []
    until_ns = sliced.next_ns()
    for step_s in steps_s:
        until_ns += step_s * SECOND_NS
        part = sliced.slice(until_ns)
        assert all(AT_NS(each) <= until_ns for each in part)
        waiting_ns = sliced.next_ns()
        assert waiting_ns is None or waiting_ns > until_ns
        parts += part
    parts += sliced.slice(ALL_TIME_NS)

    assert parts == whole.slice(ALL_TIME_NS)
    assert sliced.next_ns() is None


@HURRY
@given(
    st.integers(0, 1000), st.sampled_from([build.ILLIQUID, build.INDEX, build.instrument("AAA")])
)
def test_another_symbol_changes_nothing_for_the_rest(seed, added):
    few = play(seed).slice(ALL_TIME_NS)
    more = play(seed, (*build.LIQUID, added)).slice(ALL_TIME_NS)

    assert [each for each in more if each.key != added.symbol] == few


@HURRY
@given(
    st.integers(0, 1000),
    st.sampled_from([12_345, 99_900, 2_499_900, 2_500_500, 9_999_500, 50_001_000, 149_000_000]),
    st.sampled_from([100, 500, 2_000]),
    st.sampled_from([1, 75]),
)
@example(1, 12_345, 100, 1)  # the lowest price of the band is not on the grid
def test_prices_keep_to_grid_and_band_at_any_level(seed, prev_close_e4, band_bp, lot):
    share = build.instrument("XYZ", prev_close_e4=prev_close_e4, band_bp=band_bp, lot=lot)
    floor_e4 = prev_close_e4 * (10_000 - band_bp) // 10_000
    ceiling_e4 = -(-prev_close_e4 * (10_000 + band_bp) // 10_000)
    for tick in build.ticks_of(play(seed, (share,)).slice(ALL_TIME_NS)):
        assert floor_e4 <= tick.last_price_e4 <= ceiling_e4
        for price_e4 in (tick.last_price_e4, *tick.bids[::2], *tick.asks[::2]):
            assert price_e4 == share.round_price(price_e4, up=True) > 0
        assert tick.day_volume % lot == tick.last_qty % lot == 0


@HURRY
@given(st.integers(0, 1000))
def test_a_second_day_starts_its_volume_and_sequence_again(seed):
    both = play(seed, days=(build.DAY, build.NEXT_DAY)).slice(ALL_TIME_NS)
    one = play(seed).slice(ALL_TIME_NS)

    assert both[: len(one)] == one
    for symbol in ("HDFCBANK", "INFY"):
        following = build.ticks_of(both[len(one) :], symbol)
        assert following[0].seq == 0
        assert following[0].day_volume == 0
