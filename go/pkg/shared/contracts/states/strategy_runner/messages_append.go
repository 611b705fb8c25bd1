// Code generated from schemas/state/strategy_runner.schema.json by tools/generate.py. DO NOT EDIT.

package strategy_runner

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *SeenBar) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"start_ns":`...)
	dst = wire.AppendInt(dst, m.StartNs)
	dst = append(dst, `,"end_ns":`...)
	dst = wire.AppendInt(dst, m.EndNs)
	dst = append(dst, `,"rev":`...)
	dst = wire.AppendInt(dst, m.Rev)
	dst = append(dst, `,"final":`...)
	dst = wire.AppendBool(dst, m.Final)
	dst = append(dst, `,"open_e4":`...)
	dst = wire.AppendInt(dst, m.OpenE4)
	dst = append(dst, `,"high_e4":`...)
	dst = wire.AppendInt(dst, m.HighE4)
	dst = append(dst, `,"low_e4":`...)
	dst = wire.AppendInt(dst, m.LowE4)
	dst = append(dst, `,"close_e4":`...)
	dst = wire.AppendInt(dst, m.CloseE4)
	dst = append(dst, `,"volume":`...)
	dst = wire.AppendOptInt(dst, m.Volume)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *MemberEntry) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"memory":`...)
	dst = append(dst, '{')
	for i := range m.Memory {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Memory[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendFloat(dst, m.Memory[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"vote":`...)
	dst = wire.AppendInt(dst, m.Vote)
	dst = append(dst, `,"confidence_bp":`...)
	dst = wire.AppendInt(dst, m.ConfidenceBp)
	dst = append(dst, `,"stop_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.StopDistanceE4)
	dst = append(dst, `,"target_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.TargetDistanceE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *PositionEntry) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"entries":`...)
	dst = wire.AppendInt(dst, m.Entries)
	dst = append(dst, `,"wanted":`...)
	dst = wire.AppendInt(dst, m.Wanted)
	dst = append(dst, `,"said":`...)
	dst = wire.AppendInt(dst, m.Said)
	dst = append(dst, `,"armed":`...)
	dst = wire.AppendBool(dst, m.Armed)
	dst = append(dst, `,"confidence_bp":`...)
	dst = wire.AppendInt(dst, m.ConfidenceBp)
	dst = append(dst, `,"stop_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.StopDistanceE4)
	dst = append(dst, `,"target_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.TargetDistanceE4)
	dst = append(dst, `,"hedge_bp":`...)
	dst = wire.AppendInt(dst, m.HedgeBp)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendInt(dst, m.Side)
	dst = append(dst, `,"entry_e4":`...)
	dst = wire.AppendInt(dst, m.EntryE4)
	dst = append(dst, `,"entry_stop_distance_e4":`...)
	dst = wire.AppendInt(dst, m.EntryStopDistanceE4)
	dst = append(dst, `,"entry_target_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.EntryTargetDistanceE4)
	dst = append(dst, `,"entry_hedge_bp":`...)
	dst = wire.AppendInt(dst, m.EntryHedgeBp)
	dst = append(dst, `,"bars_held":`...)
	dst = wire.AppendInt(dst, m.BarsHeld)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *SeriesEntry) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"bars":`...)
	dst = wire.AppendInt(dst, m.Bars)
	dst = append(dst, `,"alerts":`...)
	dst = wire.AppendInt(dst, m.Alerts)
	dst = append(dst, `,"newest":`...)
	dst = append(dst, '[')
	for i := range m.Newest {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Newest[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	dst = append(dst, `,"waiting":`...)
	dst = append(dst, '[')
	for i := range m.Waiting {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Waiting[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	dst = append(dst, `,"now":`...)
	dst = append(dst, '{')
	for i := range m.Now {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Now[i].Key)
		dst = append(dst, ':')
		dst = append(dst, '[')
		for j := range m.Now[i].Value {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = wire.AppendFloat(dst, m.Now[i].Value[j])
		}
		dst = append(dst, ']')
	}
	dst = append(dst, '}')
	dst = append(dst, `,"before":`...)
	dst = append(dst, '{')
	for i := range m.Before {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Before[i].Key)
		dst = append(dst, ':')
		dst = append(dst, '[')
		for j := range m.Before[i].Value {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = wire.AppendFloat(dst, m.Before[i].Value[j])
		}
		dst = append(dst, ']')
	}
	dst = append(dst, '}')
	return append(dst, '}')
}
