package bar_aggregator_multi

import (
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const settingsText = `{
	"symbols": {"AAA": "cash"},
	"phases": {"cash": [[0, 1200000000000, "continuous", 0]]},
	"end_ns": 1300000000000, "latency_ns": 1, "correction_horizon_s": 300
}`

func newTestState(t *testing.T) stage.State {
	t.Helper()
	app, err := App([]byte(settingsText))
	if err != nil {
		t.Fatal(err)
	}
	return app.NewState()
}

func TestWrongSettingsNameTheKey(t *testing.T) {
	for old, row := range map[string]struct{ put, want string }{
		`"latency_ns": 1,`:   {"", `settings: key "latency_ns" is missing`},
		`"latency_ns": 1`:    {`"latency_ns": null`, "settings.latency_ns: must not be null"},
		`{"AAA": "cash"}`:    {`{"AAA": "index"}`, `settings.symbols.AAA: class "index" has no phases`},
		`"continuous", 0]`:   {`"continuous", "x"]`, "value 3 of a phase: "},
		`[0, 1200000000000,`: {`[null, 1200000000000,`, "value 0 of a phase is null"},
		`"correction_`:       {`"new": 1, "correction_`, `settings: key "new" is unknown`},
	} {
		_, err := App([]byte(strings.Replace(settingsText, old, row.put, 1)))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", old, err, row.want)
		}
	}
}

func TestAStateThatMakesNoSenseIsRefused(t *testing.T) {
	for name, row := range map[string]struct{ key, entry, want string }{
		"stranger":     {"BBB", `{}`, "entry BBB: symbol BBB is not of this session"},
		"no feed":      {"feed", `{}`, "entry feed: "},
		"no symbol":    {"AAA", `{}`, "entry AAA: "},
		"no minute":    {"AAA/0", `{}`, "entry AAA/0: "},
		"no time":      {"AAA/x", `{}`, "entry AAA/x: "},
		"half windows": {"AAA", `{"complete_ns":0,"windows":[3,0]}`, "no whole windows of 3"},
		"no timeframe": {"AAA", `{"complete_ns":0,"windows":[4,0,-1]}`, "no timeframe has 4 minutes"},
		"outside": {
			"AAA", `{"complete_ns":0,"windows":[3,1200000000000,-1]}`, "lies in no phase",
		},
		"twice": {"AAA", `{"complete_ns":0,"windows":[3,0,-1,3,0,-1]}`, "window 0 is there twice"},
		"minute outside": {
			"AAA/1200000000000", `{"rev":-1,"issued":[],"seconds":[]}`, "lies in no phase",
		},
		"half a bar":    {"AAA/0", `{"rev":0,"issued":[1],"seconds":[]}`, "1 numbers are no whole bars"},
		"half a second": {"AAA/0", `{"rev":0,"issued":[],"seconds":[1]}`, "1 numbers are no whole bars"},
	} {
		err := newTestState(t).Load(row.key, []byte(row.entry))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

func TestEntriesThatDoNotExist(t *testing.T) {
	state := newTestState(t)
	event := stage.Event{Topic: barsTopic, Message: &contracts.Bar{
		Symbol: "AAA", EndNs: 1, OpenE4: 1, HighE4: 1, LowE4: 1, CloseE4: 1, NTicks: 1, Final: true,
	}}
	state.Step(&event, nil)
	for key, want := range map[string]bool{"feed": true, "AAA": true, "AAA/0": true, "AAA/1": false,
		"BBB": false} {
		if _, exists := state.AppendEntry(nil, key); exists != want {
			t.Errorf("%s: %v, want %v", key, exists, want)
		}
	}
	for last := range 3 {
		seen := 0
		for range state.Keys() {
			if seen++; seen > last {
				break
			}
		}
	}
}

func TestABugStopsTheStage(t *testing.T) {
	for name, act := range map[string]func(state *State){
		"a tick among bars": func(state *State) {
			state.Step(&stage.Event{Topic: barsTopic, Message: &contracts.Tick{}}, nil)
		},
		"a key of no entry": func(state *State) {
			state.add("AAA")
			state.AppendEntry(nil, "AAA/x")
		},
		"a window without minutes": func(state *State) {
			f := state.add("AAA")
			f.windowAt(1, 0, f.clock.At(0))
			f.close(neverNs-1, contracts.BarCauseFeedEnd, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("went on")
				}
			}()
			act(newTestState(t).(*State))
		})
	}
}
