// Code generated from schemas/state/strategy_runner.schema.json by tools/generate.py. DO NOT EDIT.

package strategy_runner

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

func readMemberEntryMemory(value *float64, r *wire.Reader) bool {
	return r.Float(value)
}

func readSeriesEntryNowItem(value *float64, r *wire.Reader) bool {
	return r.Float(value)
}

func readSeriesEntryNow(value *[]float64, r *wire.Reader) bool {
	return wire.List(r, value, 0, -1, readSeriesEntryNowItem)
}

func readSeriesEntryBeforeItem(value *float64, r *wire.Reader) bool {
	return r.Float(value)
}

func readSeriesEntryBefore(value *[]float64, r *wire.Reader) bool {
	return wire.List(r, value, 0, -1, readSeriesEntryBeforeItem)
}

// Read replaces all fields by what is read.
func (m *SeenBar) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"start_ns":`) &&
		r.Int(&m.StartNs, 0, math.MaxInt64) &&
		r.Lit(`,"end_ns":`) &&
		r.Int(&m.EndNs, 0, math.MaxInt64) &&
		r.Lit(`,"rev":`) &&
		r.Int(&m.Rev, 0, math.MaxInt64) &&
		r.Lit(`,"final":`) &&
		r.Bool(&m.Final) &&
		r.Lit(`,"open_e4":`) &&
		r.Int(&m.OpenE4, 1, 10000000000000) &&
		r.Lit(`,"high_e4":`) &&
		r.Int(&m.HighE4, 1, 10000000000000) &&
		r.Lit(`,"low_e4":`) &&
		r.Int(&m.LowE4, 1, 10000000000000) &&
		r.Lit(`,"close_e4":`) &&
		r.Int(&m.CloseE4, 1, 10000000000000) &&
		r.Lit(`,"volume":`) &&
		r.OptInt(&m.Volume, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *SeenBar) readAny(r *wire.Reader) bool {
	*m = SeenBar{}
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
		case "start_ns":
			ok = r.Int(&m.StartNs, 0, math.MaxInt64)
			seen |= 0x2
		case "end_ns":
			ok = r.Int(&m.EndNs, 0, math.MaxInt64)
			seen |= 0x4
		case "rev":
			ok = r.Int(&m.Rev, 0, math.MaxInt64)
			seen |= 0x8
		case "final":
			ok = r.Bool(&m.Final)
			seen |= 0x10
		case "open_e4":
			ok = r.Int(&m.OpenE4, 1, 10000000000000)
			seen |= 0x20
		case "high_e4":
			ok = r.Int(&m.HighE4, 1, 10000000000000)
			seen |= 0x40
		case "low_e4":
			ok = r.Int(&m.LowE4, 1, 10000000000000)
			seen |= 0x80
		case "close_e4":
			ok = r.Int(&m.CloseE4, 1, 10000000000000)
			seen |= 0x100
		case "volume":
			ok = r.OptInt(&m.Volume, 0, math.MaxInt64)
			seen |= 0x200
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3ff)
}

// Read replaces all fields by what is read.
func (m *MemberEntry) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"memory":`) &&
		wire.Map(r, &m.Memory, readMemberEntryMemory) &&
		r.Lit(`,"vote":`) &&
		r.Int(&m.Vote, -1, 1) &&
		r.Lit(`,"confidence_bp":`) &&
		r.Int(&m.ConfidenceBp, 0, 10000) &&
		r.Lit(`,"stop_distance_e4":`) &&
		r.OptInt(&m.StopDistanceE4, 1, math.MaxInt64) &&
		r.Lit(`,"target_distance_e4":`) &&
		r.OptInt(&m.TargetDistanceE4, 1, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *MemberEntry) readAny(r *wire.Reader) bool {
	*m = MemberEntry{}
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
		case "memory":
			ok = wire.Map(r, &m.Memory, readMemberEntryMemory)
			seen |= 0x2
		case "vote":
			ok = r.Int(&m.Vote, -1, 1)
			seen |= 0x4
		case "confidence_bp":
			ok = r.Int(&m.ConfidenceBp, 0, 10000)
			seen |= 0x8
		case "stop_distance_e4":
			ok = r.OptInt(&m.StopDistanceE4, 1, math.MaxInt64)
			seen |= 0x10
		case "target_distance_e4":
			ok = r.OptInt(&m.TargetDistanceE4, 1, math.MaxInt64)
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
func (m *PositionEntry) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"entries":`) &&
		r.Int(&m.Entries, 0, math.MaxInt64) &&
		r.Lit(`,"wanted":`) &&
		r.Int(&m.Wanted, -1, 1) &&
		r.Lit(`,"said":`) &&
		r.Int(&m.Said, -1, 1) &&
		r.Lit(`,"armed":`) &&
		r.Bool(&m.Armed) &&
		r.Lit(`,"confidence_bp":`) &&
		r.Int(&m.ConfidenceBp, 0, 10000) &&
		r.Lit(`,"stop_distance_e4":`) &&
		r.OptInt(&m.StopDistanceE4, 1, math.MaxInt64) &&
		r.Lit(`,"target_distance_e4":`) &&
		r.OptInt(&m.TargetDistanceE4, 1, math.MaxInt64) &&
		r.Lit(`,"hedge_bp":`) &&
		r.Int(&m.HedgeBp, 0, math.MaxInt64) &&
		r.Lit(`,"side":`) &&
		r.Int(&m.Side, -1, 1) &&
		r.Lit(`,"entry_e4":`) &&
		r.Int(&m.EntryE4, -100000000000000000, 100000000000000000) &&
		r.Lit(`,"entry_stop_distance_e4":`) &&
		r.Int(&m.EntryStopDistanceE4, 0, math.MaxInt64) &&
		r.Lit(`,"entry_target_distance_e4":`) &&
		r.OptInt(&m.EntryTargetDistanceE4, 1, math.MaxInt64) &&
		r.Lit(`,"entry_hedge_bp":`) &&
		r.Int(&m.EntryHedgeBp, 0, math.MaxInt64) &&
		r.Lit(`,"bars_held":`) &&
		r.Int(&m.BarsHeld, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PositionEntry) readAny(r *wire.Reader) bool {
	*m = PositionEntry{}
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
		case "entries":
			ok = r.Int(&m.Entries, 0, math.MaxInt64)
			seen |= 0x2
		case "wanted":
			ok = r.Int(&m.Wanted, -1, 1)
			seen |= 0x4
		case "said":
			ok = r.Int(&m.Said, -1, 1)
			seen |= 0x8
		case "armed":
			ok = r.Bool(&m.Armed)
			seen |= 0x10
		case "confidence_bp":
			ok = r.Int(&m.ConfidenceBp, 0, 10000)
			seen |= 0x20
		case "stop_distance_e4":
			ok = r.OptInt(&m.StopDistanceE4, 1, math.MaxInt64)
			seen |= 0x40
		case "target_distance_e4":
			ok = r.OptInt(&m.TargetDistanceE4, 1, math.MaxInt64)
			seen |= 0x80
		case "hedge_bp":
			ok = r.Int(&m.HedgeBp, 0, math.MaxInt64)
			seen |= 0x100
		case "side":
			ok = r.Int(&m.Side, -1, 1)
			seen |= 0x200
		case "entry_e4":
			ok = r.Int(&m.EntryE4, -100000000000000000, 100000000000000000)
			seen |= 0x400
		case "entry_stop_distance_e4":
			ok = r.Int(&m.EntryStopDistanceE4, 0, math.MaxInt64)
			seen |= 0x800
		case "entry_target_distance_e4":
			ok = r.OptInt(&m.EntryTargetDistanceE4, 1, math.MaxInt64)
			seen |= 0x1000
		case "entry_hedge_bp":
			ok = r.Int(&m.EntryHedgeBp, 0, math.MaxInt64)
			seen |= 0x2000
		case "bars_held":
			ok = r.Int(&m.BarsHeld, 0, math.MaxInt64)
			seen |= 0x4000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7fff)
}

// Read replaces all fields by what is read.
func (m *SeriesEntry) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"bars":`) &&
		r.Int(&m.Bars, 0, math.MaxInt64) &&
		r.Lit(`,"alerts":`) &&
		r.Int(&m.Alerts, 0, math.MaxInt64) &&
		r.Lit(`,"newest":`) &&
		wire.List(r, &m.Newest, 0, 2, (*SeenBar).Read) &&
		r.Lit(`,"waiting":`) &&
		wire.List(r, &m.Waiting, 0, 1, (*SeenBar).Read) &&
		r.Lit(`,"now":`) &&
		wire.Map(r, &m.Now, readSeriesEntryNow) &&
		r.Lit(`,"before":`) &&
		wire.Map(r, &m.Before, readSeriesEntryBefore) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *SeriesEntry) readAny(r *wire.Reader) bool {
	*m = SeriesEntry{}
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
		case "bars":
			ok = r.Int(&m.Bars, 0, math.MaxInt64)
			seen |= 0x1
		case "alerts":
			ok = r.Int(&m.Alerts, 0, math.MaxInt64)
			seen |= 0x2
		case "newest":
			ok = wire.List(r, &m.Newest, 0, 2, (*SeenBar).Read)
			seen |= 0x4
		case "waiting":
			ok = wire.List(r, &m.Waiting, 0, 1, (*SeenBar).Read)
			seen |= 0x8
		case "now":
			ok = wire.Map(r, &m.Now, readSeriesEntryNow)
			seen |= 0x10
		case "before":
			ok = wire.Map(r, &m.Before, readSeriesEntryBefore)
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
