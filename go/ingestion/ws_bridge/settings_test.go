package ws_bridge

import (
	"encoding/json"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/market"
)

// midnightNs is the start of 2026-11-20 in India; dayOfTests its number.
const (
	dayOfTests = 20_777
	midnightNs = dayOfTests*market.DayNs - market.IstOffsetNs
	hourNs     = 60 * market.MinuteNs
)

// at is a time of the day of the tests.
func at(hour, minute, second int64) int64 {
	return midnightNs + hour*hourNs + minute*market.MinuteNs + second*market.SecondNs
}

func share(symbol string) map[string]any {
	return map[string]any{
		"symbol": symbol, "exchange": "NSE", "token": 1, "instrument_class": "cash_fno", "lot": 1,
		"freeze_qty": 100_000, "band_bp": 1_000, "prev_close_e4": 14_800_000,
		"adv_shares": 10_000_000,
		"tick_table": [][2]int64{
			{2_500_000, 100}, {10_000_000, 500}, {50_000_000, 1_000}, {1e13, 5_000},
		},
	}
}

func phase(name string, startNs, endNs int64) []any {
	return []any{startNs, endNs, name, dayOfTests}
}

// document is the settings of a smoke session of one share from 10:00 to 11:00.
func document() map[string]any {
	return map[string]any{
		"account": "PAPER1", "seed": 7, "start_ns": at(10, 0, 0), "end_ns": at(11, 2, 0),
		"dates":       []string{"2026-11-20"},
		"window":      map[string]any{"start": nil, "end": nil},
		"instruments": []any{share("INFY")},
		"phases": map[string]any{
			"cash_fno": []any{phase("continuous", at(10, 0, 0), at(11, 0, 0))},
		},
		"drills": []any{},
		"source": map[string]any{
			"type": "smoke", "ticks_per_s": 0.75, "late_bp": 20, "duplicate_bp": 5,
			"gap_every_min": 90,
		},
		"sectors": map[string]any{"INFY": "IT"}, "beat_tail_s": 5, "replay_latency_ms": 50,
		"replay_depth_qty": 100_000,
	}
}

func read(document map[string]any) (*Settings, error) {
	data, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	return ReadSettings("settings", data)
}

func mustRead(t *testing.T, document map[string]any) *Settings {
	t.Helper()
	settings, err := read(document)
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

func drill(atNs int64, command string, key, value any) []any {
	return []any{atNs, map[string]any{
		"at": "10:00:00", "command": command, "key": key, "value": value,
	}}
}

func TestSettingsAreRead(t *testing.T) {
	from := document()
	from["window"] = map[string]any{"start": "09:15:00", "end": "10:15:00.500000"}
	from["drills"] = []any{
		drill(1, "KILL", nil, nil), drill(2, "SET", "a.b", -3),
	}
	s := mustRead(t, from)
	if s.Window != (Window{9*hourNs + 15*market.MinuteNs, 10*hourNs + 15*market.MinuteNs + 5e8}) {
		t.Errorf("window %v", s.Window)
	}
	if s.Drills[0].Key.Valid || s.Drills[0].Value.Valid || s.Drills[1].Key.Value != "a.b" ||
		s.Drills[1].Value.Value != -3 {
		t.Errorf("drills %v", s.Drills)
	}
	if s.Smoke == nil || s.Replay != nil || s.Smoke.TicksPerS != 0.75 {
		t.Errorf("source %v", s.Smoke)
	}
	if open := mustRead(t, document()).Window; open != (Window{0, market.DayNs}) {
		t.Errorf("open window %v", open)
	}
}

func TestWrongSettingsNameTheKey(t *testing.T) {
	changed := func(where string, key string, value any) func(map[string]any) {
		return func(d map[string]any) { d[where].(map[string]any)[key] = value }
	}
	instrument := func(key string, value any) func(map[string]any) {
		return func(d map[string]any) {
			d["instruments"].([]any)[0].(map[string]any)[key] = value
		}
	}
	for name, row := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"kite":          {changed("source", "type", "kite"), "kite comes with the broker integration"},
		"no such type":  {changed("source", "type", "x"), `source.type: "x", must be smoke or replay`},
		"unknown key":   {changed("source", "speed", 3), `settings.source: key "speed" is unknown`},
		"no ticks":      {changed("source", "ticks_per_s", 0), "ticks_per_s must be above 0"},
		"no account":    {func(d map[string]any) { delete(d, "account") }, `"account" is missing`},
		"no number":     {func(d map[string]any) { d["seed"] = "x" }, "settings.seed"},
		"source":        {func(d map[string]any) { d["source"] = 3 }, "source: must be a JSON object"},
		"window":        {changed("window", "start", "9:15"), "window.start: \"9:15\" is no time"},
		"end of window": {changed("window", "end", 3), "window.end: 3 is no time"},
		"times":         {func(d map[string]any) { d["end_ns"] = 1 }, "end_ns: must be after start_ns"},
		"tail":          {func(d map[string]any) { d["beat_tail_s"] = 0 }, "beat_tail_s"},
		"lot":           {instrument("lot", 0), "instruments[0]: needs a lot"},
		"tick table":    {instrument("tick_table", [][2]int64{{5, 1}}), "must reach to 10000000000000"},
		"class":         {instrument("instrument_class", "x"), `"x" is not in phases`},
		"phases": {
			changed("phases", "cash_fno", []any{phase("continuous", 5, 5), phase("x", 6, 7)}),
			"settings.phases.cash_fno: phases overlap",
		},
		"drill": {
			func(d map[string]any) { d["drills"] = []any{[]any{1}} },
			"settings.drills[0]: must be a time and a drill",
		},
		"drill's time": {
			func(d map[string]any) { d["drills"] = []any{[]any{"x", nil}} }, `"x" is no time`,
		},
		"drill's key": {
			func(d map[string]any) { d["drills"] = []any{drill(1, "SET", 3, 3)} },
			"key must be a text or null",
		},
		"format": {
			func(d map[string]any) { d["source"] = replay("ticks-2", map[string]string{}) },
			"must be ticks or bars-1m",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := document()
			row.change(d)
			if _, err := read(d); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func replay(format string, files map[string]string) map[string]any {
	return map[string]any{
		"type": "replay", "format": format, "files": files, "price_field_scale": "rupees",
	}
}
