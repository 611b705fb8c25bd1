package bar_builder_1s

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	states "tapeline.dev/tapeline/pkg/shared/contracts/states/bar_builder_1s"
	"tapeline.dev/tapeline/pkg/shared/market"
)

const feedKey = "feed"

// State of the stage: one symbolBars for each symbol that traded, and the feed's time.
type State struct {
	symbols     map[string]*symbolBars
	feedFirstNs int64
	// watermarkNs is that of live heartbeats; a symbol's own ticks may be further.
	watermarkNs int64
	// beatNs is the at_ns of the last heartbeat that was passed on: no bar is issued before it.
	beatNs    int64
	ended     bool
	feedDirty bool

	graceNs    int64
	maxAheadNs int64
	horizonNs  int64
	settings   *Settings
	clocks     map[string]*market.PhaseClock
	// byName are the symbols that traded, ascending by name.
	byName []*symbolBars
	pool   pool
	bars   chunk
}

func newState(settings *Settings, clocks map[string]*market.PhaseClock) *State {
	return &State{
		symbols:     map[string]*symbolBars{},
		feedFirstNs: neverNs,
		graceNs:     settings.GraceMs * market.MsNs,
		maxAheadNs:  settings.MaxAheadMs * market.MsNs,
		horizonNs:   settings.CorrectionHorizonS * market.SecondNs,
		settings:    settings,
		clocks:      clocks,
	}
}

// add begins the state of a symbol of the session.
func (s *State) add(symbol string) *symbolBars {
	clock := s.clocks[s.settings.Symbols[symbol].InstrumentClass]
	bars := newSymbolBars(strings.Clone(symbol), clock, s.settings, &s.pool)
	s.symbols[bars.symbol] = bars
	at, _ := slices.BinarySearchFunc(s.byName, symbol, func(b *symbolBars, name string) int {
		return strings.Compare(b.symbol, name)
	})
	s.byName = slices.Insert(s.byName, at, bars)
	return bars
}

// Dirty: see stage.State.
func (s *State) Dirty(keys map[string]struct{}) {
	if s.feedDirty {
		keys[feedKey] = struct{}{}
		s.feedDirty = false
	}
	for _, bars := range s.byName {
		bars.dirty.MoveTo(keys, bars.symbol)
	}
}

// AppendEntry: see stage.State; keys: feed, a symbol, or symbol/minute.
func (s *State) AppendEntry(dst []byte, key string) ([]byte, bool) {
	if key == feedKey {
		feed := states.Feed{WatermarkNs: s.watermarkNs, BeatNs: s.beatNs, Ended: s.ended}
		if s.feedFirstNs != neverNs {
			feed.FirstNs = contracts.Int64(s.feedFirstNs)
		}
		return feed.AppendJSON(dst), true
	}
	symbol, text, ofMinute := strings.Cut(key, "/")
	bars := s.symbols[symbol]
	if bars == nil {
		return dst, false
	}
	if !ofMinute {
		entry := bars.entry()
		return entry.AppendJSON(dst), true
	}
	minute, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("%s is no key of %s: %v", key, Stage, err))
	}
	entry, exists := bars.minuteEntry(minute)
	if !exists {
		return dst, false
	}
	return entry.AppendJSON(dst), true
}

// Load: see stage.State.
func (s *State) Load(key string, entry []byte) error {
	if key == feedKey {
		return s.loadFeed(entry)
	}
	symbol, _, ofMinute := strings.Cut(key, "/")
	if _, known := s.settings.Symbols[symbol]; !known {
		return fmt.Errorf("entry %s: symbol %s is not of this session", key, symbol)
	}
	bars := s.symbols[symbol]
	if bars == nil {
		bars = s.add(symbol)
	}
	if err := bars.loadEntry(ofMinute, entry); err != nil {
		return fmt.Errorf("entry %s: %w", key, err)
	}
	return nil
}

func (b *symbolBars) loadEntry(ofMinute bool, entry []byte) error {
	if ofMinute {
		closed := states.ClosedMinute{}
		if err := contracts.DecodeInto(entry, &closed); err != nil {
			return err
		}
		return b.loadMinute(&closed)
	}
	open := states.SymbolWindows{}
	if err := contracts.DecodeInto(entry, &open); err != nil {
		return err
	}
	return b.load(&open)
}

func (s *State) loadFeed(entry []byte) error {
	feed := &states.Feed{}
	if err := contracts.DecodeInto(entry, feed); err != nil {
		return fmt.Errorf("entry %s: %w", feedKey, err)
	}
	s.feedFirstNs = neverNs
	if feed.FirstNs.Valid {
		s.feedFirstNs = feed.FirstNs.Value
	}
	s.watermarkNs = feed.WatermarkNs
	s.beatNs = feed.BeatNs
	s.ended = feed.Ended
	return nil
}

// Keys: see stage.State.
func (s *State) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(feedKey) {
			return
		}
		for _, bars := range s.byName {
			if !yield(bars.symbol) {
				return
			}
			last := int64(-1)
			for _, w := range bars.closed {
				minute := minuteOf(w.startNs)
				if minute != last && !yield(windows.MinuteKey(bars.symbol, minute)) {
					return
				}
				last = minute
			}
		}
	}
}

// TimerNs is the session's end, once; all other time comes with the ticks.
func (s *State) TimerNs() (int64, bool) { return s.settings.EndNs, !s.ended }

// barsInChunk: bars are made by so many at once, 30 KiB. The chunk lives as long as any of them.
const barsInChunk = 128

// chunk hands out bars: a new one for each record, but an allocation for each hundred.
type chunk struct {
	free []contracts.Bar
}

func (c *chunk) next() *contracts.Bar {
	if len(c.free) == 0 {
		c.free = make([]contracts.Bar, barsInChunk)
	}
	bar := &c.free[0]
	c.free = c.free[1:]
	return bar
}
