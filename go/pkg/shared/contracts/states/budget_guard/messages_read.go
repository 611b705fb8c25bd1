// Code generated from schemas/state/budget_guard.schema.json by tools/generate.py. DO NOT EDIT.

package budget_guard

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesLimitsTrading = []string{
	"ACTIVE",
	"PAUSED",
	"REDUCING",
	"HALTED",
}

func readLimitsOverrides(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

var valuesIntentLegSide = []string{
	"BUY",
	"SELL",
}

var valuesIntentAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesOpenOrderSide = []string{
	"BUY",
	"SELL",
}

var valuesOpenOrderAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesRecentSide = []string{
	"BUY",
	"SELL",
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
func (m *Burn) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"burnt_e4":`) &&
		r.Int(&m.BurntE4, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Burn) readAny(r *wire.Reader) bool {
	*m = Burn{}
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
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x1
		case "burnt_e4":
			ok = r.Int(&m.BurntE4, 0, math.MaxInt64)
			seen |= 0x2
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3)
}

// Read replaces all fields by what is read.
func (m *IntentLeg) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesIntentLegSide) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"reserved_e4":`) &&
		r.Int(&m.ReservedE4, 0, math.MaxInt64) &&
		r.Lit(`,"waiting":`) &&
		r.Bool(&m.Waiting) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *IntentLeg) readAny(r *wire.Reader) bool {
	*m = IntentLeg{}
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
			ok = r.Enum(&m.Side, valuesIntentLegSide)
			seen |= 0x2
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x4
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x8
		case "price_e4":
			ok = r.Int(&m.PriceE4, 1, 10000000000000)
			seen |= 0x10
		case "reserved_e4":
			ok = r.Int(&m.ReservedE4, 0, math.MaxInt64)
			seen |= 0x20
		case "waiting":
			ok = r.Bool(&m.Waiting)
			seen |= 0x40
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7f)
}

// Read replaces all fields by what is read.
func (m *Intent) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesIntentAction) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"legs":`) &&
		wire.List(r, &m.Legs, 0, 2, (*IntentLeg).Read) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Intent) readAny(r *wire.Reader) bool {
	*m = Intent{}
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
		case "action":
			ok = r.Enum(&m.Action, valuesIntentAction)
			seen |= 0x4
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x8
		case "legs":
			ok = wire.List(r, &m.Legs, 0, 2, (*IntentLeg).Read)
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
func (m *OpenOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesOpenOrderSide) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesOpenOrderAction) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 0, math.MaxInt64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"reserved_e4":`) &&
		r.Int(&m.ReservedE4, 0, math.MaxInt64) &&
		r.Lit(`,"closed":`) &&
		r.Bool(&m.Closed) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *OpenOrder) readAny(r *wire.Reader) bool {
	*m = OpenOrder{}
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
		case "order_id":
			ok = r.Str(&m.OrderId, 1, 64)
			seen |= 0x1
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x2
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x4
		case "side":
			ok = r.Enum(&m.Side, valuesOpenOrderSide)
			seen |= 0x8
		case "action":
			ok = r.Enum(&m.Action, valuesOpenOrderAction)
			seen |= 0x10
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x20
		case "price_e4":
			ok = r.Int(&m.PriceE4, 0, math.MaxInt64)
			seen |= 0x40
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x80
		case "reserved_e4":
			ok = r.Int(&m.ReservedE4, 0, math.MaxInt64)
			seen |= 0x100
		case "closed":
			ok = r.Bool(&m.Closed)
			seen |= 0x200
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x400
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7ff)
}

// Read replaces all fields by what is read.
func (m *Recent) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesRecentSide) &&
		r.Lit(`,"qtys":`) &&
		r.Ints(&m.Qtys, 1, math.MaxInt64, 0, 10000) &&
		r.Lit(`,"allowed_ns":`) &&
		r.Ints(&m.AllowedNs, 0, math.MaxInt64, 0, 10000) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Recent) readAny(r *wire.Reader) bool {
	*m = Recent{}
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
			ok = r.Enum(&m.Side, valuesRecentSide)
			seen |= 0x4
		case "qtys":
			ok = r.Ints(&m.Qtys, 1, math.MaxInt64, 0, 10000)
			seen |= 0x8
		case "allowed_ns":
			ok = r.Ints(&m.AllowedNs, 0, math.MaxInt64, 0, 10000)
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
func (m *Throttle) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"second":`) &&
		r.Int(&m.Second, 0, math.MaxInt64) &&
		r.Lit(`,"second_orders":`) &&
		r.Int(&m.SecondOrders, 0, math.MaxInt64) &&
		r.Lit(`,"minute":`) &&
		r.Int(&m.Minute, 0, math.MaxInt64) &&
		r.Lit(`,"minute_orders":`) &&
		r.Int(&m.MinuteOrders, 0, math.MaxInt64) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"day_orders":`) &&
		r.Int(&m.DayOrders, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Throttle) readAny(r *wire.Reader) bool {
	*m = Throttle{}
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
		case "second":
			ok = r.Int(&m.Second, 0, math.MaxInt64)
			seen |= 0x1
		case "second_orders":
			ok = r.Int(&m.SecondOrders, 0, math.MaxInt64)
			seen |= 0x2
		case "minute":
			ok = r.Int(&m.Minute, 0, math.MaxInt64)
			seen |= 0x4
		case "minute_orders":
			ok = r.Int(&m.MinuteOrders, 0, math.MaxInt64)
			seen |= 0x8
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x10
		case "day_orders":
			ok = r.Int(&m.DayOrders, 0, math.MaxInt64)
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
