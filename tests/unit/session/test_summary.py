"""What a run came to, counted record by record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import builders
import run_folder
from tapeline.contracts import codec
from tapeline.contracts.messages import Dead
from tapeline.session.summary import Tally, observers

TOPICS = run_folder.topics()


def fill(side: str, qty: int, price_e4: int, **changes: Any) -> bytes:
    return codec.encode(
        builders.fill(side=side, qty=qty, price_e4=price_e4, **{"symbol": "INFY", **changes})
    )


def tally(*fills: bytes) -> Tally:
    counted = Tally()
    for value in fills:
        counted.fill("fills", "A1", value)
    return counted


def test_a_closed_position_leaves_what_was_sold_less_what_was_bought() -> None:
    counted = tally(fill("BUY", 10, 20_000), fill("SELL", 10, 25_000))

    assert counted.fills == 2
    assert counted.notional_e4 == 450_000
    assert counted.gross_pnl_e4() == 50_000
    assert counted.charges_e4 == 200
    assert counted.open_positions() == {}


@pytest.mark.parametrize(("side", "gain_e4"), [("BUY", 20_000), ("SELL", -20_000)])
def test_an_open_position_counts_at_the_last_close(side: str, gain_e4: int) -> None:
    counted = tally(fill(side, 10, 20_000))
    for close_e4 in (19_000, 22_000):
        bar = builders.bar(tf="1m", symbol="INFY", close_e4=close_e4)
        counted.bar("bars.1m", "INFY", codec.encode(bar))

    assert counted.gross_pnl_e4() == gain_e4
    assert counted.open_positions() == {"INFY": 10 if side == "BUY" else -10}


def test_open_positions_are_by_symbol_in_order() -> None:
    counted = tally(
        fill("BUY", 3, 20_000, symbol="TCS"),
        fill("SELL", 2, 20_000, symbol="ACC"),
        fill("BUY", 1, 20_000),
        fill("SELL", 1, 20_000),
    )

    assert list(counted.open_positions().items()) == [("ACC", -2), ("TCS", 3)]


def test_the_digest_is_over_all_fills_in_order() -> None:
    one, other = fill("BUY", 1, 20_000), fill("SELL", 1, 20_000)

    assert tally(one, other).digest() == tally(one, other).digest()
    digests = {tally().digest(), tally(one).digest(), tally(one, other).digest()}
    assert len(digests | {tally(other, one).digest()}) == 4
    last = tally(one, other).last_fill
    assert last is not None
    assert last.side == "SELL"


def test_decisions_are_counted_by_stage_and_refusals_by_reason_over_all() -> None:
    counted = Tally()
    for topic in ("orders.sized", "orders.allowed"):
        (approved,) = TOPICS[topic]
        refused = replace(approved, decision="REJECTED", reason="BUDGET_DAILY")
        for message in (approved, refused, refused):
            counted.decision(topic, "A1", codec.encode(message))

    assert {t: dict(c) for t, c in counted.decisions.items()} == {
        "orders.sized": {"APPROVED": 1, "REJECTED": 2},
        "orders.allowed": {"APPROVED": 1, "REJECTED": 2},
    }
    assert counted.rejections == {"BUDGET_DAILY": 4}


def test_runs_and_breaks_of_reconciliation_are_told_apart() -> None:
    counted = Tally()
    (summary, *_) = TOPICS["recon"]
    for message in (summary, replace(summary, finding="qty_drift"), summary):
        counted.recon("recon", "A1", codec.encode(message))

    assert (counted.recon_runs, counted.recon_breaks) == (2, 1)


def test_dead_letters_are_counted_by_reason() -> None:
    counted = Tally()
    for topic, reason in [("ticks", "SCHEMA"), ("ticks", "OVERSIZED"), ("fills", "SCHEMA")]:
        dead = Dead(
            at_ns=1,
            topic=topic,
            partition=0,
            offset=0,
            stage="oms",
            reason=reason,
            detail="",
            payload_b64="",
        )
        counted.dead_letter(f"{topic}.dead", "", codec.encode(dead))

    assert counted.dead == {"SCHEMA": 2, "OVERSIZED": 1}


TRADES = st.lists(
    st.tuples(st.sampled_from(["BUY", "SELL"]), st.integers(1, 100), st.integers(1, 10**7)),
    max_size=12,
)


@settings(deadline=None)
@given(TRADES, st.integers(1, 10**7))
def test_profit_is_exact_whatever_the_trades(
    trades: list[tuple[str, int, int]], close_e4: int
) -> None:
    counted = tally(*(fill(*trade) for trade in trades))
    bar = builders.bar(tf="1m", symbol="INFY", close_e4=close_e4)
    counted.bar("bars.1m", "INFY", codec.encode(bar))

    gains = [(close_e4 - price) * (qty if side == "BUY" else -qty) for side, qty, price in trades]
    assert counted.gross_pnl_e4() == sum(gains)


def test_bytes_that_are_no_record_count_nowhere() -> None:
    """On a broker anyone may have written them."""
    counted = Tally()
    for topic, observe in observers(counted, ["ticks"]).items():
        observe(topic, "", b"no record of anything")

    assert (counted.fills, counted.recon_runs, counted.dead) == (0, 0, {})
    assert counted.digest() == Tally().digest()
