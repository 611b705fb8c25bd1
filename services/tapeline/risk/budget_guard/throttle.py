"""Order counts by calendar second, minute and day.

The broker counts by its own calendar, not by a sliding window: ten orders at 10:00:00.9 and ten at
10:00:01.1 pass, eleven inside one second do not. So these counters do the same.
"""

from __future__ import annotations

from tapeline.contracts.clock import MINUTE_NS, SECOND_NS, ist_day
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.budget_guard import Throttle
from tapeline.risk.limits import Throttle as Limits

EMPTY = Throttle(second=0, second_orders=0, minute=0, minute_orders=0, day=0, day_orders=0)


def counted(throttle: Throttle, sent_ns: int, orders: int) -> Throttle:
    """Counts after `orders` were sent at a time; those of a window that is over count no more."""
    second, second_orders = _window(
        throttle.second, throttle.second_orders, sent_ns // SECOND_NS, orders
    )
    minute, minute_orders = _window(
        throttle.minute, throttle.minute_orders, sent_ns // MINUTE_NS, orders
    )
    day, day_orders = _window(throttle.day, throttle.day_orders, ist_day(sent_ns), orders)
    return Throttle(
        second=second,
        second_orders=second_orders,
        minute=minute,
        minute_orders=minute_orders,
        day=day,
        day_orders=day_orders,
    )


def refusal(throttle: Throttle, limits: Limits, action: str) -> Reason | None:
    """Limit that the counts break, shortest window first; None when they keep all.

    Args:
        throttle: counts with the new orders among them.
        limits: what is allowed.
        action: an EXIT may also use what is kept for exits.
    """
    kept = action == "ENTRY"
    second_max = limits.per_second - limits.cancels_per_second - kept * limits.exits_per_second
    rules = (
        (Reason.THROTTLED_SECOND, throttle.second_orders, second_max),
        (
            Reason.THROTTLED_MINUTE,
            throttle.minute_orders,
            limits.per_minute - kept * limits.exits_per_minute,
        ),
        (
            Reason.THROTTLED_DAY,
            throttle.day_orders,
            limits.per_day - kept * limits.exits_per_day,
        ),
    )
    return next((reason for reason, orders, most in rules if orders > most), None)


def _window(present: int, count: int, window: int, orders: int) -> tuple[int, int]:
    if window < present:
        return present, count
    return window, orders + (count if window == present else 0)
