"""The order state machine.

Generated from schemas/order_states.yaml by tools/generate.py: do not edit.
"""

from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands."""

    NEW = "NEW"
    """Decided on, not yet recorded."""
    PENDING_SUBMIT = "PENDING_SUBMIT"
    """The gateway was told to place it; no answer yet."""
    SUBMITTED = "SUBMITTED"
    """The broker has it; the exchange may not have it yet."""
    ACCEPTED = "ACCEPTED"
    """Open at the exchange, nothing filled."""
    TRIGGER_PENDING = "TRIGGER_PENDING"
    """A stop order that waits for its trigger price."""
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    """Open at the exchange, partly filled."""
    PENDING_MODIFY = "PENDING_MODIFY"
    """A change was requested; no answer yet."""
    PENDING_CANCEL = "PENDING_CANCEL"
    """A cancel was requested; no answer yet."""
    UNKNOWN = "UNKNOWN"
    """A command was not answered or was refused; the order is looked up by its tag."""
    FILLED = "FILLED"
    """Filled in full."""
    CANCELLED = "CANCELLED"
    """Cancelled; part of it may be filled."""
    REJECTED = "REJECTED"
    """Refused by us or by the broker, or never arrived there."""
    EXPIRED = "EXPIRED"
    """Ended by the broker at the end of its validity; part of it may be filled."""


class OrderEvent(StrEnum):
    """What happened to an order."""

    ALLOWED = "ALLOWED"
    """The budget guard approved the intent: place the order."""
    REFUSED = "REFUSED"
    """We do not place it: halted, out of date, or nothing left to exit."""
    RECEIVED = "RECEIVED"
    """The broker took it and has not passed it on yet."""
    ACK = "ACK"
    """The exchange took it."""
    REJECT = "REJECT"
    """The broker or the exchange refused it."""
    FILL = "FILL"
    """A trade; some quantity is still open."""
    FULL_FILL = "FULL_FILL"
    """A trade that completes the order."""
    OVERFILL = "OVERFILL"
    """A trade beyond the ordered quantity."""
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    """We want it cancelled."""
    CANCELLED = "CANCELLED"
    """The broker cancelled what was open."""
    CANCEL_REFUSED = "CANCEL_REFUSED"
    """The broker refused to cancel."""
    MODIFY_REQUESTED = "MODIFY_REQUESTED"
    """We want it changed."""
    MODIFIED = "MODIFIED"
    """The broker changed it."""
    MODIFY_REFUSED = "MODIFY_REFUSED"
    """The broker refused to change it."""
    TRIGGER_ARMED = "TRIGGER_ARMED"
    """The stop order waits for its trigger."""
    TRIGGERED = "TRIGGERED"
    """The trigger price was reached."""
    EXPIRED = "EXPIRED"
    """The broker ended it at the end of its validity."""
    TIMEOUT = "TIMEOUT"
    """No answer to a command in time."""
    QUERIED = "QUERIED"
    """The broker was asked for the order by its tag."""
    FOUND = "FOUND"
    """The broker knows the order; nothing is filled."""
    FOUND_PARTLY_FILLED = "FOUND_PARTLY_FILLED"
    """The broker knows the order; part of it is filled."""
    NOT_FOUND = "NOT_FOUND"
    """The broker does not know the order at present."""
    NOT_FOUND_FINAL = "NOT_FOUND_FINAL"
    """The broker has not known the order for the whole deadline."""


TERMINAL = (
    OrderState.FILLED,
    OrderState.CANCELLED,
    OrderState.REJECTED,
    OrderState.EXPIRED,
)
"""States after which nothing more is expected; only a late truth may follow."""

LATE_TRUTHS = (
    OrderEvent.FILL,
    OrderEvent.FULL_FILL,
    OrderEvent.OVERFILL,
    OrderEvent.CANCELLED,
    OrderEvent.EXPIRED,
    OrderEvent.FOUND,
    OrderEvent.FOUND_PARTLY_FILLED,
)
"""Events that may leave a terminal state."""

TRANSITIONS = (
    (OrderState.NEW, OrderEvent.ALLOWED, OrderState.PENDING_SUBMIT),
    (OrderState.NEW, OrderEvent.REFUSED, OrderState.REJECTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.RECEIVED, OrderState.SUBMITTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.ACK, OrderState.ACCEPTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.PENDING_SUBMIT, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.PENDING_SUBMIT, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.PENDING_SUBMIT, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_SUBMIT, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.PENDING_SUBMIT, OrderEvent.TRIGGER_ARMED, OrderState.TRIGGER_PENDING),
    (OrderState.PENDING_SUBMIT, OrderEvent.TRIGGERED, OrderState.ACCEPTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.PENDING_SUBMIT, OrderEvent.TIMEOUT, OrderState.UNKNOWN),
    (OrderState.PENDING_SUBMIT, OrderEvent.QUERIED, OrderState.PENDING_SUBMIT),
    (OrderState.PENDING_SUBMIT, OrderEvent.FOUND, OrderState.SUBMITTED),
    (OrderState.PENDING_SUBMIT, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.PENDING_SUBMIT, OrderEvent.NOT_FOUND, OrderState.PENDING_SUBMIT),
    (OrderState.SUBMITTED, OrderEvent.RECEIVED, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.ACK, OrderState.ACCEPTED),
    (OrderState.SUBMITTED, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.SUBMITTED, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.SUBMITTED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.SUBMITTED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.SUBMITTED, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.SUBMITTED, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.SUBMITTED, OrderEvent.CANCEL_REFUSED, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.MODIFY_REQUESTED, OrderState.PENDING_MODIFY),
    (OrderState.SUBMITTED, OrderEvent.MODIFIED, OrderState.ACCEPTED),
    (OrderState.SUBMITTED, OrderEvent.MODIFY_REFUSED, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.TRIGGER_ARMED, OrderState.TRIGGER_PENDING),
    (OrderState.SUBMITTED, OrderEvent.TRIGGERED, OrderState.ACCEPTED),
    (OrderState.SUBMITTED, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.SUBMITTED, OrderEvent.TIMEOUT, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.QUERIED, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.FOUND, OrderState.SUBMITTED),
    (OrderState.SUBMITTED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.SUBMITTED, OrderEvent.NOT_FOUND, OrderState.SUBMITTED),
    (OrderState.ACCEPTED, OrderEvent.RECEIVED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.ACK, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.ACCEPTED, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.ACCEPTED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.ACCEPTED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.ACCEPTED, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.ACCEPTED, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.ACCEPTED, OrderEvent.CANCEL_REFUSED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.MODIFY_REQUESTED, OrderState.PENDING_MODIFY),
    (OrderState.ACCEPTED, OrderEvent.MODIFIED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.MODIFY_REFUSED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.TRIGGER_ARMED, OrderState.TRIGGER_PENDING),
    (OrderState.ACCEPTED, OrderEvent.TRIGGERED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.ACCEPTED, OrderEvent.TIMEOUT, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.QUERIED, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.FOUND, OrderState.ACCEPTED),
    (OrderState.ACCEPTED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.ACCEPTED, OrderEvent.NOT_FOUND, OrderState.ACCEPTED),
    (OrderState.TRIGGER_PENDING, OrderEvent.RECEIVED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.ACK, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.TRIGGER_PENDING, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.TRIGGER_PENDING, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.TRIGGER_PENDING, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.TRIGGER_PENDING, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.TRIGGER_PENDING, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.TRIGGER_PENDING, OrderEvent.CANCEL_REFUSED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.MODIFY_REQUESTED, OrderState.PENDING_MODIFY),
    (OrderState.TRIGGER_PENDING, OrderEvent.MODIFIED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.MODIFY_REFUSED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.TRIGGER_ARMED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.TRIGGERED, OrderState.ACCEPTED),
    (OrderState.TRIGGER_PENDING, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.TRIGGER_PENDING, OrderEvent.TIMEOUT, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.QUERIED, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.FOUND, OrderState.TRIGGER_PENDING),
    (OrderState.TRIGGER_PENDING, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.TRIGGER_PENDING, OrderEvent.NOT_FOUND, OrderState.TRIGGER_PENDING),
    (OrderState.PARTIALLY_FILLED, OrderEvent.RECEIVED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.ACK, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.PARTIALLY_FILLED, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.CANCEL_REFUSED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.MODIFY_REQUESTED, OrderState.PENDING_MODIFY),
    (OrderState.PARTIALLY_FILLED, OrderEvent.MODIFIED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.MODIFY_REFUSED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.TRIGGER_ARMED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.TRIGGERED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.TIMEOUT, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.QUERIED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.PARTIALLY_FILLED, OrderEvent.NOT_FOUND, OrderState.PARTIALLY_FILLED),
    (OrderState.PENDING_MODIFY, OrderEvent.RECEIVED, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.ACK, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.PENDING_MODIFY, OrderEvent.FILL, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.PENDING_MODIFY, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.PENDING_MODIFY, OrderEvent.CANCEL_REQUESTED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_MODIFY, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.PENDING_MODIFY, OrderEvent.CANCEL_REFUSED, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.MODIFIED, OrderState.ACCEPTED),
    (OrderState.PENDING_MODIFY, OrderEvent.MODIFY_REFUSED, OrderState.UNKNOWN),
    (OrderState.PENDING_MODIFY, OrderEvent.TRIGGER_ARMED, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.TRIGGERED, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.PENDING_MODIFY, OrderEvent.TIMEOUT, OrderState.UNKNOWN),
    (OrderState.PENDING_MODIFY, OrderEvent.QUERIED, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.FOUND, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_MODIFY, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.PENDING_MODIFY, OrderEvent.NOT_FOUND, OrderState.PENDING_MODIFY),
    (OrderState.PENDING_CANCEL, OrderEvent.RECEIVED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.ACK, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.PENDING_CANCEL, OrderEvent.FILL, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.PENDING_CANCEL, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.PENDING_CANCEL, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.PENDING_CANCEL, OrderEvent.CANCEL_REFUSED, OrderState.UNKNOWN),
    (OrderState.PENDING_CANCEL, OrderEvent.MODIFIED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.MODIFY_REFUSED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.TRIGGER_ARMED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.TRIGGERED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.PENDING_CANCEL, OrderEvent.TIMEOUT, OrderState.UNKNOWN),
    (OrderState.PENDING_CANCEL, OrderEvent.QUERIED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.FOUND, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderEvent.NOT_FOUND, OrderState.PENDING_CANCEL),
    (OrderState.UNKNOWN, OrderEvent.RECEIVED, OrderState.SUBMITTED),
    (OrderState.UNKNOWN, OrderEvent.ACK, OrderState.ACCEPTED),
    (OrderState.UNKNOWN, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.UNKNOWN, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.UNKNOWN, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.UNKNOWN, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.UNKNOWN, OrderEvent.CANCEL_REQUESTED, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.UNKNOWN, OrderEvent.CANCEL_REFUSED, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.MODIFIED, OrderState.ACCEPTED),
    (OrderState.UNKNOWN, OrderEvent.MODIFY_REFUSED, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.TRIGGER_ARMED, OrderState.TRIGGER_PENDING),
    (OrderState.UNKNOWN, OrderEvent.TRIGGERED, OrderState.ACCEPTED),
    (OrderState.UNKNOWN, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.UNKNOWN, OrderEvent.TIMEOUT, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.QUERIED, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.FOUND, OrderState.SUBMITTED),
    (OrderState.UNKNOWN, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.UNKNOWN, OrderEvent.NOT_FOUND, OrderState.UNKNOWN),
    (OrderState.UNKNOWN, OrderEvent.NOT_FOUND_FINAL, OrderState.REJECTED),
    (OrderState.FILLED, OrderEvent.RECEIVED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.ACK, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.CANCEL_REFUSED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.MODIFIED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.MODIFY_REFUSED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.TRIGGER_ARMED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.TRIGGERED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.TIMEOUT, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.QUERIED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.FILLED),
    (OrderState.FILLED, OrderEvent.NOT_FOUND, OrderState.FILLED),
    (OrderState.CANCELLED, OrderEvent.RECEIVED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.ACK, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.FILL, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.CANCELLED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.CANCELLED, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.CANCEL_REFUSED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.MODIFIED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.MODIFY_REFUSED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.TRIGGER_ARMED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.TRIGGERED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.EXPIRED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.TIMEOUT, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.QUERIED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.FOUND, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.CANCELLED),
    (OrderState.CANCELLED, OrderEvent.NOT_FOUND, OrderState.CANCELLED),
    (OrderState.REJECTED, OrderEvent.RECEIVED, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.ACK, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.REJECT, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.FILL, OrderState.PARTIALLY_FILLED),
    (OrderState.REJECTED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.REJECTED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.REJECTED, OrderEvent.CANCELLED, OrderState.CANCELLED),
    (OrderState.REJECTED, OrderEvent.CANCEL_REFUSED, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.MODIFY_REFUSED, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.REJECTED, OrderEvent.TIMEOUT, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.QUERIED, OrderState.REJECTED),
    (OrderState.REJECTED, OrderEvent.FOUND, OrderState.SUBMITTED),
    (OrderState.REJECTED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.PARTIALLY_FILLED),
    (OrderState.REJECTED, OrderEvent.NOT_FOUND, OrderState.REJECTED),
    (OrderState.EXPIRED, OrderEvent.RECEIVED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.ACK, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.FILL, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.FULL_FILL, OrderState.FILLED),
    (OrderState.EXPIRED, OrderEvent.OVERFILL, OrderState.FILLED),
    (OrderState.EXPIRED, OrderEvent.CANCELLED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.CANCEL_REFUSED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.MODIFIED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.MODIFY_REFUSED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.TRIGGER_ARMED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.TRIGGERED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.EXPIRED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.TIMEOUT, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.QUERIED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.FOUND, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.FOUND_PARTLY_FILLED, OrderState.EXPIRED),
    (OrderState.EXPIRED, OrderEvent.NOT_FOUND, OrderState.EXPIRED),
)
"""Every legal (state, event, next state)."""

_NEXT = {(state, event): target for state, event, target in TRANSITIONS}


def next_state(state: OrderState, event: OrderEvent) -> OrderState | None:
    """State after an event; None when the event is illegal in that state."""
    return _NEXT.get((state, event))
