package ws_bridge

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// offsetsMs are the exchange times of the four ticks within the minute: in four different 1 s
// windows.
var offsetsMs = [...]int64{500, 20_000, 40_000, 59_000}

const minuteMs = 60_000

// barChunks makes the records of the whole session in at_ns order; all files are checked before the
// first.
func barChunks(settings *Settings) (chunks, error) {
	if err := checkFiles(settings); err != nil {
		return nil, err
	}
	files := settings.Replay.Files
	for _, symbol := range slices.Sorted(maps.Keys(files)) {
		if err := checkRows(files[symbol]); err != nil {
			return nil, err
		}
	}
	streams := []stream{beating(spansOf(settings.Phases, settings.BeatTailS, nil))}
	for n := range settings.Instruments {
		bars, err := newBars(&settings.Instruments[n], settings)
		if err != nil {
			return nil, err
		}
		streams = append(streams, bars.next)
	}
	return inChunks(merged(streams...)), nil
}

func checkFiles(settings *Settings) error {
	var without, unasked []string
	symbols := map[string]bool{}
	for _, each := range settings.Instruments {
		symbols[each.Symbol] = true
		if _, found := settings.Replay.Files[each.Symbol]; !found {
			without = append(without, each.Symbol)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(settings.Replay.Files)) {
		if !symbols[name] {
			unasked = append(unasked, name)
		}
	}
	slices.Sort(without)
	if len(without) > 0 {
		return wrong("spec.source.files: no file for %s; name one, or take them out of spec.symbols",
			quotedList(without))
	}
	if len(unasked) > 0 {
		return wrong("spec.source.files: %s are not in spec.symbols; add them there, or take their "+
			"files out", quotedList(unasked))
	}
	return nil
}

func checkRows(path string) error {
	file, err := openMinutes(path)
	if err != nil {
		return err
	}
	for {
		if row, err := file.next(); row == nil {
			return err
		}
	}
}

// bars are the records of one symbol: four ticks of each row of its file, or a dead letter. Volume
// and sequence are those of the day.
type bars struct {
	settings   *Settings
	instrument *market.Instrument
	clock      *market.PhaseClock
	file       *minuteFile
	ready      []stage.Output
	day        int64
	seq        int64
	volume     int64
}

func newBars(instrument *market.Instrument, settings *Settings) (*bars, error) {
	clock := market.NewPhaseClock(settings.Phases[instrument.InstrumentClass])
	file, err := openMinutes(settings.Replay.Files[instrument.Symbol])
	if err != nil {
		return nil, err
	}
	return &bars{settings: settings, instrument: instrument, clock: clock, file: file, day: -1}, nil
}

// next is the next record. A file that has changed since it was checked, and is wrong now, is an
// error still.
func (b *bars) next() (stage.Output, error) {
	for len(b.ready) == 0 {
		row, err := b.file.next()
		if err != nil {
			return stage.Output{}, err
		}
		if row == nil {
			return stage.Output{}, io.EOF
		}
		b.ready = b.ready[:0]
		if phase := b.clock.At(row.startNs); phase != nil {
			b.expand(row, phase)
		} else if b.settings.asksFor(row.startNs) {
			b.ready = append(b.ready, b.outside(row))
		}
	}
	found := b.ready[0]
	b.ready = b.ready[1:]
	return found, nil
}

// asksFor says whether a time lies in the dates and the window of the manifest.
func (s *Settings) asksFor(ns int64) bool {
	date := time.Unix(0, ns+market.IstOffsetNs).UTC().Format(time.DateOnly)
	within := market.IstNsOfDay(ns)
	return slices.Contains(s.Dates, date) && s.Window.StartNs <= within && within < s.Window.EndNs
}

func (b *bars) outside(row *minuteRow) stage.Output {
	file := filepath.Base(b.file.path)
	dead := &contracts.Dead{
		AtNs:       min(max(row.startNs, b.settings.StartNs), b.settings.EndNs),
		Topic:      ticksTopic,
		Offset:     row.line,
		Stage:      Stage,
		Reason:     contracts.ReasonTickOutsideSession,
		Detail:     fmt.Sprintf("%s:%d: lies in no phase of the calendar", file, row.line),
		PayloadB64: base64.StdEncoding.EncodeToString([]byte(row.text)),
	}
	return stage.Output{Topic: deadTopic, Key: b.instrument.Symbol, Message: dead}
}

// expand makes the four ticks of a row, within its minute or within what its phase leaves of it.
func (b *bars) expand(row *minuteRow, phase *market.Phase) {
	if day := market.IstDay(row.startNs); day != b.day {
		b.day, b.seq, b.volume = day, 0, 0
	}
	spanNs := min(market.MinuteNs, phase.EndNs-row.startNs)
	for n, each := range pathOfBar(row) {
		b.volume += each.qty
		eventNs := row.startNs + offsetsMs[n]*spanNs/minuteMs
		b.ready = append(b.ready, stage.Output{
			Topic:   ticksTopic,
			Key:     b.instrument.Symbol,
			Message: b.tick(eventNs, each.priceE4, each.qty),
		})
		b.seq++
	}
}

// trade is a price, 1/10,000 rupee, and the shares traded since the one before.
type trade struct{ priceE4, qty int64 }

// pathOfBar is the four trades of a bar, in order: open, the nearer of high and low (the high when
// both are as near), the other one, close. The first carries no volume, so that the bar's volume is
// right even for a reader whose baseline is the first tick it sees.
func pathOfBar(row *minuteRow) [len(offsetsMs)]trade {
	nearer, farther := row.highE4, row.lowE4
	if row.openE4-row.lowE4 < row.highE4-row.openE4 {
		nearer, farther = farther, nearer
	}
	third := row.volume / 3
	return [...]trade{
		{row.openE4, 0},
		{nearer, third},
		{farther, third},
		{row.closeE4, row.volume - 2*third},
	}
}

func (b *bars) tick(eventNs, priceE4, qty int64) *contracts.Tick {
	made := &contracts.Tick{
		AtNs:        eventNs + b.settings.ReplayLatencyMs*market.MsNs,
		Symbol:      b.instrument.Symbol,
		Seq:         b.seq,
		EventNs:     eventNs,
		LastPriceE4: priceE4,
		Trade:       true,
	}
	if b.instrument.HasVolume() {
		made.LastQty, made.DayVolume = qty, contracts.Int64(b.volume)
		// One level of depth a tick away from the price on each side.
		step := b.instrument.TickE4(priceE4)
		quantity := b.settings.ReplayDepthQty
		if priceE4-step >= step {
			made.Bids = []int64{b.instrument.RoundDown(priceE4 - step), quantity}
		}
		made.Asks = []int64{b.instrument.RoundUp(priceE4 + step), quantity}
	}
	return made
}
