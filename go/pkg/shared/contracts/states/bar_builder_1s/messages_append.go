// Code generated from schemas/state/bar_builder_1s.schema.json by tools/generate.py. DO NOT EDIT.

package bar_builder_1s

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *ClosedMinute) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"windows":`...)
	dst = append(dst, '[')
	for i := range m.Windows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Windows[i])
	}
	dst = append(dst, ']')
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Feed) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"first_ns":`...)
	dst = wire.AppendOptInt(dst, m.FirstNs)
	dst = append(dst, `,"watermark_ns":`...)
	dst = wire.AppendInt(dst, m.WatermarkNs)
	dst = append(dst, `,"beat_ns":`...)
	dst = wire.AppendInt(dst, m.BeatNs)
	dst = append(dst, `,"ended":`...)
	dst = wire.AppendBool(dst, m.Ended)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *SymbolWindows) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"first_ns":`...)
	dst = wire.AppendInt(dst, m.FirstNs)
	dst = append(dst, `,"watermark_ns":`...)
	dst = wire.AppendInt(dst, m.WatermarkNs)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"base_e4":`...)
	dst = wire.AppendInt(dst, m.BaseE4)
	dst = append(dst, `,"open":`...)
	dst = append(dst, '[')
	for i := range m.Open {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Open[i])
	}
	dst = append(dst, ']')
	return append(dst, '}')
}
