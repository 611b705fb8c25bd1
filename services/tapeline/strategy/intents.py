"""Intents on the topic `orders`: from an action on a virtual position to legs with prices."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tapeline.contracts.ids import derive
from tapeline.contracts.messages import Extra, Leg, Order, PairSignal, Signal
from tapeline.contracts.money import BP
from tapeline.contracts.states.strategy_runner import PositionEntry, SeenBar
from tapeline.market.instrument import Instrument
from tapeline.strategy.api import Spread
from tapeline.strategy.position import Action
from tapeline.strategy.settings import STAGE, Settings, Unit

Side = Literal["BUY", "SELL"]


class Grounds(NamedTuple):
    """What a decision was made from; it becomes the intent's signal."""

    bars: tuple[SeenBar, ...]
    """The bar, of a pair both, first leg first."""
    indicators: dict[str, float]
    votes: dict[str, int]
    spread: Spread | None
    """Pairs only."""


def intent(
    unit: Unit,
    action: Action,
    position: PositionEntry,
    grounds: Grounds,
    at_ns: int,
    settings: Settings,
) -> Order:
    """The intent that carries out `action`.

    Args:
        position: after the action; an entry takes its distances and confidence from it.
        at_ns: when the intent exists, UTC nanoseconds.
    """
    symbols = tuple(bar.symbol for bar in grounds.bars)
    start_ns = grounds.bars[0].start_ns
    entry = action.action == "ENTRY"
    end_ns = max(bar.end_ns for bar in grounds.bars)
    return Order(
        at_ns=at_ns,
        intent_id=derive(
            settings.session, STAGE, unit.name, unit.timeframe, *symbols, start_ns, action.action
        ),
        strategy=unit.name,
        bucket=unit.bucket,
        action=action.action,
        product=settings.product,
        legs=_legs(action, position, grounds.bars, settings),
        expires_ns=end_ns + settings.entry_expiry_ns if entry else None,
        leg_timeout_ms=unit.members[0].entry.leg_timeout_ms,
        extra=Extra(signal=_signal(unit, action, position, grounds)),
    )


def _legs(
    action: Action, position: PositionEntry, bars: tuple[SeenBar, ...], settings: Settings
) -> tuple[Leg, ...]:
    """Legs of an intent.

    A pair's stop and target are distances of its spread per share of the first leg: they stand on
    the first leg, which sizing starts from, and the second leg has none of its own.
    """
    entry = action.action == "ENTRY"
    buys_first = (action.side > 0) == entry
    weights_bp = (BP, action.hedge_bp)[: len(bars)]
    legs = []
    for number, (bar, weight_bp) in enumerate(zip(bars, weights_bp, strict=True)):
        instrument = settings.instruments[bar.symbol]
        side: Side = "BUY" if buys_first == (number == 0) else "SELL"
        limit = limit_e4(bar.close_e4, side, instrument, settings.allowance_bp)
        tick_e4 = instrument.tick_e4(bar.close_e4)
        risked = entry and number == 0
        legs.append(
            Leg(
                symbol=bar.symbol,
                side=side,
                weight_bp=weight_bp,
                qty=None,
                order_type="LIMIT" if entry else "MARKET",
                limit_price_e4=limit if entry else None,
                trigger_price_e4=None,
                reference_price_e4=bar.close_e4,
                stop_distance_e4=_distance(position.stop_distance_e4, tick_e4) if risked else None,
                target_distance_e4=_distance(position.target_distance_e4, tick_e4)
                if risked
                else None,
            )
        )
    return tuple(legs)


def _distance(distance_e4: int | None, tick_e4: int) -> int | None:
    """A distance on the wire, at least one tick."""
    return None if distance_e4 is None else max(distance_e4, tick_e4)


def limit_e4(close_e4: int, side: Side, instrument: Instrument, allowance_bp: int) -> int:
    """Limit price: the close plus (SELL: minus) the allowance, rounded away to the tick grid."""
    allowance_e4 = -(-close_e4 * allowance_bp // BP)
    if side == "BUY":
        return instrument.round_price(close_e4 + allowance_e4, up=True)
    price_e4 = max(close_e4 - allowance_e4, 1)
    return max(instrument.round_price(price_e4, up=False), instrument.tick_e4(price_e4))


def _signal(
    unit: Unit, action: Action, position: PositionEntry, grounds: Grounds
) -> Signal | PairSignal:
    bar = grounds.bars[0]
    if grounds.spread is None:
        return Signal(
            strategy=unit.name,
            version=unit.version,
            tf=unit.timeframe,
            symbol=bar.symbol,
            bar_start_ns=bar.start_ns,
            bar_rev=bar.rev,
            indicators=grounds.indicators,
            votes=grounds.votes,
            confidence_bp=position.confidence_bp,
            cause=action.cause,
        )
    return PairSignal(
        strategy=unit.name,
        version=unit.version,
        tf=unit.timeframe,
        symbols=tuple(leg.symbol for leg in grounds.bars),
        bar_start_ns=bar.start_ns,
        bar_revs=tuple(leg.rev for leg in grounds.bars),
        hedge_ratio=grounds.spread.hedge_ratio,
        spread=grounds.spread.value,
        zscore=grounds.spread.zscore,
        indicators=grounds.indicators,
        votes=grounds.votes,
        confidence_bp=position.confidence_bp,
        cause=action.cause,
    )
