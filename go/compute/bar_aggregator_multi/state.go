package bar_aggregator_multi

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	states "tapeline.dev/tapeline/pkg/shared/contracts/states/bar_aggregator_multi"
	"tapeline.dev/tapeline/pkg/shared/market"
)

const feedKey = "feed"

// State of the stage: one symbolFrames for each symbol that has bars, and the feed's time.
type State struct {
	symbols map[string]*symbolFrames
	// completeNs, by heartbeats: windows that end at or before this are closed for every symbol.
	completeNs int64
	// dueNs: no open window of any symbol ends before this.
	dueNs     int64
	ended     bool
	feedDirty bool

	horizonNs int64
	settings  *Settings
	clocks    map[string]*market.PhaseClock
	// byName are the symbols that have bars, ascending by name.
	byName []*symbolFrames
	// changed is memory for the windows that one event issues.
	changed []changed
}

func newState(settings *Settings, clocks map[string]*market.PhaseClock) *State {
	return &State{
		symbols:   map[string]*symbolFrames{},
		dueNs:     neverNs,
		horizonNs: settings.CorrectionHorizonS * market.SecondNs,
		settings:  settings,
		clocks:    clocks,
	}
}

// add begins the state of a symbol of the session.
func (s *State) add(symbol string) *symbolFrames {
	f := &symbolFrames{
		symbol:    strings.Clone(symbol),
		dueNs:     neverNs,
		clock:     s.clocks[s.settings.Symbols[symbol]],
		horizonNs: s.horizonNs,
	}
	s.symbols[f.symbol] = f
	at, _ := slices.BinarySearchFunc(s.byName, symbol, func(f *symbolFrames, name string) int {
		return strings.Compare(f.symbol, name)
	})
	s.byName = slices.Insert(s.byName, at, f)
	return f
}

// closedNs: windows of a symbol that end at or before this are closed. UTC nanoseconds.
func (s *State) closedNs(f *symbolFrames) int64 {
	if s.ended {
		return neverNs
	}
	return max(s.completeNs, f.completeNs)
}

// Dirty: see stage.State.
func (s *State) Dirty(keys map[string]struct{}) {
	if s.feedDirty {
		keys[feedKey] = struct{}{}
		s.feedDirty = false
	}
	for _, f := range s.byName {
		f.dirty.MoveTo(keys, f.symbol)
	}
}

// AppendEntry: see stage.State; keys: feed, a symbol, or symbol/start_ns of a minute.
func (s *State) AppendEntry(dst []byte, key string) ([]byte, bool) {
	if key == feedKey {
		feed := states.BarsFeed{CompleteNs: s.completeNs, Ended: s.ended}
		return feed.AppendJSON(dst), true
	}
	symbol, text, ofMinute := strings.Cut(key, "/")
	f := s.symbols[symbol]
	if f == nil {
		return dst, false
	}
	if !ofMinute {
		entry := f.entry()
		return entry.AppendJSON(dst), true
	}
	startNs, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("%s is no key of %s: %v", key, Stage, err))
	}
	entry, exists := f.minuteEntry(startNs)
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
	symbol, text, ofMinute := strings.Cut(key, "/")
	if _, known := s.settings.Symbols[symbol]; !known {
		return fmt.Errorf("entry %s: symbol %s is not of this session", key, symbol)
	}
	f := s.symbols[symbol]
	if f == nil {
		f = s.add(symbol)
	}
	err := f.loadEntry(text, ofMinute, entry)
	if err != nil {
		return fmt.Errorf("entry %s: %w", key, err)
	}
	s.dueNs = min(s.dueNs, f.dueNs)
	return nil
}

func (f *symbolFrames) loadEntry(minute string, ofMinute bool, entry []byte) error {
	if !ofMinute {
		progress := states.SymbolProgress{}
		if err := contracts.DecodeInto(entry, &progress); err != nil {
			return err
		}
		return f.load(&progress)
	}
	startNs, err := strconv.ParseInt(minute, 10, 64)
	if err != nil {
		return err
	}
	w := states.MinuteWindow{}
	if err := contracts.DecodeInto(entry, &w); err != nil {
		return err
	}
	return f.loadMinute(startNs, &w)
}

func (s *State) loadFeed(entry []byte) error {
	feed := states.BarsFeed{}
	if err := contracts.DecodeInto(entry, &feed); err != nil {
		return fmt.Errorf("entry %s: %w", feedKey, err)
	}
	s.completeNs = feed.CompleteNs
	s.ended = feed.Ended
	return nil
}

// Keys: see stage.State.
func (s *State) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(feedKey) {
			return
		}
		for _, f := range s.byName {
			if !yield(f.symbol) {
				return
			}
			for _, w := range f.windows[minutesFrame] {
				if !yield(windows.MinuteKey(f.symbol, w.startNs)) {
					return
				}
			}
		}
	}
}

// TimerNs is the session's end, once; all other time comes with the bars.
func (s *State) TimerNs() (int64, bool) { return s.settings.EndNs, !s.ended }
