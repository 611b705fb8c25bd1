// Code generated from schemas/state/recon.schema.json by tools/generate.py. DO NOT EDIT.

package recon

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesReconTradeSide = []string{
	"BUY",
	"SELL",
}

var valuesReconBreakFinding = []string{
	"missed_fill",
	"foreign_order",
	"qty_drift",
	"avg_drift",
	"unknown_order",
	"ghost_position",
	"trade_changed",
}

// Read replaces all fields by what is read.
func (m *ReconTrade) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"broker_order_id":`) &&
		r.Str(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"trade_id":`) &&
		r.Str(&m.TradeId, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesReconTradeSide) &&
		r.Lit(`,"tag":`) &&
		r.OptStr(&m.Tag, 1, 20) &&
		r.Lit(`,"order_id":`) &&
		r.OptStr(&m.OrderId, 1, 64) &&
		r.Lit(`,"event_ns":`) &&
		r.Int(&m.EventNs, 0, math.MaxInt64) &&
		r.Lit(`,"reported_ns":`) &&
		r.OptInt(&m.ReportedNs, 0, math.MaxInt64) &&
		r.Lit(`,"reported_qty":`) &&
		r.Int(&m.ReportedQty, 0, math.MaxInt64) &&
		r.Lit(`,"reported_price_e4":`) &&
		r.OptInt(&m.ReportedPriceE4, 1, 10000000000000) &&
		r.Lit(`,"retold_ns":`) &&
		r.OptInt(&m.RetoldNs, 0, math.MaxInt64) &&
		r.Lit(`,"retold_qty":`) &&
		r.Int(&m.RetoldQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"retold_price_e4":`) &&
		r.OptInt(&m.RetoldPriceE4, 1, 10000000000000) &&
		r.Lit(`,"filled_ns":`) &&
		r.OptInt(&m.FilledNs, 0, math.MaxInt64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"filled_notional_e4":`) &&
		r.Int(&m.FilledNotionalE4, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconTrade) readAny(r *wire.Reader) bool {
	*m = ReconTrade{}
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
		case "broker_order_id":
			ok = r.Str(&m.BrokerOrderId, 1, 64)
			seen |= 0x1
		case "trade_id":
			ok = r.Str(&m.TradeId, 1, 64)
			seen |= 0x2
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x4
		case "side":
			ok = r.Enum(&m.Side, valuesReconTradeSide)
			seen |= 0x8
		case "tag":
			ok = r.OptStr(&m.Tag, 1, 20)
			seen |= 0x10
		case "order_id":
			ok = r.OptStr(&m.OrderId, 1, 64)
			seen |= 0x20
		case "event_ns":
			ok = r.Int(&m.EventNs, 0, math.MaxInt64)
			seen |= 0x40
		case "reported_ns":
			ok = r.OptInt(&m.ReportedNs, 0, math.MaxInt64)
			seen |= 0x80
		case "reported_qty":
			ok = r.Int(&m.ReportedQty, 0, math.MaxInt64)
			seen |= 0x100
		case "reported_price_e4":
			ok = r.OptInt(&m.ReportedPriceE4, 1, 10000000000000)
			seen |= 0x200
		case "retold_ns":
			ok = r.OptInt(&m.RetoldNs, 0, math.MaxInt64)
			seen |= 0x400
		case "retold_qty":
			ok = r.Int(&m.RetoldQty, math.MinInt64, math.MaxInt64)
			seen |= 0x800
		case "retold_price_e4":
			ok = r.OptInt(&m.RetoldPriceE4, 1, 10000000000000)
			seen |= 0x1000
		case "filled_ns":
			ok = r.OptInt(&m.FilledNs, 0, math.MaxInt64)
			seen |= 0x2000
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x4000
		case "filled_notional_e4":
			ok = r.Int(&m.FilledNotionalE4, 0, math.MaxInt64)
			seen |= 0x8000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xffff)
}

// Read replaces all fields by what is read.
func (m *ReconForeign) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"subject":`) &&
		r.Str(&m.Subject, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"first_ns":`) &&
		r.Int(&m.FirstNs, 0, math.MaxInt64) &&
		r.Lit(`,"cum_qty":`) &&
		r.Int(&m.CumQty, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconForeign) readAny(r *wire.Reader) bool {
	*m = ReconForeign{}
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
		case "subject":
			ok = r.Str(&m.Subject, 1, 64)
			seen |= 0x1
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x2
		case "first_ns":
			ok = r.Int(&m.FirstNs, 0, math.MaxInt64)
			seen |= 0x4
		case "cum_qty":
			ok = r.Int(&m.CumQty, 0, math.MaxInt64)
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
func (m *ReconStatement) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"latest_ns":`) &&
		r.Int(&m.LatestNs, 0, math.MaxInt64) &&
		r.Lit(`,"latest_at_ns":`) &&
		r.Int(&m.LatestAtNs, 0, math.MaxInt64) &&
		r.Lit(`,"latest_qty":`) &&
		r.Int(&m.LatestQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"before_ns":`) &&
		r.Int(&m.BeforeNs, 0, math.MaxInt64) &&
		r.Lit(`,"before_qty":`) &&
		r.Int(&m.BeforeQty, math.MinInt64, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconStatement) readAny(r *wire.Reader) bool {
	*m = ReconStatement{}
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
		case "latest_ns":
			ok = r.Int(&m.LatestNs, 0, math.MaxInt64)
			seen |= 0x2
		case "latest_at_ns":
			ok = r.Int(&m.LatestAtNs, 0, math.MaxInt64)
			seen |= 0x4
		case "latest_qty":
			ok = r.Int(&m.LatestQty, math.MinInt64, math.MaxInt64)
			seen |= 0x8
		case "before_ns":
			ok = r.Int(&m.BeforeNs, 0, math.MaxInt64)
			seen |= 0x10
		case "before_qty":
			ok = r.Int(&m.BeforeQty, math.MinInt64, math.MaxInt64)
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
func (m *ReconCarried) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"net_qty":`) &&
		r.Int(&m.NetQty, math.MinInt64, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconCarried) readAny(r *wire.Reader) bool {
	*m = ReconCarried{}
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
		case "net_qty":
			ok = r.Int(&m.NetQty, math.MinInt64, math.MaxInt64)
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
func (m *ReconBreak) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"subject":`) &&
		r.Str(&m.Subject, 1, 160) &&
		r.Lit(`,"finding":`) &&
		r.Enum(&m.Finding, valuesReconBreakFinding) &&
		r.Lit(`,"symbol":`) &&
		r.OptStr(&m.Symbol, 1, 32) &&
		r.Lit(`,"order_id":`) &&
		r.OptStr(&m.OrderId, 1, 64) &&
		r.Lit(`,"expected":`) &&
		r.Int(&m.Expected, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"actual":`) &&
		r.Int(&m.Actual, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"run":`) &&
		r.Int(&m.Run, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconBreak) readAny(r *wire.Reader) bool {
	*m = ReconBreak{}
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
		case "subject":
			ok = r.Str(&m.Subject, 1, 160)
			seen |= 0x1
		case "finding":
			ok = r.Enum(&m.Finding, valuesReconBreakFinding)
			seen |= 0x2
		case "symbol":
			ok = r.OptStr(&m.Symbol, 1, 32)
			seen |= 0x4
		case "order_id":
			ok = r.OptStr(&m.OrderId, 1, 64)
			seen |= 0x8
		case "expected":
			ok = r.Int(&m.Expected, math.MinInt64, math.MaxInt64)
			seen |= 0x10
		case "actual":
			ok = r.Int(&m.Actual, math.MinInt64, math.MaxInt64)
			seen |= 0x20
		case "run":
			ok = r.Int(&m.Run, 0, math.MaxInt64)
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
func (m *ReconCounters) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"run":`) &&
		r.Int(&m.Run, 0, math.MaxInt64) &&
		r.Lit(`,"next_ns":`) &&
		r.OptInt(&m.NextNs, 0, math.MaxInt64) &&
		r.Lit(`,"day_start_ns":`) &&
		r.Int(&m.DayStartNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconCounters) readAny(r *wire.Reader) bool {
	*m = ReconCounters{}
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
		case "run":
			ok = r.Int(&m.Run, 0, math.MaxInt64)
			seen |= 0x1
		case "next_ns":
			ok = r.OptInt(&m.NextNs, 0, math.MaxInt64)
			seen |= 0x2
		case "day_start_ns":
			ok = r.Int(&m.DayStartNs, 0, math.MaxInt64)
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
func (m *ReconOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"state":`) &&
		r.Str(&m.State, 1, 64) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"fills_qty":`) &&
		r.Int(&m.FillsQty, 0, math.MaxInt64) &&
		r.Lit(`,"unknown_ns":`) &&
		r.OptInt(&m.UnknownNs, 0, math.MaxInt64) &&
		r.Lit(`,"changed_ns":`) &&
		r.Int(&m.ChangedNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ReconOrder) readAny(r *wire.Reader) bool {
	*m = ReconOrder{}
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
		case "tag":
			ok = r.Str(&m.Tag, 1, 20)
			seen |= 0x2
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x4
		case "state":
			ok = r.Str(&m.State, 1, 64)
			seen |= 0x8
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x10
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x20
		case "fills_qty":
			ok = r.Int(&m.FillsQty, 0, math.MaxInt64)
			seen |= 0x40
		case "unknown_ns":
			ok = r.OptInt(&m.UnknownNs, 0, math.MaxInt64)
			seen |= 0x80
		case "changed_ns":
			ok = r.Int(&m.ChangedNs, 0, math.MaxInt64)
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
