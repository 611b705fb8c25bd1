// Code generated from schemas/state/budget_guard.schema.json by tools/generate.py. DO NOT EDIT.

package budget_guard

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// Limits: Entry `limits`: the trading state and the limits that control changed.
type Limits struct {
	// Trading state, each stricter than the one before it; all but ACTIVE refuse entries and let
	// exits pass.
	Trading string
	// Limits set by control, by dotted key of configs/risk_budget.yaml.
	Overrides []wire.Pair[int64]
	// SET commands that were ignored, since their key is unknown or their value impossible.
	ControlRejections int64
	// Why the last of them was ignored; null when none was.
	LastRejection wire.OptString
}

// Values of Limits.Trading.
const (
	LimitsTradingActive   = "ACTIVE"
	LimitsTradingPaused   = "PAUSED"
	LimitsTradingReducing = "REDUCING"
	LimitsTradingHalted   = "HALTED"
)

// Burn: Entry `burn`: entry notional that was filled today.
type Burn struct {
	// Indian calendar day, days since 1970-01-01.
	Day int64
	// Filled entry notional of that day at reserve prices, 1/10,000 rupee.
	BurntE4 int64
}

// IntentLeg: Reservation of one leg until its first order appears on live_orders.
type IntentLeg struct {
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Shares.
	Qty int64
	// Limit price, 1/10,000 rupee; null for a market order.
	LimitPriceE4 wire.OptInt64
	// Reserve price, 1/10,000 rupee.
	PriceE4 int64
	// Reserved for the leg, 1/10,000 rupee; 0 for exits.
	ReservedE4 int64
	// True until the leg's first order has appeared on live_orders, which then carries the
	// reservation.
	Waiting bool
}

// Values of IntentLeg.Side.
const (
	IntentLegSideBuy  = "BUY"
	IntentLegSideSell = "SELL"
)

// Intent: Entry `intent/<intent>`: an intent that was decided on today; rejected ones have no
// legs.
type Intent struct {
	// Intent.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Indian calendar day of the decision, days since 1970-01-01.
	Day int64
	// Its legs, in the order of the intent.
	Legs []IntentLeg
}

// Values of Intent.Action.
const (
	IntentActionEntry = "ENTRY"
	IntentActionExit  = "EXIT"
)

// OpenOrder: Entry `order/<order>`: an order as live_orders last told it; closed ones stay until
// the day ends, since late fills are legal.
type OpenOrder struct {
	// Order.
	OrderId string
	// Intent it came from.
	IntentId string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Limit price, 1/10,000 rupee; null for a market order.
	LimitPriceE4 wire.OptInt64
	// Price at which fills are counted as burnt, 1/10,000 rupee.
	PriceE4 int64
	// Shares filled so far.
	FilledQty int64
	// Still reserved, 1/10,000 rupee.
	ReservedE4 int64
	// True in a terminal state.
	Closed bool
	// Indian calendar day of its last event, days since 1970-01-01.
	Day int64
}

// Values of OpenOrder.Side.
const (
	OpenOrderSideBuy  = "BUY"
	OpenOrderSideSell = "SELL"
)

// Values of OpenOrder.Action.
const (
	OpenOrderActionEntry = "ENTRY"
	OpenOrderActionExit  = "EXIT"
)

// Recent: Entry `recent/<strategy>/<symbol>/<side>`: orders allowed within the duplicate window.
type Recent struct {
	// Strategy.
	Strategy string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Their quantities, shares, oldest first.
	Qtys []int64
	// When each was allowed. UTC nanoseconds.
	AllowedNs []int64
}

// Values of Recent.Side.
const (
	RecentSideBuy  = "BUY"
	RecentSideSell = "SELL"
)

// Throttle: Entry `throttle`: orders counted in the present calendar second, minute and day.
type Throttle struct {
	// Calendar second of the last order, seconds since 1970.
	Second int64
	// Orders in that second.
	SecondOrders int64
	// Calendar minute, minutes since 1970.
	Minute int64
	// Orders in that minute.
	MinuteOrders int64
	// Indian calendar day, days since 1970-01-01.
	Day int64
	// Orders on that day.
	DayOrders int64
}
