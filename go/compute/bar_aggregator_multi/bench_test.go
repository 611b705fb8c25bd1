package bar_aggregator_multi

import (
	"fmt"
	"syscall"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	benchSymbols = 100
	benchBars    = 1_000_000
	benchStartNs = 1_700_019_900 * market.SecondNs
)

func benchSettings() *Settings {
	endNs := benchStartNs + 2*benchBars/benchSymbols*market.SecondNs
	s := &Settings{
		Symbols: map[string]string{},
		Phases: map[string][]market.Phase{
			"cash": {{StartNs: benchStartNs, EndNs: endNs, Name: "continuous"}},
		},
		EndNs: endNs, LatencyNs: 100_000, CorrectionHorizonS: 300,
	}
	for n := range benchSymbols {
		s.Symbols[fmt.Sprintf("SYM%03d", n)] = "cash"
	}
	return s
}

// benchFeed is a bar of each of 100 symbols a second, and a beat behind them.
func benchFeed() []stage.Event {
	var feed []stage.Event
	for n := range int64(benchBars / benchSymbols) {
		startNs := benchStartNs + n*market.SecondNs
		endNs := startNs + market.SecondNs
		for symbol := range benchSymbols {
			bar := &contracts.Bar{
				AtNs: endNs, Symbol: fmt.Sprintf("SYM%03d", symbol), Tf: "1s", StartNs: startNs,
				EndNs: endNs, Phase: "continuous", OpenE4: 100, HighE4: 100 + n%9, LowE4: 99,
				CloseE4: 100, Volume: contracts.Int64(5), NTicks: 2, CumOpen: contracts.Int64(n * 5),
				CumClose: contracts.Int64(n*5 + 5), FirstNs: startNs, LastNs: startNs, Final: true,
				Cause: contracts.BarCauseWatermark,
			}
			feed = append(feed, stage.Event{AtNs: endNs, Topic: barsTopic, Message: bar})
		}
		beat := &contracts.Heartbeat{AtNs: endNs, CompleteNs: endNs, Feed: "live"}
		feed = append(feed, stage.Event{AtNs: endNs, Topic: barsTopic, Message: beat})
	}
	return feed
}

// BenchmarkStep measures the logic alone; the unit that counts is bars for each second of CPU time,
// whatever else the machine does.
func BenchmarkStep(b *testing.B) {
	feed := benchFeed()
	app, err := appOf(benchSettings())
	if err != nil {
		b.Fatal(err)
	}
	var out []stage.Output
	b.ReportAllocs()
	started := cpuS(b)
	for b.Loop() {
		state := app.NewState()
		minutes := 0
		for i := range feed {
			out = state.Step(&feed[i], out[:0])
			minutes += len(out)
		}
		if minutes < benchBars/60 {
			b.Fatalf("%d outputs: each symbol must make a bar each minute", minutes)
		}
	}
	b.ReportMetric(float64(benchBars*b.N)/(cpuS(b)-started), "bars/cpu-s")
}

// cpuS is the CPU time of this process, seconds.
func cpuS(b *testing.B) float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
