// Code generated from schemas/state/oms.schema.json by tools/generate.py. DO NOT EDIT.

package oms

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *OmsLeg) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"reference_price_e4":`...)
	dst = wire.AppendInt(dst, m.ReferencePriceE4)
	dst = append(dst, `,"attempts":`...)
	dst = wire.AppendInt(dst, m.Attempts)
	dst = append(dst, `,"chases":`...)
	dst = wire.AppendInt(dst, m.Chases)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *OmsIntent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
	dst = append(dst, `,"created_ns":`...)
	dst = wire.AppendInt(dst, m.CreatedNs)
	dst = append(dst, `,"expires_ns":`...)
	dst = wire.AppendOptInt(dst, m.ExpiresNs)
	dst = append(dst, `,"leg_timeout_ms":`...)
	dst = wire.AppendOptInt(dst, m.LegTimeoutMs)
	dst = append(dst, `,"leg_due_ns":`...)
	dst = wire.AppendOptInt(dst, m.LegDueNs)
	dst = append(dst, `,"unwinding":`...)
	dst = wire.AppendBool(dst, m.Unwinding)
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
func (m *OmsAccount) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"head":`...)
	dst = wire.AppendString(dst, m.Head)
	dst = append(dst, `,"mode":`...)
	dst = wire.AppendString(dst, m.Mode)
	dst = append(dst, `,"day":`...)
	dst = wire.AppendInt(dst, m.Day)
	dst = append(dst, `,"repeated_intents":`...)
	dst = wire.AppendInt(dst, m.RepeatedIntents)
	dst = append(dst, `,"repeated_reports":`...)
	dst = wire.AppendInt(dst, m.RepeatedReports)
	dst = append(dst, `,"foreign_reports":`...)
	dst = wire.AppendInt(dst, m.ForeignReports)
	dst = append(dst, `,"overfills":`...)
	dst = wire.AppendInt(dst, m.Overfills)
	dst = append(dst, `,"cancel_second":`...)
	dst = wire.AppendInt(dst, m.CancelSecond)
	dst = append(dst, `,"cancels":`...)
	dst = wire.AppendInt(dst, m.Cancels)
	dst = append(dst, `,"cancels_deferred":`...)
	dst = wire.AppendInt(dst, m.CancelsDeferred)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *OmsOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"leg":`...)
	dst = wire.AppendInt(dst, m.Leg)
	dst = append(dst, `,"attempt":`...)
	dst = wire.AppendInt(dst, m.Attempt)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
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
	dst = append(dst, `,"reserve_e4":`...)
	dst = wire.AppendInt(dst, m.ReserveE4)
	dst = append(dst, `,"state":`...)
	dst = wire.AppendString(dst, m.State)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"n":`...)
	dst = wire.AppendInt(dst, m.N)
	dst = append(dst, `,"created_ns":`...)
	dst = wire.AppendInt(dst, m.CreatedNs)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendOptString(dst, m.BrokerOrderId)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"filled_e4":`...)
	dst = wire.AppendInt(dst, m.FilledE4)
	dst = append(dst, `,"broker_qty":`...)
	dst = wire.AppendInt(dst, m.BrokerQty)
	dst = append(dst, `,"trade_ids":`...)
	dst = append(dst, '[')
	for i := range m.TradeIds {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.TradeIds[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"report_ids":`...)
	dst = append(dst, '[')
	for i := range m.ReportIds {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.ReportIds[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"known":`...)
	dst = wire.AppendBool(dst, m.Known)
	dst = append(dst, `,"cancel_reason":`...)
	dst = wire.AppendOptString(dst, m.CancelReason)
	dst = append(dst, `,"expires_ns":`...)
	dst = wire.AppendOptInt(dst, m.ExpiresNs)
	dst = append(dst, `,"chase_ns":`...)
	dst = wire.AppendOptInt(dst, m.ChaseNs)
	dst = append(dst, `,"answer_ns":`...)
	dst = wire.AppendOptInt(dst, m.AnswerNs)
	dst = append(dst, `,"cancel_ns":`...)
	dst = wire.AppendOptInt(dst, m.CancelNs)
	dst = append(dst, `,"query_ns":`...)
	dst = wire.AppendOptInt(dst, m.QueryNs)
	dst = append(dst, `,"not_found_ns":`...)
	dst = wire.AppendOptInt(dst, m.NotFoundNs)
	return append(dst, '}')
}
