"""Laws of the strategy runner on random bars: no look-ahead, restarts, order of symbols."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategy_builders import Runner, bar, entry, session
from tapeline.strategy.settings import Settings

QUICK = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
BOTH = ["AAA", "BBB"]
REGISTRY = {
    "strategies": {
        "cross": entry(
            "sma_cross",
            {"fast": "sma_5", "slow": "sma_10", "atr": "atr_5", "band_bp": 0},
            symbols=BOTH,
            on_revision="recompute",
        ),
        "channel": entry(
            "donchian_breakout",
            {"channel": "donchian_10_before", "atr": "atr_5"},
            symbols=BOTH,
            on_revision="alert",
            max_holding_bars=4,
        ),
        "opening": entry("opening_range_breakout", {"range_minutes": 3}, symbols=BOTH),
        "rsi": entry(
            "rsi_reversion", {"rsi": "rsi_7", "atr": "atr_5", "oversold": 35}, symbols=BOTH
        ),
        "bands": entry("bollinger_reversion", {"bands": "bollinger_20_2"}, symbols=BOTH),
        "spread": entry(
            "pair_spread",
            {"ratio": "hedge_ratio_30", "gap_bp_min": 0, "entry_z": 1.0, "ratio_band": 100},
            symbols=BOTH,
            leg_timeout_ms=1000,
            on_revision="recompute",
        ),
    }
}
RULES = {
    "ensembles": {
        "vote": {
            "version": "1",
            "members": ["rsi", "bands"],
            "method": "weighted_vote",
            "entries_per_day_max": 9,
        }
    }
}
SETTINGS = Settings.from_session(
    session(*REGISTRY["strategies"], registry=REGISTRY, ensemble=RULES, days=2)
)


@st.composite
def streams(draw):
    """Bars of two symbols over some minutes of two days, with gaps and revisions, in merge order.

    Returns:
        [(minute, bar)], ascending by at_ns and symbol.
    """
    found = []
    for symbol in BOTH:
        price = 100.0
        for number in range(draw(st.integers(35, 60))):
            price *= 1 + draw(st.integers(-40, 40)) / 10_000
            if draw(st.integers(0, 19)) == 0:
                continue
            day, minute = divmod(number, 45)
            message = bar(minute, round(price, 2), day=day, symbol=symbol)
            found.append(message)
            if draw(st.integers(0, 9)) == 0:
                found.append(
                    msgspec.structs.replace(
                        message,
                        rev=1,
                        close_e4=message.close_e4 + 5_000,
                        high_e4=message.high_e4 + 5_000,
                        at_ns=message.at_ns + draw(st.sampled_from([1, 30, 90])) * 10**9,
                    )
                )
    return sorted(found, key=lambda b: (b.at_ns, b.symbol, b.rev))


@QUICK
@given(streams(), st.integers(0, 120))
def test_a_restart_anywhere_changes_nothing(stream, cut):
    whole, parted = Runner(SETTINGS), Runner(SETTINGS)
    expected = whole.feed(stream)

    orders = parted.feed(stream[:cut])
    parted.restart()
    orders += parted.feed(stream[cut:])

    assert orders == expected
    assert {k: parted.state.entry(k) for k in parted.state.keys()} == {  # noqa: SIM118
        k: whole.state.entry(k)
        for k in whole.state.keys()  # noqa: SIM118
    }


@QUICK
@given(streams(), st.integers(0, 120))
def test_what_was_saved_when_dirty_is_all_that_a_restart_needs(stream, cut):
    whole, saved = Runner(SETTINGS), {}
    for message in stream[:cut]:
        whole.feed([message])
        saved |= {key: whole.state.entry(key) for key in whole.state.dirty}
        whole.state.dirty.clear()

    assert saved == {k: whole.state.entry(k) for k in whole.state.keys()}  # noqa: SIM118


@QUICK
@given(streams(), st.integers(0, 120), st.integers(-300, 300))
def test_no_look_ahead(stream, cut, shift):
    """What is decided up to a bar is the same whatever the later bars are."""
    later = [
        msgspec.structs.replace(
            message,
            close_e4=message.close_e4 + shift * 100,
            high_e4=message.high_e4 + 30_000,
            low_e4=message.low_e4 - 30_000,
        )
        for message in stream[cut:]
    ]

    known = Runner(SETTINGS).feed(stream[:cut])

    for future in (stream[cut:], later, []):
        orders = Runner(SETTINGS).feed(stream[:cut] + future)
        assert orders[: len(known)] == known
        boundary_ns = stream[cut - 1].at_ns if 0 < cut <= len(stream) else -1
        assert all(order.at_ns > boundary_ns for order in orders[len(known) :])


@QUICK
@given(streams())
def test_how_symbols_interleave_changes_nothing(stream):
    """The same bars with the other symbol first at every instant give the same intents."""
    swapped = sorted(stream, key=lambda b: (b.at_ns, [-ord(c) for c in b.symbol], b.rev))

    expected = Runner(SETTINGS).feed(stream)

    assert sorted(Runner(SETTINGS).feed(swapped), key=msgspec.json.encode) == sorted(
        expected, key=msgspec.json.encode
    )


@QUICK
@given(streams())
def test_intents_keep_their_promises(stream):
    """At most one intent for each bar, entries and exits alternate, ids are unique."""
    orders = Runner(SETTINGS).feed(stream)
    held = {}
    for order in orders:
        day = order.extra.signal.bar_start_ns // (86_400 * 10**9)
        place = (order.strategy, tuple(leg.symbol for leg in order.legs), day)
        sides = tuple(leg.side for leg in order.legs)
        if order.action == "ENTRY":
            assert place not in held
            assert order.legs[0].stop_distance_e4
            assert all(leg.limit_price_e4 for leg in order.legs)
            held[place] = sides
        else:
            assert held.pop(place) == tuple("SELL" if s == "BUY" else "BUY" for s in sides)
    assert len({order.intent_id for order in orders}) == len(orders)
