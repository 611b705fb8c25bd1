package main

import (
	"fmt"

	"github.com/valyala/fastjson"

	"tapeline.dev/tapeline/pkg/shared/contracts"
)

// typedDecoder is that of the contracts: every field checked against its type and bounds.
type typedDecoder struct{ decoder *contracts.Decoder }

func newTypedDecoder() *typedDecoder { return &typedDecoder{contracts.NewDecoder()} }

func (d *typedDecoder) tick(value []byte) (*contracts.Tick, bool, error) {
	message, err := d.decoder.Decode("ticks", value)
	if err != nil {
		return nil, false, err
	}
	tick, isTick := message.(*contracts.Tick)
	return tick, isTick, nil
}

// genericDecoder is on a fast JSON library: types are checked, bounds are not.
type genericDecoder struct {
	parser fastjson.Parser
	into   contracts.Tick
	names  map[string]string
}

func (d *genericDecoder) tick(value []byte) (*contracts.Tick, bool, error) {
	parsed, err := d.parser.ParseBytes(value)
	if err != nil {
		return nil, false, err
	}
	if kind := parsed.GetStringBytes("kind"); string(kind) != "tick" {
		return nil, false, nil
	}
	tick := &d.into
	tick.Symbol = d.name(parsed.GetStringBytes("symbol"))
	read := fields{value: parsed}
	tick.AtNs, tick.Seq = read.number("at_ns"), read.number("seq")
	tick.EventNs, tick.LastPriceE4 = read.number("event_ns"), read.number("last_price_e4")
	tick.LastQty = read.number("last_qty")
	if volume := parsed.Get("day_volume"); volume != nil && volume.Type() == fastjson.TypeNull {
		tick.DayVolume = contracts.OptInt64{}
	} else {
		tick.DayVolume = contracts.Int64(read.number("day_volume"))
	}
	tick.Trade = parsed.GetBool("trade")
	tick.Bids, tick.Asks = read.list("bids", tick.Bids), read.list("asks", tick.Asks)
	return tick, true, read.err
}

// name shares the string of a symbol.
func (d *genericDecoder) name(bytes []byte) string {
	if found, known := d.names[string(bytes)]; known {
		return found
	}
	if d.names == nil {
		d.names = map[string]string{}
	}
	name := string(bytes)
	d.names[name] = name
	return name
}

type fields struct {
	value *fastjson.Value
	err   error
}

func (f *fields) number(name string) int64 {
	found := f.value.Get(name)
	if found == nil {
		f.err = fmt.Errorf("%s is missing", name)
		return 0
	}
	number, err := found.Int64()
	if err != nil {
		f.err = err
	}
	return number
}

func (f *fields) list(name string, into []int64) []int64 {
	into = into[:0]
	for _, entry := range f.value.GetArray(name) {
		number, err := entry.Int64()
		if err != nil {
			f.err = err
		}
		into = append(into, number)
	}
	return into
}
