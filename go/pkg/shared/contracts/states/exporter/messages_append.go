// Code generated from schemas/state/exporter.schema.json by tools/generate.py. DO NOT EDIT.

package exporter

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *Holding) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"net_qty":`...)
	dst = wire.AppendInt(dst, m.NetQty)
	dst = append(dst, `,"cost_e4":`...)
	dst = wire.AppendInt(dst, m.CostE4)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendOptInt(dst, m.PriceE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Intent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Intent) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Performance) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"realised_e4":`...)
	dst = wire.AppendInt(dst, m.RealisedE4)
	dst = append(dst, `,"charges_e4":`...)
	dst = wire.AppendInt(dst, m.ChargesE4)
	dst = append(dst, `,"peak_e4":`...)
	dst = wire.AppendInt(dst, m.PeakE4)
	dst = append(dst, `,"drawdown_bp_max":`...)
	dst = wire.AppendInt(dst, m.DrawdownBpMax)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Count) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"name":`...)
	dst = wire.AppendString(dst, m.Name)
	dst = append(dst, `,"labels":`...)
	dst = append(dst, '[')
	for i := range m.Labels {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Labels[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"value":`...)
	dst = wire.AppendInt(dst, m.Value)
	return append(dst, '}')
}
