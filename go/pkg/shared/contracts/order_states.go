// Code generated from schemas/order_states.yaml by tools/generate.py. DO NOT EDIT.

package contracts

// OrderState is where an order stands.
type OrderState string

// Every state.
const (
	// Decided on, not yet recorded.
	OrderStateNew OrderState = "NEW"
	// The gateway was told to place it; no answer yet.
	OrderStatePendingSubmit OrderState = "PENDING_SUBMIT"
	// The broker has it; the exchange may not have it yet.
	OrderStateSubmitted OrderState = "SUBMITTED"
	// Open at the exchange, nothing filled.
	OrderStateAccepted OrderState = "ACCEPTED"
	// A stop order that waits for its trigger price.
	OrderStateTriggerPending OrderState = "TRIGGER_PENDING"
	// Open at the exchange, partly filled.
	OrderStatePartiallyFilled OrderState = "PARTIALLY_FILLED"
	// A change was requested; no answer yet.
	OrderStatePendingModify OrderState = "PENDING_MODIFY"
	// A cancel was requested; no answer yet.
	OrderStatePendingCancel OrderState = "PENDING_CANCEL"
	// A command was not answered or was refused; the order is looked up by its tag.
	OrderStateUnknown OrderState = "UNKNOWN"
	// Filled in full.
	OrderStateFilled OrderState = "FILLED"
	// Cancelled; part of it may be filled.
	OrderStateCancelled OrderState = "CANCELLED"
	// Refused by us or by the broker, or never arrived there.
	OrderStateRejected OrderState = "REJECTED"
	// Ended by the broker at the end of its validity; part of it may be filled.
	OrderStateExpired OrderState = "EXPIRED"
)

// OrderStates is every state, in the order of the table.
var OrderStates = []OrderState{
	OrderStateNew,
	OrderStatePendingSubmit,
	OrderStateSubmitted,
	OrderStateAccepted,
	OrderStateTriggerPending,
	OrderStatePartiallyFilled,
	OrderStatePendingModify,
	OrderStatePendingCancel,
	OrderStateUnknown,
	OrderStateFilled,
	OrderStateCancelled,
	OrderStateRejected,
	OrderStateExpired,
}

// OrderEvent is what happened to an order.
type OrderEvent string

// Every event.
const (
	// The budget guard approved the intent: place the order.
	OrderEventAllowed OrderEvent = "ALLOWED"
	// We do not place it: halted, out of date, or nothing left to exit.
	OrderEventRefused OrderEvent = "REFUSED"
	// The broker took it and has not passed it on yet.
	OrderEventReceived OrderEvent = "RECEIVED"
	// The exchange took it.
	OrderEventAck OrderEvent = "ACK"
	// The broker or the exchange refused it.
	OrderEventReject OrderEvent = "REJECT"
	// A trade; some quantity is still open.
	OrderEventFill OrderEvent = "FILL"
	// A trade that completes the order.
	OrderEventFullFill OrderEvent = "FULL_FILL"
	// A trade beyond the ordered quantity.
	OrderEventOverfill OrderEvent = "OVERFILL"
	// We want it cancelled.
	OrderEventCancelRequested OrderEvent = "CANCEL_REQUESTED"
	// The broker cancelled what was open.
	OrderEventCancelled OrderEvent = "CANCELLED"
	// The broker refused to cancel.
	OrderEventCancelRefused OrderEvent = "CANCEL_REFUSED"
	// We want it changed.
	OrderEventModifyRequested OrderEvent = "MODIFY_REQUESTED"
	// The broker changed it.
	OrderEventModified OrderEvent = "MODIFIED"
	// The broker refused to change it.
	OrderEventModifyRefused OrderEvent = "MODIFY_REFUSED"
	// The stop order waits for its trigger.
	OrderEventTriggerArmed OrderEvent = "TRIGGER_ARMED"
	// The trigger price was reached.
	OrderEventTriggered OrderEvent = "TRIGGERED"
	// The broker ended it at the end of its validity.
	OrderEventExpired OrderEvent = "EXPIRED"
	// No answer to a command in time.
	OrderEventTimeout OrderEvent = "TIMEOUT"
	// The broker was asked for the order by its tag.
	OrderEventQueried OrderEvent = "QUERIED"
	// The broker knows the order; nothing is filled.
	OrderEventFound OrderEvent = "FOUND"
	// The broker knows the order; part of it is filled.
	OrderEventFoundPartlyFilled OrderEvent = "FOUND_PARTLY_FILLED"
	// The broker does not know the order at present.
	OrderEventNotFound OrderEvent = "NOT_FOUND"
	// The broker has not known the order for the whole deadline.
	OrderEventNotFoundFinal OrderEvent = "NOT_FOUND_FINAL"
)

// OrderEvents is every event, in the order of the table.
var OrderEvents = []OrderEvent{
	OrderEventAllowed,
	OrderEventRefused,
	OrderEventReceived,
	OrderEventAck,
	OrderEventReject,
	OrderEventFill,
	OrderEventFullFill,
	OrderEventOverfill,
	OrderEventCancelRequested,
	OrderEventCancelled,
	OrderEventCancelRefused,
	OrderEventModifyRequested,
	OrderEventModified,
	OrderEventModifyRefused,
	OrderEventTriggerArmed,
	OrderEventTriggered,
	OrderEventExpired,
	OrderEventTimeout,
	OrderEventQueried,
	OrderEventFound,
	OrderEventFoundPartlyFilled,
	OrderEventNotFound,
	OrderEventNotFoundFinal,
}

// Terminal is the states after which nothing more is expected; only a late truth may follow.
var Terminal = []OrderState{
	OrderStateFilled,
	OrderStateCancelled,
	OrderStateRejected,
	OrderStateExpired,
}

// LateTruths is the events that may leave a terminal state.
var LateTruths = []OrderEvent{
	OrderEventFill,
	OrderEventFullFill,
	OrderEventOverfill,
	OrderEventCancelled,
	OrderEventExpired,
	OrderEventFound,
	OrderEventFoundPartlyFilled,
}

// Transition is one legal step of an order.
type Transition struct {
	State OrderState
	Event OrderEvent
	Next  OrderState
}

// Transitions is every legal step.
var Transitions = []Transition{
	{OrderStateNew, OrderEventAllowed, OrderStatePendingSubmit},
	{OrderStateNew, OrderEventRefused, OrderStateRejected},
	{OrderStatePendingSubmit, OrderEventReceived, OrderStateSubmitted},
	{OrderStatePendingSubmit, OrderEventAck, OrderStateAccepted},
	{OrderStatePendingSubmit, OrderEventReject, OrderStateRejected},
	{OrderStatePendingSubmit, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStatePendingSubmit, OrderEventFullFill, OrderStateFilled},
	{OrderStatePendingSubmit, OrderEventOverfill, OrderStateFilled},
	{OrderStatePendingSubmit, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStatePendingSubmit, OrderEventCancelled, OrderStateCancelled},
	{OrderStatePendingSubmit, OrderEventTriggerArmed, OrderStateTriggerPending},
	{OrderStatePendingSubmit, OrderEventTriggered, OrderStateAccepted},
	{OrderStatePendingSubmit, OrderEventExpired, OrderStateExpired},
	{OrderStatePendingSubmit, OrderEventTimeout, OrderStateUnknown},
	{OrderStatePendingSubmit, OrderEventQueried, OrderStatePendingSubmit},
	{OrderStatePendingSubmit, OrderEventFound, OrderStateSubmitted},
	{OrderStatePendingSubmit, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStatePendingSubmit, OrderEventNotFound, OrderStatePendingSubmit},
	{OrderStateSubmitted, OrderEventReceived, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventAck, OrderStateAccepted},
	{OrderStateSubmitted, OrderEventReject, OrderStateRejected},
	{OrderStateSubmitted, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStateSubmitted, OrderEventFullFill, OrderStateFilled},
	{OrderStateSubmitted, OrderEventOverfill, OrderStateFilled},
	{OrderStateSubmitted, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStateSubmitted, OrderEventCancelled, OrderStateCancelled},
	{OrderStateSubmitted, OrderEventCancelRefused, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventModifyRequested, OrderStatePendingModify},
	{OrderStateSubmitted, OrderEventModified, OrderStateAccepted},
	{OrderStateSubmitted, OrderEventModifyRefused, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventTriggerArmed, OrderStateTriggerPending},
	{OrderStateSubmitted, OrderEventTriggered, OrderStateAccepted},
	{OrderStateSubmitted, OrderEventExpired, OrderStateExpired},
	{OrderStateSubmitted, OrderEventTimeout, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventQueried, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventFound, OrderStateSubmitted},
	{OrderStateSubmitted, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStateSubmitted, OrderEventNotFound, OrderStateSubmitted},
	{OrderStateAccepted, OrderEventReceived, OrderStateAccepted},
	{OrderStateAccepted, OrderEventAck, OrderStateAccepted},
	{OrderStateAccepted, OrderEventReject, OrderStateRejected},
	{OrderStateAccepted, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStateAccepted, OrderEventFullFill, OrderStateFilled},
	{OrderStateAccepted, OrderEventOverfill, OrderStateFilled},
	{OrderStateAccepted, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStateAccepted, OrderEventCancelled, OrderStateCancelled},
	{OrderStateAccepted, OrderEventCancelRefused, OrderStateAccepted},
	{OrderStateAccepted, OrderEventModifyRequested, OrderStatePendingModify},
	{OrderStateAccepted, OrderEventModified, OrderStateAccepted},
	{OrderStateAccepted, OrderEventModifyRefused, OrderStateAccepted},
	{OrderStateAccepted, OrderEventTriggerArmed, OrderStateTriggerPending},
	{OrderStateAccepted, OrderEventTriggered, OrderStateAccepted},
	{OrderStateAccepted, OrderEventExpired, OrderStateExpired},
	{OrderStateAccepted, OrderEventTimeout, OrderStateAccepted},
	{OrderStateAccepted, OrderEventQueried, OrderStateAccepted},
	{OrderStateAccepted, OrderEventFound, OrderStateAccepted},
	{OrderStateAccepted, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStateAccepted, OrderEventNotFound, OrderStateAccepted},
	{OrderStateTriggerPending, OrderEventReceived, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventAck, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventReject, OrderStateRejected},
	{OrderStateTriggerPending, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStateTriggerPending, OrderEventFullFill, OrderStateFilled},
	{OrderStateTriggerPending, OrderEventOverfill, OrderStateFilled},
	{OrderStateTriggerPending, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStateTriggerPending, OrderEventCancelled, OrderStateCancelled},
	{OrderStateTriggerPending, OrderEventCancelRefused, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventModifyRequested, OrderStatePendingModify},
	{OrderStateTriggerPending, OrderEventModified, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventModifyRefused, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventTriggerArmed, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventTriggered, OrderStateAccepted},
	{OrderStateTriggerPending, OrderEventExpired, OrderStateExpired},
	{OrderStateTriggerPending, OrderEventTimeout, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventQueried, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventFound, OrderStateTriggerPending},
	{OrderStateTriggerPending, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStateTriggerPending, OrderEventNotFound, OrderStateTriggerPending},
	{OrderStatePartiallyFilled, OrderEventReceived, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventAck, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventFullFill, OrderStateFilled},
	{OrderStatePartiallyFilled, OrderEventOverfill, OrderStateFilled},
	{OrderStatePartiallyFilled, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStatePartiallyFilled, OrderEventCancelled, OrderStateCancelled},
	{OrderStatePartiallyFilled, OrderEventCancelRefused, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventModifyRequested, OrderStatePendingModify},
	{OrderStatePartiallyFilled, OrderEventModified, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventModifyRefused, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventTriggerArmed, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventTriggered, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventExpired, OrderStateExpired},
	{OrderStatePartiallyFilled, OrderEventTimeout, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventQueried, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStatePartiallyFilled, OrderEventNotFound, OrderStatePartiallyFilled},
	{OrderStatePendingModify, OrderEventReceived, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventAck, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventReject, OrderStateRejected},
	{OrderStatePendingModify, OrderEventFill, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventFullFill, OrderStateFilled},
	{OrderStatePendingModify, OrderEventOverfill, OrderStateFilled},
	{OrderStatePendingModify, OrderEventCancelRequested, OrderStatePendingCancel},
	{OrderStatePendingModify, OrderEventCancelled, OrderStateCancelled},
	{OrderStatePendingModify, OrderEventCancelRefused, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventModified, OrderStateAccepted},
	{OrderStatePendingModify, OrderEventModifyRefused, OrderStateUnknown},
	{OrderStatePendingModify, OrderEventTriggerArmed, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventTriggered, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventExpired, OrderStateExpired},
	{OrderStatePendingModify, OrderEventTimeout, OrderStateUnknown},
	{OrderStatePendingModify, OrderEventQueried, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventFound, OrderStatePendingModify},
	{OrderStatePendingModify, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStatePendingModify, OrderEventNotFound, OrderStatePendingModify},
	{OrderStatePendingCancel, OrderEventReceived, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventAck, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventReject, OrderStateRejected},
	{OrderStatePendingCancel, OrderEventFill, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventFullFill, OrderStateFilled},
	{OrderStatePendingCancel, OrderEventOverfill, OrderStateFilled},
	{OrderStatePendingCancel, OrderEventCancelled, OrderStateCancelled},
	{OrderStatePendingCancel, OrderEventCancelRefused, OrderStateUnknown},
	{OrderStatePendingCancel, OrderEventModified, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventModifyRefused, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventTriggerArmed, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventTriggered, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventExpired, OrderStateExpired},
	{OrderStatePendingCancel, OrderEventTimeout, OrderStateUnknown},
	{OrderStatePendingCancel, OrderEventQueried, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventFound, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventFoundPartlyFilled, OrderStatePendingCancel},
	{OrderStatePendingCancel, OrderEventNotFound, OrderStatePendingCancel},
	{OrderStateUnknown, OrderEventReceived, OrderStateSubmitted},
	{OrderStateUnknown, OrderEventAck, OrderStateAccepted},
	{OrderStateUnknown, OrderEventReject, OrderStateRejected},
	{OrderStateUnknown, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStateUnknown, OrderEventFullFill, OrderStateFilled},
	{OrderStateUnknown, OrderEventOverfill, OrderStateFilled},
	{OrderStateUnknown, OrderEventCancelRequested, OrderStateUnknown},
	{OrderStateUnknown, OrderEventCancelled, OrderStateCancelled},
	{OrderStateUnknown, OrderEventCancelRefused, OrderStateUnknown},
	{OrderStateUnknown, OrderEventModified, OrderStateAccepted},
	{OrderStateUnknown, OrderEventModifyRefused, OrderStateUnknown},
	{OrderStateUnknown, OrderEventTriggerArmed, OrderStateTriggerPending},
	{OrderStateUnknown, OrderEventTriggered, OrderStateAccepted},
	{OrderStateUnknown, OrderEventExpired, OrderStateExpired},
	{OrderStateUnknown, OrderEventTimeout, OrderStateUnknown},
	{OrderStateUnknown, OrderEventQueried, OrderStateUnknown},
	{OrderStateUnknown, OrderEventFound, OrderStateSubmitted},
	{OrderStateUnknown, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStateUnknown, OrderEventNotFound, OrderStateUnknown},
	{OrderStateUnknown, OrderEventNotFoundFinal, OrderStateRejected},
	{OrderStateFilled, OrderEventReceived, OrderStateFilled},
	{OrderStateFilled, OrderEventAck, OrderStateFilled},
	{OrderStateFilled, OrderEventOverfill, OrderStateFilled},
	{OrderStateFilled, OrderEventCancelRefused, OrderStateFilled},
	{OrderStateFilled, OrderEventModified, OrderStateFilled},
	{OrderStateFilled, OrderEventModifyRefused, OrderStateFilled},
	{OrderStateFilled, OrderEventTriggerArmed, OrderStateFilled},
	{OrderStateFilled, OrderEventTriggered, OrderStateFilled},
	{OrderStateFilled, OrderEventTimeout, OrderStateFilled},
	{OrderStateFilled, OrderEventQueried, OrderStateFilled},
	{OrderStateFilled, OrderEventFoundPartlyFilled, OrderStateFilled},
	{OrderStateFilled, OrderEventNotFound, OrderStateFilled},
	{OrderStateCancelled, OrderEventReceived, OrderStateCancelled},
	{OrderStateCancelled, OrderEventAck, OrderStateCancelled},
	{OrderStateCancelled, OrderEventFill, OrderStateCancelled},
	{OrderStateCancelled, OrderEventFullFill, OrderStateFilled},
	{OrderStateCancelled, OrderEventOverfill, OrderStateFilled},
	{OrderStateCancelled, OrderEventCancelled, OrderStateCancelled},
	{OrderStateCancelled, OrderEventCancelRefused, OrderStateCancelled},
	{OrderStateCancelled, OrderEventModified, OrderStateCancelled},
	{OrderStateCancelled, OrderEventModifyRefused, OrderStateCancelled},
	{OrderStateCancelled, OrderEventTriggerArmed, OrderStateCancelled},
	{OrderStateCancelled, OrderEventTriggered, OrderStateCancelled},
	{OrderStateCancelled, OrderEventExpired, OrderStateCancelled},
	{OrderStateCancelled, OrderEventTimeout, OrderStateCancelled},
	{OrderStateCancelled, OrderEventQueried, OrderStateCancelled},
	{OrderStateCancelled, OrderEventFound, OrderStateCancelled},
	{OrderStateCancelled, OrderEventFoundPartlyFilled, OrderStateCancelled},
	{OrderStateCancelled, OrderEventNotFound, OrderStateCancelled},
	{OrderStateRejected, OrderEventReceived, OrderStateRejected},
	{OrderStateRejected, OrderEventAck, OrderStateRejected},
	{OrderStateRejected, OrderEventReject, OrderStateRejected},
	{OrderStateRejected, OrderEventFill, OrderStatePartiallyFilled},
	{OrderStateRejected, OrderEventFullFill, OrderStateFilled},
	{OrderStateRejected, OrderEventOverfill, OrderStateFilled},
	{OrderStateRejected, OrderEventCancelled, OrderStateCancelled},
	{OrderStateRejected, OrderEventCancelRefused, OrderStateRejected},
	{OrderStateRejected, OrderEventModifyRefused, OrderStateRejected},
	{OrderStateRejected, OrderEventExpired, OrderStateExpired},
	{OrderStateRejected, OrderEventTimeout, OrderStateRejected},
	{OrderStateRejected, OrderEventQueried, OrderStateRejected},
	{OrderStateRejected, OrderEventFound, OrderStateSubmitted},
	{OrderStateRejected, OrderEventFoundPartlyFilled, OrderStatePartiallyFilled},
	{OrderStateRejected, OrderEventNotFound, OrderStateRejected},
	{OrderStateExpired, OrderEventReceived, OrderStateExpired},
	{OrderStateExpired, OrderEventAck, OrderStateExpired},
	{OrderStateExpired, OrderEventFill, OrderStateExpired},
	{OrderStateExpired, OrderEventFullFill, OrderStateFilled},
	{OrderStateExpired, OrderEventOverfill, OrderStateFilled},
	{OrderStateExpired, OrderEventCancelled, OrderStateExpired},
	{OrderStateExpired, OrderEventCancelRefused, OrderStateExpired},
	{OrderStateExpired, OrderEventModified, OrderStateExpired},
	{OrderStateExpired, OrderEventModifyRefused, OrderStateExpired},
	{OrderStateExpired, OrderEventTriggerArmed, OrderStateExpired},
	{OrderStateExpired, OrderEventTriggered, OrderStateExpired},
	{OrderStateExpired, OrderEventExpired, OrderStateExpired},
	{OrderStateExpired, OrderEventTimeout, OrderStateExpired},
	{OrderStateExpired, OrderEventQueried, OrderStateExpired},
	{OrderStateExpired, OrderEventFound, OrderStateExpired},
	{OrderStateExpired, OrderEventFoundPartlyFilled, OrderStateExpired},
	{OrderStateExpired, OrderEventNotFound, OrderStateExpired},
}
