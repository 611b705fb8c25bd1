package main

import (
	"context"
	"log"

	"github.com/twmb/franz-go/pkg/kgo"

	"tapeline.dev/tapeline/pkg/shared/contracts"
)

const second = int64(1_000_000_000)

// window is the open second of a symbol.
type window struct {
	key                                       []byte
	symbol                                    string
	startNs, open, high, low, last            int64
	cumOpen, cumClose, count, firstNs, lastNs int64
	begun                                     bool
}

// bars holds the windows; the next window's first tick closes one.
type bars struct {
	topic   string
	windows map[string]*window
	order   []*window
	send    produce
	// arena holds the bytes of a batch's bars, records their records: they are on their way until
	// the batch is committed, so a new batch gets new ones.
	arena   []byte
	records []kgo.Record
}

func newBars(topic string) *bars {
	return &bars{topic: topic, windows: map[string]*window{}}
}

func (b *bars) begin(send produce) {
	b.send = send
	b.arena, b.records = nil, nil
}

func (b *bars) take(tick *contracts.Tick) {
	w, known := b.windows[tick.Symbol]
	if !known {
		w = &window{symbol: tick.Symbol, key: []byte(tick.Symbol)}
		b.windows[tick.Symbol] = w
		b.order = append(b.order, w)
	}
	start := tick.EventNs - tick.EventNs%second
	price := tick.LastPriceE4
	if w.begun && w.startNs == start {
		w.high, w.low = max(w.high, price), min(w.low, price)
		w.last, w.cumClose, w.lastNs = price, tick.DayVolume.Value, tick.EventNs
		w.count++
		return
	}
	if w.begun {
		b.close(w, tick.AtNs)
	}
	w.begun, w.startNs, w.firstNs, w.lastNs = true, start, tick.EventNs, tick.EventNs
	w.open, w.high, w.low, w.last = price, price, price, price
	w.cumOpen, w.cumClose, w.count = w.cumClose, tick.DayVolume.Value, 1
}

func (b *bars) end() {
	for _, w := range b.order {
		b.close(w, w.lastNs)
	}
}

func (b *bars) close(w *window, atNs int64) {
	bar := contracts.Bar{
		AtNs: atNs, Symbol: w.symbol, Tf: contracts.BarTf1s,
		StartNs: w.startNs, EndNs: w.startNs + second, Phase: "continuous",
		OpenE4: w.open, HighE4: w.high, LowE4: w.low, CloseE4: w.last,
		Volume: contracts.Int64(w.cumClose - w.cumOpen), NTicks: w.count,
		CumOpen: contracts.Int64(w.cumOpen), CumClose: contracts.Int64(w.cumClose),
		FirstNs: w.firstNs, LastNs: w.lastNs, Final: true, Cause: contracts.BarCauseWatermark,
	}
	const spare, slab = 1024, 1024
	if cap(b.arena)-len(b.arena) < spare {
		b.arena = make([]byte, 0, spare*slab/2)
	}
	if len(b.records) == cap(b.records) {
		b.records = make([]kgo.Record, 0, slab)
	}
	first := len(b.arena)
	b.arena = bar.AppendJSON(b.arena)
	value := b.arena[first:len(b.arena):len(b.arena)]
	b.records = append(b.records, kgo.Record{Topic: b.topic, Key: w.key, Value: value})
	b.send(context.Background(), &b.records[len(b.records)-1], sent)
}

func sent(_ *kgo.Record, err error) {
	if err != nil {
		log.Fatal(err)
	}
}
