// Code generated from schemas/*.schema.json by tools/generate.py. DO NOT EDIT.

package contracts

import (
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

var valuesAllowedDecision = []string{
	"APPROVED",
	"REJECTED",
}

func readAllowedNumbers(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

var valuesBarTf = []string{
	"1s",
	"1m",
	"3m",
	"5m",
	"15m",
}

var valuesBarCause = []string{
	"WATERMARK",
	"PHASE_END",
	"FEED_END",
	"LATE_TICK",
}

var valuesBrokerReportReport = []string{
	"ACK",
	"REJECT",
	"FILL",
	"CANCELLED",
	"CANCEL_REJECT",
	"MODIFIED",
	"MODIFY_REJECT",
	"EXPIRED",
	"TRIGGER_PENDING",
	"TRIGGERED",
	"TIMEOUT",
	"FOUND",
	"NOT_FOUND",
	"POSITION",
}

var valuesBrokerReportSide = []string{
	"BUY",
	"SELL",
}

var valuesControlCommand = []string{
	"KILL",
	"REDUCE",
	"RESUME",
	"PAUSE",
	"SET",
}

var valuesFillSide = []string{
	"BUY",
	"SELL",
}

var valuesFillProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesFillAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesHeartbeatFeed = []string{
	"live",
	"stale",
}

var valuesLiveOrderCommand = []string{
	"PLACE",
	"CANCEL",
	"MODIFY",
	"QUERY",
	"NONE",
}

var valuesLiveOrderSide = []string{
	"BUY",
	"SELL",
}

var valuesLiveOrderProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesLiveOrderAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesLiveOrderOrderType = []string{
	"LIMIT",
	"MARKET",
	"SL",
	"SL-M",
}

var valuesLegSide = []string{
	"BUY",
	"SELL",
}

var valuesLegOrderType = []string{
	"LIMIT",
	"MARKET",
	"SL",
	"SL-M",
}

var valuesOrderAction = []string{
	"ENTRY",
	"EXIT",
}

var valuesOrderProduct = []string{
	"MIS",
	"CNC",
	"NRML",
}

var valuesPairSignalTf = []string{
	"1s",
	"1m",
	"3m",
	"5m",
	"15m",
}

var valuesPairSignalCause = []string{
	"SIGNAL",
	"STOP",
	"TARGET",
	"MAX_HOLDING",
	"PHASE_END",
}

func readPairSignalSymbols(value *string, r *wire.Reader) bool {
	return r.Str(value, 1, 32)
}

func readPairSignalIndicators(value *float64, r *wire.Reader) bool {
	return r.Float(value)
}

func readPairSignalVotes(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

var valuesReconFinding = []string{
	"SUMMARY",
	"missed_fill",
	"foreign_order",
	"qty_drift",
	"avg_drift",
	"unknown_order",
	"ghost_position",
	"trade_changed",
}

var valuesSignalTf = []string{
	"1s",
	"1m",
	"3m",
	"5m",
	"15m",
}

var valuesSignalCause = []string{
	"SIGNAL",
	"STOP",
	"TARGET",
	"MAX_HOLDING",
	"PHASE_END",
}

func readSignalIndicators(value *float64, r *wire.Reader) bool {
	return r.Float(value)
}

func readSignalVotes(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

var valuesSizedDecision = []string{
	"APPROVED",
	"REJECTED",
}

func readSizedNumbers(value *int64, r *wire.Reader) bool {
	return r.Int(value, math.MinInt64, math.MaxInt64)
}

// Read replaces all fields by what is read.
func (m *Allowed) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"decision":`) &&
		r.Enum(&m.Decision, valuesAllowedDecision) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"numbers":`) &&
		wire.Map(r, &m.Numbers, readAllowedNumbers) &&
		r.Lit(`,"reserved_e4":`) &&
		r.Int(&m.ReservedE4, 0, math.MaxInt64) &&
		r.Lit(`,"order":`) &&
		m.Order.Read(r) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Allowed) readAny(r *wire.Reader) bool {
	*m = Allowed{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x2
		case "decision":
			ok = r.Enum(&m.Decision, valuesAllowedDecision)
			seen |= 0x4
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x8
		case "numbers":
			ok = wire.Map(r, &m.Numbers, readAllowedNumbers)
			seen |= 0x10
		case "reserved_e4":
			ok = r.Int(&m.ReservedE4, 0, math.MaxInt64)
			seen |= 0x20
		case "order":
			ok = m.Order.Read(r)
			seen |= 0x40
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7f)
}

// Read replaces all fields by what is read.
func (m *Bar) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"kind":"bar","at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"tf":`) &&
		r.Enum(&m.Tf, valuesBarTf) &&
		r.Lit(`,"start_ns":`) &&
		r.Int(&m.StartNs, 0, math.MaxInt64) &&
		r.Lit(`,"end_ns":`) &&
		r.Int(&m.EndNs, 0, math.MaxInt64) &&
		r.Lit(`,"phase":`) &&
		r.Str(&m.Phase, 1, 64) &&
		r.Lit(`,"open_e4":`) &&
		r.Int(&m.OpenE4, 1, 10000000000000) &&
		r.Lit(`,"high_e4":`) &&
		r.Int(&m.HighE4, 1, 10000000000000) &&
		r.Lit(`,"low_e4":`) &&
		r.Int(&m.LowE4, 1, 10000000000000) &&
		r.Lit(`,"close_e4":`) &&
		r.Int(&m.CloseE4, 1, 10000000000000) &&
		r.Lit(`,"volume":`) &&
		r.OptInt(&m.Volume, 0, math.MaxInt64) &&
		r.Lit(`,"n_ticks":`) &&
		r.Int(&m.NTicks, 1, math.MaxInt64) &&
		r.Lit(`,"cum_open":`) &&
		r.OptInt(&m.CumOpen, 0, math.MaxInt64) &&
		r.Lit(`,"cum_close":`) &&
		r.OptInt(&m.CumClose, 0, math.MaxInt64) &&
		r.Lit(`,"first_ns":`) &&
		r.Int(&m.FirstNs, 0, math.MaxInt64) &&
		r.Lit(`,"last_ns":`) &&
		r.Int(&m.LastNs, 0, math.MaxInt64) &&
		r.Lit(`,"rev":`) &&
		r.Int(&m.Rev, 0, math.MaxInt64) &&
		r.Lit(`,"final":`) &&
		r.Bool(&m.Final) &&
		r.Lit(`,"partial":`) &&
		r.Bool(&m.Partial) &&
		r.Lit(`,"cause":`) &&
		r.Enum(&m.Cause, valuesBarCause) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Bar) readAny(r *wire.Reader) bool {
	*m = Bar{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x2
		case "tf":
			ok = r.Enum(&m.Tf, valuesBarTf)
			seen |= 0x4
		case "start_ns":
			ok = r.Int(&m.StartNs, 0, math.MaxInt64)
			seen |= 0x8
		case "end_ns":
			ok = r.Int(&m.EndNs, 0, math.MaxInt64)
			seen |= 0x10
		case "phase":
			ok = r.Str(&m.Phase, 1, 64)
			seen |= 0x20
		case "open_e4":
			ok = r.Int(&m.OpenE4, 1, 10000000000000)
			seen |= 0x40
		case "high_e4":
			ok = r.Int(&m.HighE4, 1, 10000000000000)
			seen |= 0x80
		case "low_e4":
			ok = r.Int(&m.LowE4, 1, 10000000000000)
			seen |= 0x100
		case "close_e4":
			ok = r.Int(&m.CloseE4, 1, 10000000000000)
			seen |= 0x200
		case "volume":
			ok = r.OptInt(&m.Volume, 0, math.MaxInt64)
			seen |= 0x400
		case "n_ticks":
			ok = r.Int(&m.NTicks, 1, math.MaxInt64)
			seen |= 0x800
		case "cum_open":
			ok = r.OptInt(&m.CumOpen, 0, math.MaxInt64)
			seen |= 0x1000
		case "cum_close":
			ok = r.OptInt(&m.CumClose, 0, math.MaxInt64)
			seen |= 0x2000
		case "first_ns":
			ok = r.Int(&m.FirstNs, 0, math.MaxInt64)
			seen |= 0x4000
		case "last_ns":
			ok = r.Int(&m.LastNs, 0, math.MaxInt64)
			seen |= 0x8000
		case "rev":
			ok = r.Int(&m.Rev, 0, math.MaxInt64)
			seen |= 0x10000
		case "final":
			ok = r.Bool(&m.Final)
			seen |= 0x20000
		case "partial":
			ok = r.Bool(&m.Partial)
			seen |= 0x40000
		case "cause":
			ok = r.Enum(&m.Cause, valuesBarCause)
			seen |= 0x80000
		case "kind":
			ok = r.Tag("bar")
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xfffff)
}

// Read replaces all fields by what is read.
func (m *BrokerReport) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"report_id":`) &&
		r.Str(&m.ReportId, 1, 64) &&
		r.Lit(`,"report":`) &&
		r.Enum(&m.Report, valuesBrokerReportReport) &&
		r.Lit(`,"account":`) &&
		r.Str(&m.Account, 1, 64) &&
		r.Lit(`,"tag":`) &&
		r.OptStr(&m.Tag, 1, 20) &&
		r.Lit(`,"broker_order_id":`) &&
		r.OptStr(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"trade_id":`) &&
		r.OptStr(&m.TradeId, 1, 64) &&
		r.Lit(`,"side":`) &&
		r.OptEnum(&m.Side, valuesBrokerReportSide) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.OptInt(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"cum_qty":`) &&
		r.Int(&m.CumQty, 0, math.MaxInt64) &&
		r.Lit(`,"event_ns":`) &&
		r.Int(&m.EventNs, 0, math.MaxInt64) &&
		r.Lit(`,"tick_seq":`) &&
		r.OptInt(&m.TickSeq, 0, math.MaxInt64) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"message":`) &&
		r.Str(&m.Message, 0, 400) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *BrokerReport) readAny(r *wire.Reader) bool {
	*m = BrokerReport{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "report_id":
			ok = r.Str(&m.ReportId, 1, 64)
			seen |= 0x2
		case "report":
			ok = r.Enum(&m.Report, valuesBrokerReportReport)
			seen |= 0x4
		case "account":
			ok = r.Str(&m.Account, 1, 64)
			seen |= 0x8
		case "tag":
			ok = r.OptStr(&m.Tag, 1, 20)
			seen |= 0x10
		case "broker_order_id":
			ok = r.OptStr(&m.BrokerOrderId, 1, 64)
			seen |= 0x20
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x40
		case "trade_id":
			ok = r.OptStr(&m.TradeId, 1, 64)
			seen |= 0x80
		case "side":
			ok = r.OptEnum(&m.Side, valuesBrokerReportSide)
			seen |= 0x100
		case "qty":
			ok = r.Int(&m.Qty, math.MinInt64, math.MaxInt64)
			seen |= 0x200
		case "price_e4":
			ok = r.OptInt(&m.PriceE4, 1, 10000000000000)
			seen |= 0x400
		case "cum_qty":
			ok = r.Int(&m.CumQty, 0, math.MaxInt64)
			seen |= 0x800
		case "event_ns":
			ok = r.Int(&m.EventNs, 0, math.MaxInt64)
			seen |= 0x1000
		case "tick_seq":
			ok = r.OptInt(&m.TickSeq, 0, math.MaxInt64)
			seen |= 0x2000
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x4000
		case "message":
			ok = r.Str(&m.Message, 0, 400)
			seen |= 0x8000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xffff)
}

// Read replaces all fields by what is read.
func (m *Control) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"command":`) &&
		r.Enum(&m.Command, valuesControlCommand) &&
		r.Lit(`,"by":`) &&
		r.Str(&m.By, 1, 64) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"key":`) &&
		r.OptStr(&m.Key, 1, 128) &&
		r.Lit(`,"value":`) &&
		r.OptInt(&m.Value, math.MinInt64, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Control) readAny(r *wire.Reader) bool {
	*m = Control{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "command":
			ok = r.Enum(&m.Command, valuesControlCommand)
			seen |= 0x2
		case "by":
			ok = r.Str(&m.By, 1, 64)
			seen |= 0x4
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x8
		case "key":
			ok = r.OptStr(&m.Key, 1, 128)
			seen |= 0x10
		case "value":
			ok = r.OptInt(&m.Value, math.MinInt64, math.MaxInt64)
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
func (m *Dead) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"topic":`) &&
		r.Str(&m.Topic, 1, 128) &&
		r.Lit(`,"partition":`) &&
		r.Int(&m.Partition, 0, math.MaxInt64) &&
		r.Lit(`,"offset":`) &&
		r.Int(&m.Offset, 0, math.MaxInt64) &&
		r.Lit(`,"stage":`) &&
		r.Str(&m.Stage, 1, 64) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"detail":`) &&
		r.Str(&m.Detail, 0, 1000) &&
		r.Lit(`,"payload_b64":`) &&
		r.Str(&m.PayloadB64, 0, -1) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Dead) readAny(r *wire.Reader) bool {
	*m = Dead{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "topic":
			ok = r.Str(&m.Topic, 1, 128)
			seen |= 0x2
		case "partition":
			ok = r.Int(&m.Partition, 0, math.MaxInt64)
			seen |= 0x4
		case "offset":
			ok = r.Int(&m.Offset, 0, math.MaxInt64)
			seen |= 0x8
		case "stage":
			ok = r.Str(&m.Stage, 1, 64)
			seen |= 0x10
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x20
		case "detail":
			ok = r.Str(&m.Detail, 0, 1000)
			seen |= 0x40
		case "payload_b64":
			ok = r.Str(&m.PayloadB64, 0, -1)
			seen |= 0x80
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xff)
}

// Read replaces all fields by what is read.
func (m *Charges) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"brokerage_e4":`) &&
		r.Int(&m.BrokerageE4, 0, math.MaxInt64) &&
		r.Lit(`,"stt_e4":`) &&
		r.Int(&m.SttE4, 0, math.MaxInt64) &&
		r.Lit(`,"exchange_e4":`) &&
		r.Int(&m.ExchangeE4, 0, math.MaxInt64) &&
		r.Lit(`,"sebi_e4":`) &&
		r.Int(&m.SebiE4, 0, math.MaxInt64) &&
		r.Lit(`,"stamp_e4":`) &&
		r.Int(&m.StampE4, 0, math.MaxInt64) &&
		r.Lit(`,"ipft_e4":`) &&
		r.Int(&m.IpftE4, 0, math.MaxInt64) &&
		r.Lit(`,"gst_e4":`) &&
		r.Int(&m.GstE4, 0, math.MaxInt64) &&
		r.Lit(`,"total_e4":`) &&
		r.Int(&m.TotalE4, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Charges) readAny(r *wire.Reader) bool {
	*m = Charges{}
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
		case "brokerage_e4":
			ok = r.Int(&m.BrokerageE4, 0, math.MaxInt64)
			seen |= 0x1
		case "stt_e4":
			ok = r.Int(&m.SttE4, 0, math.MaxInt64)
			seen |= 0x2
		case "exchange_e4":
			ok = r.Int(&m.ExchangeE4, 0, math.MaxInt64)
			seen |= 0x4
		case "sebi_e4":
			ok = r.Int(&m.SebiE4, 0, math.MaxInt64)
			seen |= 0x8
		case "stamp_e4":
			ok = r.Int(&m.StampE4, 0, math.MaxInt64)
			seen |= 0x10
		case "ipft_e4":
			ok = r.Int(&m.IpftE4, 0, math.MaxInt64)
			seen |= 0x20
		case "gst_e4":
			ok = r.Int(&m.GstE4, 0, math.MaxInt64)
			seen |= 0x40
		case "total_e4":
			ok = r.Int(&m.TotalE4, 0, math.MaxInt64)
			seen |= 0x80
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xff)
}

// Read replaces all fields by what is read.
func (m *Fill) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"fill_id":`) &&
		r.Str(&m.FillId, 1, 64) &&
		r.Lit(`,"account":`) &&
		r.Str(&m.Account, 1, 64) &&
		r.Lit(`,"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesFillSide) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesFillProduct) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesFillAction) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"price_e4":`) &&
		r.Int(&m.PriceE4, 1, 10000000000000) &&
		r.Lit(`,"trade_id":`) &&
		r.Str(&m.TradeId, 1, 64) &&
		r.Lit(`,"broker_order_id":`) &&
		r.Str(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"event_ns":`) &&
		r.Int(&m.EventNs, 0, math.MaxInt64) &&
		r.Lit(`,"tick_seq":`) &&
		r.OptInt(&m.TickSeq, 0, math.MaxInt64) &&
		r.Lit(`,"charges":`) &&
		m.Charges.Read(r) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Fill) readAny(r *wire.Reader) bool {
	*m = Fill{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "fill_id":
			ok = r.Str(&m.FillId, 1, 64)
			seen |= 0x2
		case "account":
			ok = r.Str(&m.Account, 1, 64)
			seen |= 0x4
		case "order_id":
			ok = r.Str(&m.OrderId, 1, 64)
			seen |= 0x8
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x10
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x20
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x40
		case "side":
			ok = r.Enum(&m.Side, valuesFillSide)
			seen |= 0x80
		case "product":
			ok = r.Enum(&m.Product, valuesFillProduct)
			seen |= 0x100
		case "action":
			ok = r.Enum(&m.Action, valuesFillAction)
			seen |= 0x200
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x400
		case "price_e4":
			ok = r.Int(&m.PriceE4, 1, 10000000000000)
			seen |= 0x800
		case "trade_id":
			ok = r.Str(&m.TradeId, 1, 64)
			seen |= 0x1000
		case "broker_order_id":
			ok = r.Str(&m.BrokerOrderId, 1, 64)
			seen |= 0x2000
		case "event_ns":
			ok = r.Int(&m.EventNs, 0, math.MaxInt64)
			seen |= 0x4000
		case "tick_seq":
			ok = r.OptInt(&m.TickSeq, 0, math.MaxInt64)
			seen |= 0x8000
		case "charges":
			ok = m.Charges.Read(r)
			seen |= 0x10000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1ffff)
}

// Read replaces all fields by what is read.
func (m *Heartbeat) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"kind":"heartbeat","at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"complete_ns":`) &&
		r.Int(&m.CompleteNs, 0, math.MaxInt64) &&
		r.Lit(`,"feed":`) &&
		r.Enum(&m.Feed, valuesHeartbeatFeed) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Heartbeat) readAny(r *wire.Reader) bool {
	*m = Heartbeat{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "complete_ns":
			ok = r.Int(&m.CompleteNs, 0, math.MaxInt64)
			seen |= 0x2
		case "feed":
			ok = r.Enum(&m.Feed, valuesHeartbeatFeed)
			seen |= 0x4
		case "kind":
			ok = r.Tag("heartbeat")
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7)
}

// Read replaces all fields by what is read.
func (m *Journal) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"topic":`) &&
		r.Str(&m.Topic, 0, 128) &&
		r.Lit(`,"partition":`) &&
		r.Int(&m.Partition, 0, math.MaxInt64) &&
		r.Lit(`,"offset":`) &&
		r.Int(&m.Offset, 0, math.MaxInt64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Journal) readAny(r *wire.Reader) bool {
	*m = Journal{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "topic":
			ok = r.Str(&m.Topic, 0, 128)
			seen |= 0x2
		case "partition":
			ok = r.Int(&m.Partition, 0, math.MaxInt64)
			seen |= 0x4
		case "offset":
			ok = r.Int(&m.Offset, 0, math.MaxInt64)
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
func (m *LiveOrder) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"account":`) &&
		r.Str(&m.Account, 1, 64) &&
		r.Lit(`,"order_id":`) &&
		r.Str(&m.OrderId, 1, 64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"leg":`) &&
		r.Int(&m.Leg, 0, 1) &&
		r.Lit(`,"n":`) &&
		r.Int(&m.N, 0, math.MaxInt64) &&
		r.Lit(`,"event":`) &&
		r.Str(&m.Event, 1, 64) &&
		r.Lit(`,"prev_state":`) &&
		r.Str(&m.PrevState, 1, 64) &&
		r.Lit(`,"state":`) &&
		r.Str(&m.State, 1, 64) &&
		r.Lit(`,"command":`) &&
		r.Enum(&m.Command, valuesLiveOrderCommand) &&
		r.Lit(`,"authority_epoch":`) &&
		r.Int(&m.AuthorityEpoch, 0, math.MaxInt64) &&
		r.Lit(`,"tag":`) &&
		r.Str(&m.Tag, 1, 20) && r.Letters(m.Tag) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesLiveOrderSide) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesLiveOrderProduct) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesLiveOrderAction) &&
		r.Lit(`,"order_type":`) &&
		r.Enum(&m.OrderType, valuesLiveOrderOrderType) &&
		r.Lit(`,"qty":`) &&
		r.Int(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"filled_qty":`) &&
		r.Int(&m.FilledQty, 0, math.MaxInt64) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"trigger_price_e4":`) &&
		r.OptInt(&m.TriggerPriceE4, 1, 10000000000000) &&
		r.Lit(`,"broker_order_id":`) &&
		r.OptStr(&m.BrokerOrderId, 1, 64) &&
		r.Lit(`,"reserved_e4":`) &&
		r.Int(&m.ReservedE4, 0, math.MaxInt64) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"prev_hash":`) &&
		r.Str(&m.PrevHash, 1, 64) &&
		r.Lit(`,"hash":`) &&
		r.Str(&m.Hash, 1, 64) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *LiveOrder) readAny(r *wire.Reader) bool {
	*m = LiveOrder{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "account":
			ok = r.Str(&m.Account, 1, 64)
			seen |= 0x2
		case "order_id":
			ok = r.Str(&m.OrderId, 1, 64)
			seen |= 0x4
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x8
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x10
		case "leg":
			ok = r.Int(&m.Leg, 0, 1)
			seen |= 0x20
		case "n":
			ok = r.Int(&m.N, 0, math.MaxInt64)
			seen |= 0x40
		case "event":
			ok = r.Str(&m.Event, 1, 64)
			seen |= 0x80
		case "prev_state":
			ok = r.Str(&m.PrevState, 1, 64)
			seen |= 0x100
		case "state":
			ok = r.Str(&m.State, 1, 64)
			seen |= 0x200
		case "command":
			ok = r.Enum(&m.Command, valuesLiveOrderCommand)
			seen |= 0x400
		case "authority_epoch":
			ok = r.Int(&m.AuthorityEpoch, 0, math.MaxInt64)
			seen |= 0x800
		case "tag":
			ok = r.Str(&m.Tag, 1, 20) && r.Letters(m.Tag)
			seen |= 0x1000
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x2000
		case "side":
			ok = r.Enum(&m.Side, valuesLiveOrderSide)
			seen |= 0x4000
		case "product":
			ok = r.Enum(&m.Product, valuesLiveOrderProduct)
			seen |= 0x8000
		case "action":
			ok = r.Enum(&m.Action, valuesLiveOrderAction)
			seen |= 0x10000
		case "order_type":
			ok = r.Enum(&m.OrderType, valuesLiveOrderOrderType)
			seen |= 0x20000
		case "qty":
			ok = r.Int(&m.Qty, 1, math.MaxInt64)
			seen |= 0x40000
		case "filled_qty":
			ok = r.Int(&m.FilledQty, 0, math.MaxInt64)
			seen |= 0x80000
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x100000
		case "trigger_price_e4":
			ok = r.OptInt(&m.TriggerPriceE4, 1, 10000000000000)
			seen |= 0x200000
		case "broker_order_id":
			ok = r.OptStr(&m.BrokerOrderId, 1, 64)
			seen |= 0x400000
		case "reserved_e4":
			ok = r.Int(&m.ReservedE4, 0, math.MaxInt64)
			seen |= 0x800000
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x1000000
		case "prev_hash":
			ok = r.Str(&m.PrevHash, 1, 64)
			seen |= 0x2000000
		case "hash":
			ok = r.Str(&m.Hash, 1, 64)
			seen |= 0x4000000
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x7ffffff)
}

// Read replaces all fields by what is read.
func (m *Leg) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"side":`) &&
		r.Enum(&m.Side, valuesLegSide) &&
		r.Lit(`,"weight_bp":`) &&
		r.Int(&m.WeightBp, 1, 100000000) &&
		r.Lit(`,"qty":`) &&
		r.OptInt(&m.Qty, 1, math.MaxInt64) &&
		r.Lit(`,"order_type":`) &&
		r.Enum(&m.OrderType, valuesLegOrderType) &&
		r.Lit(`,"limit_price_e4":`) &&
		r.OptInt(&m.LimitPriceE4, 1, 10000000000000) &&
		r.Lit(`,"trigger_price_e4":`) &&
		r.OptInt(&m.TriggerPriceE4, 1, 10000000000000) &&
		r.Lit(`,"reference_price_e4":`) &&
		r.Int(&m.ReferencePriceE4, 1, 10000000000000) &&
		r.Lit(`,"stop_distance_e4":`) &&
		r.OptInt(&m.StopDistanceE4, 1, 10000000000000) &&
		r.Lit(`,"target_distance_e4":`) &&
		r.OptInt(&m.TargetDistanceE4, 1, 10000000000000) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Leg) readAny(r *wire.Reader) bool {
	*m = Leg{}
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
			ok = r.Enum(&m.Side, valuesLegSide)
			seen |= 0x2
		case "weight_bp":
			ok = r.Int(&m.WeightBp, 1, 100000000)
			seen |= 0x4
		case "qty":
			ok = r.OptInt(&m.Qty, 1, math.MaxInt64)
			seen |= 0x8
		case "order_type":
			ok = r.Enum(&m.OrderType, valuesLegOrderType)
			seen |= 0x10
		case "limit_price_e4":
			ok = r.OptInt(&m.LimitPriceE4, 1, 10000000000000)
			seen |= 0x20
		case "trigger_price_e4":
			ok = r.OptInt(&m.TriggerPriceE4, 1, 10000000000000)
			seen |= 0x40
		case "reference_price_e4":
			ok = r.Int(&m.ReferencePriceE4, 1, 10000000000000)
			seen |= 0x80
		case "stop_distance_e4":
			ok = r.OptInt(&m.StopDistanceE4, 1, 10000000000000)
			seen |= 0x100
		case "target_distance_e4":
			ok = r.OptInt(&m.TargetDistanceE4, 1, 10000000000000)
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
func (m *Extra) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"signal":`) &&
		readSignalOrPairSignal(&m.Signal, r) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Extra) readAny(r *wire.Reader) bool {
	*m = Extra{}
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
		case "signal":
			ok = readSignalOrPairSignal(&m.Signal, r)
			seen |= 0x1
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x1)
}

// Read replaces all fields by what is read.
func (m *Order) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"bucket":`) &&
		r.Str(&m.Bucket, 1, 64) &&
		r.Lit(`,"action":`) &&
		r.Enum(&m.Action, valuesOrderAction) &&
		r.Lit(`,"product":`) &&
		r.Enum(&m.Product, valuesOrderProduct) &&
		r.Lit(`,"legs":`) &&
		wire.List(r, &m.Legs, 1, 2, (*Leg).Read) &&
		r.Lit(`,"expires_ns":`) &&
		r.OptInt(&m.ExpiresNs, 0, math.MaxInt64) &&
		r.Lit(`,"leg_timeout_ms":`) &&
		r.OptInt(&m.LegTimeoutMs, 1, math.MaxInt64) &&
		r.Lit(`,"extra":`) &&
		m.Extra.Read(r) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Order) readAny(r *wire.Reader) bool {
	*m = Order{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x2
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x4
		case "bucket":
			ok = r.Str(&m.Bucket, 1, 64)
			seen |= 0x8
		case "action":
			ok = r.Enum(&m.Action, valuesOrderAction)
			seen |= 0x10
		case "product":
			ok = r.Enum(&m.Product, valuesOrderProduct)
			seen |= 0x20
		case "legs":
			ok = wire.List(r, &m.Legs, 1, 2, (*Leg).Read)
			seen |= 0x40
		case "expires_ns":
			ok = r.OptInt(&m.ExpiresNs, 0, math.MaxInt64)
			seen |= 0x80
		case "leg_timeout_ms":
			ok = r.OptInt(&m.LegTimeoutMs, 1, math.MaxInt64)
			seen |= 0x100
		case "extra":
			ok = m.Extra.Read(r)
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
func (m *PairSignal) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"kind":"pair","strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"version":`) &&
		r.Str(&m.Version, 1, 64) &&
		r.Lit(`,"tf":`) &&
		r.Enum(&m.Tf, valuesPairSignalTf) &&
		r.Lit(`,"symbols":`) &&
		wire.List(r, &m.Symbols, 2, 2, readPairSignalSymbols) &&
		r.Lit(`,"bar_start_ns":`) &&
		r.Int(&m.BarStartNs, 0, math.MaxInt64) &&
		r.Lit(`,"bar_revs":`) &&
		r.Ints(&m.BarRevs, 0, math.MaxInt64, 2, 2) &&
		r.Lit(`,"hedge_ratio":`) &&
		r.Float(&m.HedgeRatio) &&
		r.Lit(`,"spread":`) &&
		r.Float(&m.Spread) &&
		r.Lit(`,"zscore":`) &&
		r.Float(&m.Zscore) &&
		r.Lit(`,"indicators":`) &&
		wire.Map(r, &m.Indicators, readPairSignalIndicators) &&
		r.Lit(`,"votes":`) &&
		wire.Map(r, &m.Votes, readPairSignalVotes) &&
		r.Lit(`,"confidence_bp":`) &&
		r.Int(&m.ConfidenceBp, 0, 10000) &&
		r.Lit(`,"cause":`) &&
		r.Enum(&m.Cause, valuesPairSignalCause) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *PairSignal) readAny(r *wire.Reader) bool {
	*m = PairSignal{Cause: "SIGNAL"}
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
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x1
		case "version":
			ok = r.Str(&m.Version, 1, 64)
			seen |= 0x2
		case "tf":
			ok = r.Enum(&m.Tf, valuesPairSignalTf)
			seen |= 0x4
		case "symbols":
			ok = wire.List(r, &m.Symbols, 2, 2, readPairSignalSymbols)
			seen |= 0x8
		case "bar_start_ns":
			ok = r.Int(&m.BarStartNs, 0, math.MaxInt64)
			seen |= 0x10
		case "bar_revs":
			ok = r.Ints(&m.BarRevs, 0, math.MaxInt64, 2, 2)
			seen |= 0x20
		case "hedge_ratio":
			ok = r.Float(&m.HedgeRatio)
			seen |= 0x40
		case "spread":
			ok = r.Float(&m.Spread)
			seen |= 0x80
		case "zscore":
			ok = r.Float(&m.Zscore)
			seen |= 0x100
		case "indicators":
			ok = wire.Map(r, &m.Indicators, readPairSignalIndicators)
			seen |= 0x200
		case "votes":
			ok = wire.Map(r, &m.Votes, readPairSignalVotes)
			seen |= 0x400
		case "confidence_bp":
			ok = r.Int(&m.ConfidenceBp, 0, 10000)
			seen |= 0x800
		case "cause":
			ok = r.Enum(&m.Cause, valuesPairSignalCause)
			seen |= 0x1000
		case "kind":
			ok = r.Tag("pair")
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0xfff)
}

// Read replaces all fields by what is read.
func (m *Recon) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"account":`) &&
		r.Str(&m.Account, 1, 64) &&
		r.Lit(`,"run":`) &&
		r.Int(&m.Run, 0, math.MaxInt64) &&
		r.Lit(`,"finding":`) &&
		r.Enum(&m.Finding, valuesReconFinding) &&
		r.Lit(`,"symbol":`) &&
		r.OptStr(&m.Symbol, 1, 32) &&
		r.Lit(`,"order_id":`) &&
		r.OptStr(&m.OrderId, 1, 64) &&
		r.Lit(`,"expected":`) &&
		r.Int(&m.Expected, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"actual":`) &&
		r.Int(&m.Actual, math.MinInt64, math.MaxInt64) &&
		r.Lit(`,"breaks":`) &&
		r.Int(&m.Breaks, 0, math.MaxInt64) &&
		r.Lit(`,"detail":`) &&
		r.Str(&m.Detail, 0, 400) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Recon) readAny(r *wire.Reader) bool {
	*m = Recon{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "account":
			ok = r.Str(&m.Account, 1, 64)
			seen |= 0x2
		case "run":
			ok = r.Int(&m.Run, 0, math.MaxInt64)
			seen |= 0x4
		case "finding":
			ok = r.Enum(&m.Finding, valuesReconFinding)
			seen |= 0x8
		case "symbol":
			ok = r.OptStr(&m.Symbol, 1, 32)
			seen |= 0x10
		case "order_id":
			ok = r.OptStr(&m.OrderId, 1, 64)
			seen |= 0x20
		case "expected":
			ok = r.Int(&m.Expected, math.MinInt64, math.MaxInt64)
			seen |= 0x40
		case "actual":
			ok = r.Int(&m.Actual, math.MinInt64, math.MaxInt64)
			seen |= 0x80
		case "breaks":
			ok = r.Int(&m.Breaks, 0, math.MaxInt64)
			seen |= 0x100
		case "detail":
			ok = r.Str(&m.Detail, 0, 400)
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
func (m *Signal) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"kind":"signal","strategy":`) &&
		r.Str(&m.Strategy, 1, 64) &&
		r.Lit(`,"version":`) &&
		r.Str(&m.Version, 1, 64) &&
		r.Lit(`,"tf":`) &&
		r.Enum(&m.Tf, valuesSignalTf) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
		r.Lit(`,"bar_start_ns":`) &&
		r.Int(&m.BarStartNs, 0, math.MaxInt64) &&
		r.Lit(`,"bar_rev":`) &&
		r.Int(&m.BarRev, 0, math.MaxInt64) &&
		r.Lit(`,"indicators":`) &&
		wire.Map(r, &m.Indicators, readSignalIndicators) &&
		r.Lit(`,"votes":`) &&
		wire.Map(r, &m.Votes, readSignalVotes) &&
		r.Lit(`,"confidence_bp":`) &&
		r.Int(&m.ConfidenceBp, 0, 10000) &&
		r.Lit(`,"cause":`) &&
		r.Enum(&m.Cause, valuesSignalCause) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Signal) readAny(r *wire.Reader) bool {
	*m = Signal{Cause: "SIGNAL"}
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
		case "strategy":
			ok = r.Str(&m.Strategy, 1, 64)
			seen |= 0x1
		case "version":
			ok = r.Str(&m.Version, 1, 64)
			seen |= 0x2
		case "tf":
			ok = r.Enum(&m.Tf, valuesSignalTf)
			seen |= 0x4
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
			seen |= 0x8
		case "bar_start_ns":
			ok = r.Int(&m.BarStartNs, 0, math.MaxInt64)
			seen |= 0x10
		case "bar_rev":
			ok = r.Int(&m.BarRev, 0, math.MaxInt64)
			seen |= 0x20
		case "indicators":
			ok = wire.Map(r, &m.Indicators, readSignalIndicators)
			seen |= 0x40
		case "votes":
			ok = wire.Map(r, &m.Votes, readSignalVotes)
			seen |= 0x80
		case "confidence_bp":
			ok = r.Int(&m.ConfidenceBp, 0, 10000)
			seen |= 0x100
		case "cause":
			ok = r.Enum(&m.Cause, valuesSignalCause)
			seen |= 0x200
		case "kind":
			ok = r.Tag("signal")
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
func (m *Sized) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"intent_id":`) &&
		r.Str(&m.IntentId, 1, 64) &&
		r.Lit(`,"decision":`) &&
		r.Enum(&m.Decision, valuesSizedDecision) &&
		r.Lit(`,"reason":`) &&
		r.Str(&m.Reason, 1, 64) &&
		r.Lit(`,"numbers":`) &&
		wire.Map(r, &m.Numbers, readSizedNumbers) &&
		r.Lit(`,"order":`) &&
		m.Order.Read(r) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Sized) readAny(r *wire.Reader) bool {
	*m = Sized{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "intent_id":
			ok = r.Str(&m.IntentId, 1, 64)
			seen |= 0x2
		case "decision":
			ok = r.Enum(&m.Decision, valuesSizedDecision)
			seen |= 0x4
		case "reason":
			ok = r.Str(&m.Reason, 1, 64)
			seen |= 0x8
		case "numbers":
			ok = wire.Map(r, &m.Numbers, readSizedNumbers)
			seen |= 0x10
		case "order":
			ok = m.Order.Read(r)
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
func (m *StateEntry) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"stage":`) &&
		r.Str(&m.Stage, 1, 64) &&
		r.Lit(`,"key":`) &&
		r.Str(&m.Key, 1, 200) &&
		r.Lit(`,"version":`) &&
		r.Int(&m.Version, 1, math.MaxInt64) &&
		r.Lit(`,"entry":`) &&
		r.Raw(&m.Entry, true) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *StateEntry) readAny(r *wire.Reader) bool {
	*m = StateEntry{}
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
		case "stage":
			ok = r.Str(&m.Stage, 1, 64)
			seen |= 0x1
		case "key":
			ok = r.Str(&m.Key, 1, 200)
			seen |= 0x2
		case "version":
			ok = r.Int(&m.Version, 1, math.MaxInt64)
			seen |= 0x4
		case "entry":
			ok = r.Raw(&m.Entry, true)
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
func (m *Tick) Read(r *wire.Reader) bool {
	start := r.Mark()
	if r.Begin(`{"kind":"tick","at_ns":`) &&
		r.Int(&m.AtNs, 0, math.MaxInt64) &&
		r.Lit(`,"symbol":`) &&
		r.Str(&m.Symbol, 1, 32) &&
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
		r.Ints(&m.Bids, 0, math.MaxInt64, 0, 10) &&
		r.Lit(`,"asks":`) &&
		r.Ints(&m.Asks, 0, math.MaxInt64, 0, 10) &&
		r.Close() {
		return true
	}
	r.Back(start)
	return m.readAny(r)
}

func (m *Tick) readAny(r *wire.Reader) bool {
	*m = Tick{}
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
		case "at_ns":
			ok = r.Int(&m.AtNs, 0, math.MaxInt64)
			seen |= 0x1
		case "symbol":
			ok = r.Str(&m.Symbol, 1, 32)
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
			ok = r.Ints(&m.Bids, 0, math.MaxInt64, 0, 10)
			seen |= 0x100
		case "asks":
			ok = r.Ints(&m.Asks, 0, math.MaxInt64, 0, 10)
			seen |= 0x200
		case "kind":
			ok = r.Tag("tick")
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.All(seen, 0x3ff)
}

func readSignalOrPairSignal(value *SignalOrPairSignal, r *wire.Reader) bool {
	tag, ok := r.FindTag("kind")
	if !ok {
		return false
	}
	switch string(tag) {
	case "signal":
		m := new(Signal)
		*value = m
		return m.Read(r)
	case "pair":
		m := new(PairSignal)
		*value = m
		return m.Read(r)
	}
	return r.Unknown()
}
