package bar_aggregator_multi

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	states "tapeline.dev/tapeline/pkg/shared/contracts/states/bar_aggregator_multi"
	"tapeline.dev/tapeline/pkg/shared/market"
)

const (
	// neverNs is later than any time: nothing is open, so nothing is due.
	neverNs = math.MaxInt64
	// openRev is the revision of a window that was not issued yet.
	openRev = -1
	// minutesFrame is the place of the minutes in frames.
	minutesFrame = 0
)

// frames are the timeframes, in the order in which bars of one time are issued.
var frames = [...]struct {
	tf      string
	topic   string
	minutes int64
}{
	{contracts.BarTf1m, "bars.1m", 1},
	{contracts.BarTf3m, "bars.3m", 3},
	{contracts.BarTf5m, "bars.5m", 5},
	{contracts.BarTf15m, "bars.15m", 15},
}

// window is one window of one timeframe.
type window struct {
	// frame is its place in frames.
	frame   int
	startNs int64
	endNs   int64
	phase   *market.Phase
	// seconds of a minute: its 1s bars, ascending; none when they cannot be corrected any more.
	seconds []part
	rev     int64
	// issued is what was last issued; nothing while hasIssued is false.
	issued    part
	hasIssued bool
}

func startsAt(w *window, startNs int64) int { return cmp.Compare(w.startNs, startNs) }

// find is the place of the 1s bar with a start, or where it belongs.
func (w *window) find(startNs int64) (at int, known bool) {
	if n := len(w.seconds); n == 0 || w.seconds[n-1].startNs < startNs {
		return n, false
	}
	return slices.BinarySearchFunc(w.seconds, startNs, func(p part, startNs int64) int {
		return cmp.Compare(p.startNs, startNs)
	})
}

// put takes a 1s bar, in place of an older revision of it.
func (w *window) put(second *part) {
	at, known := w.find(second.startNs)
	if known {
		w.seconds[at] = *second
	} else {
		w.seconds = slices.Insert(w.seconds, at, *second)
	}
}

// changed is a window that must be issued, and why.
type changed struct {
	window *window
	cause  string
}

// symbolFrames is the state of one symbol.
type symbolFrames struct {
	symbol string
	// completeNs is the end of the newest final 1s bar: windows that end at or before it are closed.
	completeNs int64
	// dueNs is the end of the open window that ends first.
	dueNs int64
	// windows by place in frames; ascending.
	windows   [len(frames)][]*window
	clock     *market.PhaseClock
	horizonNs int64
	dirty     windows.Changes
}

// phaseOf is the phase that holds a whole bar, nil for none.
func (f *symbolFrames) phaseOf(bar *contracts.Bar) *market.Phase {
	phase := f.clock.At(bar.StartNs)
	if phase == nil || bar.EndNs > phase.EndNs {
		return nil
	}
	return phase
}

// minuteAt is the window of a minute that holds a time, made when there is none.
func (f *symbolFrames) minuteAt(ns int64, phase *market.Phase) *window {
	if n := len(f.windows[minutesFrame]); n > 0 {
		if last := f.windows[minutesFrame][n-1]; last.startNs <= ns && ns < last.endNs {
			return last
		}
	}
	return f.windowAt(minutesFrame, ns, phase)
}

// take adds a 1s bar to its minute. Windows that end at or before closedNs are closed.
//
// It appends the closed windows that this changes, narrow before wide: they must be issued again.
func (f *symbolFrames) take(w *window, second *part, closedNs int64, out []changed) []changed {
	w.put(second)
	if w.rev == openRev && w.endNs > closedNs {
		return out
	}
	out = append(out, f.issue(w, contracts.BarCauseLateTick))
	for _, wider := range f.wider(w) {
		if wider.rev != openRev || wider.endNs <= closedNs {
			out = append(out, f.issue(wider, contracts.BarCauseLateTick))
		}
	}
	f.findDue()
	return out
}

// close closes the open windows that end at or before a limit, by end and width, and appends them:
// they must be issued.
func (f *symbolFrames) close(limitNs int64, cause string, out []changed) []changed {
	for f.dueNs <= limitNs {
		w := f.firstDue()
		out = append(out, f.issue(w, cause))
		if w.frame == minutesFrame {
			f.wider(w)
		}
		f.findDue()
	}
	return out
}

// prune forgets what cannot be corrected any more; windows that end at or before closedNs are
// closed.
func (f *symbolFrames) prune(closedNs int64) {
	oldestNs := closedNs - f.horizonNs
	gone := 0
	for _, minute := range f.windows[minutesFrame] {
		if minute.endNs <= oldestNs && len(minute.seconds) > 0 {
			minute.seconds = nil
			f.dirty.Minute(minute.startNs)
		}
		if f.wideEndNs(minute) <= oldestNs {
			f.dirty.Minute(minute.startNs)
			gone++
		}
	}
	f.windows[minutesFrame] = slices.Delete(f.windows[minutesFrame], 0, gone)
	for frame := minutesFrame + 1; frame < len(frames); frame++ {
		f.windows[frame] = slices.DeleteFunc(f.windows[frame], func(w *window) bool {
			return w.endNs <= oldestNs
		})
	}
}

// fillBar writes the bar of a window as issued last.
func (f *symbolFrames) fillBar(bar *contracts.Bar, w *window, atNs int64, cause string) {
	p := &w.issued
	*bar = contracts.Bar{
		AtNs:     atNs,
		Symbol:   f.symbol,
		Tf:       frames[w.frame].tf,
		StartNs:  p.startNs,
		EndNs:    p.endNs,
		Phase:    w.phase.Name,
		OpenE4:   p.openE4,
		HighE4:   p.highE4,
		LowE4:    p.lowE4,
		CloseE4:  p.closeE4,
		Volume:   windows.Traded(p.cumOpen, p.cumClose),
		NTicks:   p.nTicks,
		CumOpen:  windows.Unpacked(p.cumOpen),
		CumClose: windows.Unpacked(p.cumClose),
		FirstNs:  p.firstNs,
		LastNs:   p.lastNs,
		Rev:      p.rev,
		Final:    p.final,
		Partial:  p.partial,
		Cause:    cause,
	}
}

// entry is the symbol's own state entry.
func (f *symbolFrames) entry() states.SymbolProgress {
	numbers := []int64{}
	for frame := minutesFrame + 1; frame < len(frames); frame++ {
		for _, w := range f.windows[frame] {
			numbers = append(numbers, frames[frame].minutes, w.startNs, w.rev)
		}
	}
	return states.SymbolProgress{CompleteNs: f.completeNs, Windows: numbers}
}

// load is the inverse of entry.
func (f *symbolFrames) load(entry *states.SymbolProgress) error {
	f.completeNs = entry.CompleteNs
	if len(entry.Windows)%3 != 0 {
		return fmt.Errorf("%d numbers are no whole windows of 3", len(entry.Windows))
	}
	for saved := range slices.Chunk(entry.Windows, 3) {
		frame := 1
		for frame < len(frames) && frames[frame].minutes != saved[0] {
			frame++
		}
		if frame == len(frames) {
			return fmt.Errorf("no timeframe has %d minutes", saved[0])
		}
		w, err := f.restored(frame, saved[1])
		if err != nil {
			return err
		}
		w.rev = saved[2]
	}
	f.findDue()
	return nil
}

// minuteEntry is the state entry of one minute; false for none.
func (f *symbolFrames) minuteEntry(startNs int64) (states.MinuteWindow, bool) {
	at, known := slices.BinarySearchFunc(f.windows[minutesFrame], startNs, startsAt)
	if !known {
		return states.MinuteWindow{}, false
	}
	w := f.windows[minutesFrame][at]
	issued := []int64{}
	if w.hasIssued {
		issued = w.issued.pack(issued, startNs)
	}
	seconds := make([]int64, 0, len(w.seconds)*numbersOfPart)
	for i := range w.seconds {
		seconds = w.seconds[i].pack(seconds, startNs)
	}
	return states.MinuteWindow{Rev: w.rev, Issued: issued, Seconds: seconds}, true
}

// loadMinute is the inverse of minuteEntry.
func (f *symbolFrames) loadMinute(startNs int64, entry *states.MinuteWindow) error {
	issued, err := unpack(entry.Issued, startNs)
	if err != nil {
		return err
	}
	seconds, err := unpack(entry.Seconds, startNs)
	if err != nil {
		return err
	}
	w, err := f.restored(minutesFrame, startNs)
	if err != nil {
		return err
	}
	w.rev, w.seconds, w.hasIssued = entry.Rev, seconds, len(issued) > 0
	if w.hasIssued {
		w.issued = issued[0]
	}
	f.findDue()
	return nil
}

// restored is a saved window, without what is in it.
func (f *symbolFrames) restored(frame int, startNs int64) (*window, error) {
	phase := f.clock.At(startNs)
	if phase == nil {
		return nil, fmt.Errorf("saved window %d lies in no phase", startNs)
	}
	before := len(f.windows[frame])
	w := f.windowAt(frame, startNs, phase)
	if len(f.windows[frame]) == before {
		return nil, fmt.Errorf("saved window %d is there twice", startNs)
	}
	return w, nil
}

// issue sums a window up as its next revision.
func (f *symbolFrames) issue(w *window, cause string) changed {
	sum := part{}
	if w.frame == minutesFrame {
		sum = w.seconds[0]
		for i := 1; i < len(w.seconds); i++ {
			sum.extend(&w.seconds[i])
		}
	} else {
		sum = f.sumOfMinutes(w)
	}
	w.rev++
	sum.startNs, sum.endNs, sum.rev = w.startNs, w.endNs, w.rev
	sum.final = sum.final && cause != contracts.BarCauseFeedEnd
	w.issued, w.hasIssued = sum, true
	return changed{w, cause}
}

func (f *symbolFrames) sumOfMinutes(w *window) part {
	var sum part
	found := false
	for _, minute := range f.windows[minutesFrame] {
		switch {
		case minute.startNs < w.startNs || minute.startNs >= w.endNs || !minute.hasIssued:
		case found:
			sum.extend(&minute.issued)
		default:
			sum, found = minute.issued, true
		}
	}
	if !found {
		panic(fmt.Sprintf("%s: window %d has no minutes", f.symbol, w.startNs))
	}
	return sum
}

// wider are the wider windows of a minute, made when there are none, narrow before wide.
func (f *symbolFrames) wider(minute *window) (wider [len(frames) - 1]*window) {
	for i := range wider {
		wider[i] = f.windowAt(i+1, minute.startNs, minute.phase)
	}
	return wider
}

// windowAt is the window of a timeframe that holds a time, made when there is none.
func (f *symbolFrames) windowAt(frame int, ns int64, phase *market.Phase) *window {
	startNs, _ := windows.Of(phase, ns, frames[frame].minutes*market.MinuteNs)
	at, known := slices.BinarySearchFunc(f.windows[frame], startNs, startsAt)
	if known {
		return f.windows[frame][at]
	}
	return f.make(frame, ns, phase)
}

// make adds a new open window around a time; there must be none yet.
func (f *symbolFrames) make(frame int, ns int64, phase *market.Phase) *window {
	w := &window{frame: frame, phase: phase, rev: openRev}
	w.startNs, w.endNs = windows.Of(phase, ns, frames[frame].minutes*market.MinuteNs)
	at, _ := slices.BinarySearchFunc(f.windows[frame], w.startNs, startsAt)
	f.windows[frame] = slices.Insert(f.windows[frame], at, w)
	f.dueNs = min(f.dueNs, w.endNs)
	return w
}

// firstDue is the open window that ends first, the narrowest of several.
func (f *symbolFrames) firstDue() *window {
	var first *window
	for _, ofFrame := range f.windows {
		for _, w := range ofFrame {
			if w.rev == openRev && (first == nil || w.endNs < first.endNs) {
				first = w
			}
		}
	}
	return first
}

func (f *symbolFrames) findDue() {
	f.dueNs = neverNs
	if first := f.firstDue(); first != nil {
		f.dueNs = first.endNs
	}
}

// wideEndNs is the end of the widest window that a minute is part of.
func (f *symbolFrames) wideEndNs(minute *window) int64 {
	widest := frames[len(frames)-1].minutes * market.MinuteNs
	_, endNs := windows.Of(minute.phase, minute.startNs, widest)
	return endNs
}
