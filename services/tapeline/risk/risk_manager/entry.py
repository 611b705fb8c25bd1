"""ENTRY: an ordered list of checks, then size, then the price of the round trip."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS, ist, ist_day
from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.market.phases import CONTINUOUS
from tapeline.market.positions import opposite, signed
from tapeline.risk.prices import reserve_price_e4
from tapeline.risk.risk_manager.decision import Case, on_grid
from tapeline.risk.risk_manager.hours import last_continuous, phase_at, squaring_off
from tapeline.risk.risk_manager.sizing import SizingInput, size
from tapeline.runner.stage import Output


def decide_entry(case: Case) -> Output:
    """Approves an entry with quantities, or rejects it with the first reason found."""
    for check in CHECKS:
        reason = check(case)
        if reason is not None:
            return case.rejected(reason)
    return _sized(case)


def _trading(case: Case) -> Reason | None:
    trading = case.state.limits.trading
    return None if trading == "ACTIVE" else Reason(trading)


def _symbols(case: Case) -> Reason | None:
    symbols = [leg.symbol for leg in case.order.legs]
    if any(symbol not in case.settings.instruments for symbol in symbols):
        return Reason.UNKNOWN_SYMBOL
    return Reason.BAD_INTENT if len(set(symbols)) < len(symbols) else None


def _stop(case: Case) -> Reason | None:
    return Reason.NO_STOP if case.order.legs[0].stop_distance_e4 is None else None


def _phase(case: Case) -> Reason | None:
    phases = (phase_at(case.settings.phases[leg.symbol], case.now_ns) for leg in case.order.legs)
    closed = any(phase is None or phase.name != CONTINUOUS for phase in phases)
    return Reason.PHASE_CLOSED if closed else None


def _late(case: Case) -> Reason | None:
    least_s = case.state.budget.hours.no_entry_before_close_s
    left_ns = min(_close_ns(case, leg.symbol) for leg in case.order.legs) - case.now_ns
    case.numbers["to_close_s"] = left_ns // SECOND_NS
    return Reason.ENTRY_TOO_LATE if left_ns <= least_s * SECOND_NS else None


def _square_off(case: Case) -> Reason | None:
    if case.order.product != "MIS":
        return None
    times = (case.settings.square_off_ns.get(leg.symbol, ()) for leg in case.order.legs)
    over = any(squaring_off(starts, case.now_ns) for starts in times)
    return Reason.AFTER_SQUARE_OFF if over else None


def _age(case: Case) -> Reason | None:
    oldest_ns = 0
    for leg in case.order.legs:
        mark = case.state.mark(leg.symbol)
        if mark is None:
            return Reason.STALE_PRICE
        oldest_ns = max(oldest_ns, case.now_ns - mark.end_ns)
    case.numbers["price_age_ms"] = oldest_ns // 1_000_000
    limit_ns = case.state.budget.price.max_age_s * SECOND_NS
    return Reason.STALE_PRICE if oldest_ns > limit_ns else None


def _moved(case: Case) -> Reason | None:
    limit_bp = case.state.budget.price.max_deviation_bp
    for leg in case.order.legs:
        mark_e4 = _mark_e4(case, leg.symbol)
        off_e4 = abs(leg.reference_price_e4 - mark_e4)
        if off_e4 * BP > limit_bp * mark_e4:
            case.numbers["mark_price_e4"] = mark_e4
            case.numbers["reference_price_e4"] = leg.reference_price_e4
            return Reason.PRICE_MOVED
    return None


def _opposes(case: Case) -> Reason | None:
    """ENTRY opens or adds: not against what stays once exits in flight are done, nor against what
    is pending."""
    strategy = case.order.strategy
    for leg in case.order.legs:
        other = opposite(leg.side)
        position = case.state.position(strategy, leg.symbol)
        held = position.net_qty if position else 0
        exits = case.state.in_flight("EXIT", strategy, leg.symbol, leg.side)
        against = max(0, signed(other, held) - exits)
        against += case.state.in_flight("ENTRY", strategy, leg.symbol, other)
        if against > 0:
            case.numbers["opposed_qty"] = against
            return Reason.ENTRY_OPPOSES_POSITION
    return None


CHECKS: tuple[Callable[[Case], Reason | None], ...] = (
    _trading,
    _symbols,
    _stop,
    _phase,
    _late,
    _square_off,
    _age,
    _moved,
    _opposes,
)
"""In the order in which they are made: cheap and general ones first, so that the reason names the
most general obstacle."""


def _sized(case: Case) -> Output:
    order, state, settings = case.order, case.state, case.settings
    legs = tuple(on_grid(leg, 1, settings) for leg in order.legs)
    protection_bp = state.budget.price.protection_bp
    prices_e4 = tuple(
        max(reserve_price_e4(leg, protection_bp), _mark_e4(case, leg.symbol)) for leg in legs
    )
    found = size(
        SizingInput(
            order=order,
            budget=state.budget,
            exposure=state.exposure(),
            instruments=tuple(settings.instruments[leg.symbol] for leg in legs),
            prices_e4=prices_e4,
        )
    )
    for n, qty in enumerate(found.qtys):
        case.numbers[f"leg{n}_qty"] = qty
    if min(found.qtys) == 0:
        return case.rejected(found.binding)
    expires_ns = _expires_ns(case)
    sized = replace(
        order,
        legs=tuple(replace(leg, qty=qty) for leg, qty in zip(legs, found.qtys, strict=True)),
        expires_ns=expires_ns,
    )
    if _edge_below_cost(case, found.qtys):
        return case.rejected(Reason.EDGE_BELOW_COST)
    return case.approved(sized, prices_e4, expires_ns)


def _edge_below_cost(case: Case, qtys: tuple[int, ...]) -> bool:
    """Compares the expected move with the charges of buying and selling at the reference."""
    order, multiple_bp = case.order, case.state.budget.cost.edge_multiple_bp
    targets = [leg.target_distance_e4 for leg in order.legs]
    if multiple_bp == 0 or all(target is None for target in targets):
        return False
    edge_e4 = sum((target or 0) * qty for target, qty in zip(targets, qtys, strict=True))
    day = ist(case.now_ns).date()
    charged, instruments = case.settings.charges.fill_charges, case.settings.instruments
    cost_e4 = sum(
        charged(
            day,
            order.product,
            side,
            qty,
            leg.reference_price_e4,
            0,
            exchange=instruments[leg.symbol].exchange,
        ).total_e4
        for leg, qty in zip(order.legs, qtys, strict=True)
        for side in ("BUY", "SELL")
    )
    case.numbers["edge_e4"] = edge_e4
    case.numbers["round_trip_charges_e4"] = cost_e4
    return edge_e4 * BP < cost_e4 * multiple_bp


def _expires_ns(case: Case) -> int:
    """The order's own expiry, but not after the first of its legs stops trading: a pair must not
    rest with one leg. UTC nanoseconds."""
    closes = [_close_ns(case, leg.symbol) for leg in case.order.legs]
    wanted = case.order.expires_ns
    return min(closes if wanted is None else [wanted, *closes])


def _close_ns(case: Case, symbol: str) -> int:
    last = last_continuous(case.settings.phases[symbol], ist_day(case.now_ns))
    assert last is not None, (symbol, case.now_ns)
    return last.end_ns


def _mark_e4(case: Case, symbol: str) -> int:
    mark = case.state.mark(symbol)
    assert mark is not None, symbol
    return mark.price_e4
