// Code generated from schemas/state/risk_manager.schema.json by tools/generate.py. DO NOT EDIT.

package risk_manager

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// Echo: A halt that the risk manager wrote to control: when the same record comes back it is not
// news.
type Echo struct {
	// at_ns of the record. UTC nanoseconds.
	AtNs int64
	// Its command.
	Command string
	// Its reason.
	Reason string
}

// Values of Echo.Command.
const (
	EchoCommandReduce = "REDUCE"
	EchoCommandKill   = "KILL"
)

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
	// Halts of the risk manager itself that have not come back on control yet, oldest first.
	Echoes []Echo
}

// Values of Limits.Trading.
const (
	LimitsTradingActive   = "ACTIVE"
	LimitsTradingPaused   = "PAUSED"
	LimitsTradingReducing = "REDUCING"
	LimitsTradingHalted   = "HALTED"
)

// Timer: Entry `timer`: progress of the square-off and of repeated exits.
type Timer struct {
	// Session time of the last timer that was handled. UTC nanoseconds.
	DoneNs int64
	// When the next batch of own exits leaves; null when none waits. UTC nanoseconds.
	AgainNs wire.OptInt64
	// Own exits so far, of the square-off and repeated ones; numbers their ids.
	Emitted int64
	// Positions open at the last timer whose strategy wants none.
	Unwanted int64
}

// Mark: Entry `mark/<symbol>`: price at which positions are valued.
type Mark struct {
	// Exchange trading symbol.
	Symbol string
	// Close of the last 1s bar (before the first one: the last fill), 1/10,000 rupee.
	PriceE4 int64
	// Start of that bar; 0 when the price is that of a fill. UTC nanoseconds.
	StartNs int64
	// End of that bar; 0 when the price is that of a fill. UTC nanoseconds.
	EndNs int64
	// Revision of that bar.
	Rev int64
}

// Position: Entry `position/<strategy>/<symbol>`: what a strategy holds, by average cost.
type Position struct {
	// Strategy that holds it.
	Strategy string
	// Exchange trading symbol.
	Symbol string
	// Risk bucket.
	Bucket string
	// Kite product of the last fill.
	Product string
	// Shares, negative when short.
	NetQty int64
	// Cost of the open shares, negative when short, 1/10,000 rupee; a total, so that no average is
	// ever rounded.
	CostE4 int64
	// Realised profit before charges, 1/10,000 rupee.
	RealisedE4 int64
	// Charges, 1/10,000 rupee.
	ChargesE4 int64
}

// Values of Position.Product.
const (
	PositionProductMis  = "MIS"
	PositionProductCnc  = "CNC"
	PositionProductNrml = "NRML"
)

// FlightLeg: What is still open of one leg of an approved order.
type FlightLeg struct {
	// Exchange trading symbol.
	Symbol string
	// Side of the order.
	Side string
	// Shares not filled yet.
	OpenQty int64
	// Price at which the open part counts against the caps, 1/10,000 rupee.
	PriceE4 int64
}

// Values of FlightLeg.Side.
const (
	FlightLegSideBuy  = "BUY"
	FlightLegSideSell = "SELL"
)

// Flight: Entry `flight/<intent>`: an approved order until its fills or its expiry have been seen;
// kept after its orders have ended, for what comes late.
type Flight struct {
	// Intent that was approved.
	IntentId string
	// Strategy of the intent.
	Strategy string
	// Risk bucket.
	Bucket string
	// ENTRY opens or adds; EXIT only reduces.
	Action string
	// When it can no longer be filled: its expiry and a grace for reports. UTC nanoseconds.
	GoneNs int64
	// Its legs.
	Legs []FlightLeg
	// Orders of the intent that have not ended, ascending.
	OpenOrders []string
	// Since when none of its orders has been open; null before the first and while one is. UTC
	// nanoseconds.
	QuietNs wire.OptInt64
	// True once that has lasted for flight.settle_s: it no longer counts as pending.
	Landed bool
}

// Values of Flight.Action.
const (
	FlightActionEntry = "ENTRY"
	FlightActionExit  = "EXIT"
)

// Wanted: Entry `wanted/<strategy>/<symbol>`: what a strategy wants of a symbol since its last
// exit; a position that it does not want is exited again until it is gone.
type Wanted struct {
	// Strategy that sent the exit.
	Strategy string
	// Exchange trading symbol.
	Symbol string
	// Side of an entry that was approved since; null while no position at all is wanted.
	Side wire.OptString
	// Cause of the exit's signal; repeated exits carry it.
	Cause string
	// When the last exit was approved; 0 when none was. UTC nanoseconds.
	SentNs int64
	// When the position is looked at next; null while there is none to look at. UTC nanoseconds.
	AgainNs wire.OptInt64
}

// Values of Wanted.Side.
const (
	WantedSideBuy  = "BUY"
	WantedSideSell = "SELL"
)

// Values of Wanted.Cause.
const (
	WantedCauseSignal     = "SIGNAL"
	WantedCauseStop       = "STOP"
	WantedCauseTarget     = "TARGET"
	WantedCauseMaxHolding = "MAX_HOLDING"
	WantedCausePhaseEnd   = "PHASE_END"
)

// Account: Entry `account`: profit and loss of the account, and the marks that halts are measured
// from.
type Account struct {
	// Realised profit since the session began, before charges, 1/10,000 rupee.
	RealisedE4 int64
	// Charges of all fills, 1/10,000 rupee.
	ChargesE4 int64
	// Highest equity since the session began or trading was resumed after a halt, 1/10,000 rupee.
	PeakE4 int64
	// Indian calendar day of the last event, days since 1970-01-01.
	Day int64
	// Equity at the first event of that day, or when trading was resumed after a halt, 1/10,000
	// rupee.
	DayStartE4 int64
	// Loss limit that was hit and announced on control; each is announced once.
	Halt string
}

// Values of Account.Halt.
const (
	AccountHaltNone = "NONE"
	AccountHaltSoft = "SOFT"
	AccountHaltHard = "HARD"
)
