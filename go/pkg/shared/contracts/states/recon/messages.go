// Code generated from schemas/state/recon.schema.json by tools/generate.py. DO NOT EDIT.

package recon

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// ReconTrade: Entry trade/<broker_order_id>/<trade_id>: one trade, as the broker and as our fills
// tell it.
type ReconTrade struct {
	// The broker's order id, or the tag where the broker gave none.
	BrokerOrderId string
	// Exchange trade id; with the broker's order id it names the trade.
	TradeId string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Tag in the broker's report; null until one came.
	Tag wire.OptString
	// Order of our fill; null until one came.
	OrderId wire.OptString
	// Exchange time of the trade. UTC nanoseconds.
	EventNs int64
	// When the broker reported it; null when it has not. UTC nanoseconds.
	ReportedNs wire.OptInt64
	// Shares in the broker's report.
	ReportedQty int64
	// Price in the broker's report, 1/10,000 rupee.
	ReportedPriceE4 wire.OptInt64
	// When the broker last reported it with another side, quantity or price; null when it has not.
	// UTC nanoseconds.
	RetoldNs wire.OptInt64
	// Shares in that report, negative when it told the other side; 0 when there is none.
	RetoldQty int64
	// Price in that report, 1/10,000 rupee; null when there is none.
	RetoldPriceE4 wire.OptInt64
	// When our last fill of it came; null when none has. UTC nanoseconds.
	FilledNs wire.OptInt64
	// Shares in our fills.
	FilledQty int64
	// Quantity times price of our fills, 1/10,000 rupee.
	FilledNotionalE4 int64
}

// Values of ReconTrade.Side.
const (
	ReconTradeSideBuy  = "BUY"
	ReconTradeSideSell = "SELL"
)

// ReconForeign: Entry foreign/<subject>: a tag or broker order that no order of ours has.
type ReconForeign struct {
	// The tag, or the broker's order id where there is no tag.
	Subject string
	// Exchange trading symbol.
	Symbol string
	// When it was first reported. UTC nanoseconds.
	FirstNs int64
	// Shares filled of it.
	CumQty int64
}

// ReconStatement: Entry statement/<symbol>: the broker's statements of one symbol's position.
type ReconStatement struct {
	// Exchange trading symbol.
	Symbol string
	// Exchange time of the latest statement. UTC nanoseconds.
	LatestNs int64
	// When it came. UTC nanoseconds.
	LatestAtNs int64
	// Its net shares.
	LatestQty int64
	// Exchange time of the statement before, judged while the latest is too young; 0 when there is
	// none. UTC nanoseconds.
	BeforeNs int64
	// Its net shares.
	BeforeQty int64
}

// ReconCarried: Entry carried/<symbol>: net position by the fills of finished days, whose trades
// are forgotten.
type ReconCarried struct {
	// Exchange trading symbol.
	Symbol string
	// Shares, negative when short.
	NetQty int64
}

// ReconBreak: Entry break/<finding>/<subject>: a break that is open.
type ReconBreak struct {
	// Trade (<broker_order_id>/<trade_id>), order, tag or symbol that differs.
	Subject string
	// Kind of break.
	Finding string
	// Symbol concerned.
	Symbol wire.OptString
	// Order concerned.
	OrderId wire.OptString
	// What our records say.
	Expected int64
	// What the other side says.
	Actual int64
	// Run that issued it.
	Run int64
}

// Values of ReconBreak.Finding.
const (
	ReconBreakFindingMissedFill    = "missed_fill"
	ReconBreakFindingForeignOrder  = "foreign_order"
	ReconBreakFindingQtyDrift      = "qty_drift"
	ReconBreakFindingAvgDrift      = "avg_drift"
	ReconBreakFindingUnknownOrder  = "unknown_order"
	ReconBreakFindingGhostPosition = "ghost_position"
	ReconBreakFindingTradeChanged  = "trade_changed"
)

// ReconCounters: Entry counters: what belongs to the whole of reconciliation.
type ReconCounters struct {
	// Number of the next run.
	Run int64
	// When the next run is due; null after the last. UTC nanoseconds.
	NextNs wire.OptInt64
	// Start of the trading day before which all that had settled is forgotten; 0 before the first
	// run. UTC nanoseconds.
	DayStartNs int64
}

// ReconOrder: Entry order/<order_id>: one order as the OMS tells it, with the sum of its fills.
type ReconOrder struct {
	// Order.
	OrderId string
	// Its tag.
	Tag string
	// Exchange trading symbol.
	Symbol string
	// Present state.
	State string
	// Shares ordered.
	Qty int64
	// Shares filled, as the OMS says.
	FilledQty int64
	// Sum of its fills, shares.
	FillsQty int64
	// Since when it is UNKNOWN; null when it is not. UTC nanoseconds.
	UnknownNs wire.OptInt64
	// When its last record came. UTC nanoseconds.
	ChangedNs int64
}
