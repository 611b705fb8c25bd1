// Code generated from schemas/*.schema.json by tools/generate.py. DO NOT EDIT.

package contracts

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// AppendJSON appends the fields in the order of the schema.
func (m *Allowed) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"decision":`...)
	dst = wire.AppendString(dst, m.Decision)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"numbers":`...)
	dst = append(dst, '{')
	for i := range m.Numbers {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Numbers[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendInt(dst, m.Numbers[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"reserved_e4":`...)
	dst = wire.AppendInt(dst, m.ReservedE4)
	dst = append(dst, `,"order":`...)
	dst = m.Order.AppendJSON(dst)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Allowed) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Bar) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"kind":"bar","at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"tf":`...)
	dst = wire.AppendString(dst, m.Tf)
	dst = append(dst, `,"start_ns":`...)
	dst = wire.AppendInt(dst, m.StartNs)
	dst = append(dst, `,"end_ns":`...)
	dst = wire.AppendInt(dst, m.EndNs)
	dst = append(dst, `,"phase":`...)
	dst = wire.AppendString(dst, m.Phase)
	dst = append(dst, `,"open_e4":`...)
	dst = wire.AppendInt(dst, m.OpenE4)
	dst = append(dst, `,"high_e4":`...)
	dst = wire.AppendInt(dst, m.HighE4)
	dst = append(dst, `,"low_e4":`...)
	dst = wire.AppendInt(dst, m.LowE4)
	dst = append(dst, `,"close_e4":`...)
	dst = wire.AppendInt(dst, m.CloseE4)
	dst = append(dst, `,"volume":`...)
	dst = wire.AppendOptInt(dst, m.Volume)
	dst = append(dst, `,"n_ticks":`...)
	dst = wire.AppendInt(dst, m.NTicks)
	dst = append(dst, `,"cum_open":`...)
	dst = wire.AppendOptInt(dst, m.CumOpen)
	dst = append(dst, `,"cum_close":`...)
	dst = wire.AppendOptInt(dst, m.CumClose)
	dst = append(dst, `,"first_ns":`...)
	dst = wire.AppendInt(dst, m.FirstNs)
	dst = append(dst, `,"last_ns":`...)
	dst = wire.AppendInt(dst, m.LastNs)
	dst = append(dst, `,"rev":`...)
	dst = wire.AppendInt(dst, m.Rev)
	dst = append(dst, `,"final":`...)
	dst = wire.AppendBool(dst, m.Final)
	dst = append(dst, `,"partial":`...)
	dst = wire.AppendBool(dst, m.Partial)
	dst = append(dst, `,"cause":`...)
	dst = wire.AppendString(dst, m.Cause)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Bar) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *BrokerReport) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"report_id":`...)
	dst = wire.AppendString(dst, m.ReportId)
	dst = append(dst, `,"report":`...)
	dst = wire.AppendString(dst, m.Report)
	dst = append(dst, `,"account":`...)
	dst = wire.AppendString(dst, m.Account)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendOptString(dst, m.Tag)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendOptString(dst, m.BrokerOrderId)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"trade_id":`...)
	dst = wire.AppendOptString(dst, m.TradeId)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendOptString(dst, m.Side)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendOptInt(dst, m.PriceE4)
	dst = append(dst, `,"cum_qty":`...)
	dst = wire.AppendInt(dst, m.CumQty)
	dst = append(dst, `,"event_ns":`...)
	dst = wire.AppendInt(dst, m.EventNs)
	dst = append(dst, `,"tick_seq":`...)
	dst = wire.AppendOptInt(dst, m.TickSeq)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"message":`...)
	dst = wire.AppendString(dst, m.Message)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *BrokerReport) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Control) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"command":`...)
	dst = wire.AppendString(dst, m.Command)
	dst = append(dst, `,"by":`...)
	dst = wire.AppendString(dst, m.By)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"key":`...)
	dst = wire.AppendOptString(dst, m.Key)
	dst = append(dst, `,"value":`...)
	dst = wire.AppendOptInt(dst, m.Value)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Control) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Dead) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"topic":`...)
	dst = wire.AppendString(dst, m.Topic)
	dst = append(dst, `,"partition":`...)
	dst = wire.AppendInt(dst, m.Partition)
	dst = append(dst, `,"offset":`...)
	dst = wire.AppendInt(dst, m.Offset)
	dst = append(dst, `,"stage":`...)
	dst = wire.AppendString(dst, m.Stage)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"detail":`...)
	dst = wire.AppendString(dst, m.Detail)
	dst = append(dst, `,"payload_b64":`...)
	dst = wire.AppendString(dst, m.PayloadB64)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Dead) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Charges) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"brokerage_e4":`...)
	dst = wire.AppendInt(dst, m.BrokerageE4)
	dst = append(dst, `,"stt_e4":`...)
	dst = wire.AppendInt(dst, m.SttE4)
	dst = append(dst, `,"exchange_e4":`...)
	dst = wire.AppendInt(dst, m.ExchangeE4)
	dst = append(dst, `,"sebi_e4":`...)
	dst = wire.AppendInt(dst, m.SebiE4)
	dst = append(dst, `,"stamp_e4":`...)
	dst = wire.AppendInt(dst, m.StampE4)
	dst = append(dst, `,"ipft_e4":`...)
	dst = wire.AppendInt(dst, m.IpftE4)
	dst = append(dst, `,"gst_e4":`...)
	dst = wire.AppendInt(dst, m.GstE4)
	dst = append(dst, `,"total_e4":`...)
	dst = wire.AppendInt(dst, m.TotalE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Fill) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"fill_id":`...)
	dst = wire.AppendString(dst, m.FillId)
	dst = append(dst, `,"account":`...)
	dst = wire.AppendString(dst, m.Account)
	dst = append(dst, `,"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"price_e4":`...)
	dst = wire.AppendInt(dst, m.PriceE4)
	dst = append(dst, `,"trade_id":`...)
	dst = wire.AppendString(dst, m.TradeId)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendString(dst, m.BrokerOrderId)
	dst = append(dst, `,"event_ns":`...)
	dst = wire.AppendInt(dst, m.EventNs)
	dst = append(dst, `,"tick_seq":`...)
	dst = wire.AppendOptInt(dst, m.TickSeq)
	dst = append(dst, `,"charges":`...)
	dst = m.Charges.AppendJSON(dst)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Fill) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Heartbeat) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"kind":"heartbeat","at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"complete_ns":`...)
	dst = wire.AppendInt(dst, m.CompleteNs)
	dst = append(dst, `,"feed":`...)
	dst = wire.AppendString(dst, m.Feed)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Heartbeat) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Journal) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"topic":`...)
	dst = wire.AppendString(dst, m.Topic)
	dst = append(dst, `,"partition":`...)
	dst = wire.AppendInt(dst, m.Partition)
	dst = append(dst, `,"offset":`...)
	dst = wire.AppendInt(dst, m.Offset)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Journal) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *LiveOrder) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"account":`...)
	dst = wire.AppendString(dst, m.Account)
	dst = append(dst, `,"order_id":`...)
	dst = wire.AppendString(dst, m.OrderId)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"leg":`...)
	dst = wire.AppendInt(dst, m.Leg)
	dst = append(dst, `,"n":`...)
	dst = wire.AppendInt(dst, m.N)
	dst = append(dst, `,"event":`...)
	dst = wire.AppendString(dst, m.Event)
	dst = append(dst, `,"prev_state":`...)
	dst = wire.AppendString(dst, m.PrevState)
	dst = append(dst, `,"state":`...)
	dst = wire.AppendString(dst, m.State)
	dst = append(dst, `,"command":`...)
	dst = wire.AppendString(dst, m.Command)
	dst = append(dst, `,"authority_epoch":`...)
	dst = wire.AppendInt(dst, m.AuthorityEpoch)
	dst = append(dst, `,"tag":`...)
	dst = wire.AppendString(dst, m.Tag)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"order_type":`...)
	dst = wire.AppendString(dst, m.OrderType)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendInt(dst, m.Qty)
	dst = append(dst, `,"filled_qty":`...)
	dst = wire.AppendInt(dst, m.FilledQty)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"trigger_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.TriggerPriceE4)
	dst = append(dst, `,"broker_order_id":`...)
	dst = wire.AppendOptString(dst, m.BrokerOrderId)
	dst = append(dst, `,"reserved_e4":`...)
	dst = wire.AppendInt(dst, m.ReservedE4)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"prev_hash":`...)
	dst = wire.AppendString(dst, m.PrevHash)
	dst = append(dst, `,"hash":`...)
	dst = wire.AppendString(dst, m.Hash)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *LiveOrder) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Leg) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"side":`...)
	dst = wire.AppendString(dst, m.Side)
	dst = append(dst, `,"weight_bp":`...)
	dst = wire.AppendInt(dst, m.WeightBp)
	dst = append(dst, `,"qty":`...)
	dst = wire.AppendOptInt(dst, m.Qty)
	dst = append(dst, `,"order_type":`...)
	dst = wire.AppendString(dst, m.OrderType)
	dst = append(dst, `,"limit_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.LimitPriceE4)
	dst = append(dst, `,"trigger_price_e4":`...)
	dst = wire.AppendOptInt(dst, m.TriggerPriceE4)
	dst = append(dst, `,"reference_price_e4":`...)
	dst = wire.AppendInt(dst, m.ReferencePriceE4)
	dst = append(dst, `,"stop_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.StopDistanceE4)
	dst = append(dst, `,"target_distance_e4":`...)
	dst = wire.AppendOptInt(dst, m.TargetDistanceE4)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Extra) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"signal":`...)
	dst = m.Signal.AppendJSON(dst)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Order) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"bucket":`...)
	dst = wire.AppendString(dst, m.Bucket)
	dst = append(dst, `,"action":`...)
	dst = wire.AppendString(dst, m.Action)
	dst = append(dst, `,"product":`...)
	dst = wire.AppendString(dst, m.Product)
	dst = append(dst, `,"legs":`...)
	dst = append(dst, '[')
	for i := range m.Legs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Legs[i].AppendJSON(dst)
	}
	dst = append(dst, ']')
	dst = append(dst, `,"expires_ns":`...)
	dst = wire.AppendOptInt(dst, m.ExpiresNs)
	dst = append(dst, `,"leg_timeout_ms":`...)
	dst = wire.AppendOptInt(dst, m.LegTimeoutMs)
	dst = append(dst, `,"extra":`...)
	dst = m.Extra.AppendJSON(dst)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Order) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *PairSignal) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"kind":"pair","strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"version":`...)
	dst = wire.AppendString(dst, m.Version)
	dst = append(dst, `,"tf":`...)
	dst = wire.AppendString(dst, m.Tf)
	dst = append(dst, `,"symbols":`...)
	dst = append(dst, '[')
	for i := range m.Symbols {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Symbols[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"bar_start_ns":`...)
	dst = wire.AppendInt(dst, m.BarStartNs)
	dst = append(dst, `,"bar_revs":`...)
	dst = append(dst, '[')
	for i := range m.BarRevs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendInt(dst, m.BarRevs[i])
	}
	dst = append(dst, ']')
	dst = append(dst, `,"hedge_ratio":`...)
	dst = wire.AppendFloat(dst, m.HedgeRatio)
	dst = append(dst, `,"spread":`...)
	dst = wire.AppendFloat(dst, m.Spread)
	dst = append(dst, `,"zscore":`...)
	dst = wire.AppendFloat(dst, m.Zscore)
	dst = append(dst, `,"indicators":`...)
	dst = append(dst, '{')
	for i := range m.Indicators {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Indicators[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendFloat(dst, m.Indicators[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"votes":`...)
	dst = append(dst, '{')
	for i := range m.Votes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Votes[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendInt(dst, m.Votes[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"confidence_bp":`...)
	dst = wire.AppendInt(dst, m.ConfidenceBp)
	dst = append(dst, `,"cause":`...)
	dst = wire.AppendString(dst, m.Cause)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Recon) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"account":`...)
	dst = wire.AppendString(dst, m.Account)
	dst = append(dst, `,"run":`...)
	dst = wire.AppendInt(dst, m.Run)
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
	dst = append(dst, `,"breaks":`...)
	dst = wire.AppendInt(dst, m.Breaks)
	dst = append(dst, `,"detail":`...)
	dst = wire.AppendString(dst, m.Detail)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Recon) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *Signal) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"kind":"signal","strategy":`...)
	dst = wire.AppendString(dst, m.Strategy)
	dst = append(dst, `,"version":`...)
	dst = wire.AppendString(dst, m.Version)
	dst = append(dst, `,"tf":`...)
	dst = wire.AppendString(dst, m.Tf)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
	dst = append(dst, `,"bar_start_ns":`...)
	dst = wire.AppendInt(dst, m.BarStartNs)
	dst = append(dst, `,"bar_rev":`...)
	dst = wire.AppendInt(dst, m.BarRev)
	dst = append(dst, `,"indicators":`...)
	dst = append(dst, '{')
	for i := range m.Indicators {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Indicators[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendFloat(dst, m.Indicators[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"votes":`...)
	dst = append(dst, '{')
	for i := range m.Votes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Votes[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendInt(dst, m.Votes[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"confidence_bp":`...)
	dst = wire.AppendInt(dst, m.ConfidenceBp)
	dst = append(dst, `,"cause":`...)
	dst = wire.AppendString(dst, m.Cause)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Sized) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"intent_id":`...)
	dst = wire.AppendString(dst, m.IntentId)
	dst = append(dst, `,"decision":`...)
	dst = wire.AppendString(dst, m.Decision)
	dst = append(dst, `,"reason":`...)
	dst = wire.AppendString(dst, m.Reason)
	dst = append(dst, `,"numbers":`...)
	dst = append(dst, '{')
	for i := range m.Numbers {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(dst, m.Numbers[i].Key)
		dst = append(dst, ':')
		dst = wire.AppendInt(dst, m.Numbers[i].Value)
	}
	dst = append(dst, '}')
	dst = append(dst, `,"order":`...)
	dst = m.Order.AppendJSON(dst)
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Sized) At() int64 { return m.AtNs }

// AppendJSON appends the fields in the order of the schema.
func (m *StateEntry) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"stage":`...)
	dst = wire.AppendString(dst, m.Stage)
	dst = append(dst, `,"key":`...)
	dst = wire.AppendString(dst, m.Key)
	dst = append(dst, `,"version":`...)
	dst = wire.AppendInt(dst, m.Version)
	dst = append(dst, `,"entry":`...)
	dst = wire.AppendRaw(dst, m.Entry)
	return append(dst, '}')
}

// AppendJSON appends the fields in the order of the schema.
func (m *Tick) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"kind":"tick","at_ns":`...)
	dst = wire.AppendInt(dst, m.AtNs)
	dst = append(dst, `,"symbol":`...)
	dst = wire.AppendString(dst, m.Symbol)
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
	return append(dst, '}')
}

// At is the session time at which the record exists.
func (m *Tick) At() int64 { return m.AtNs }
