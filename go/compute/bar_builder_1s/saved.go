package bar_builder_1s

import (
	"fmt"
	"slices"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/market"
)

// appendTrades appends the trades of a window as integers: count, then four for each.
func appendTrades(numbers []int64, w *window) []int64 {
	numbers = append(numbers, int64(len(w.trades)))
	for _, t := range w.trades {
		numbers = append(numbers, t.eventNs-w.startNs, t.dayVolume, t.priceE4, t.qty)
	}
	return numbers
}

// savedWindows reads windows from the numbers of a state entry.
type savedWindows struct {
	numbers []int64
	clock   *market.PhaseClock
	err     error
}

func (s *savedWindows) more() bool { return s.err == nil && len(s.numbers) > 0 }

// next takes a window; withRev says whether its revision stands before its trades. When the numbers
// make none, it sets err.
func (s *savedWindows) next(withRev bool) *window {
	head := 2
	if withRev {
		head = 3
	}
	if len(s.numbers) < head {
		return s.fail("a window ends early")
	}
	startNs, count := s.numbers[0], s.numbers[head-1]
	phase := s.clock.At(startNs)
	if phase == nil {
		return s.fail("saved window %d lies in no phase", startNs)
	}
	w := &window{startNs: startNs, phase: phase}
	_, w.endNs = windows.Of(phase, startNs, widthNs)
	if withRev {
		w.rev = s.numbers[1]
	}
	s.numbers = s.numbers[head:]
	if count < 1 || count > int64(len(s.numbers)/4) {
		return s.fail("saved window %d: %d trades in %d numbers", startNs, count, len(s.numbers))
	}
	for fields := range slices.Chunk(s.numbers[:4*count], 4) {
		t := trade{startNs + fields[0], fields[1], fields[2], fields[3]}
		w.trades = append(w.trades, t)
	}
	s.numbers = s.numbers[4*count:]
	return w
}

func (s *savedWindows) fail(format string, args ...any) *window {
	s.err = fmt.Errorf(format, args...)
	return nil
}

// pool keeps windows that were pruned, for the next ones: a window is made for nearly every tick,
// and its trades take a slice. It holds no more than were once in use.
type pool struct {
	spare []*window
}

func (p *pool) window(startNs, endNs int64, phase *market.Phase, first trade) *window {
	var w *window
	if n := len(p.spare); n > 0 {
		w, p.spare = p.spare[n-1], p.spare[:n-1]
	} else {
		w = &window{}
	}
	*w = window{startNs: startNs, endNs: endNs, phase: phase, trades: append(w.trades[:0], first)}
	return w
}

func (p *pool) free(w *window) { p.spare = append(p.spare, w) }
