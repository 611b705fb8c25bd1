package runner

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	latencyNs = 7
	endNs     = 10_000
	// quiet is a symbol that is counted and not repeated.
	quiet = "QUIET"
	// beatNs is how long after a tick the echo's timer fires.
	beatNs = 40
)

// echo is a stage that repeats each tick with a number, counts by symbol, and says so once after
// some quiet time.
type echo struct {
	counts map[string]int64
	timer  int64
	dirty  map[string]struct{}
	// seen are the times and keys of the events, in order.
	seen []string
}

func newEcho() *echo { return &echo{counts: map[string]int64{}, dirty: map[string]struct{}{}} }

func (e *echo) Step(event *stage.Event, out []stage.Output) []stage.Output {
	e.seen = append(e.seen, fmt.Sprintf("%d %d %q", event.AtNs, event.Rank, event.Key))
	symbol := event.Key
	if symbol == quiet {
		e.counts[quiet]++
		e.dirty[quiet] = struct{}{}
		return out
	}
	if event.Topic == stage.Timer {
		symbol, e.timer = "timer", 0
	} else {
		e.timer = event.AtNs + beatNs
	}
	e.counts[symbol]++
	e.dirty[symbol], e.dirty["timer_ns"] = struct{}{}, struct{}{}
	late := contracts.Tick{AtNs: event.AtNs + latencyNs, Symbol: symbol, LastQty: e.counts[symbol]}
	return append(out, stage.Output{Topic: "echo", Key: symbol, Message: &late})
}

func (e *echo) Dirty(keys map[string]struct{}) {
	maps.Copy(keys, e.dirty)
	clear(e.dirty)
}

func (e *echo) AppendEntry(dst []byte, key string) ([]byte, bool) {
	count := e.counts[key]
	if key == "timer_ns" {
		count = e.timer
	}
	if count == 0 {
		return dst, false
	}
	return fmt.Appendf(dst, `{"count":%d}`, count), true
}

func (e *echo) Load(key string, entry []byte) error {
	var saved struct {
		Count int64 `json:"count"`
	}
	if err := json.Unmarshal(entry, &saved); err != nil {
		return err
	}
	if key == "timer_ns" {
		e.timer = saved.Count
	} else {
		e.counts[key] = saved.Count
	}
	return nil
}

func (e *echo) Keys() iter.Seq[string] { return maps.Keys(e.counts) }

func (e *echo) TimerNs() (int64, bool) { return e.timer, e.timer > 0 }

func echoApp() *stage.App {
	return &stage.App{
		Name: "echo", NewState: func() stage.State { return newEcho() }, EntryVersion: 1,
		LatencyNs: latencyNs,
	}
}

func tick(atNs int64, symbol string) []byte {
	t := contracts.Tick{
		AtNs: atNs, Symbol: symbol, EventNs: atNs, LastPriceE4: 10_000, LastQty: 1,
	}
	return t.AppendJSON(nil)
}

func plan(clock string, inputs ...config.Input) *config.Plan {
	return &config.Plan{
		Version: 1, Session: "s", Prefix: "s", Stage: "echo", Clock: clock, StartNs: 0, EndNs: endNs,
		FeedbackLatencyNs: 100, LatencyNs: latencyNs,
		Tasks: []config.Task{{
			Inputs:  inputs,
			Targets: []config.Target{{Topic: "echo", Lanes: 2, Own: []int32{0, 1}}},
		}},
	}
}

var ticksInput = config.Input{Topic: "ticks", Rank: 4, Partitions: []int32{0}}

func TestTheTicksOfTheseTestsAreGood(t *testing.T) {
	if _, err := contracts.Decode("ticks", tick(5, "INFY")); err != nil {
		t.Fatal(err)
	}
}
