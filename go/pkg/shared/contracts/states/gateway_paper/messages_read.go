// Code generated from schemas/state/gateway_paper.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_paper

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesPaperCommandAction = []string{
	"PLACE",
	"CANCEL",
	"MODIFY",
	"QUERY",
	"TIMEOUT",
}

var valuesPaperOrderSide = []string{
	"BUY",
	"SELL",
}

var valuesPaperOrderOrderType = []string{
	"LIMIT",
	"MARKET",
	"SL",
	"SL-M",
}

var valuesPaperOrderStatus = []string{
	"IN_FLIGHT",
	"LOST",
	"TRIGGER_PENDING",
	"OPEN",
	"COMPLETE",
	"CANCELLED",
	"REJECTED",
	"EXPIRED",
}

// Read replaces all fields by what is read.
func (m *PaperTrade) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"tick_seq":`) &&
		r.Int(&m.TickSeq, 0, math.MaxInt64) &&
		r.Lit(`,"event_ns":`) &&
		r.Int(&m.EventNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperTrade) readAny(r *wire.Reader) bool {
	*m = PaperTrade{}
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
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x1
		case "price_e4":
			ok = r.Int(&m.PriceE4, 1, 10000000000000)
			seen |= 0x2
		case "tick_seq":
			ok = r.Int(&m.TickSeq, 0, math.MaxInt64)
			seen |= 0x4
		case "event_ns":
			ok = r.Int(&m.EventNs, 0, math.MaxInt64)
			seen |= 0x8
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xf)
}

// Read replaces all fields by what is read.
func (m *PaperQuote) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"seq":`) &&
		r.Int(&m.Seq, 0, math.MaxInt64) &&
		r.Lit(`,"event_ns":`) &&
		r.Int(&m.EventNs, 0, math.MaxInt64) &&
		r.Lit(`,"last_price_e4":`) &&
		r.Int(&m.LastPriceE4, 1, 10000000000000) &&
		r.Lit(`,"last_qty":`) &&
		r.Int(&m.LastQty, 0, math.MaxInt64) &&
		r.Lit(`,"day_volume":`) &&
		r.OptInt(&m.DayVolume, 0, math.MaxInt64) &&
		r.Lit(`,"trade":`) &&
		r.Bool(&m.Trade) &&
		r.Lit(`,"bids":`) &&
		r.Ints(&m.Bids, 0, math.MaxInt64, 0, -1) &&
		r.Lit(`,"asks":`) &&
		r.Ints(&m.Asks, 0, math.MaxInt64, 0, -1) &&
		r.Lit(`,"taken_bids":`) &&
		r.Ints(&m.TakenBids, 0, math.MaxInt64, 0, -1) &&
		r.Lit(`,"taken_asks":`) &&
		r.Ints(&m.TakenAsks, 0, math.MaxInt64, 0, -1) &&
		r.Lit(`,"taken_print":`) &&
		r.Int(&m.TakenPrint, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperQuote) readAny(r *wire.Reader) bool {
	*m = PaperQuote{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x2
		case "seq":
			ok = r.Int(&m.Seq, 0, math.MaxInt64)
			seen |= 0x4
		case "event_ns":
			ok = r.Int(&m.EventNs, 0, math.MaxInt64)
			seen |= 0x8
		case "last_price_e4":
			ok = r.Int(&m.LastPriceE4, 1, 10000000000000)
			seen |= 0x10
		case "last_qty":
			ok = r.Int(&m.LastQty, 0, math.MaxInt64)
			seen |= 0x20
		case "day_volume":
			ok = r.OptInt(&m.DayVolume, 0, math.MaxInt64)
			seen |= 0x40
		case "trade":
			ok = r.Bool(&m.Trade)
			seen |= 0x80
		case "bids":
			ok = r.Ints(&m.Bids, 0, math.MaxInt64, 0, -1)
			seen |= 0x100
		case "asks":
			ok = r.Ints(&m.Asks, 0, math.MaxInt64, 0, -1)
			seen |= 0x200
		case "taken_bids":
			ok = r.Ints(&m.TakenBids, 0, math.MaxInt64, 0, -1)
			seen |= 0x400
		case "taken_asks":
			ok = r.Ints(&m.TakenAsks, 0, math.MaxInt64, 0, -1)
			seen |= 0x800
		case "taken_print":
			ok = r.Int(&m.TakenPrint, 0, math.MaxInt64)
			seen |= 0x1000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1fff)
}

// Read replaces all fields by what is read.
func (m *PaperCommand) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"due_ns":`) &&
		r.Int(&m.DueNs, 0, math.MaxInt64) &&
		r.Lit(`,"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"n":`) &&
		r.Int(&m.N, 0, math.MaxInt64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesPaperCommandAction) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"trigger_price_e4":`) &&
		r.OptInt(&m.TriggerPriceE4, 1, 10000000000000) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperCommand) readAny(r *wire.Reader) bool {
	*m = PaperCommand{}
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
		case "due_ns":
			ok = r.Int(&m.DueNs, 0, math.MaxInt64)
			seen |= 0x1
		case "order_id":
			ok = r.Str(&m.OrderId, 1, 64)
			seen |= 0x2
		case "n":
			ok = r.Int(&m.N, 0, math.MaxInt64)
			seen |= 0x4
		case "action":
			ok = r.Enum(&m.Action, valuesPaperCommandAction)
			seen |= 0x8
		case "tag":
			ok = r.Str(&m.Tag, 1, 20)
			seen |= 0x10
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x20
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x40
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x80
		case "trigger_price_e4":
			ok = r.OptInt(&m.TriggerPriceE4, 1, 10000000000000)
			seen |= 0x100
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1ff)
}

// Read replaces all fields by what is read.
func (m *PaperPosition) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"net_qty":`) &&
		r.Int(&m.NetQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"stated_qty":`) &&
		r.Int(&m.StatedQty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"changed_ns":`) &&
		r.OptInt(&m.ChangedNs, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperPosition) readAny(r *wire.Reader) bool {
	*m = PaperPosition{}
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
		case "net_qty":
			ok = r.Int(&m.NetQty, math.MinInt64, math.MaxInt64)
			seen |= 0x2
		case "stated_qty":
			ok = r.Int(&m.StatedQty, math.MinInt64, math.MaxInt64)
			seen |= 0x4
		case "changed_ns":
			ok = r.OptInt(&m.ChangedNs, 0, math.MaxInt64)
			seen |= 0x8
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xf)
}

// Read replaces all fields by what is read.
func (m *PaperCounters) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"epoch":`) &&
		r.Int(&m.Epoch, 0, math.MaxInt64) &&
		r.Lit(`,"stale_commands":`) &&
		r.Int(&m.StaleCommands, 0, math.MaxInt64) &&
		r.Lit(`,"purged_ns":`) &&
		r.Int(&m.PurgedNs, 0, math.MaxInt64) &&
		r.Lit(`,"final_stated":`) &&
		r.Bool(&m.FinalStated) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperCounters) readAny(r *wire.Reader) bool {
	*m = PaperCounters{}
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
		case "epoch":
			ok = r.Int(&m.Epoch, 0, math.MaxInt64)
			seen |= 0x1
		case "stale_commands":
			ok = r.Int(&m.StaleCommands, 0, math.MaxInt64)
			seen |= 0x2
		case "purged_ns":
			ok = r.Int(&m.PurgedNs, 0, math.MaxInt64)
			seen |= 0x4
		case "final_stated":
			ok = r.Bool(&m.FinalStated)
			seen |= 0x8
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xf)
}

// Read replaces all fields by what is read.
func (m *PaperOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) &&
		r.Lit(`,"broker_order_id":`) &&
		r.Str(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesPaperOrderSide) &&
		r.Lit(`,"order_type":`) &&
		r.Enum(&m.OrderType, valuesPaperOrderOrderType) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"trigger_price_e4":`) &&
		r.OptInt(&m.TriggerPriceE4, 1, 10000000000000) &&
		r.Lit(`,"status":`) &&
		r.Enum(&m.Status, valuesPaperOrderStatus) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"ack_lost":`) &&
		r.Bool(&m.AckLost) &&
		r.Lit(`,"last_n":`) &&
		r.Int(&m.LastN, 0, math.MaxInt64) &&
		r.Lit(`,"last_due_ns":`) &&
		r.Int(&m.LastDueNs, 0, math.MaxInt64) &&
		r.Lit(`,"accepted_ns":`) &&
		r.OptInt(&m.AcceptedNs, 0, math.MaxInt64) &&
		r.Lit(`,"expires_ns":`) &&
		r.OptInt(&m.ExpiresNs, 0, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.OptInt(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"queue_ahead":`) &&
		r.OptInt(&m.QueueAhead, 0, math.MaxInt64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"trades":`) &&
		wire.List(r, &m.Trades, 0, -1, (*PaperTrade).Read) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PaperOrder) readAny(r *wire.Reader) bool {
	*m = PaperOrder{}
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
		case "broker_order_id":
			ok = r.Str(&m.BrokerOrderId, 1, 64)
			seen |= 0x4
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x8
		case "side":
			ok = r.Enum(&m.Side, valuesPaperOrderSide)
			seen |= 0x10
		case "order_type":
			ok = r.Enum(&m.OrderType, valuesPaperOrderOrderType)
			seen |= 0x20
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x40
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x80
		case "trigger_price_e4":
			ok = r.OptInt(&m.TriggerPriceE4, 1, 10000000000000)
			seen |= 0x100
		case "status":
			ok = r.Enum(&m.Status, valuesPaperOrderStatus)
			seen |= 0x200
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x400
		case "ack_lost":
			ok = r.Bool(&m.AckLost)
			seen |= 0x800
		case "last_n":
			ok = r.Int(&m.LastN, 0, math.MaxInt64)
			seen |= 0x1000
		case "last_due_ns":
			ok = r.Int(&m.LastDueNs, 0, math.MaxInt64)
			seen |= 0x2000
		case "accepted_ns":
			ok = r.OptInt(&m.AcceptedNs, 0, math.MaxInt64)
			seen |= 0x4000
		case "expires_ns":
			ok = r.OptInt(&m.ExpiresNs, 0, math.MaxInt64)
			seen |= 0x8000
		case "price_e4":
			ok = r.OptInt(&m.PriceE4, 1, 10000000000000)
			seen |= 0x10000
		case "queue_ahead":
			ok = r.OptInt(&m.QueueAhead, 0, math.MaxInt64)
			seen |= 0x20000
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x40000
		case "trades":
			ok = wire.List(r, &m.Trades, 0, -1, (*PaperTrade).Read)
			seen |= 0x80000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xfffff)
}
