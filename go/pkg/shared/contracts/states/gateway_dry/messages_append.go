// Code generated from schemas/state/gateway_dry.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_dry

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *DryCounters) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"epoch":`...)
	dst = wire.AppendInt(dst, m.Epoch)
	dst = append(dst, `,"stale_commands":`...)
	dst = wire.AppendInt(dst, m.StaleCommands)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *DryOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendString(dst, m.BrokerOrderId)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"message":`...)
	dst = wire.AppendString(dst, m.Message)
	dst = append(dst, `,"last_n":`...)
	dst = wire.AppendInt(dst, m.LastN)
	return append(dst, '}')
}
