// Code generated from schemas/state/bar_aggregator_multi.schema.json by tools/generate.py. DO NOT EDIT.

package bar_aggregator_multi

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// Read replaces all fields by what is read.
func (m *MinuteWindow) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"rev":`) &&
		r.Int(&m.Rev, -1, math.MaxInt64) &&
		r.Lit(`,"issued":`) &&
		r.Ints(&m.Issued, math.MinInt64, math.MaxInt64, 0, -1) &&
		r.Lit(`,"seconds":`) &&
		r.Ints(&m.Seconds, math.MinInt64, math.MaxInt64, 0, -1) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *MinuteWindow) readAny(r *wire.Reader) bool {
	*m = MinuteWindow{}
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
		case "rev":
			ok = r.Int(&m.Rev, -1, math.MaxInt64)
			seen |= 0x1
		case "issued":
			ok = r.Ints(&m.Issued, math.MinInt64, math.MaxInt64, 0, -1)
			seen |= 0x2
		case "seconds":
			ok = r.Ints(&m.Seconds, math.MinInt64, math.MaxInt64, 0, -1)
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
func (m *BarsFeed) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"complete_ns":`) &&
		r.Int(&m.CompleteNs, 0, math.MaxInt64) &&
		r.Lit(`,"ended":`) &&
		r.Bool(&m.Ended) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *BarsFeed) readAny(r *wire.Reader) bool {
	*m = BarsFeed{}
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
		case "complete_ns":
			ok = r.Int(&m.CompleteNs, 0, math.MaxInt64)
			seen |= 0x1
		case "ended":
			ok = r.Bool(&m.Ended)
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
func (m *SymbolProgress) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"complete_ns":`) &&
		r.Int(&m.CompleteNs, 0, math.MaxInt64) &&
		r.Lit(`,"windows":`) &&
		r.Ints(&m.Windows, math.MinInt64, math.MaxInt64, 0, -1) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *SymbolProgress) readAny(r *wire.Reader) bool {
	*m = SymbolProgress{}
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
		case "complete_ns":
			ok = r.Int(&m.CompleteNs, 0, math.MaxInt64)
			seen |= 0x1
		case "windows":
			ok = r.Ints(&m.Windows, math.MinInt64, math.MaxInt64, 0, -1)
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
