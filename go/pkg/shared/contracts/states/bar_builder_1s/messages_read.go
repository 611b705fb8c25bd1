// Code generated from schemas/state/bar_builder_1s.schema.json by tools/generate.py. DO NOT EDIT.

package bar_builder_1s

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// Read replaces all fields by what is read.
func (m *ClosedMinute) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"windows":`) &&
		r.Ints(&m.Windows, math.MinInt64, math.MaxInt64, 0, -1) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *ClosedMinute) readAny(r *wire.Reader) bool {
	*m = ClosedMinute{}
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
		case "windows":
			ok = r.Ints(&m.Windows, math.MinInt64, math.MaxInt64, 0, -1)
			seen |= 0x1
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1)
}

// Read replaces all fields by what is read.
func (m *Feed) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"first_ns":`) &&
		r.OptInt(&m.FirstNs, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"watermark_ns":`) &&
		r.Int(&m.WatermarkNs, 0, math.MaxInt64) &&
		r.Lit(`,"beat_ns":`) &&
		r.Int(&m.BeatNs, 0, math.MaxInt64) &&
		r.Lit(`,"ended":`) &&
		r.Bool(&m.Ended) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Feed) readAny(r *wire.Reader) bool {
	*m = Feed{}
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
		case "first_ns":
			ok = r.OptInt(&m.FirstNs, math.MinInt64, math.MaxInt64)
			seen |= 0x1
		case "watermark_ns":
			ok = r.Int(&m.WatermarkNs, 0, math.MaxInt64)
			seen |= 0x2
		case "beat_ns":
			ok = r.Int(&m.BeatNs, 0, math.MaxInt64)
			seen |= 0x4
		case "ended":
			ok = r.Bool(&m.Ended)
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
func (m *SymbolWindows) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"first_ns":`) &&
		r.Int(&m.FirstNs, 0, math.MaxInt64) &&
		r.Lit(`,"watermark_ns":`) &&
		r.Int(&m.WatermarkNs, 0, math.MaxInt64) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, -1, math.MaxInt64) &&
		r.Lit(`,"base_e4":`) &&
		r.Int(&m.BaseE4, 1, math.MaxInt64) &&
		r.Lit(`,"open":`) &&
		r.Ints(&m.Open, math.MinInt64, math.MaxInt64, 0, -1) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *SymbolWindows) readAny(r *wire.Reader) bool {
	*m = SymbolWindows{}
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
		case "first_ns":
			ok = r.Int(&m.FirstNs, 0, math.MaxInt64)
			seen |= 0x1
		case "watermark_ns":
			ok = r.Int(&m.WatermarkNs, 0, math.MaxInt64)
			seen |= 0x2
		case "day":
			ok = r.Int(&m.Day, -1, math.MaxInt64)
			seen |= 0x4
		case "base_e4":
			ok = r.Int(&m.BaseE4, 1, math.MaxInt64)
			seen |= 0x8
		case "open":
			ok = r.Ints(&m.Open, math.MinInt64, math.MaxInt64, 0, -1)
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
