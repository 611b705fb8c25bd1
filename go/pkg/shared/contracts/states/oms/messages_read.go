// Code generated from schemas/state/oms.schema.json by tools/generate.py. DO NOT EDIT.

package oms

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesOmsLegSide = []string{
	"BUY",
	"SELL",
}

var valuesOmsIntentAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesOmsIntentProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesOmsAccountMode = []string{
	"ACTIVE",
	"REDUCING",
	"HALTED",
}

var valuesOmsOrderAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesOmsOrderProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesOmsOrderSide = []string{
	"BUY",
	"SELL",
}

var valuesOmsOrderOrderType = []string{
	"LIMIT",
	"MARKET",
	"SL",
	"SL-M",
}

func readOmsOrderTradeIds(value *string, r *wire.Reader) bool {
	return r.Str(value, 1, 64)
}

func readOmsOrderReportIds(value *string, r *wire.Reader) bool {
	return r.Str(value, 1, 64)
}

// Read replaces all fields by what is read.
func (m *OmsLeg) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesOmsLegSide) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 0, math.MaxInt64) &&
		r.Lit(`,"reference_price_e4":`) &&
		r.Int(&m.ReferencePriceE4, 1, math.MaxInt64) &&
		r.Lit(`,"attempts":`) &&
		r.Int(&m.Attempts, 0, math.MaxInt64) &&
		r.Lit(`,"chases":`) &&
		r.Int(&m.Chases, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *OmsLeg) readAny(r *wire.Reader) bool {
	*m = OmsLeg{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x1
		case "side":
			ok = r.Enum(&m.Side, valuesOmsLegSide)
			seen |= 0x2
		case "qty":
			ok = r.Int(&m.Qty, 0, math.MaxInt64)
			seen |= 0x4
		case "reference_price_e4":
			ok = r.Int(&m.ReferencePriceE4, 1, math.MaxInt64)
			seen |= 0x8
		case "attempts":
			ok = r.Int(&m.Attempts, 0, math.MaxInt64)
			seen |= 0x10
		case "chases":
			ok = r.Int(&m.Chases, 0, math.MaxInt64)
			seen |= 0x20
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3f)
}

// Read replaces all fields by what is read.
func (m *OmsIntent) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesOmsIntentAction) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesOmsIntentProduct) &&
		r.Lit(`,"created_ns":`) &&
		r.Int(&m.CreatedNs, 0, math.MaxInt64) &&
		r.Lit(`,"expires_ns":`) &&
		r.OptInt(&m.ExpiresNs, 0, math.MaxInt64) &&
		r.Lit(`,"leg_timeout_ms":`) &&
		r.OptInt(&m.LegTimeoutMs, 1, math.MaxInt64) &&
		r.Lit(`,"leg_due_ns":`) &&
		r.OptInt(&m.LegDueNs, 0, math.MaxInt64) &&
		r.Lit(`,"unwinding":`) &&
		r.Bool(&m.Unwinding) &&
		r.Lit(`,"legs":`) &&
		wire.List(r, &m.Legs, 1, 2, (*OmsLeg).Read) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *OmsIntent) readAny(r *wire.Reader) bool {
	*m = OmsIntent{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x1
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x2
		case "action":
			ok = r.Enum(&m.Action, valuesOmsIntentAction)
			seen |= 0x4
		case "product":
			ok = r.Enum(&m.Product, valuesOmsIntentProduct)
			seen |= 0x8
		case "created_ns":
			ok = r.Int(&m.CreatedNs, 0, math.MaxInt64)
			seen |= 0x10
		case "expires_ns":
			ok = r.OptInt(&m.ExpiresNs, 0, math.MaxInt64)
			seen |= 0x20
		case "leg_timeout_ms":
			ok = r.OptInt(&m.LegTimeoutMs, 1, math.MaxInt64)
			seen |= 0x40
		case "leg_due_ns":
			ok = r.OptInt(&m.LegDueNs, 0, math.MaxInt64)
			seen |= 0x80
		case "unwinding":
			ok = r.Bool(&m.Unwinding)
			seen |= 0x100
		case "legs":
			ok = wire.List(r, &m.Legs, 1, 2, (*OmsLeg).Read)
			seen |= 0x200
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3ff)
}

// Read replaces all fields by what is read.
func (m *OmsAccount) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"head":`) &&
		r.Str(&m.Head, 1, 64) &&
		r.Lit(`,"mode":`) &&
		r.Enum(&m.Mode, valuesOmsAccountMode) &&
		r.Lit(`,"day":`) &&
		r.Int(&m.Day, 0, math.MaxInt64) &&
		r.Lit(`,"repeated_intents":`) &&
		r.Int(&m.RepeatedIntents, 0, math.MaxInt64) &&
		r.Lit(`,"repeated_reports":`) &&
		r.Int(&m.RepeatedReports, 0, math.MaxInt64) &&
		r.Lit(`,"foreign_reports":`) &&
		r.Int(&m.ForeignReports, 0, math.MaxInt64) &&
		r.Lit(`,"overfills":`) &&
		r.Int(&m.Overfills, 0, math.MaxInt64) &&
		r.Lit(`,"cancel_second":`) &&
		r.Int(&m.CancelSecond, 0, math.MaxInt64) &&
		r.Lit(`,"cancels":`) &&
		r.Int(&m.Cancels, 0, math.MaxInt64) &&
		r.Lit(`,"cancels_deferred":`) &&
		r.Int(&m.CancelsDeferred, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *OmsAccount) readAny(r *wire.Reader) bool {
	*m = OmsAccount{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "head":
			ok = r.Str(&m.Head, 1, 64)
			seen |= 0x1
		case "mode":
			ok = r.Enum(&m.Mode, valuesOmsAccountMode)
			seen |= 0x2
		case "day":
			ok = r.Int(&m.Day, 0, math.MaxInt64)
			seen |= 0x4
		case "repeated_intents":
			ok = r.Int(&m.RepeatedIntents, 0, math.MaxInt64)
			seen |= 0x8
		case "repeated_reports":
			ok = r.Int(&m.RepeatedReports, 0, math.MaxInt64)
			seen |= 0x10
		case "foreign_reports":
			ok = r.Int(&m.ForeignReports, 0, math.MaxInt64)
			seen |= 0x20
		case "overfills":
			ok = r.Int(&m.Overfills, 0, math.MaxInt64)
			seen |= 0x40
		case "cancel_second":
			ok = r.Int(&m.CancelSecond, 0, math.MaxInt64)
			seen |= 0x80
		case "cancels":
			ok = r.Int(&m.Cancels, 0, math.MaxInt64)
			seen |= 0x100
		case "cancels_deferred":
			ok = r.Int(&m.CancelsDeferred, 0, math.MaxInt64)
			seen |= 0x200
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3ff)
}

// Read replaces all fields by what is read.
func (m *OmsOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"leg":`) &&
		r.Int(&m.Leg, 0, 1) &&
		r.Lit(`,"attempt":`) &&
		r.Int(&m.Attempt, 0, math.MaxInt64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesOmsOrderAction) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesOmsOrderProduct) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesOmsOrderSide) &&
		r.Lit(`,"order_type":`) &&
		r.Enum(&m.OrderType, valuesOmsOrderOrderType) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, math.MaxInt64) &&
		r.Lit(`,"trigger_price_e4":`) &&
		r.OptInt(&m.TriggerPriceE4, 1, math.MaxInt64) &&
		r.Lit(`,"reserve_e4":`) &&
		r.Int(&m.ReserveE4, 0, math.MaxInt64) &&
		r.Lit(`,"state":`) &&
		r.Str(&m.State, 1, 64) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"n":`) &&
		r.Int(&m.N, 0, math.MaxInt64) &&
		r.Lit(`,"created_ns":`) &&
		r.Int(&m.CreatedNs, 0, math.MaxInt64) &&
		r.Lit(`,"broker_order_id":`) &&
		r.OptStr(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"filled_e4":`) &&
		r.Int(&m.FilledE4, 0, math.MaxInt64) &&
		r.Lit(`,"broker_qty":`) &&
		r.Int(&m.BrokerQty, 0, math.MaxInt64) &&
		r.Lit(`,"trade_ids":`) &&
		wire.List(r, &m.TradeIds, 0, -1, readOmsOrderTradeIds) &&
		r.Lit(`,"report_ids":`) &&
		wire.List(r, &m.ReportIds, 0, -1, readOmsOrderReportIds) &&
		r.Lit(`,"known":`) &&
		r.Bool(&m.Known) &&
		r.Lit(`,"cancel_reason":`) &&
		r.OptStr(&m.CancelReason, 1, 64) &&
		r.Lit(`,"expires_ns":`) &&
		r.OptInt(&m.ExpiresNs, 0, math.MaxInt64) &&
		r.Lit(`,"chase_ns":`) &&
		r.OptInt(&m.ChaseNs, 0, math.MaxInt64) &&
		r.Lit(`,"answer_ns":`) &&
		r.OptInt(&m.AnswerNs, 0, math.MaxInt64) &&
		r.Lit(`,"cancel_ns":`) &&
		r.OptInt(&m.CancelNs, 0, math.MaxInt64) &&
		r.Lit(`,"query_ns":`) &&
		r.OptInt(&m.QueryNs, 0, math.MaxInt64) &&
		r.Lit(`,"not_found_ns":`) &&
		r.OptInt(&m.NotFoundNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *OmsOrder) readAny(r *wire.Reader) bool {
	*m = OmsOrder{}
	if !r.Object() {
		return false
	}
	seen := uint64(0)
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "order_id":
			ok = r.Str(&m.OrderId, 1, 64)
			seen |= 0x1
		case "tag":
			ok = r.Str(&m.Tag, 1, 20)
			seen |= 0x2
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x4
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x8
		case "leg":
			ok = r.Int(&m.Leg, 0, 1)
			seen |= 0x10
		case "attempt":
			ok = r.Int(&m.Attempt, 0, math.MaxInt64)
			seen |= 0x20
		case "action":
			ok = r.Enum(&m.Action, valuesOmsOrderAction)
			seen |= 0x40
		case "product":
			ok = r.Enum(&m.Product, valuesOmsOrderProduct)
			seen |= 0x80
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x100
		case "side":
			ok = r.Enum(&m.Side, valuesOmsOrderSide)
			seen |= 0x200
		case "order_type":
			ok = r.Enum(&m.OrderType, valuesOmsOrderOrderType)
			seen |= 0x400
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x800
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, math.MaxInt64)
			seen |= 0x1000
		case "trigger_price_e4":
			ok = r.OptInt(&m.TriggerPriceE4, 1, math.MaxInt64)
			seen |= 0x2000
		case "reserve_e4":
			ok = r.Int(&m.ReserveE4, 0, math.MaxInt64)
			seen |= 0x4000
		case "state":
			ok = r.Str(&m.State, 1, 64)
			seen |= 0x8000
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x10000
		case "n":
			ok = r.Int(&m.N, 0, math.MaxInt64)
			seen |= 0x20000
		case "created_ns":
			ok = r.Int(&m.CreatedNs, 0, math.MaxInt64)
			seen |= 0x40000
		case "broker_order_id":
			ok = r.OptStr(&m.BrokerOrderId, 1, 64)
			seen |= 0x80000
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x100000
		case "filled_e4":
			ok = r.Int(&m.FilledE4, 0, math.MaxInt64)
			seen |= 0x200000
		case "broker_qty":
			ok = r.Int(&m.BrokerQty, 0, math.MaxInt64)
			seen |= 0x400000
		case "trade_ids":
			ok = wire.List(r, &m.TradeIds, 0, -1, readOmsOrderTradeIds)
			seen |= 0x800000
		case "report_ids":
			ok = wire.List(r, &m.ReportIds, 0, -1, readOmsOrderReportIds)
			seen |= 0x1000000
		case "known":
			ok = r.Bool(&m.Known)
			seen |= 0x2000000
		case "cancel_reason":
			ok = r.OptStr(&m.CancelReason, 1, 64)
			seen |= 0x4000000
		case "expires_ns":
			ok = r.OptInt(&m.ExpiresNs, 0, math.MaxInt64)
			seen |= 0x8000000
		case "chase_ns":
			ok = r.OptInt(&m.ChaseNs, 0, math.MaxInt64)
			seen |= 0x10000000
		case "answer_ns":
			ok = r.OptInt(&m.AnswerNs, 0, math.MaxInt64)
			seen |= 0x20000000
		case "cancel_ns":
			ok = r.OptInt(&m.CancelNs, 0, math.MaxInt64)
			seen |= 0x40000000
		case "query_ns":
			ok = r.OptInt(&m.QueryNs, 0, math.MaxInt64)
			seen |= 0x80000000
		case "not_found_ns":
			ok = r.OptInt(&m.NotFoundNs, 0, math.MaxInt64)
			seen |= 0x100000000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1ffffffff)
}
