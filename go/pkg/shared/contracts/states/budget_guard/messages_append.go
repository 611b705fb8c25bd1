// Code generated from schemas/state/budget_guard.schema.json by tools/generate.py. DO NOT EDIT.

package budget_guard

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

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
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Burn) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"burnt_e4":`...)
	dst = wire.AppendInt(dst, m.BurntE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *IntentLeg) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	dst = append(dst, `,"reserved_e4":`...)
	dst = wire.AppendInt(dst, m.ReservedE4)
	dst = append(dst, `,"waiting":`...)
	dst = wire.AppendBool(dst, m.Waiting)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Intent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"legs":`...)
	dst = append(dst, '[')
	for i := range m.Legs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Legs[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *OpenOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"reserved_e4":`...)
	dst = wire.AppendInt(dst, m.ReservedE4)
	dst = append(dst, `,"closed":`...)
	dst = wire.AppendBool(dst, m.Closed)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Recent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"qtys":`...)
	dst = append(dst, '[')
	for i := range m.Qtys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Qtys[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"allowed_ns":`...)
	dst = append(dst, '[')
	for i := range m.AllowedNs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.AllowedNs[i])
	}
	dst = append(dst, ']')
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Throttle) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"second":`...)
	dst = wire.AppendInt(dst, m.Second)
	dst = append(dst, `,"second_orders":`...)
	dst = wire.AppendInt(dst, m.SecondOrders)
	dst = append(dst, `,"minute":`...)
	dst = wire.AppendInt(dst, m.Minute)
	dst = append(dst, `,"minute_orders":`...)
	dst = wire.AppendInt(dst, m.MinuteOrders)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"day_orders":`...)
	dst = wire.AppendInt(dst, m.DayOrders)
	return append(dst, '}')
}
