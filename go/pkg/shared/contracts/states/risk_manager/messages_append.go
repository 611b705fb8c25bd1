// Code generated from schemas/state/risk_manager.schema.json by tools/generate.py. DO NOT EDIT.

package risk_manager

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *Echo) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"command":`...)
	dst = wire.AppendString(dst, m.Command)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Echo) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Limits) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"trading":`...)
	dst = wire.AppendString(dst, m.Trading)
	dst = append(dst, `,"overrides":`...)
	dst = append(dst, '{')
	for i := range m.Overrides {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Overrides[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendInt(dst, m.Overrides[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"control_rejections":`...)
	dst = wire.AppendInt(dst, m.ControlRejections)
	dst = append(dst, `,"last_rejection":`...)
	dst = wire.AppendOptString(dst, m.LastRejection)
	dst = append(dst, `,"echoes":`...)
	dst = append(dst, '[')
	for i := range m.Echoes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Echoes[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Timer) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"done_ns":`...)
	dst = wire.AppendInt(dst, m.DoneNs)
	dst = append(dst, `,"again_ns":`...)
	dst = wire.AppendOptInt(dst, m.AgainNs)
	dst = append(dst, `,"emitted":`...)
	dst = wire.AppendInt(dst, m.Emitted)
	dst = append(dst, `,"unwanted":`...)
	dst = wire.AppendInt(dst, m.Unwanted)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Mark) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	dst = append(dst, `,"start_ns":`...)
	dst = wire.AppendInt(dst, m.StartNs)
	dst = append(dst, `,"end_ns":`...)
	dst = wire.AppendInt(dst, m.EndNs)
	dst = append(dst, `,"rev":`...)
	dst = wire.AppendInt(dst, m.Rev)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Position) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"bucket":`...)
	dst = wire.AppendString(dst, m.Bucket)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
	dst = append(dst, `,"net_qty":`...)
	dst = wire.AppendInt(dst, m.NetQty)
	dst = append(dst, `,"cost_e4":`...)
	dst = wire.AppendInt(dst, m.CostE4)
	dst = append(dst, `,"realised_e4":`...)
	dst = wire.AppendInt(dst, m.RealisedE4)
	dst = append(dst, `,"charges_e4":`...)
	dst = wire.AppendInt(dst, m.ChargesE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *FlightLeg) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"open_qty":`...)
	dst = wire.AppendInt(dst, m.OpenQty)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Flight) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"bucket":`...)
	dst = wire.AppendString(dst, m.Bucket)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"gone_ns":`...)
	dst = wire.AppendInt(dst, m.GoneNs)
	dst = append(dst, `,"legs":`...)
	dst = append(dst, '[')
	for i := range m.Legs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Legs[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	dst = append(dst, `,"open_orders":`...)
	dst = append(dst, '[')
	for i := range m.OpenOrders {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.OpenOrders[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"quiet_ns":`...)
	dst = wire.AppendOptInt(dst, m.QuietNs)
	dst = append(dst, `,"landed":`...)
	dst = wire.AppendBool(dst, m.Landed)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Wanted) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendOptString(dst, m.Side)
	dst = append(dst, `,"cause":`...)
	dst = wire.AppendString(dst, m.Cause)
	dst = append(dst, `,"sent_ns":`...)
	dst = wire.AppendInt(dst, m.SentNs)
	dst = append(dst, `,"again_ns":`...)
	dst = wire.AppendOptInt(dst, m.AgainNs)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Account) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"realised_e4":`...)
	dst = wire.AppendInt(dst, m.RealisedE4)
	dst = append(dst, `,"charges_e4":`...)
	dst = wire.AppendInt(dst, m.ChargesE4)
	dst = append(dst, `,"peak_e4":`...)
	dst = wire.AppendInt(dst, m.PeakE4)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"day_start_e4":`...)
	dst = wire.AppendInt(dst, m.DayStartE4)
	dst = append(dst, `,"halt":`...)
	dst = wire.AppendString(dst, m.Halt)
	return append(dst, '}')
}
