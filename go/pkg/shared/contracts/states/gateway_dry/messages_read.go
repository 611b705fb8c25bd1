// Code generated from schemas/state/gateway_dry.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_dry

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// Read replaces all fields by what is read.
func (m *DryCounters) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"epoch":`) &&
		r.Int(&m.Epoch, 0, math.MaxInt64) &&
		r.Lit(`,"stale_commands":`) &&
		r.Int(&m.StaleCommands, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *DryCounters) readAny(r *wire.Reader) bool {
	*m = DryCounters{}
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
		case "epoch":
			ok = r.Int(&m.Epoch, 0, math.MaxInt64)
			seen |= 0x1
		case "stale_commands":
			ok = r.Int(&m.StaleCommands, 0, math.MaxInt64)
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
func (m *DryOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) &&
		r.Lit(`,"broker_order_id":`) &&
		r.Str(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"message":`) &&
		r.Str(&m.Message, 0, 400) &&
		r.Lit(`,"last_n":`) &&
		r.Int(&m.LastN, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *DryOrder) readAny(r *wire.Reader) bool {
	*m = DryOrder{}
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
		case "broker_order_id":
			ok = r.Str(&m.BrokerOrderId, 1, 64)
			seen |= 0x4
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x8
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x10
		case "message":
			ok = r.Str(&m.Message, 0, 400)
			seen |= 0x20
		case "last_n":
			ok = r.Int(&m.LastN, 0, math.MaxInt64)
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
