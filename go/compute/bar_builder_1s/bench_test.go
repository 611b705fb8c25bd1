package bar_builder_1s

import (
	"fmt"
	"slices"
	"syscall"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// The feeds of tests/bench/bench_bar_builder.py: 100 symbols with a beat a second, a million ticks.
// Liquid: two ticks a second of each symbol, the most that Kite sends. Sparse: one a second, so
// that every tick opens a window, closes another and makes a bar; the worst case.
const (
	benchSymbols = 100
	benchTicks   = 1_000_000
	benchStartNs = 1_700_019_900 * market.SecondNs
)

func benchSettings() *Settings {
	day := benchStartNs / (86_400 * market.SecondNs)
	endNs := benchStartNs + 2*benchTicks/benchSymbols*market.SecondNs
	s := &Settings{
		Symbols: map[string]SymbolRules{},
		Phases: map[string][]market.Phase{
			"cash": {{StartNs: benchStartNs, EndNs: endNs, Name: "continuous", Day: day}},
		},
		ClippedDays: map[string][]int64{"cash": {}},
		EndNs:       endNs, LatencyNs: 100_000, GraceMs: 1_500, MaxAheadMs: 2_000,
		CorrectionHorizonS: 300, AuctionBandBp: 9_000, BaselineWaitS: 60,
	}
	for n := range benchSymbols {
		s.Symbols[fmt.Sprintf("SYM%03d", n)] = SymbolRules{"cash", true, 1_000_000, 2_500}
	}
	return s
}

// benchFeed is a million ticks, spread over each second, received 120 ms later, and the beats.
func benchFeed(perS int64) []stage.Event {
	var feed []stage.Event
	gapNs := market.SecondNs / perS
	for n := range int64(benchTicks / benchSymbols) {
		roundNs := benchStartNs + n*gapNs
		if n%perS == 0 {
			beat := &contracts.Heartbeat{AtNs: roundNs, CompleteNs: roundNs, Feed: "live"}
			feed = append(feed, stage.Event{AtNs: roundNs, Topic: "ticks", Message: beat})
		}
		for symbol := range int64(benchSymbols) {
			eventNs := roundNs + symbol*gapNs/benchSymbols
			feed = append(feed, benchTick(fmt.Sprintf("SYM%03d", symbol), n, eventNs))
		}
	}
	slices.SortStableFunc(feed, func(a, b stage.Event) int { return int(a.AtNs - b.AtNs) })
	return feed
}

func benchTick(symbol string, n, eventNs int64) stage.Event {
	atNs := eventNs + 120*market.MsNs
	return stage.Event{AtNs: atNs, Key: symbol, Topic: "ticks", Message: &contracts.Tick{
		AtNs: atNs, Symbol: symbol, Seq: n, EventNs: eventNs,
		LastPriceE4: 1_000_000 + n*37%500*100, LastQty: 1 + n%90,
		DayVolume: contracts.Int64(n * 50), Trade: true,
		Bids: []int64{999_900, 100}, Asks: []int64{1_000_100, 100},
	}}
}

// cpuS is the CPU time of this process, seconds: its own work and that of the garbage collector,
// whatever else the machine does.
func cpuS(b *testing.B) float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

// BenchmarkStep measures the logic alone; the unit that counts is ticks for each second of CPU
// time.
func BenchmarkStep(b *testing.B) {
	for name, perS := range map[string]int64{"liquid": 2, "sparse": 1} {
		feed := benchFeed(perS)
		b.Run(name, func(b *testing.B) {
			app, err := appOf(benchSettings())
			if err != nil {
				b.Fatal(err)
			}
			var out []stage.Output
			b.ReportAllocs()
			started := cpuS(b)
			for b.Loop() {
				state := app.NewState()
				outputs := int64(0)
				for i := range feed {
					out = state.Step(&feed[i], out[:0])
					outputs += int64(len(out))
				}
				if outputs < (benchTicks-500*perS)/perS {
					b.Fatalf("%d outputs: each symbol must make a bar each second", outputs)
				}
			}
			b.ReportMetric(float64(benchTicks*b.N)/(cpuS(b)-started), "ticks/cpu-s")
		})
	}
}

// BenchmarkDecodeStepEncode measures bytes to bytes: what a stage does between two polls of the
// log.
func BenchmarkDecodeStepEncode(b *testing.B) {
	for name, perS := range map[string]int64{"liquid": 2, "sparse": 1} {
		var records [][]byte
		for _, event := range benchFeed(perS) {
			records = append(records, event.Message.AppendJSON(nil))
		}
		b.Run(name, func(b *testing.B) {
			app, err := appOf(benchSettings())
			if err != nil {
				b.Fatal(err)
			}
			var out []stage.Output
			var encoded []byte
			decoder := contracts.NewDecoder()
			b.ReportAllocs()
			started := cpuS(b)
			for b.Loop() {
				state := app.NewState()
				for n, record := range records {
					message, err := decoder.Decode("ticks", record)
					if err != nil {
						b.Fatal(err)
					}
					event := stage.Event{
						AtNs: message.At(), Topic: "ticks", Place: int64(n), Message: message,
					}
					out = state.Step(&event, out[:0])
					for i := range out {
						encoded = out[i].Message.AppendJSON(encoded[:0])
					}
				}
			}
			b.ReportMetric(float64(benchTicks*b.N)/(cpuS(b)-started), "ticks/cpu-s")
		})
	}
}
