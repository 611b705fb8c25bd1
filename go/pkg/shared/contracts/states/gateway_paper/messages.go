// Code generated from schemas/state/gateway_paper.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_paper

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// PaperTrade: One trade of an order, kept so that a lookup can send it again.
type PaperTrade struct {
	// Shares.
	Qty int64
	// Price, 1/10,000 rupee.
	PriceE4 int64
	// seq of the tick that it was matched against.
	TickSeq int64
	// When it was matched. UTC nanoseconds.
	EventNs int64
}

// PaperQuote: Entry <symbol>: its last snapshot, and what own orders have taken of it.
type PaperQuote struct {
	// Exchange trading symbol.
	Symbol string
	// When it was received. UTC nanoseconds.
	AtNs int64
	// Number of the tick.
	Seq int64
	// Exchange time. UTC nanoseconds.
	EventNs int64
	// Last traded price, 1/10,000 rupee.
	LastPriceE4 int64
	// Quantity of the last trade, shares.
	LastQty int64
	// Cumulative volume of the day, shares.
	DayVolume wire.OptInt64
	// False when only the depth had changed.
	Trade bool
	// Price and quantity alternating, best first.
	Bids []int64
	// Price and quantity alternating, best first.
	Asks []int64
	// Shares taken from each bid level; empty when none.
	TakenBids []int64
	// Shares taken from each ask level; empty when none.
	TakenAsks []int64
	// Shares taken from the last trade.
	TakenPrint int64
}

// PaperCommand: Entry command/<order_id>/<n>/<action>: a command on its way to the exchange, or a
// timeout on its way back.
type PaperCommand struct {
	// When it arrives. UTC nanoseconds.
	DueNs int64
	// Order concerned.
	OrderId string
	// Number of the command within the order.
	N int64
	// What arrives.
	Action string
	// Tag of the order.
	Tag string
	// Exchange trading symbol.
	Symbol string
	// Shares, for MODIFY.
	Qty int64
	// New limit price, for MODIFY, 1/10,000 rupee.
	LimitPriceE4 wire.OptInt64
	// New trigger price, for MODIFY, 1/10,000 rupee.
	TriggerPriceE4 wire.OptInt64
}

// Values of PaperCommand.Action.
const (
	PaperCommandActionPlace   = "PLACE"
	PaperCommandActionCancel  = "CANCEL"
	PaperCommandActionModify  = "MODIFY"
	PaperCommandActionQuery   = "QUERY"
	PaperCommandActionTimeout = "TIMEOUT"
)

// PaperPosition: Entry position/<symbol>: net position at the simulated broker.
type PaperPosition struct {
	// Exchange trading symbol.
	Symbol string
	// Shares, negative when short.
	NetQty int64
	// Shares in the last statement.
	StatedQty int64
	// When the net first differed from the last statement; null while it does not. UTC nanoseconds.
	ChangedNs wire.OptInt64
}

// PaperCounters: Entry counters: what belongs to the whole gateway.
type PaperCounters struct {
	// Highest authority epoch seen.
	Epoch int64
	// Commands ignored for an older epoch.
	StaleCommands int64
	// Start of the day whose predecessors' finished orders were dropped. UTC nanoseconds.
	PurgedNs int64
	// True once the closing statement of positions was sent.
	FinalStated bool
}

// PaperOrder: Entry order/<order_id>: one order at the simulated exchange; kept until the end of
// its day for lookups.
type PaperOrder struct {
	// The OMS's order id.
	OrderId string
	// Tag by which the OMS looks it up.
	Tag string
	// The id that the simulated broker gave it.
	BrokerOrderId string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Kite order type.
	OrderType string
	// Shares ordered.
	Qty int64
	// Limit price as sent, 1/10,000 rupee.
	LimitPriceE4 wire.OptInt64
	// Trigger price of SL and SL-M, 1/10,000 rupee.
	TriggerPriceE4 wire.OptInt64
	// IN_FLIGHT until it reaches the exchange; LOST when it never will; the others are Kite's.
	Status string
	// Code from schemas/reasons.yaml: why it was refused or ended; OK otherwise.
	Reason string
	// True when the broker's answer to the placement is lost: a timeout is reported instead.
	AckLost bool
	// Number of the last command taken for this order; older ones are repeats.
	LastN int64
	// When the last command sent reaches the exchange; later ones do not overtake it. UTC
	// nanoseconds.
	LastDueNs int64
	// When the exchange accepted it, or its price or quantity last changed: its place in the queue.
	// UTC nanoseconds.
	AcceptedNs wire.OptInt64
	// End of the phase to which it lasts; null until it is accepted. UTC nanoseconds.
	ExpiresNs wire.OptInt64
	// Worst price at which it may trade: the limit, or the protection price of a market order; null
	// until known, 1/10,000 rupee.
	PriceE4 wire.OptInt64
	// Shares of others before it at its price; null until it rests.
	QueueAhead wire.OptInt64
	// Shares filled.
	FilledQty int64
	// Its trades, oldest first.
	Trades []PaperTrade
}

// Values of PaperOrder.Side.
const (
	PaperOrderSideBuy  = "BUY"
	PaperOrderSideSell = "SELL"
)

// Values of PaperOrder.OrderType.
const (
	PaperOrderOrderTypeLimit  = "LIMIT"
	PaperOrderOrderTypeMarket = "MARKET"
	PaperOrderOrderTypeSl     = "SL"
	PaperOrderOrderTypeSlM    = "SL-M"
)

// Values of PaperOrder.Status.
const (
	PaperOrderStatusInFlight       = "IN_FLIGHT"
	PaperOrderStatusLost           = "LOST"
	PaperOrderStatusTriggerPending = "TRIGGER_PENDING"
	PaperOrderStatusOpen           = "OPEN"
	PaperOrderStatusComplete       = "COMPLETE"
	PaperOrderStatusCancelled      = "CANCELLED"
	PaperOrderStatusRejected       = "REJECTED"
	PaperOrderStatusExpired        = "EXPIRED"
)
