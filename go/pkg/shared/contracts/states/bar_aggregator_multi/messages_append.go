// Code generated from schemas/state/bar_aggregator_multi.schema.json by tools/generate.py. DO NOT EDIT.

package bar_aggregator_multi

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *MinuteWindow) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"rev":`...)
	dst = wire.AppendInt(dst, m.Rev)
	dst = append(dst, `,"issued":`...)
	dst = append(dst, '[')
	for i := range m.Issued {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Issued[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"seconds":`...)
	dst = append(dst, '[')
	for i := range m.Seconds {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Seconds[i])
	}
	dst = append(dst, ']')
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *BarsFeed) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"complete_ns":`...)
	dst = wire.AppendInt(dst, m.CompleteNs)
	dst = append(dst, `,"ended":`...)
	dst = wire.AppendBool(dst, m.Ended)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *SymbolProgress) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"complete_ns":`...)
	dst = wire.AppendInt(dst, m.CompleteNs)
	dst = append(dst, `,"windows":`...)
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
