// Code generated from schemas/state/risk_manager.schema.json by tools/generate.py. DO NOT EDIT.

package risk_manager

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesEchoCommand = []string{
	"REDUCE",
	"KILL",
}

var valuesLimitsTrading = []string{
	"ACTIVE",
	"PAUSED",
	"REDUCING",
	"HALTED",
}

func readLimitsOverrides(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

var valuesPositionProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesFlightLegSide = []string{
	"BUY",
	"SELL",
}

var valuesFlightAction = []string{
	"ENTRY",
	"EXIT",
}

func readFlightOpenOrders(value *string, r *wire.Reader) bool {
	return r.Str(value, 1, 64)
}

var valuesWantedSide = []string{
	"BUY",
	"SELL",
}

var valuesWantedCause = []string{
	"SIGNAL",
	"STOP",
	"TARGET",
	"MAX_HOLDING",
	"PHASE_END",
}

var valuesAccountHalt = []string{
	"NONE",
	"SOFT",
	"HARD",
}

// Read replaces all fields by what is read.
func (m *Echo) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"command":`) &&
		r.Enum(&m.Command, valuesEchoCommand) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Echo) readAny(r *wire.Reader) bool {
	*m = Echo{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "command":
			ok = r.Enum(&m.Command, valuesEchoCommand)
			seen |= 0x2
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x4
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7)
}

// Read replaces all fields by what is read.
func (m *Limits) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"trading":`) &&
		r.Enum(&m.Trading, valuesLimitsTrading) &&
		r.Lit(`,"overrides":`) &&
		wire.Map(r, &m.Overrides, readLimitsOverrides) &&
		r.Lit(`,"control_rejections":`) &&
		r.Int(&m.ControlRejections, 0, math.MaxInt64) &&
		r.Lit(`,"last_rejection":`) &&
		r.OptStr(&m.LastRejection, 1, 400) &&
		r.Lit(`,"echoes":`) &&
		wire.List(r, &m.Echoes, 0, 16, (*Echo).Read) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Limits) readAny(r *wire.Reader) bool {
	*m = Limits{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "trading":
			ok = r.Enum(&m.Trading, valuesLimitsTrading)
			seen |= 0x1
		case "overrides":
			ok = wire.Map(r, &m.Overrides, readLimitsOverrides)
			seen |= 0x2
		case "control_rejections":
			ok = r.Int(&m.ControlRejections, 0, math.MaxInt64)
			seen |= 0x4
		case "last_rejection":
			ok = r.OptStr(&m.LastRejection, 1, 400)
			seen |= 0x8
		case "echoes":
			ok = wire.List(r, &m.Echoes, 0, 16, (*Echo).Read)
			seen |= 0x10
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1f)
}

// Read replaces all fields by what is read.
func (m *Timer) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"done_ns":`) &&
		r.Int(&m.DoneNs, 0, math.MaxInt64) &&
		r.Lit(`,"again_ns":`) &&
		r.OptInt(&m.AgainNs, 0, math.MaxInt64) &&
		r.Lit(`,"emitted":`) &&
		r.Int(&m.Emitted, 0, math.MaxInt64) &&
		r.Lit(`,"unwanted":`) &&
		r.Int(&m.Unwanted, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Timer) readAny(r *wire.Reader) bool {
	*m = Timer{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "done_ns":
			ok = r.Int(&m.DoneNs, 0, math.MaxInt64)
			seen |= 0x1
		case "again_ns":
			ok = r.OptInt(&m.AgainNs, 0, math.MaxInt64)
			seen |= 0x2
		case "emitted":
			ok = r.Int(&m.Emitted, 0, math.MaxInt64)
			seen |= 0x4
		case "unwanted":
			ok = r.Int(&m.Unwanted, 0, math.MaxInt64)
			seen |= 0x8
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xf)
}

// Read replaces all fields by what is read.
func (m *Mark) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"start_ns":`) &&
		r.Int(&m.StartNs, 0, math.MaxInt64) &&
		r.Lit(`,"end_ns":`) &&
		r.Int(&m.EndNs, 0, math.MaxInt64) &&
		r.Lit(`,"rev":`) &&
		r.Int(&m.Rev, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Mark) readAny(r *wire.Reader) bool {
	*m = Mark{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x1
		case "price_e4":
			ok = r.Int(&m.PriceE4, 1, 10000000000000)
			seen |= 0x2
		case "start_ns":
			ok = r.Int(&m.StartNs, 0, math.MaxInt64)
			seen |= 0x4
		case "end_ns":
			ok = r.Int(&m.EndNs, 0, math.MaxInt64)
			seen |= 0x8
		case "rev":
			ok = r.Int(&m.Rev, 0, math.MaxInt64)
			seen |= 0x10
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1f)
}

// Read replaces all fields by what is read.
func (m *Position) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"bucket":`) &&
		r.Str(&m.Bucket, 1, 64) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesPositionProduct) &&
		r.Lit(`,"net_qty":`) &&
		r.Int(&m.NetQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"cost_e4":`) &&
		r.Int(&m.CostE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"realised_e4":`) &&
		r.Int(&m.RealisedE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"charges_e4":`) &&
		r.Int(&m.ChargesE4, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Position) readAny(r *wire.Reader) bool {
	*m = Position{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x1
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x2
		case "bucket":
			ok = r.Str(&m.Bucket, 1, 64)
			seen |= 0x4
		case "product":
			ok = r.Enum(&m.Product, valuesPositionProduct)
			seen |= 0x8
		case "net_qty":
			ok = r.Int(&m.NetQty, math.MinInt64, math.MaxInt64)
			seen |= 0x10
		case "cost_e4":
			ok = r.Int(&m.CostE4, math.MinInt64, math.MaxInt64)
			seen |= 0x20
		case "realised_e4":
			ok = r.Int(&m.RealisedE4, math.MinInt64, math.MaxInt64)
			seen |= 0x40
		case "charges_e4":
			ok = r.Int(&m.ChargesE4, 0, math.MaxInt64)
			seen |= 0x80
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xff)
}

// Read replaces all fields by what is read.
func (m *FlightLeg) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesFlightLegSide) &&
		r.Lit(`,"open_qty":`) &&
		r.Int(&m.OpenQty, 0, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 1, 10000000000000) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *FlightLeg) readAny(r *wire.Reader) bool {
	*m = FlightLeg{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x1
		case "side":
			ok = r.Enum(&m.Side, valuesFlightLegSide)
			seen |= 0x2
		case "open_qty":
			ok = r.Int(&m.OpenQty, 0, math.MaxInt64)
			seen |= 0x4
		case "price_e4":
			ok = r.Int(&m.PriceE4, 1, 10000000000000)
			seen |= 0x8
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xf)
}

// Read replaces all fields by what is read.
func (m *Flight) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"bucket":`) &&
		r.Str(&m.Bucket, 1, 64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesFlightAction) &&
		r.Lit(`,"gone_ns":`) &&
		r.Int(&m.GoneNs, 0, math.MaxInt64) &&
		r.Lit(`,"legs":`) &&
		wire.List(r, &m.Legs, 0, 2, (*FlightLeg).Read) &&
		r.Lit(`,"open_orders":`) &&
		wire.List(r, &m.OpenOrders, 0, -1, readFlightOpenOrders) &&
		r.Lit(`,"quiet_ns":`) &&
		r.OptInt(&m.QuietNs, 0, math.MaxInt64) &&
		r.Lit(`,"landed":`) &&
		r.Bool(&m.Landed) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Flight) readAny(r *wire.Reader) bool {
	*m = Flight{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x1
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x2
		case "bucket":
			ok = r.Str(&m.Bucket, 1, 64)
			seen |= 0x4
		case "action":
			ok = r.Enum(&m.Action, valuesFlightAction)
			seen |= 0x8
		case "gone_ns":
			ok = r.Int(&m.GoneNs, 0, math.MaxInt64)
			seen |= 0x10
		case "legs":
			ok = wire.List(r, &m.Legs, 0, 2, (*FlightLeg).Read)
			seen |= 0x20
		case "open_orders":
			ok = wire.List(r, &m.OpenOrders, 0, -1, readFlightOpenOrders)
			seen |= 0x40
		case "quiet_ns":
			ok = r.OptInt(&m.QuietNs, 0, math.MaxInt64)
			seen |= 0x80
		case "landed":
			ok = r.Bool(&m.Landed)
			seen |= 0x100
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1ff)
}

// Read replaces all fields by what is read.
func (m *Wanted) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.OptEnum(&m.Side, valuesWantedSide) &&
		r.Lit(`,"cause":`) &&
		r.Enum(&m.Cause, valuesWantedCause) &&
		r.Lit(`,"sent_ns":`) &&
		r.Int(&m.SentNs, 0, math.MaxInt64) &&
		r.Lit(`,"again_ns":`) &&
		r.OptInt(&m.AgainNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Wanted) readAny(r *wire.Reader) bool {
	*m = Wanted{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x1
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x2
		case "side":
			ok = r.OptEnum(&m.Side, valuesWantedSide)
			seen |= 0x4
		case "cause":
			ok = r.Enum(&m.Cause, valuesWantedCause)
			seen |= 0x8
		case "sent_ns":
			ok = r.Int(&m.SentNs, 0, math.MaxInt64)
			seen |= 0x10
		case "again_ns":
			ok = r.OptInt(&m.AgainNs, 0, math.MaxInt64)
			seen |= 0x20
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3f)
}

// Read replaces all fields by what is read.
func (m *Account) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"realised_e4":`) &&
		r.Int(&m.RealisedE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"charges_e4":`) &&
		r.Int(&m.ChargesE4, 0, math.MaxInt64) &&
		r.Lit(`,"peak_e4":`) &&
		r.Int(&m.PeakE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"day_start_e4":`) &&
		r.Int(&m.DayStartE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"halt":`) &&
		r.Enum(&m.Halt, valuesAccountHalt) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Account) readAny(r *wire.Reader) bool {
	*m = Account{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "realised_e4":
			ok = r.Int(&m.RealisedE4, math.MinInt64, math.MaxInt64)
			seen |= 0x1
		case "charges_e4":
			ok = r.Int(&m.ChargesE4, 0, math.MaxInt64)
			seen |= 0x2
		case "peak_e4":
			ok = r.Int(&m.PeakE4, math.MinInt64, math.MaxInt64)
			seen |= 0x4
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x8
		case "day_start_e4":
			ok = r.Int(&m.DayStartE4, math.MinInt64, math.MaxInt64)
			seen |= 0x10
		case "halt":
			ok = r.Enum(&m.Halt, valuesAccountHalt)
			seen |= 0x20
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3f)
}
