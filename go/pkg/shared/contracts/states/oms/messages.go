// Code generated from schemas/state/oms.schema.json by tools/generate.py. DO NOT EDIT.

package oms

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// OmsLeg: One leg of an intent.
type OmsLeg struct {
	// Exchange trading symbol.
	Symbol string
	// Side that the intent asked for.
	Side string
	// Shares that the intent asked for; 0 when other open exits already cover it.
	Qty int64
	// Last known price: the strategy's reference, then the last fill, 1/10,000 rupee.
	ReferencePriceE4 int64
	// Orders made so far.
	Attempts int64
	// Chases since the intent or since the last new exit for the symbol.
	Chases int64
}

// Values of OmsLeg.Side.
const (
	OmsLegSideBuy  = "BUY"
	OmsLegSideSell = "SELL"
)

// OmsIntent: Entry intent/<intent_id>: what its orders have in common.
type OmsIntent struct {
	// Intent of orders.allowed.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Kite product.
	Product string
	// Session time at which it came. UTC nanoseconds.
	CreatedNs int64
	// When its orders are cancelled. UTC nanoseconds.
	ExpiresNs wire.OptInt64
	// Pairs: how long one leg may wait for the other after the first fill.
	LegTimeoutMs wire.OptInt64
	// When an incomplete pair is unwound; null before the first fill and once decided. UTC
	// nanoseconds.
	LegDueNs wire.OptInt64
	// True once an incomplete pair is being flattened.
	Unwinding bool
	// The legs, first leg first.
	Legs []OmsLeg
}

// Values of OmsIntent.Action.
const (
	OmsIntentActionEntry = "ENTRY"
	OmsIntentActionExit  = "EXIT"
)

// Values of OmsIntent.Product.
const (
	OmsIntentProductMis  = "MIS"
	OmsIntentProductCnc  = "CNC"
	OmsIntentProductNrml = "NRML"
)

// OmsAccount: Entry account: head of the audit chain, halt, counters.
type OmsAccount struct {
	// Hash of the last event; 64 zeros at the start.
	Head string
	// ACTIVE takes everything; REDUCING and HALTED refuse entries.
	Mode string
	// Indian calendar day of the last event, days since 1970-01-01.
	Day int64
	// Intents that came again.
	RepeatedIntents int64
	// Reports and trades that came again.
	RepeatedReports int64
	// Reports of orders that are not ours.
	ForeignReports int64
	// Trades beyond the ordered quantity.
	Overfills int64
	// Calendar second in which the last cancel left, seconds since 1970-01-01 UTC.
	CancelSecond int64
	// Cancels that left in that second.
	Cancels int64
	// Cancels put off in that second to the next one: numbers their places in the queue.
	CancelsDeferred int64
}

// Values of OmsAccount.Mode.
const (
	OmsAccountModeActive   = "ACTIVE"
	OmsAccountModeReducing = "REDUCING"
	OmsAccountModeHalted   = "HALTED"
)

// OmsOrder: Entry order/<order_id>: one order at the broker; kept, once finished, to the end of
// its day for late truths.
type OmsOrder struct {
	// Hash of (session, intent, leg, attempt).
	OrderId string
	// Tag by which the broker knows it.
	Tag string
	// Intent it belongs to.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// Leg of the intent, from 0.
	Leg int64
	// Number of the order within its leg, from 0; later ones chase or flatten.
	Attempt int64
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Kite product.
	Product string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Kite order type.
	OrderType string
	// Shares ordered.
	Qty int64
	// Limit price, for MARKET and SL-M the protected price, 1/10,000 rupee.
	LimitPriceE4 wire.OptInt64
	// Trigger price, 1/10,000 rupee.
	TriggerPriceE4 wire.OptInt64
	// Reservation of the whole order, 1/10,000 rupee.
	ReserveE4 int64
	// State of schemas/order_states.yaml.
	State string
	// Reason of the last event.
	Reason string
	// Number of the next event.
	N int64
	// Session time of its first event. UTC nanoseconds.
	CreatedNs int64
	// The broker's order id, once known.
	BrokerOrderId wire.OptString
	// Shares of the trades received.
	FilledQty int64
	// Notional of the trades received, 1/10,000 rupee.
	FilledE4 int64
	// Largest filled quantity that the broker stated; above filled_qty while trades are still
	// missing.
	BrokerQty int64
	// Trades received, in order of arrival: a repeat is ignored.
	TradeIds []string
	// The last reports received, oldest first: a repeat is ignored.
	ReportIds []string
	// True once the broker has shown that it has the order; such an order is never given up as not
	// found.
	Known bool
	// Why it is to be cancelled; null while nobody wants that.
	CancelReason wire.OptString
	// When it is cancelled. UTC nanoseconds.
	ExpiresNs wire.OptInt64
	// When an unfilled exit is cancelled to be placed again. UTC nanoseconds.
	ChaseNs wire.OptInt64
	// When the present command counts as unanswered. UTC nanoseconds.
	AnswerNs wire.OptInt64
	// Before this a wanted cancel is not repeated. UTC nanoseconds.
	CancelNs wire.OptInt64
	// When an UNKNOWN order is looked up next. UTC nanoseconds.
	QueryNs wire.OptInt64
	// First of the present run of NOT_FOUND answers. UTC nanoseconds.
	NotFoundNs wire.OptInt64
}

// Values of OmsOrder.Action.
const (
	OmsOrderActionEntry = "ENTRY"
	OmsOrderActionExit  = "EXIT"
)

// Values of OmsOrder.Product.
const (
	OmsOrderProductMis  = "MIS"
	OmsOrderProductCnc  = "CNC"
	OmsOrderProductNrml = "NRML"
)

// Values of OmsOrder.Side.
const (
	OmsOrderSideBuy  = "BUY"
	OmsOrderSideSell = "SELL"
)

// Values of OmsOrder.OrderType.
const (
	OmsOrderOrderTypeLimit  = "LIMIT"
	OmsOrderOrderTypeMarket = "MARKET"
	OmsOrderOrderTypeSl     = "SL"
	OmsOrderOrderTypeSlM    = "SL-M"
)
