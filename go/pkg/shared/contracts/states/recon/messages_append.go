// Code generated from schemas/state/recon.schema.json by tools/generate.py. DO NOT EDIT.

package recon

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *ReconTrade) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"broker_order_id":`...)
	dst = wire.AppendString(dst, m.BrokerOrderId)
	dst = append(dst, `,"trade_id":`...)
	dst = wire.AppendString(dst, m.TradeId)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendOptString(dst, m.Tag)
	dst = append(dst, `,"order_id":`...)
	dst = wire.AppendOptString(dst, m.OrderId)
	dst = append(dst, `,"event_ns":`...)
	dst = wire.AppendInt(dst, m.EventNs)
	dst = append(dst, `,"reported_ns":`...)
	dst = wire.AppendOptInt(dst, m.ReportedNs)
	dst = append(dst, `,"reported_qty":`...)
	dst = wire.AppendInt(dst, m.ReportedQty)
	dst = append(dst, `,"reported_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.ReportedPriceE4)
	dst = append(dst, `,"retold_ns":`...)
	dst = wire.AppendOptInt(dst, m.RetoldNs)
	dst = append(dst, `,"retold_qty":`...)
	dst = wire.AppendInt(dst, m.RetoldQty)
	dst = append(dst, `,"retold_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.RetoldPriceE4)
	dst = append(dst, `,"filled_ns":`...)
	dst = wire.AppendOptInt(dst, m.FilledNs)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"filled_notional_e4":`...)
	dst = wire.AppendInt(dst, m.FilledNotionalE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconForeign) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"subject":`...)
	dst = wire.AppendString(dst, m.Subject)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"first_ns":`...)
	dst = wire.AppendInt(dst, m.FirstNs)
	dst = append(dst, `,"cum_qty":`...)
	dst = wire.AppendInt(dst, m.CumQty)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconStatement) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"latest_ns":`...)
	dst = wire.AppendInt(dst, m.LatestNs)
	dst = append(dst, `,"latest_at_ns":`...)
	dst = wire.AppendInt(dst, m.LatestAtNs)
	dst = append(dst, `,"latest_qty":`...)
	dst = wire.AppendInt(dst, m.LatestQty)
	dst = append(dst, `,"before_ns":`...)
	dst = wire.AppendInt(dst, m.BeforeNs)
	dst = append(dst, `,"before_qty":`...)
	dst = wire.AppendInt(dst, m.BeforeQty)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconCarried) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"net_qty":`...)
	dst = wire.AppendInt(dst, m.NetQty)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconBreak) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"subject":`...)
	dst = wire.AppendString(dst, m.Subject)
	dst = append(dst, `,"finding":`...)
	dst = wire.AppendString(dst, m.Finding)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendOptString(dst, m.Symbol)
	dst = append(dst, `,"order_id":`...)
	dst = wire.AppendOptString(dst, m.OrderId)
	dst = append(dst, `,"expected":`...)
	dst = wire.AppendInt(dst, m.Expected)
	dst = append(dst, `,"actual":`...)
	dst = wire.AppendInt(dst, m.Actual)
	dst = append(dst, `,"run":`...)
	dst = wire.AppendInt(dst, m.Run)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconCounters) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"run":`...)
	dst = wire.AppendInt(dst, m.Run)
	dst = append(dst, `,"next_ns":`...)
	dst = wire.AppendOptInt(dst, m.NextNs)
	dst = append(dst, `,"day_start_ns":`...)
	dst = wire.AppendInt(dst, m.DayStartNs)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *ReconOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"state":`...)
	dst = wire.AppendString(dst, m.State)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"fills_qty":`...)
	dst = wire.AppendInt(dst, m.FillsQty)
	dst = append(dst, `,"unknown_ns":`...)
	dst = wire.AppendOptInt(dst, m.UnknownNs)
	dst = append(dst, `,"changed_ns":`...)
	dst = wire.AppendInt(dst, m.ChangedNs)
	return append(dst, '}')
}
