package ws_bridge

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
)

// Stage is the name of the stage.
const Stage = "ingestion"

// Settings is everything that decides what a source plays. Defaults and their reasons:
// services/tapeline/ingestion/settings.py, which writes them all into the plan.
type Settings struct {
	// Account is the key of the control records.
	Account string
	// Seed decides every draw of the smoke source.
	Seed int64
	// StartNs and EndNs: from the first phase to the end of the session, UTC nanoseconds.
	StartNs, EndNs int64
	// Dates are the trading days, as 2026-11-20; rows of other days were not asked for.
	Dates []string
	// Window is the part of the day that was asked for.
	Window Window
	// Instruments are the session's symbols, in symbol order.
	Instruments []market.Instrument
	// Phases by instrument class of those symbols.
	Phases map[string][]market.Phase
	// Drills are planned control commands, ascending in time.
	Drills []Drill
	// Smoke or Replay is what to play; the other one is nil.
	Smoke  *SmokeSource
	Replay *ReplaySource
	// Sectors, by symbol: symbols of one sector share a price factor.
	Sectors map[string]string
	// BeatTailS: seconds that heartbeats go on after a phase.
	BeatTailS int64
	// ReplayLatencyMs: minute bars, time from exchange to us. Milliseconds.
	ReplayLatencyMs int64
	// ReplayDepthQty: minute bars, shares on the one level of depth each side.
	ReplayDepthQty int64
}

// SmokeSource says how seeded ticks behave.
type SmokeSource struct {
	Type string `json:"type"`
	// TicksPerS is the mean rate of a liquid symbol in the continuous phase.
	TicksPerS float64 `json:"ticks_per_s"`
	// LateBp is the share of ticks that arrive late, basis points.
	LateBp int64 `json:"late_bp"`
	// DuplicateBp is the share of ticks that are received twice, basis points.
	DuplicateBp int64 `json:"duplicate_bp"`
	// GapEveryMin: mean minutes between feed gaps; 0 = none.
	GapEveryMin int64 `json:"gap_every_min"`
}

// ReplaySource names recorded ticks (ndjson) or minute bars (csv).
type ReplaySource struct {
	Type string `json:"type"`
	// Format is ticks or bars-1m.
	Format string `json:"format"`
	// Files, bars-1m: file of each symbol; ticks: one entry, ticks.
	Files map[string]string `json:"files"`
	// PriceFieldScale is rupees.
	PriceFieldScale string `json:"price_field_scale"`
}

// Formats of ReplaySource.
const (
	formatTicks = "ticks"
	formatBars  = "bars-1m"
)

// Window is a part of the day [StartNs, EndNs), nanoseconds since midnight in India.
type Window struct{ StartNs, EndNs int64 }

// Drill is a planned control command.
type Drill struct {
	AtNs    int64
	Command string
	// Key and Value are the limit that SET changes, and its new value; null for other commands.
	Key   contracts.OptString
	Value contracts.OptInt64
}

// written is the layout of the settings in a plan.
type written struct {
	Account         string                    `json:"account"`
	Seed            int64                     `json:"seed"`
	StartNs         int64                     `json:"start_ns"`
	EndNs           int64                     `json:"end_ns"`
	Dates           []string                  `json:"dates"`
	Window          writtenWindow             `json:"window"`
	Instruments     []market.Instrument       `json:"instruments"`
	Phases          map[string][]market.Phase `json:"phases"`
	Drills          []json.RawMessage         `json:"drills"`
	Source          json.RawMessage           `json:"source"`
	Sectors         map[string]string         `json:"sectors"`
	BeatTailS       int64                     `json:"beat_tail_s"`
	ReplayLatencyMs int64                     `json:"replay_latency_ms"`
	ReplayDepthQty  int64                     `json:"replay_depth_qty"`
}

type writtenWindow struct {
	Start json.RawMessage `json:"start"`
	End   json.RawMessage `json:"end"`
}

type writtenDrill struct {
	At      string          `json:"at"`
	Command string          `json:"command"`
	Key     json.RawMessage `json:"key"`
	Value   json.RawMessage `json:"value"`
}

// ReadSettings reads the settings of a plan; unknown, missing and impossible values are errors that
// name the key. The name stands before each key in messages.
func ReadSettings(name string, data []byte) (*Settings, error) {
	var from written
	if err := config.Decode(name, data, &from); err != nil {
		return nil, err
	}
	s := &Settings{
		Account:         from.Account,
		Seed:            from.Seed,
		StartNs:         from.StartNs,
		EndNs:           from.EndNs,
		Dates:           from.Dates,
		Instruments:     from.Instruments,
		Phases:          from.Phases,
		Sectors:         from.Sectors,
		BeatTailS:       from.BeatTailS,
		ReplayLatencyMs: from.ReplayLatencyMs,
		ReplayDepthQty:  from.ReplayDepthQty,
	}
	if err := s.readSource(name+".source", from.Source); err != nil {
		return nil, err
	}
	if err := s.readDrills(name+".drills", from.Drills); err != nil {
		return nil, err
	}
	var err error
	if s.Window.StartNs, err = clockTime(name+".window.start", from.Window.Start, 0); err != nil {
		return nil, err
	}
	s.Window.EndNs, err = clockTime(name+".window.end", from.Window.End, market.DayNs)
	if err != nil {
		return nil, err
	}
	return s, s.check(name)
}

func (s *Settings) readSource(name string, data []byte) error {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return wrong("%s: must be a JSON object with a type", name)
	}
	switch head.Type {
	case "smoke":
		s.Smoke = &SmokeSource{}
		return config.Decode(name, data, s.Smoke)
	case "replay":
		s.Replay = &ReplaySource{}
		return config.Decode(name, data, s.Replay)
	case "kite":
		return wrong("%s.type: kite comes with the broker integration; use smoke or replay", name)
	}
	return wrong("%s.type: %q, must be smoke or replay", name, head.Type)
}

func (s *Settings) readDrills(name string, rows []json.RawMessage) error {
	for n, row := range rows {
		place := fmt.Sprintf("%s[%d]", name, n)
		var pair []json.RawMessage
		var drill Drill
		if err := json.Unmarshal(row, &pair); err != nil || len(pair) != 2 {
			return wrong("%s: must be a time and a drill", place)
		}
		if err := json.Unmarshal(pair[0], &drill.AtNs); err != nil {
			return wrong("%s[0]: %s is no time in nanoseconds", place, pair[0])
		}
		var from writtenDrill
		if err := config.Decode(place+"[1]", pair[1], &from); err != nil {
			return err
		}
		drill.Command = from.Command
		err1 := optional(from.Key, &drill.Key.Valid, &drill.Key.Value)
		err2 := optional(from.Value, &drill.Value.Valid, &drill.Value.Value)
		if err1 != nil || err2 != nil {
			return wrong("%s[1]: key must be a text or null, value an integer or null", place)
		}
		s.Drills = append(s.Drills, drill)
	}
	return nil
}

func optional[V any](data []byte, valid *bool, value *V) error {
	if string(data) == "null" {
		return nil
	}
	*valid = true
	return json.Unmarshal(data, value)
}

var clockText = regexp.MustCompile(`^"(\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?"$`)

// clockTime reads a time of day as Python writes it; null stands for the fallback.
func clockTime(name string, data []byte, fallback int64) (int64, error) {
	if string(data) == "null" {
		return fallback, nil
	}
	parts := clockText.FindSubmatch(data)
	if parts == nil {
		return 0, wrong("%s: %s is no time of day as \"09:15:00\", and not null", name, data)
	}
	var numbers [4]int64
	for n, part := range parts[1:] {
		numbers[n], _ = strconv.ParseInt("0"+string(part), 10, 64)
	}
	seconds := (numbers[0]*60+numbers[1])*60 + numbers[2]
	return seconds*market.SecondNs + numbers[3]*market.UsNs, nil
}

// check asserts what the sources rely on; Python has validated the rest before it wrote the plan.
func (s *Settings) check(name string) error {
	for n := range s.Instruments {
		each := &s.Instruments[n]
		place := fmt.Sprintf("%s.instruments[%d]", name, n)
		switch {
		case each.Lot < 1 || each.PrevCloseE4 < 1 || each.AdvShares < 0 || each.BandBp < 0:
			return wrong("%s: needs a lot and a prev_close_e4 above 0, no negative number", place)
		case len(each.TickTable) == 0 || each.TickTable[len(each.TickTable)-1].BelowE4() < 1e13:
			return wrong("%s.tick_table: must reach to 10000000000000", place)
		case s.Phases[each.InstrumentClass] == nil:
			return wrong("%s.instrument_class: %q is not in phases", place, each.InstrumentClass)
		}
	}
	for class, phases := range s.Phases {
		if err := market.CheckPhases(phases); err != nil {
			return wrong("%s.phases.%s: %v", name, class, err)
		}
	}
	switch {
	case s.StartNs < 0 || s.EndNs < s.StartNs || s.EndNs > math.MaxInt64/2:
		return wrong("%s.end_ns: must be after start_ns", name)
	case s.BeatTailS < 1 || s.ReplayLatencyMs < 0 || s.ReplayDepthQty < 1:
		return wrong("%s: beat_tail_s, replay_latency_ms or replay_depth_qty is out of range", name)
	case s.Smoke != nil && (s.Smoke.TicksPerS <= 0 || s.Smoke.GapEveryMin < 0):
		return wrong("%s.source: ticks_per_s must be above 0, gap_every_min at least 0", name)
	case s.Replay != nil && s.Replay.Format != formatTicks && s.Replay.Format != formatBars:
		return wrong("%s.source.format: %q, must be %s or %s", name, s.Replay.Format, formatTicks,
			formatBars)
	}
	return nil
}

// wrong is an error of the settings or of the files they name, in a sentence for a person.
func wrong(format string, args ...any) error {
	return &config.Error{Message: fmt.Sprintf(format, args...)}
}
