// Code generated from schemas/state/exporter.schema.json by tools/generate.py. DO NOT EDIT.

package exporter

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

func readCountLabels(value *string, r *wire.Reader) bool {
	return r.Str(value, 0, -1)
}

// Read replaces all fields by what is read.
func (m *Holding) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"net_qty":`) &&
		r.Int(&m.NetQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"cost_e4":`) &&
		r.Int(&m.CostE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.OptInt(&m.PriceE4, 1, 10000000000000) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Holding) readAny(r *wire.Reader) bool {
	*m = Holding{}
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
		case "cost_e4":
			ok = r.Int(&m.CostE4, math.MinInt64, math.MaxInt64)
			seen |= 0x4
		case "price_e4":
			ok = r.OptInt(&m.PriceE4, 1, 10000000000000)
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
func (m *Intent) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
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
func (m *Performance) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"realised_e4":`) &&
		r.Int(&m.RealisedE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"charges_e4":`) &&
		r.Int(&m.ChargesE4, 0, math.MaxInt64) &&
		r.Lit(`,"peak_e4":`) &&
		r.Int(&m.PeakE4, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"drawdown_bp_max":`) &&
		r.Int(&m.DrawdownBpMax, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Performance) readAny(r *wire.Reader) bool {
	*m = Performance{}
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
		case "drawdown_bp_max":
			ok = r.Int(&m.DrawdownBpMax, 0, math.MaxInt64)
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
func (m *Count) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"name":`) &&
		r.Str(&m.Name, 1, 128) &&
		r.Lit(`,"labels":`) &&
		wire.List(r, &m.Labels, 0, -1, readCountLabels) &&
		r.Lit(`,"value":`) &&
		r.Int(&m.Value, math.MinInt64, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Count) readAny(r *wire.Reader) bool {
	*m = Count{}
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
		case "name":
			ok = r.Str(&m.Name, 1, 128)
			seen |= 0x1
		case "labels":
			ok = wire.List(r, &m.Labels, 0, -1, readCountLabels)
			seen |= 0x2
		case "value":
			ok = r.Int(&m.Value, math.MinInt64, math.MaxInt64)
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
