package bar_builder_1s

import (
	"encoding/json"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const settingsText = `{
	"symbols": {"AAA": {"instrument_class": "cash", "has_volume": true, "prev_close_e4": 100,
		"band_bp": 2500}},
	"phases": {"cash": [[0, 60000000000, "continuous", 0]]},
	"clipped_days": {"cash": []},
	"end_ns": 90000000000, "latency_ns": 1, "grace_ms": 1500, "max_ahead_ms": 2000,
	"correction_horizon_s": 300, "auction_band_bp": 9000, "baseline_wait_s": 60
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
	for name, row := range map[string]struct {
		change func(settings map[string]any)
		want   string
	}{
		"missing": {
			func(s map[string]any) { delete(s, "grace_ms") }, `settings: key "grace_ms" is missing`,
		},
		"unknown": {func(s map[string]any) { s["new"] = 1 }, `settings: key "new" is unknown`},
		"missing rule": {
			func(s map[string]any) { s["symbols"] = map[string]any{"AAA": map[string]any{}} },
			`settings.symbols.AAA: key "instrument_class" is missing`,
		},
		"no phase": {
			func(s map[string]any) { s["phases"] = map[string]any{"cash": []any{[]any{1, 2}}} },
			"settings.phases.cash[0]: a phase has 4 values, not 2",
		},
		"overlap": {
			func(s map[string]any) {
				phase := []any{0, 5, "continuous", 0}
				s["phases"] = map[string]any{"cash": []any{phase, phase}}
			},
			"settings.phases.cash: phases overlap",
		},
		"class without phases": {
			func(s map[string]any) { s["phases"] = map[string]any{} },
			`settings.symbols.AAA: class "cash" has no phases`,
		},
		"class without days": {
			func(s map[string]any) { s["clipped_days"] = map[string]any{} },
			`settings.symbols.AAA: class "cash" has no clipped_days`,
		},
	} {
		var settings map[string]any
		if err := json.Unmarshal([]byte(settingsText), &settings); err != nil {
			t.Fatal(err)
		}
		row.change(settings)
		text, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = App(text); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

func TestAStateThatMakesNoSenseIsRefused(t *testing.T) {
	symbol := `{"first_ns":0,"watermark_ns":0,"day":0,"base_e4":100,"open":[%]}`
	minute := `{"windows":[%]}`
	for name, row := range map[string]struct{ key, entry, numbers, want string }{
		"stranger":        {"BBB", symbol, "", "entry BBB: symbol BBB is not of this session"},
		"no feed":         {"feed", `{}`, "", "entry feed: "},
		"no symbol":       {"AAA", `{}`, "", "entry AAA: "},
		"no minute":       {"AAA/0", `{}`, "", "entry AAA/0: "},
		"half a window":   {"AAA", symbol, "0", "entry AAA: a window ends early"},
		"outside":         {"AAA", symbol, "60000000000,1,0,1,1,1", "lies in no phase"},
		"no trades":       {"AAA", symbol, "0,0", "saved window 0: 0 trades in 0 numbers"},
		"too many trades": {"AAA", symbol, "0,2,0,1,1,1", "2 trades in 4 numbers"},
		"count too large": {"AAA", symbol, "0,9223372036854775807,0,1,1,1", "in 4 numbers"},
		"closed early":    {"AAA/0", minute, "0,0", "entry AAA/0: a window ends early"},
	} {
		entry := strings.Replace(row.entry, "%", row.numbers, 1)
		err := newTestState(t).Load(row.key, []byte(entry))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

func TestEntriesThatDoNotExist(t *testing.T) {
	state := newTestState(t)
	event := stage.Event{AtNs: 1, Topic: ticksTopic, Message: &contracts.Tick{
		AtNs: 1, Symbol: "AAA", EventNs: 1, LastPriceE4: 100, DayVolume: contracts.Int64(1), Trade: true,
	}}
	state.Step(&event, nil)
	for key, want := range map[string]bool{"feed": true, "AAA": true, "AAA/0": false, "BBB": false} {
		if _, exists := state.AppendEntry(nil, key); exists != want {
			t.Errorf("%s: %v, want %v", key, exists, want)
		}
	}
	for range state.Keys() {
		break
	}
}

func TestABugStopsTheStage(t *testing.T) {
	timer := stage.TimerAt(90_000_000_000)
	for name, act := range map[string]func(state stage.State){
		"the session ends twice": func(state stage.State) {
			state.Step(&timer, nil)
			state.Step(&timer, nil)
		},
		"a bar among ticks": func(state stage.State) {
			state.Step(&stage.Event{Topic: ticksTopic, Message: &contracts.Bar{}}, nil)
		},
		"a key of no entry": func(state stage.State) {
			state.(*State).add("AAA")
			state.AppendEntry(nil, "AAA/x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("went on")
				}
			}()
			act(newTestState(t))
		})
	}
}

func TestWindowsOfThePoolAreClean(t *testing.T) {
	var p pool
	first := p.window(1, 2, &closedPhase, trade{1, 1, 1, 1})
	first.add(trade{2, 2, 2, 2})
	first.rev = 7
	p.free(first)
	again := p.window(3, 4, &closedPhase, trade{3, 3, 3, 3})
	if again != first || again.rev != 0 || len(again.trades) != 1 || again.startNs != 3 {
		t.Errorf("%+v", again)
	}
}

func TestMinutesAreRoundedDownBeforeTheEpochToo(t *testing.T) {
	for ns, want := range map[int64]int64{0: 0, 59_999_999_999: 0, 60_000_000_000: 1, -1: -1,
		-60_000_000_000: -1, -60_000_000_001: -2} {
		if got := minuteOf(ns); got != want {
			t.Errorf("%d: %d, want %d", ns, got, want)
		}
	}
}
