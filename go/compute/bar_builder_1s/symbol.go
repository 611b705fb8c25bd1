package bar_builder_1s

import (
	"cmp"
	"math"
	"slices"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	states "tapeline.dev/tapeline/pkg/shared/contracts/states/bar_builder_1s"
	"tapeline.dev/tapeline/pkg/shared/market"
)

const (
	widthNs = market.SecondNs
	// neverNs is later than any time: nothing is open, so nothing is due.
	neverNs = math.MaxInt64
	bp      = 10_000
)

// closedPhase is the phase of no time.
var closedPhase = market.Phase{Name: "closed", Day: -1}

// trade is the identity of a trade tick in its window, and its rank: the first is the open, the
// last the close. A volume that is null is windows.NoVolume.
type trade struct {
	eventNs   int64
	dayVolume int64
	priceE4   int64
	qty       int64
}

func (t trade) compare(other trade) int {
	return cmp.Or(
		cmp.Compare(t.eventNs, other.eventNs),
		cmp.Compare(t.dayVolume, other.dayVolume),
		cmp.Compare(t.priceE4, other.priceE4),
		cmp.Compare(t.qty, other.qty),
	)
}

// issue is what makes a revision of a bar: its at_ns, its cause, and whether it is final, that is,
// whether the watermark has passed the window's end.
type issue struct {
	atNs  int64
	cause string
	final bool
}

// window is one window; open until its bar is issued, then closed.
type window struct {
	startNs int64
	endNs   int64
	phase   *market.Phase
	// trades: ascending, without repeats, at least one.
	trades []trade
	rev    int64
}

func startsAt(w *window, startNs int64) int { return cmp.Compare(w.startNs, startNs) }

// lastTrade is the newest trade of a window.
func (w *window) lastTrade() *trade { return &w.trades[len(w.trades)-1] }

// add takes a trade; false when it holds it already.
func (w *window) add(t trade) bool {
	if t.compare(*w.lastTrade()) > 0 {
		w.trades = append(w.trades, t)
		return true
	}
	at, known := slices.BinarySearchFunc(w.trades, t, trade.compare)
	if known {
		return false
	}
	w.trades = slices.Insert(w.trades, at, t)
	return true
}

// fillBar writes the present revision of a window's bar. partial says that cumOpen, the cumulative
// volume of the day before the window, is only an upper bound.
func fillBar(bar *contracts.Bar, symbol string, w *window, from baseline, by issue) {
	first, last := &w.trades[0], w.lastTrade()
	highE4, lowE4 := first.priceE4, first.priceE4
	for i := 1; i < len(w.trades); i++ {
		highE4 = max(highE4, w.trades[i].priceE4)
		lowE4 = min(lowE4, w.trades[i].priceE4)
	}
	*bar = contracts.Bar{
		AtNs:     by.atNs,
		Symbol:   symbol,
		Tf:       contracts.BarTf1s,
		StartNs:  w.startNs,
		EndNs:    w.endNs,
		Phase:    w.phase.Name,
		OpenE4:   first.priceE4,
		HighE4:   highE4,
		LowE4:    lowE4,
		CloseE4:  last.priceE4,
		Volume:   windows.Traded(from.cumOpen, last.dayVolume),
		NTicks:   int64(len(w.trades)),
		CumOpen:  windows.Unpacked(from.cumOpen),
		CumClose: windows.Unpacked(last.dayVolume),
		FirstNs:  first.eventNs,
		LastNs:   last.eventNs,
		Rev:      w.rev,
		Final:    by.final,
		Partial:  from.partial,
		Cause:    by.cause,
	}
}

// baseline is the cumulative volume before a window; partial when it is only an upper bound.
type baseline struct {
	cumOpen int64
	partial bool
}

// symbolBars is the state of one symbol.
type symbolBars struct {
	symbol      string
	hasVolume   bool
	firstNs     int64
	watermarkNs int64
	day         int64
	open        []*window
	// newest is the last of open: where the next tick most likely belongs.
	newest *window
	// phase of the newest tick, kept to save a search.
	phase *market.Phase
	// closed: ascending; the first stays when its horizon has passed: it is the next one's baseline.
	closed []*window
	// dueNs is the end of the oldest open window.
	dueNs int64
	// minute in which the newest closed window starts, counted from 1970-01-01.
	minute     int64
	baseE4     int64
	baseLowE4  int64
	baseHighE4 int64
	dirty      windows.Changes

	rules    SymbolRules
	clock    *market.PhaseClock
	settings *Settings
	seenByNs map[int64]int64
	pool     *pool
}

func newSymbolBars(
	symbol string, clock *market.PhaseClock, settings *Settings, pool *pool,
) *symbolBars {
	rules := settings.Symbols[symbol]
	clipped := settings.ClippedDays[rules.InstrumentClass]
	b := &symbolBars{
		symbol:    symbol,
		hasVolume: rules.HasVolume,
		firstNs:   neverNs,
		day:       -1,
		phase:     &closedPhase,
		dueNs:     neverNs,
		minute:    -1,
		rules:     rules,
		clock:     clock,
		settings:  settings,
		seenByNs:  seenBy(clock.Phases(), clipped, settings.BaselineWaitS),
		pool:      pool,
	}
	b.setBase(rules.PrevCloseE4)
	return b
}

// phaseAt is the phase that holds a time, nil for none; its day, when new, moves the centre of the
// price band.
func (b *symbolBars) phaseAt(eventNs int64) *market.Phase {
	phase := b.clock.At(eventNs)
	if phase == nil {
		return nil
	}
	b.phase = phase
	if phase.Day > b.day {
		b.day = phase.Day
		if len(b.closed) > 0 {
			b.setBase(b.lastClosed().lastTrade().priceE4)
		}
	}
	return phase
}

func (b *symbolBars) lastClosed() *window { return b.closed[len(b.closed)-1] }

// believes says whether a price outside the band of the day's base lies in that of the last bar.
//
// In an auction, and before the day's first bar, the wide auction band holds. The last closed
// window is the reference, not the last tick, so that no order of arrival matters.
func (b *symbolBars) believes(priceE4 int64, phase *market.Phase) bool {
	referenceE4, discovers := b.baseE4, true
	if len(b.closed) > 0 {
		last := b.lastClosed()
		referenceE4, discovers = last.lastTrade().priceE4, last.phase.Day != phase.Day
	}
	bandBp := b.rules.BandBp
	if discovers || phase.Name == market.PreOpen || phase.Name == market.ClosingAuction {
		bandBp = max(bandBp, b.settings.AuctionBandBp)
	}
	distanceE4 := max(priceE4-referenceE4, referenceE4-priceE4)
	return distanceE4*bp <= referenceE4*bandBp
}

// place adds a trade to the open window [startNs, endNs), made when there is none; false when the
// trade was there already.
func (b *symbolBars) place(startNs, endNs int64, phase *market.Phase, t trade) bool {
	at, known := slices.BinarySearchFunc(b.open, startNs, startsAt)
	if known {
		return b.open[at].add(t)
	}
	b.open = slices.Insert(b.open, at, b.pool.window(startNs, endNs, phase, t))
	b.newest = b.open[len(b.open)-1]
	b.dueNs = b.open[0].endNs
	return true
}

// correct adds a late trade to its closed window, made when there is none.
//
// It returns the place in closed of the first bar that changed, and how many did: the window's, and
// the next one's when its baseline did. None when the trade was there already. feedFirstNs: see
// baseline.
func (b *symbolBars) correct(l late, feedFirstNs int64) (first, changed int) {
	at, known := slices.BinarySearchFunc(b.closed, l.startNs, startsAt)
	after := at
	if known {
		after++
	}
	hasNext := after < len(b.closed)
	var before baseline
	if hasNext {
		before = b.baseline(after, feedFirstNs)
	}
	if !known {
		b.closed = slices.Insert(b.closed, at, b.pool.window(l.startNs, l.endNs, l.phase, l.trade))
		b.turnMinute()
	} else if b.closed[at].add(l.trade) {
		b.closed[at].rev++
	} else {
		return at, 0
	}
	if !hasNext || before == b.baseline(at+1, feedFirstNs) {
		return at, 1
	}
	b.closed[at+1].rev++
	return at, 2
}

// baseline is the cumulative volume before closed[at]. feedFirstNs is when the first heartbeat was
// received.
func (b *symbolBars) baseline(at int, feedFirstNs int64) baseline {
	w := b.closed[at]
	day := w.phase.Day
	if at > 0 {
		if previous := b.closed[at-1]; previous.phase.Day == day {
			return baseline{previous.lastTrade().dayVolume, false}
		}
	}
	if !b.hasVolume {
		return baseline{windows.NoVolume, false}
	}
	seenByNs, known := b.seenByNs[day]
	if known && min(b.firstNs, feedFirstNs) <= seenByNs {
		return baseline{0, false}
	}
	return baseline{w.trades[0].dayVolume, true}
}

// turnMinute notes in which minute the newest closed window starts.
func (b *symbolBars) turnMinute() { b.minute = minuteOf(b.lastClosed().startNs) }

// prune forgets whole minutes of closed windows, but for the last, which is the baseline. No window
// that ends at or before the limit can be corrected any more.
func (b *symbolBars) prune(limitNs int64) {
	oldestNs := minuteOf(limitNs-widthNs) * market.MinuteNs
	gone, _ := slices.BinarySearchFunc(b.closed, oldestNs, startsAt)
	if gone == 0 {
		return
	}
	keptMinute := minuteOf(b.closed[gone-1].startNs)
	gone, _ = slices.BinarySearchFunc(b.closed, keptMinute*market.MinuteNs, startsAt)
	for _, w := range b.closed[:gone] {
		b.dirty.Minute(minuteOf(w.startNs))
		b.pool.free(w)
	}
	b.closed = slices.Delete(b.closed, 0, gone)
}

// entry is the symbol's own state entry.
func (b *symbolBars) entry() states.SymbolWindows {
	numbers := []int64{}
	for _, w := range b.open {
		numbers = appendTrades(append(numbers, w.startNs), w)
	}
	return states.SymbolWindows{
		FirstNs: b.firstNs, WatermarkNs: b.watermarkNs, Day: b.day, BaseE4: b.baseE4, Open: numbers,
	}
}

// load is the inverse of entry.
func (b *symbolBars) load(entry *states.SymbolWindows) error {
	b.firstNs = entry.FirstNs
	b.watermarkNs = entry.WatermarkNs
	b.day = entry.Day
	b.setBase(entry.BaseE4)
	saved := savedWindows{numbers: entry.Open, clock: b.clock}
	for saved.more() {
		b.open = append(b.open, saved.next(false))
	}
	if saved.err != nil || len(b.open) == 0 {
		return saved.err
	}
	b.newest = b.open[len(b.open)-1]
	b.dueNs = b.open[0].endNs
	return nil
}

// minuteEntry is the state entry of the closed windows that start in a UTC minute; false for none.
func (b *symbolBars) minuteEntry(minute int64) (states.ClosedMinute, bool) {
	first, _ := slices.BinarySearchFunc(b.closed, minute*market.MinuteNs, startsAt)
	last, _ := slices.BinarySearchFunc(b.closed, (minute+1)*market.MinuteNs, startsAt)
	var numbers []int64
	for _, w := range b.closed[first:last] {
		numbers = appendTrades(append(numbers, w.startNs, w.rev), w)
	}
	return states.ClosedMinute{Windows: numbers}, first < last
}

// loadMinute is the inverse of minuteEntry; minutes may come in any order.
func (b *symbolBars) loadMinute(entry *states.ClosedMinute) error {
	saved := savedWindows{numbers: entry.Windows, clock: b.clock}
	for saved.more() {
		b.closed = append(b.closed, saved.next(true))
	}
	if saved.err != nil || len(b.closed) == 0 {
		return saved.err
	}
	slices.SortFunc(b.closed, func(a, b *window) int { return cmp.Compare(a.startNs, b.startNs) })
	b.turnMinute()
	return nil
}

// setBase precomputes the band around the day's base: most ticks need no more than that.
func (b *symbolBars) setBase(baseE4 int64) {
	reachE4 := baseE4 * b.rules.BandBp / bp
	b.baseE4 = baseE4
	b.baseLowE4 = baseE4 - reachE4
	b.baseHighE4 = baseE4 + reachE4
}

// seenBy is, by day, the latest first event from which the day's volume is known to start at zero.
func seenBy(phases []market.Phase, clipped []int64, waitS int64) map[int64]int64 {
	starts := map[int64]int64{}
	for _, phase := range phases {
		if _, known := starts[phase.Day]; !known && !slices.Contains(clipped, phase.Day) {
			starts[phase.Day] = phase.StartNs + waitS*market.SecondNs
		}
	}
	return starts
}

// minuteOf counts UTC minutes from 1970-01-01, rounded down also before it.
func minuteOf(ns int64) int64 {
	minute := ns / market.MinuteNs
	if ns%market.MinuteNs < 0 {
		minute--
	}
	return minute
}
