package ws_bridge

import (
	"cmp"
	"io"
	"maps"
	"math"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// part is a part [startNs, endNs) of a span, at most a minute long.
type part struct {
	startNs, endNs int64
	// limitNs is the start of the next part: what is received before it can be delivered with this
	// one.
	limitNs int64
}

// smokeSource makes the records of a session, a minute at a time.
type smokeSource struct {
	settings *Settings
	gaps     map[int64][]gap
	symbols  []*smokeSymbol
	// toCome are the phases of each class that do not lie before the present part.
	toCome map[string][]market.Phase
	spans  []span
	// nextNs is where the next part starts, within the first span.
	nextNs int64
	order  []place
}

// place is a record's time and its number in the chunk.
type place struct {
	atNs int64
	n    int
}

// smokeChunks makes chunks of the whole session, a minute each, in at_ns order.
func smokeChunks(settings *Settings) chunks {
	s := &smokeSource{
		settings: settings,
		gaps:     map[int64][]gap{},
		toCome:   maps.Clone(settings.Phases),
	}
	shared, memory := newMarket(settings.Seed), &arena{}
	for n := range settings.Instruments {
		s.symbols = append(s.symbols, newSymbol(&settings.Instruments[n], settings, shared, memory))
	}
	s.spans = spansOf(settings.Phases, settings.BeatTailS, s.gapsOfDays())
	if len(s.spans) > 0 {
		s.nextNs = s.spans[0].startNs
	}
	return s.next
}

// gapsOfDays makes the feed gaps by day, and all of them, ascending.
func (s *smokeSource) gapsOfDays() []gap {
	for _, phases := range s.settings.Phases {
		for _, phase := range phases {
			s.gaps[phase.Day] = nil
		}
	}
	var all []gap
	for _, day := range slices.Sorted(maps.Keys(s.gaps)) {
		s.gaps[day] = gapsOf(s.settings.Seed, day, s.settings.Smoke.GapEveryMin)
		all = append(all, s.gaps[day]...)
	}
	return all
}

func (s *smokeSource) next() ([]stage.Output, error) {
	part, found := s.nextPart()
	if !found {
		return nil, io.EOF
	}
	near := s.gaps[market.IstDay(part.startNs)]
	chunk := appendBeats(nil, part.startNs, part.endNs, near)
	for class := range s.toCome {
		s.forget(class, part.startNs)
	}
	for _, symbol := range s.symbols {
		for _, phase := range s.toCome[symbol.book.instrument.InstrumentClass] {
			if phase.StartNs >= part.endNs {
				break
			}
			from, to := max(phase.StartNs, part.startNs), min(phase.EndNs, part.endNs)
			symbol.generate(phase, from, to, near)
		}
		chunk = symbol.take(chunk, part.limitNs)
	}
	return s.sorted(chunk), nil
}

// nextPart cuts the spans at whole minutes.
func (s *smokeSource) nextPart() (part, bool) {
	if len(s.spans) == 0 {
		return part{}, false
	}
	first := s.spans[0]
	endNs := min(first.endNs, (s.nextNs/market.MinuteNs+1)*market.MinuteNs)
	found := part{s.nextNs, endNs, endNs}
	s.nextNs = endNs
	if endNs == first.endNs {
		s.spans = s.spans[1:]
		s.nextNs = math.MaxInt64
		if len(s.spans) > 0 {
			s.nextNs = s.spans[0].startNs
		}
		found.limitNs = s.nextNs
	}
	return found, true
}

// forget drops the phases of a class that lie before a time, which never goes back.
func (s *smokeSource) forget(class string, ns int64) {
	phases := s.toCome[class]
	for len(phases) > 0 && phases[0].EndNs <= ns {
		phases = phases[1:]
	}
	s.toCome[class] = phases
}

// sorted puts a chunk into at_ns order; what has the same time keeps its order.
func (s *smokeSource) sorted(chunk []stage.Output) []stage.Output {
	s.order = s.order[:0]
	for n := range chunk {
		s.order = append(s.order, place{chunk[n].Message.At(), n})
	}
	slices.SortFunc(s.order, func(a, b place) int {
		if a.atNs != b.atNs {
			return cmp.Compare(a.atNs, b.atNs)
		}
		return cmp.Compare(a.n, b.n)
	})
	found := make([]stage.Output, len(chunk))
	for to, from := range s.order {
		found[to] = chunk[from.n]
	}
	return found
}
