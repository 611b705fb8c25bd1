// Code generated from schemas/*.schema.json by tools/generate.py. DO NOT EDIT.

package contracts

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// Allowed: Decision of the budget guard; an approved order has its reservation.
type Allowed struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Intent that was decided on.
	IntentId string
	// Rejected decisions are records too, and go no further.
	Decision string
	// Code from schemas/reasons.yaml; OK when approved.
	Reason string
	// The numbers that decided, by name with the unit last.
	Numbers []wire.Pair[int64]
	// Notional reserved until the orders are terminal, 1/10,000 rupee.
	ReservedE4 int64
	// See Order.
	Order Order
}

// Values of Allowed.Decision.
const (
	AllowedDecisionApproved = "APPROVED"
	AllowedDecisionRejected = "REJECTED"
)

// Bar: One right-open window [start_ns, end_ns) of trades of a symbol.
type Bar struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Exchange trading symbol.
	Symbol string
	// Timeframe.
	Tf string
	// Start of the window, anchored at the start of its market phase. UTC nanoseconds.
	StartNs int64
	// End of the window, exclusive; cut at the end of the phase. UTC nanoseconds.
	EndNs int64
	// Market phase of the window; windows never span phases.
	Phase string
	// First trade, 1/10,000 rupee.
	OpenE4 int64
	// Highest trade, 1/10,000 rupee.
	HighE4 int64
	// Lowest trade, 1/10,000 rupee.
	LowE4 int64
	// Last trade, 1/10,000 rupee.
	CloseE4 int64
	// Shares traded, max(0, cum_close - cum_open); null for an index.
	Volume wire.OptInt64
	// Trade ticks in the window.
	NTicks int64
	// Cumulative day volume before the window; null for an index.
	CumOpen wire.OptInt64
	// Cumulative day volume at the end of the window; null for an index.
	CumClose wire.OptInt64
	// Exchange time of the first trade tick. UTC nanoseconds.
	FirstNs int64
	// Exchange time of the last trade tick. UTC nanoseconds.
	LastNs int64
	// Revision of this bar: 0 when first issued, +1 for each correction; the highest wins.
	Rev int64
	// True when the watermark closed the window; false when it was cut because the feed ended before
	// that.
	Final bool
	// True when the volume before the window was unknown, so that volume is a lower bound.
	Partial bool
	// Why this revision was issued.
	Cause string
}

// Values of Bar.Tf.
const (
	BarTf1s  = "1s"
	BarTf1m  = "1m"
	BarTf3m  = "3m"
	BarTf5m  = "5m"
	BarTf15m = "15m"
)

// Values of Bar.Cause.
const (
	BarCauseWatermark = "WATERMARK"
	BarCausePhaseEnd  = "PHASE_END"
	BarCauseFeedEnd   = "FEED_END"
	BarCauseLateTick  = "LATE_TICK"
)

// BrokerReport: What the broker (or the paper matcher) says; reports may repeat and come out of
// order.
type BrokerReport struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Identity of the report; a repeat carries the same.
	ReportId string
	// Kind of report.
	Report string
	// Trading account.
	Account string
	// Tag of the order; null for a position statement.
	Tag wire.OptString
	// The broker's order id.
	BrokerOrderId wire.OptString
	// Exchange trading symbol.
	Symbol string
	// Exchange trade id of a FILL.
	TradeId wire.OptString
	// Side of a FILL.
	Side wire.OptString
	// FILL: shares of this trade. POSITION: net shares, negative when short. Otherwise 0.
	Qty int64
	// FILL: price, 1/10,000 rupee. Otherwise null.
	PriceE4 wire.OptInt64
	// Shares filled so far of the order.
	CumQty int64
	// Exchange time. UTC nanoseconds.
	EventNs int64
	// Paper: seq of the tick that the trade was matched against; null elsewhere.
	TickSeq wire.OptInt64
	// Code from schemas/reasons.yaml; OK where nothing was refused.
	Reason string
	// The broker's own words.
	Message string
}

// Values of BrokerReport.Report.
const (
	BrokerReportReportAck            = "ACK"
	BrokerReportReportReject         = "REJECT"
	BrokerReportReportFill           = "FILL"
	BrokerReportReportCancelled      = "CANCELLED"
	BrokerReportReportCancelReject   = "CANCEL_REJECT"
	BrokerReportReportModified       = "MODIFIED"
	BrokerReportReportModifyReject   = "MODIFY_REJECT"
	BrokerReportReportExpired        = "EXPIRED"
	BrokerReportReportTriggerPending = "TRIGGER_PENDING"
	BrokerReportReportTriggered      = "TRIGGERED"
	BrokerReportReportTimeout        = "TIMEOUT"
	BrokerReportReportFound          = "FOUND"
	BrokerReportReportNotFound       = "NOT_FOUND"
	BrokerReportReportPosition       = "POSITION"
)

// Values of BrokerReport.Side.
const (
	BrokerReportSideBuy  = "BUY"
	BrokerReportSideSell = "SELL"
)

// Control: A command to a running session, or a halt that a stage declares.
type Control struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// KILL halts and cancels; REDUCE lets only exits pass; RESUME lifts both; PAUSE stops new
	// intents; SET changes one risk limit.
	Command string
	// Who or what commands.
	By string
	// Code from schemas/reasons.yaml.
	Reason string
	// SET: dotted key of configs/risk_budget.yaml.
	Key wire.OptString
	// SET: new value.
	Value wire.OptInt64
}

// Values of Control.Command.
const (
	ControlCommandKill   = "KILL"
	ControlCommandReduce = "REDUCE"
	ControlCommandResume = "RESUME"
	ControlCommandPause  = "PAUSE"
	ControlCommandSet    = "SET"
)

// Dead: A record that could not be used, with its bytes and the reason.
type Dead struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Where it was read.
	Topic string
	// Partition it was read from.
	Partition int64
	// Its offset.
	Offset int64
	// Stage that refused it.
	Stage string
	// Code from schemas/reasons.yaml.
	Reason string
	// What was wrong and where.
	Detail string
	// The bytes, base64; of an oversized record the first 65,536.
	PayloadB64 string
}

// Charges: Charges of one fill, 1/10,000 rupee each.
type Charges struct {
	// Brokerage.
	BrokerageE4 int64
	// Securities transaction tax.
	SttE4 int64
	// Exchange transaction charge.
	ExchangeE4 int64
	// SEBI turnover fee.
	SebiE4 int64
	// Stamp duty.
	StampE4 int64
	// Investor protection fund.
	IpftE4 int64
	// GST on brokerage, exchange charge and SEBI fee.
	GstE4 int64
	// Sum of the above.
	TotalE4 int64
}

// Fill: One execution, with its exact charges.
type Fill struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Hash of (account, broker order, trade id).
	FillId string
	// Trading account.
	Account string
	// Order that was filled.
	OrderId string
	// Intent it came from.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Kite product.
	Product string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Shares.
	Qty int64
	// Price, 1/10,000 rupee.
	PriceE4 int64
	// Exchange trade id.
	TradeId string
	// The broker's order id.
	BrokerOrderId string
	// Exchange time. UTC nanoseconds.
	EventNs int64
	// Paper: seq of the tick matched against.
	TickSeq wire.OptInt64
	// See Charges.
	Charges Charges
}

// Values of Fill.Side.
const (
	FillSideBuy  = "BUY"
	FillSideSell = "SELL"
)

// Values of Fill.Product.
const (
	FillProductMis  = "MIS"
	FillProductCnc  = "CNC"
	FillProductNrml = "NRML"
)

// Values of Fill.Action.
const (
	FillActionEntry = "ENTRY"
	FillActionExit  = "EXIT"
)

// Heartbeat: Sign of life of a feed or stage, sent to every partition, so that time can advance
// where no data flows.
type Heartbeat struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// In ticks: the time of the beat. In bars: every 1s bar whose window ends at or before this event
	// time has been issued. UTC nanoseconds.
	CompleteNs int64
	// stale stops event time: windows stay open until the feed lives again.
	Feed string
}

// Values of Heartbeat.Feed.
const (
	HeartbeatFeedLive  = "live"
	HeartbeatFeedStale = "stale"
)

// Journal: Real time: one input that a stage took, in the order in which it took them.
type Journal struct {
	// Clock of the stage when it took the input. UTC nanoseconds.
	AtNs int64
	// Topic of the input; empty for a timer.
	Topic string
	// Its partition.
	Partition int64
	// Its offset.
	Offset int64
}

// LiveOrder: One transition of one order: the audit trail, and the command to the gateway.
type LiveOrder struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Trading account.
	Account string
	// Hash of (intent, leg, attempt).
	OrderId string
	// Intent the order came from.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// Leg of the intent, from 0.
	Leg int64
	// Number of this event within the order, from 0.
	N int64
	// Event of schemas/order_states.yaml that caused the transition.
	Event string
	// State before.
	PrevState string
	// State after.
	State string
	// What the gateway must do now.
	Command string
	// Epoch of the order authority; the gateway refuses older ones.
	AuthorityEpoch int64
	// Deterministic tag sent to the broker, at most 20 alphanumerics.
	Tag string
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Kite product.
	Product string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Kite order type.
	OrderType string
	// Shares ordered.
	Qty int64
	// Shares filled so far.
	FilledQty int64
	// Limit price, 1/10,000 rupee.
	LimitPriceE4 wire.OptInt64
	// Trigger price, 1/10,000 rupee.
	TriggerPriceE4 wire.OptInt64
	// The broker's order id, once known.
	BrokerOrderId wire.OptString
	// Notional still reserved for the order, 1/10,000 rupee: 0 once terminal, kept while UNKNOWN.
	ReservedE4 int64
	// Code from schemas/reasons.yaml; OK where nothing was refused.
	Reason string
	// Hash of the event before it in the account's chain; 64 zeros at the start.
	PrevHash string
	// SHA-256 of this event without its own hash, chained to prev_hash.
	Hash string
}

// Values of LiveOrder.Command.
const (
	LiveOrderCommandPlace  = "PLACE"
	LiveOrderCommandCancel = "CANCEL"
	LiveOrderCommandModify = "MODIFY"
	LiveOrderCommandQuery  = "QUERY"
	LiveOrderCommandNone   = "NONE"
)

// Values of LiveOrder.Side.
const (
	LiveOrderSideBuy  = "BUY"
	LiveOrderSideSell = "SELL"
)

// Values of LiveOrder.Product.
const (
	LiveOrderProductMis  = "MIS"
	LiveOrderProductCnc  = "CNC"
	LiveOrderProductNrml = "NRML"
)

// Values of LiveOrder.Action.
const (
	LiveOrderActionEntry = "ENTRY"
	LiveOrderActionExit  = "EXIT"
)

// Values of LiveOrder.OrderType.
const (
	LiveOrderOrderTypeLimit  = "LIMIT"
	LiveOrderOrderTypeMarket = "MARKET"
	LiveOrderOrderTypeSl     = "SL"
	LiveOrderOrderTypeSlM    = "SL-M"
)

// Leg: One leg of an intent; a pair has two.
type Leg struct {
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Quantity relative to the first leg, basis points (10000 = equal).
	WeightBp int64
	// Shares; null until the risk manager has sized the leg.
	Qty wire.OptInt64
	// Kite order type.
	OrderType string
	// Limit price, 1/10,000 rupee; null for MARKET and SL-M.
	LimitPriceE4 wire.OptInt64
	// Trigger price of SL and SL-M, 1/10,000 rupee.
	TriggerPriceE4 wire.OptInt64
	// Price the strategy saw, 1/10,000 rupee.
	ReferencePriceE4 int64
	// Distance from the reference to the protective stop, per share, 1/10,000 rupee; null for exits.
	StopDistanceE4 wire.OptInt64
	// Expected favourable move per share, 1/10,000 rupee; null when the strategy has none.
	TargetDistanceE4 wire.OptInt64
}

// Values of Leg.Side.
const (
	LegSideBuy  = "BUY"
	LegSideSell = "SELL"
)

// Values of Leg.OrderType.
const (
	LegOrderTypeLimit  = "LIMIT"
	LegOrderTypeMarket = "MARKET"
	LegOrderTypeSl     = "SL"
	LegOrderTypeSlM    = "SL-M"
)

// Extra: What travels with an order from the signal to the fill.
type Extra struct {
	// See SignalOrPairSignal.
	Signal SignalOrPairSignal
}

// Order: An intent: what a strategy wants, one or two legs that belong together.
type Order struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Hash of (session, stage, source event, n); the same in every replay.
	IntentId string
	// Strategy or ensemble that decides.
	Strategy string
	// Risk bucket.
	Bucket string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// Kite product.
	Product string
	// The legs, first leg first.
	Legs []Leg
	// The orders are cancelled at this session time; null = at the end of the phase. UTC nanoseconds.
	ExpiresNs wire.OptInt64
	// Pairs: after one leg has filled, how long the other may stay open before the filled leg is
	// flattened.
	LegTimeoutMs wire.OptInt64
	// See Extra.
	Extra Extra
}

// Values of Order.Action.
const (
	OrderActionEntry = "ENTRY"
	OrderActionExit  = "EXIT"
)

// Values of Order.Product.
const (
	OrderProductMis  = "MIS"
	OrderProductCnc  = "CNC"
	OrderProductNrml = "NRML"
)

// PairSignal: Why a pair strategy decided: the two bars, hedge ratio, spread and z-score.
type PairSignal struct {
	// Name in configs/registry.yaml.
	Strategy string
	// Version of the strategy's code and parameters.
	Version string
	// Timeframe of the bars.
	Tf string
	// First and second leg.
	Symbols []string
	// Start of the two bars. UTC nanoseconds.
	BarStartNs int64
	// Revisions of the two bars.
	BarRevs []int64
	// Shares of the second leg per share of the first.
	HedgeRatio float64
	// Spread at the decision, rupees.
	Spread float64
	// Spread in standard deviations from its mean.
	Zscore float64
	// Further indicator values at the decision, by name.
	Indicators []wire.Pair[float64]
	// Vote of each strategy of the ensemble: -1, 0 or 1.
	Votes []wire.Pair[int64]
	// Confidence, basis points.
	ConfidenceBp int64
	// Why now: the strategies' decision, the protective stop or the target crossed by a close, the
	// longest holding time, or the end of the phase.
	Cause string
}

// Values of PairSignal.Tf.
const (
	PairSignalTf1s  = "1s"
	PairSignalTf1m  = "1m"
	PairSignalTf3m  = "3m"
	PairSignalTf5m  = "5m"
	PairSignalTf15m = "15m"
)

// Values of PairSignal.Cause.
const (
	PairSignalCauseSignal     = "SIGNAL"
	PairSignalCauseStop       = "STOP"
	PairSignalCauseTarget     = "TARGET"
	PairSignalCauseMaxHolding = "MAX_HOLDING"
	PairSignalCausePhaseEnd   = "PHASE_END"
)

// Recon: One finding of reconciliation, or the summary of a run.
type Recon struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Trading account.
	Account string
	// Number of the run, from 0.
	Run int64
	// SUMMARY counts the breaks of the run; every other value is a break.
	Finding string
	// Exchange trading symbol.
	Symbol wire.OptString
	// Order concerned.
	OrderId wire.OptString
	// What our records say (shares; 1/10,000 rupee for avg_drift, and for trade_changed where only
	// the price differs).
	Expected int64
	// What the other side says.
	Actual int64
	// SUMMARY: number of breaks in this run. A break: 1.
	Breaks int64
	// One sentence for a person.
	Detail string
}

// Values of Recon.Finding.
const (
	ReconFindingSummary       = "SUMMARY"
	ReconFindingMissedFill    = "missed_fill"
	ReconFindingForeignOrder  = "foreign_order"
	ReconFindingQtyDrift      = "qty_drift"
	ReconFindingAvgDrift      = "avg_drift"
	ReconFindingUnknownOrder  = "unknown_order"
	ReconFindingGhostPosition = "ghost_position"
	ReconFindingTradeChanged  = "trade_changed"
)

// Signal: Why a strategy decided: the bar it saw, indicator values, votes.
type Signal struct {
	// Name in configs/registry.yaml.
	Strategy string
	// Version of the strategy's code and parameters.
	Version string
	// Timeframe of the bar.
	Tf string
	// Exchange trading symbol.
	Symbol string
	// Start of the bar that triggered the decision. UTC nanoseconds.
	BarStartNs int64
	// Revision of that bar.
	BarRev int64
	// Indicator values at the decision, by name.
	Indicators []wire.Pair[float64]
	// Vote of each strategy of the ensemble: -1, 0 or 1.
	Votes []wire.Pair[int64]
	// Confidence, basis points.
	ConfidenceBp int64
	// Why now: the strategies' decision, the protective stop or the target crossed by a close, the
	// longest holding time, or the end of the phase.
	Cause string
}

// Values of Signal.Tf.
const (
	SignalTf1s  = "1s"
	SignalTf1m  = "1m"
	SignalTf3m  = "3m"
	SignalTf5m  = "5m"
	SignalTf15m = "15m"
)

// Values of Signal.Cause.
const (
	SignalCauseSignal     = "SIGNAL"
	SignalCauseStop       = "STOP"
	SignalCauseTarget     = "TARGET"
	SignalCauseMaxHolding = "MAX_HOLDING"
	SignalCausePhaseEnd   = "PHASE_END"
)

// Sized: Decision of the risk manager; an approved order has its quantities.
type Sized struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Intent that was decided on.
	IntentId string
	// Rejected decisions are records too, and go no further.
	Decision string
	// Code from schemas/reasons.yaml; OK when approved.
	Reason string
	// The numbers that decided, by name with the unit last.
	Numbers []wire.Pair[int64]
	// See Order.
	Order Order
}

// Values of Sized.Decision.
const (
	SizedDecisionApproved = "APPROVED"
	SizedDecisionRejected = "REJECTED"
)

// StateEntry: One entry of a stage's state in state.<stage>, under that stage's own schema.
type StateEntry struct {
	// Stage that wrote it.
	Stage string
	// Key of the entry.
	Key string
	// Version of the entry's schema.
	Version int64
	// The entry; null when deleted.
	Entry wire.Raw
}

// Tick: One market-data snapshot of a symbol, as received.
type Tick struct {
	// Session time at which the record exists: for a tick the time it was received, for an output its
	// cause's at_ns plus the stage's modelled latency. UTC nanoseconds.
	AtNs int64
	// Exchange trading symbol.
	Symbol string
	// Number of this tick among those received for the symbol today, from 0.
	Seq int64
	// Exchange time of the snapshot; windows use this. UTC nanoseconds.
	EventNs int64
	// Last traded price, 1/10,000 rupee.
	LastPriceE4 int64
	// Quantity of the last trade, shares.
	LastQty int64
	// Cumulative volume of the trading day, shares; null for an index, which has none.
	DayVolume wire.OptInt64
	// False when only the depth changed: such a tick sets no price and opens no bar.
	Trade bool
	// Best bids first, price (1/10,000 rupee) and quantity alternating, at most 5 levels.
	Bids []int64
	// Best asks first, price (1/10,000 rupee) and quantity alternating, at most 5 levels.
	Asks []int64
}

// SignalOrPairSignal is *Signal or *PairSignal.
type SignalOrPairSignal interface {
	AppendJSON(dst []byte) []byte
	isSignalOrPairSignal()
}

func (*Signal) isSignalOrPairSignal() {}

func (*PairSignal) isSignalOrPairSignal() {}
