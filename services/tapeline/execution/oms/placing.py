"""From an allowed intent to its orders, and from a leg to its next attempt."""

from __future__ import annotations

from typing import Any

from tapeline.contracts import ids
from tapeline.contracts.messages import Allowed, Leg, Order
from tapeline.contracts.order_states import OrderEvent, OrderState
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.oms import OmsIntent, OmsLeg, OmsOrder
from tapeline.execution.oms.pricing import protected_price_e4
from tapeline.execution.oms.state import is_terminal, order_id
from tapeline.execution.oms.turn import Step, Turn, replace
from tapeline.market.positions import opposite


def take_allowed(turn: Turn, allowed: Allowed) -> None:
    """Places the legs of an approved intent, or records why not; a repeat is ignored."""
    if allowed.decision != "APPROVED":
        return
    order = allowed.order
    if order.intent_id in turn.state.intents:
        turn.count("repeated_intents")
        return
    for leg in order.legs:
        if leg.symbol not in turn.settings.instruments:
            turn.dead(Reason.UNKNOWN_SYMBOL, f"{leg.symbol} of intent {order.intent_id}")
            return
        if leg.qty is None:
            turn.dead(Reason.UNSIZED_LEG, f"{leg.symbol} of intent {order.intent_id}")
            return
    refused = _refusal(turn, order)
    asked = [leg.qty or 0 for leg in order.legs]
    place = [0 if refused else _to_place(turn, order, leg) for leg in order.legs]
    turn.state.put_intent(_intent(turn, order, place))
    reserves = _reserves(order, allowed.reserved_e4)
    for index, leg in enumerate(order.legs):
        qty = place[index] or asked[index]
        new = _first_order(turn, order, index, qty)
        if place[index] == 0:
            turn.record(new, Step(OrderEvent.REFUSED, "NONE", refused or Reason.EXIT_IN_PROGRESS))
            if refused is None:
                _hasten_open_exits(turn, order, leg)
            continue
        reduced = place[index] < asked[index]
        reason = Reason.EXIT_IN_PROGRESS if reduced else Reason.OK
        reserve = reserves[index] * place[index] // asked[index]
        turn.record(replace(new, reserve_e4=reserve), Step(OrderEvent.ALLOWED, "PLACE", reason))


def place_exit(turn: Turn, intent: OmsIntent, leg_index: int, qty: int, reason: str) -> OmsIntent:
    """Places a further exit order of a leg at a protected price, one chase wider if it chases.

    Args:
        qty: shares.
        reason: CHASED after an exit that did not trade, LEG_RISK to flatten a broken pair.

    Returns:
        The changed intent.
    """
    leg = intent.legs[leg_index]
    chases = leg.chases + (reason == Reason.CHASED)
    side = leg.side if intent.action == "EXIT" else opposite(leg.side)
    allowance_bp = turn.settings.rules.protection_bp + turn.settings.rules.chase_step_bp * chases
    instrument = turn.settings.instruments[leg.symbol]
    order = _new_order(
        turn,
        intent,
        leg=leg_index,
        attempt=leg.attempts,
        action="EXIT",
        side=side,
        order_type="MARKET",
        qty=qty,
        limit_price_e4=protected_price_e4(instrument, side, leg.reference_price_e4, allowance_bp),
        expires_ns=_expiry(turn, leg.symbol, intent.expires_ns if side == leg.side else None),
        chase_ns=_chase_ns(turn, chases),
    )
    leg = replace(leg, attempts=leg.attempts + 1, chases=chases)
    intent = with_leg(intent, leg_index, leg)
    turn.state.put_intent(intent)
    turn.record(order, Step(OrderEvent.ALLOWED, "PLACE", reason))
    return intent


def with_leg(intent: OmsIntent, index: int, leg: OmsLeg) -> OmsIntent:
    """The intent with one leg changed."""
    return replace(intent, legs=(*intent.legs[:index], leg, *intent.legs[index + 1 :]))


def _refusal(turn: Turn, order: Order) -> str | None:
    """Why an intent is not placed at all."""
    mode = turn.state.account.mode
    if order.action == "ENTRY" and mode != "ACTIVE":
        return Reason.HALTED if mode == "HALTED" else Reason.REDUCING
    if order.expires_ns is not None and order.expires_ns <= turn.now_ns:
        return Reason.INTENT_EXPIRED
    return None


def _to_place(turn: Turn, order: Order, leg: Leg) -> int:
    """Shares to place: an exit leaves out what the strategy's open exits already cover, and what
    the broker counted as traded of ended ones while the trades themselves are still missing."""
    assert leg.qty is not None
    if order.action == "ENTRY":
        return leg.qty
    covered = sum(o.qty - o.filled_qty for o in _open_exits(turn, order, leg))
    ended = (o for o in turn.state.trades_missing() if is_terminal(o))
    covered += sum(o.broker_qty - o.filled_qty for o in ended if _exits(o, order, leg))
    return max(leg.qty - covered, 0)


def _open_exits(turn: Turn, order: Order, leg: Leg) -> list[OmsOrder]:
    return [o for o in turn.state.open_orders() if _exits(o, order, leg)]


def _exits(o: OmsOrder, order: Order, leg: Leg) -> bool:
    """True when an order exits the same shares as a leg."""
    wanted = ("EXIT", order.strategy, leg.symbol, leg.side, order.product)
    return (o.action, o.strategy, o.symbol, o.side, o.product) == wanted


def _hasten_open_exits(turn: Turn, order: Order, leg: Leg) -> None:
    """A covered exit lends its reference to the open ones; those that rest are chased again."""
    for open_order in _open_exits(turn, order, leg):
        intent = turn.intent_of(open_order)
        own = intent.legs[open_order.leg]
        own = replace(own, reference_price_e4=leg.reference_price_e4, chases=0)
        turn.state.put_intent(with_leg(intent, open_order.leg, own))
        if open_order.order_type == "MARKET" and open_order.chase_ns is None:
            turn.state.put_order(replace(open_order, chase_ns=turn.now_ns))


def _reserves(order: Order, reserved_e4: int) -> list[int]:
    """The intent's reservation split over its legs by notional; the sum is exact."""
    weights = [
        (leg.qty or 0) * (leg.limit_price_e4 or leg.reference_price_e4) for leg in order.legs
    ]
    shares = [reserved_e4 * weight // sum(weights) for weight in weights]
    shares[-1] += reserved_e4 - sum(shares)
    return shares


def _intent(turn: Turn, order: Order, place: list[int]) -> OmsIntent:
    return OmsIntent(
        intent_id=order.intent_id,
        strategy=order.strategy,
        action=order.action,
        product=order.product,
        created_ns=turn.now_ns,
        expires_ns=order.expires_ns,
        leg_timeout_ms=order.leg_timeout_ms,
        leg_due_ns=None,
        unwinding=False,
        legs=tuple(
            OmsLeg(
                symbol=leg.symbol,
                side=leg.side,
                qty=qty,
                reference_price_e4=leg.reference_price_e4,
                attempts=1,
                chases=0,
            )
            for leg, qty in zip(order.legs, place, strict=True)
        ),
    )


def _first_order(turn: Turn, order: Order, index: int, qty: int) -> OmsOrder:
    leg = order.legs[index]
    chased = order.action == "EXIT" and leg.order_type == "MARKET"
    return _new_order(
        turn,
        turn.state.intents[order.intent_id],
        leg=index,
        attempt=0,
        action=order.action,
        side=leg.side,
        order_type=leg.order_type,
        qty=qty,
        limit_price_e4=_limit_price_e4(turn, leg),
        trigger_price_e4=leg.trigger_price_e4,
        expires_ns=_expiry(turn, leg.symbol, order.expires_ns),
        chase_ns=_chase_ns(turn, 0) if chased else None,
    )


def _limit_price_e4(turn: Turn, leg: Leg) -> int | None:
    """The leg's own limit, or its protected price when it is to trade at the market."""
    if leg.order_type in ("LIMIT", "SL"):
        return leg.limit_price_e4
    reference = leg.trigger_price_e4 or leg.reference_price_e4
    instrument = turn.settings.instruments[leg.symbol]
    return protected_price_e4(instrument, leg.side, reference, turn.settings.rules.protection_bp)


def _new_order(turn: Turn, intent: OmsIntent, **fields: Any) -> OmsOrder:
    """An order in state NEW; `fields` are those that the intent does not fix."""
    leg = intent.legs[fields["leg"]]
    identity = order_id(turn.settings.session, intent.intent_id, fields["leg"], fields["attempt"])
    blank: dict[str, Any] = {
        "order_id": identity,
        "tag": ids.tag(identity),
        "intent_id": intent.intent_id,
        "strategy": intent.strategy,
        "product": intent.product,
        "symbol": leg.symbol,
        "trigger_price_e4": None,
        "reserve_e4": 0,
        "state": OrderState.NEW.value,
        "reason": Reason.OK.value,
        "n": 0,
        "created_ns": turn.now_ns,
        "broker_order_id": None,
        "filled_qty": 0,
        "filled_e4": 0,
        "broker_qty": 0,
        "trade_ids": (),
        "report_ids": (),
        "known": False,
        "cancel_reason": None,
        "answer_ns": None,
        "cancel_ns": None,
        "query_ns": None,
        "not_found_ns": None,
    }
    return OmsOrder(**(blank | fields))


def _expiry(turn: Turn, symbol: str, expires_ns: int | None) -> int | None:
    """The earlier of the intent's expiry and the end of the market phase. UTC nanoseconds."""
    times = (expires_ns, turn.settings.phase_end_ns(symbol, turn.now_ns))
    return min((time for time in times if time is not None), default=None)


def _chase_ns(turn: Turn, chases: int) -> int | None:
    if chases >= turn.settings.rules.max_chases:
        return None
    return turn.now_ns + turn.settings.chase_after_ns
