"""What every decision of the risk manager works on, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Leg, Order, Sized
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import Flight, FlightLeg
from tapeline.risk.risk_manager.settings import Settings
from tapeline.risk.risk_manager.state import State
from tapeline.runner.stage import Output


@dataclass
class Case:
    """One order to decide on, and the numbers that decide it."""

    order: Order
    now_ns: int
    state: State
    settings: Settings
    numbers: dict[str, int] = field(default_factory=dict)
    """By name with the unit last; checks add what they compared."""

    def rejected(self, reason: Reason) -> Output:
        """The order as it came, with the reason."""
        return self._output("REJECTED", reason, self.order)

    def approved(self, order: Order, prices_e4: tuple[int, ...], expires_ns: int) -> Output:
        """The order with its quantities; counts as in flight from now on.

        Args:
            order: with quantities and rounded prices.
            prices_e4: at which each leg counts against the caps, 1/10,000 rupee.
            expires_ns: when its orders are cancelled. UTC nanoseconds.
        """
        legs = tuple(
            FlightLeg(symbol=leg.symbol, side=leg.side, open_qty=leg.qty or 0, price_e4=price_e4)
            for leg, price_e4 in zip(order.legs, prices_e4, strict=True)
        )
        flight = Flight(
            intent_id=order.intent_id,
            strategy=order.strategy,
            bucket=order.bucket,
            action=order.action,
            gone_ns=expires_ns + self.state.budget.flight.grace_s * SECOND_NS,
            legs=legs,
            open_orders=(),
            quiet_ns=None,
            landed=False,
        )
        self.state.take_off(flight)
        return self._output("APPROVED", Reason.OK, order)

    def _output(self, decision: str, reason: Reason, order: Order) -> Output:
        sized = Sized(
            at_ns=self.now_ns + self.settings.latency_ns,
            intent_id=order.intent_id,
            decision=decision,  # type: ignore[arg-type]
            reason=reason.value,
            numbers=self.numbers,
            order=order,
        )
        return Output("orders.sized", self.settings.account, sized)


def on_grid(leg: Leg, qty: int, settings: Settings) -> Leg:
    """The leg with its quantity, and its prices on the tick grid.

    Prices are rounded passively, a buy down and a sale up: an order never pays more than the
    strategy asked. How far it reaches into the book is the strategy's allowance, not rounding.
    """
    instrument = settings.instruments[leg.symbol]
    up = leg.side == "SELL"

    def rounded(price_e4: int | None) -> int | None:
        if price_e4 is None:
            return None
        return max(instrument.round_price(price_e4, up=up), instrument.tick_e4(price_e4))

    return replace(
        leg,
        qty=qty,
        limit_price_e4=rounded(leg.limit_price_e4),
        trigger_price_e4=rounded(leg.trigger_price_e4),
    )
