// Code generated from schemas/state/gateway_paper.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_paper

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *PaperTrade) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	dst = append(dst, `,"tick_seq":`...)
	dst = wire.AppendInt(dst, m.TickSeq)
	dst = append(dst, `,"event_ns":`...)
	dst = wire.AppendInt(dst, m.EventNs)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *PaperQuote) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"seq":`...)
	dst = wire.AppendInt(dst, m.Seq)
	dst = append(dst, `,"event_ns":`...)
	dst = wire.AppendInt(dst, m.EventNs)
	dst = append(dst, `,"last_price_e4":`...)
	dst = wire.AppendInt(dst, m.LastPriceE4)
	dst = append(dst, `,"last_qty":`...)
	dst = wire.AppendInt(dst, m.LastQty)
	dst = append(dst, `,"day_volume":`...)
	dst = wire.AppendOptInt(dst, m.DayVolume)
	dst = append(dst, `,"trade":`...)
	dst = wire.AppendBool(dst, m.Trade)
	dst = append(dst, `,"bids":`...)
	dst = append(dst, '[')
	for i := range m.Bids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Bids[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"asks":`...)
	dst = append(dst, '[')
	for i := range m.Asks {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.Asks[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"taken_bids":`...)
	dst = append(dst, '[')
	for i := range m.TakenBids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.TakenBids[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"taken_asks":`...)
	dst = append(dst, '[')
	for i := range m.TakenAsks {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.TakenAsks[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"taken_print":`...)
	dst = wire.AppendInt(dst, m.TakenPrint)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *PaperQuote) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *PaperCommand) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"due_ns":`...)
	dst = wire.AppendInt(dst, m.DueNs)
	dst = append(dst, `,"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"n":`...)
	dst = wire.AppendInt(dst, m.N)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"trigger_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.TriggerPriceE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *PaperPosition) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"net_qty":`...)
	dst = wire.AppendInt(dst, m.NetQty)
	dst = append(dst, `,"stated_qty":`...)
	dst = wire.AppendInt(dst, m.StatedQty)
	dst = append(dst, `,"changed_ns":`...)
	dst = wire.AppendOptInt(dst, m.ChangedNs)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *PaperCounters) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"epoch":`...)
	dst = wire.AppendInt(dst, m.Epoch)
	dst = append(dst, `,"stale_commands":`...)
	dst = wire.AppendInt(dst, m.StaleCommands)
	dst = append(dst, `,"purged_ns":`...)
	dst = wire.AppendInt(dst, m.PurgedNs)
	dst = append(dst, `,"final_stated":`...)
	dst = wire.AppendBool(dst, m.FinalStated)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *PaperOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendString(dst, m.BrokerOrderId)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"order_type":`...)
	dst = wire.AppendString(dst, m.OrderType)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"trigger_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.TriggerPriceE4)
	dst = append(dst, `,"status":`...)
	dst = wire.AppendString(dst, m.Status)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"ack_lost":`...)
	dst = wire.AppendBool(dst, m.AckLost)
	dst = append(dst, `,"last_n":`...)
	dst = wire.AppendInt(dst, m.LastN)
	dst = append(dst, `,"last_due_ns":`...)
	dst = wire.AppendInt(dst, m.LastDueNs)
	dst = append(dst, `,"accepted_ns":`...)
	dst = wire.AppendOptInt(dst, m.AcceptedNs)
	dst = append(dst, `,"expires_ns":`...)
	dst = wire.AppendOptInt(dst, m.ExpiresNs)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendOptInt(dst, m.PriceE4)
	dst = append(dst, `,"queue_ahead":`...)
	dst = wire.AppendOptInt(dst, m.QueueAhead)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"trades":`...)
	dst = append(dst, '[')
	for i := range m.Trades {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Trades[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	return append(dst, '}')
}
