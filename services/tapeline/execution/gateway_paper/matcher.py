"""The paper exchange: what one order trades against one market-data snapshot.

Pure and seeded: every draw is a hash of (seed, order id, what, n), so that a result depends neither
on the order in which other symbols' ticks come nor on a restart. The backtest uses this too.

A snapshot feed shows what is displayed, not who was first. The rules, in this order:

1. A stale or absurd snapshot fills nothing.
2. A stop order is triggered by the last price of a trade since it was accepted.
3. A market order may trade to its protection price and no further; what is left rests there, as at
   the broker since April 2026 (kite.trade/forum/discussion/15912).
4. Against the opposite depth an order takes, level by level up to its price, `participation_bp` of
   what is displayed: at the level's price when it is marketable as it comes, at its own when it is
   a limit order that has rested, for then the other side came to it. What is left of a market order
   goes on taking levels: in a real book it would have taken the other half of them at once. What
   own orders took is not taken again until the snapshot changes. Without any depth, the last trade
   stands for one level at half a spread.
5. An order that rests is also filled at its own price when a trade prints through it, and when one
   prints there and the quantity ahead of it in the queue has traded or gone.
6. In an auction only prints count: one price for all, and better than the limit for many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Tick
from tapeline.contracts.money import BP
from tapeline.contracts.states.gateway_paper import PaperOrder
from tapeline.execution.order_checks import price_band, trigger_reached
from tapeline.market.instrument import Instrument

LEVELS_MAX = 5
"""Kite shows five levels a side; beyond the fifth nothing is known of the queue."""


@dataclass(frozen=True)
class MatchRules:
    """How the paper exchange treats an order."""

    seed: int
    participation_bp: int = 5_000
    """Share of displayed or printed quantity that an own order may take, basis points. Half: the
    other half goes to those who see the same snapshot."""
    slippage_ticks_max: int = 1
    """Market orders trade 0 to this many ticks worse than displayed, hashed: the book moves while
    the order travels."""
    half_spread_bp: int = 5
    """Where no depth is shown: distance from the last price, basis points of it. 0.05 % is the
    half-spread of a stock outside the top hundred."""
    protection_bp: int = 100
    """How far a market order may trade from the last price, basis points. Kite's automatic
    protection is between 0.5 % and 2 % for shares and futures, by price; this is its middle."""
    quote_age_ns_max: int = 10 * SECOND_NS
    """A snapshot older than this fills nothing, nanoseconds. A liquid name changes every second or
    two, so that ten seconds of silence are a gap."""


class Taken:
    """What own orders have taken of one snapshot, shares."""

    __slots__ = ("asks", "bids", "printed", "tick")

    def __init__(self, tick: Tick) -> None:
        self.tick = tick
        self.bids = [0] * (len(tick.bids) // 2)
        self.asks = [0] * (len(tick.asks) // 2)
        self.printed = 0


class Market(NamedTuple):
    """What an order meets."""

    now_ns: int
    instrument: Instrument
    tick: Tick
    taken: Taken
    is_new: bool
    """True when the tick has just come, so that its trade is news; False when an order comes to a
    tick that was there before it."""
    auction: bool


class Trade(NamedTuple):
    """One fill."""

    qty: int
    price_e4: int


class Matched(NamedTuple):
    """An order after a snapshot."""

    order: PaperOrder
    trades: Sequence[Trade] = ()
    triggered: bool = False


def draw(seed: int, order_id: str, what: str, n: int, below: int) -> int:
    """Deterministic number in [0, below) for one decision about one order."""
    text = f"{seed}\x1f{order_id}\x1f{what}\x1f{n}"
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % below


def same_snapshot(one: Tick, other: Tick) -> bool:
    """True when two ticks show the same: a feed repeats snapshots, and liquidity is not doubled."""
    return one is other or (
        one.event_ns == other.event_ns
        and one.last_price_e4 == other.last_price_e4
        and one.last_qty == other.last_qty
        and one.day_volume == other.day_volume
        and one.bids == other.bids
        and one.asks == other.asks
    )


def match(order: PaperOrder, market: Market, rules: MatchRules) -> Matched:
    """What an open order trades against a snapshot; the caller records its trades.

    Changes `market.taken`. The order that comes back has its trigger, price and place in the queue
    brought up to date, but not its quantities.
    """
    assert order.status in ("OPEN", "TRIGGER_PENDING"), order
    assert order.accepted_ns is not None, order
    tick = market.tick
    low, high = price_band(market.instrument)
    if market.now_ns - tick.event_ns > rules.quote_age_ns_max:
        return Matched(order)
    if not low <= tick.last_price_e4 <= high:
        return Matched(order)
    prints = market.is_new and tick.trade and tick.event_ns >= order.accepted_ns
    triggered = False
    if order.status == "TRIGGER_PENDING":
        assert order.trigger_price_e4 is not None, order
        if not prints or not trigger_reached(
            order.side, order.trigger_price_e4, tick.last_price_e4
        ):
            return Matched(order)
        triggered, prints = True, False
        order = replace(order, status="OPEN", price_e4=order.limit_price_e4)
    if order.price_e4 is None:
        order = replace(order, price_e4=protection_price(order.side, market, rules))
    if market.auction:
        trades = _from_auction(order, market, rules) if prints else []
        return Matched(order, trades, triggered)
    trades = _from_depth(order, market, rules)
    if not trades and prints:
        order, trades = _from_print(order, market, rules)
    return Matched(_requeued(order, tick), trades, triggered)


def protection_price(side: str, market: Market, rules: MatchRules) -> int:
    """Worst price of a market order: on the tick grid, inside the band, 1/10,000 rupee."""
    low, high = price_band(market.instrument)
    last = market.tick.last_price_e4
    if side == "BUY":
        worst = last * (BP + rules.protection_bp) // BP
        return max(low, min(high, market.instrument.round_price(worst, up=False)))
    worst = -(-last * (BP - rules.protection_bp) // BP)
    return min(high, max(low, market.instrument.round_price(worst, up=True)))


def displayed_at(levels: Sequence[int], price_e4: int, side: str) -> int | None:
    """Shares that an own-side book of one snapshot shows at a price.

    Returns:
        0 where the snapshot shows that there are none, None beyond its deepest of five levels.
    """
    for index in range(0, len(levels), 2):
        level = levels[index]
        if level == price_e4:
            return levels[index + 1]
        if (level < price_e4) if side == "BUY" else (level > price_e4):
            return 0
    return None if len(levels) // 2 == LEVELS_MAX else 0


def _from_depth(order: PaperOrder, market: Market, rules: MatchRules) -> list[Trade]:
    tick, taken = market.tick, market.taken
    levels, used = (tick.asks, taken.asks) if order.side == "BUY" else (tick.bids, taken.bids)
    if not tick.bids and not tick.asks:
        return _from_last_price(order, market, rules)
    trades: list[Trade] = []
    open_qty = order.qty - order.filled_qty
    for level in range(len(levels) // 2):
        price, shown = levels[2 * level], levels[2 * level + 1]
        if open_qty == 0 or not _reaches(order, price):
            break
        qty = min(open_qty, shown * rules.participation_bp // BP - used[level])
        if qty <= 0:
            continue
        used[level] += qty
        open_qty -= qty
        worst = levels[len(levels) - 2]
        n = len(order.trades) + len(trades)
        price = _resting_price(order) or _slipped(order, n, price, worst, market, rules)
        trades.append(Trade(qty, price))
    return trades


def _from_last_price(order: PaperOrder, market: Market, rules: MatchRules) -> list[Trade]:
    tick = market.tick
    if not tick.trade:
        return []
    distance = -(-tick.last_price_e4 * rules.half_spread_bp // BP)
    if order.side == "BUY":
        price = market.instrument.round_price(tick.last_price_e4 + distance, up=True)
    else:
        price = market.instrument.round_price(tick.last_price_e4 - distance, up=False)
    low, high = price_band(market.instrument)
    if not _reaches(order, price) or not low <= price <= high:
        return []
    most = tick.last_qty * rules.participation_bp // BP
    return _of_print(order, market, _resting_price(order) or price, most)


def _from_print(
    order: PaperOrder, market: Market, rules: MatchRules
) -> tuple[PaperOrder, list[Trade]]:
    assert order.price_e4 is not None, order
    tick, price = market.tick, order.price_e4
    if tick.last_price_e4 == price:
        ahead = order.queue_ahead or 0
        passed = min(ahead, tick.last_qty)
        order = replace(order, queue_ahead=ahead - passed)
        share_bp = draw(rules.seed, order.order_id, "queue", tick.seq, rules.participation_bp + 1)
        return order, _of_print(order, market, price, (tick.last_qty - passed) * share_bp // BP)
    if not _reaches(order, tick.last_price_e4):
        return order, []
    most = tick.last_qty * rules.participation_bp // BP
    return replace(order, queue_ahead=0), _of_print(order, market, price, most)


def _from_auction(order: PaperOrder, market: Market, rules: MatchRules) -> list[Trade]:
    tick = market.tick
    if not _reaches(order, tick.last_price_e4):
        return []
    most = tick.last_qty * rules.participation_bp // BP
    return _of_print(order, market, tick.last_price_e4, most)


def _of_print(order: PaperOrder, market: Market, price_e4: int, most: int) -> list[Trade]:
    """At most one trade of what is left of the last print."""
    qty = min(order.qty - order.filled_qty, most - market.taken.printed)
    if qty <= 0:
        return []
    market.taken.printed += qty
    return [Trade(qty, price_e4)]


def _resting_price(order: PaperOrder) -> int | None:
    """Price of a limit order that has rested: whoever comes to it trades at that. None for an order
    that has not met a snapshot since it came, was changed or was triggered, and for market orders.
    """
    rested = order.queue_ahead is not None and order.order_type in ("LIMIT", "SL")
    return order.price_e4 if rested else None


def _reaches(order: PaperOrder, price_e4: int) -> bool:
    """True when the order may trade at a price."""
    assert order.price_e4 is not None, order
    return price_e4 <= order.price_e4 if order.side == "BUY" else price_e4 >= order.price_e4


def _slipped(
    order: PaperOrder, n: int, price_e4: int, worst_e4: int, market: Market, rules: MatchRules
) -> int:
    """Price of a trade of a market order: never beyond its protection or the worst level shown."""
    if order.order_type in ("LIMIT", "SL"):
        return price_e4
    assert order.price_e4 is not None, order
    ticks = draw(rules.seed, order.order_id, "slippage", n, rules.slippage_ticks_max + 1)
    distance = ticks * market.instrument.tick_e4(price_e4)
    if order.side == "BUY":
        slipped = market.instrument.round_price(price_e4 + distance, up=False)
        return max(price_e4, min(slipped, order.price_e4, worst_e4))
    slipped = market.instrument.round_price(price_e4 - distance, up=True)
    return min(price_e4, max(slipped, order.price_e4, worst_e4))


def _requeued(order: PaperOrder, tick: Tick) -> PaperOrder:
    """The order with its place in the queue: it starts behind what is shown at its price, and
    moves up when less is shown, because others ahead have cancelled."""
    assert order.price_e4 is not None, order
    shown = displayed_at(
        tick.bids if order.side == "BUY" else tick.asks, order.price_e4, order.side
    )
    if order.queue_ahead is None:
        return replace(order, queue_ahead=shown or 0)
    if shown is not None and shown < order.queue_ahead:
        return replace(order, queue_ahead=shown)
    return order
