package ws_bridge

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	// latencyMinUs and latencySpanUs: exchange to us in 20 to 250 ms, mostly near the lower end.
	latencyMinUs  = 20_000
	latencySpanUs = 230_000
	lateMaxNs     = 601 * market.SecondNs
	// gapFlushNs: after a gap everything held back arrives within this time, in order.
	gapFlushNs = 600_000_000
	// matchingNs: the pre-open session matches in its eighth minute, 09:07 to 09:08 (NSE, call auction
	// in the pre-open session).
	matchingNs = 7 * market.MinuteNs
)

var (
	// beyond is the share of the late ticks that are 1 to 10 minutes late rather than 1 to 20 s.
	beyond = 0.05
	// burst is the share of minutes with a burst of 5 ticks a second for 4 to 10 s.
	burst      = 0.02
	ownSigmaBp = 7.0
	ownPull    = 1.0 / 30
	// kick is the probability a minute of a kick of 20 to 50 bp.
	kick = 1.0 / 60
	// minuteNoiseBp is the standard deviation of what the price wanders within a minute.
	minuteNoiseBp = 5.0
	// openAuctionShare and closeAuctionShare: shares of a day's volume that the auctions trade.
	openAuctionShare  = 0.02
	closeAuctionShare = 0.05
)

// smokeSymbol is the generator of one symbol, advanced by parts of minutes in time order.
//
// The price is base x (1 + shared factors) x (1 + own part). The own part reverts to zero with a
// half-life of about 20 minutes and is kicked now and then, so that the spread of two symbols of a
// sector (which share everything else) reverts too. Within a minute the price is a bridge from one
// minute's value to the next.
type smokeSymbol struct {
	source  *SmokeSource
	market  *sharedMarket
	sector  string
	beta    float64
	closeNs map[int64]int64
	draw    *random
	book    *book
	base    float64
	own     float64
	price   float64
	day     int64
	minute  int64
	phase   market.Phase
	entered bool
	nextNs  int64

	auctionNs    int64
	auctionShare float64
	rows         []*contracts.Tick
	seq          int64
	sentNs       int64
	times        []int64
}

func newSymbol(
	instrument *market.Instrument, settings *Settings, shared *sharedMarket, memory *arena,
) *smokeSymbol {
	sector, found := settings.Sectors[instrument.Symbol]
	if !found {
		sector = instrument.Symbol
	}
	s := &smokeSymbol{
		source:  settings.Smoke,
		market:  shared,
		sector:  sector,
		beta:    shared.beta(sector),
		closeNs: map[int64]int64{},
		draw:    seeded(settings.Seed, "symbol", instrument.Symbol),
		base:    float64(instrument.PrevCloseE4),
		day:     -1,
	}
	for _, phase := range settings.Phases[instrument.InstrumentClass] {
		s.closeNs[phase.Day] = phase.EndNs + settings.BeatTailS*market.SecondNs
	}
	s.book = newBook(instrument, settings.Smoke.TicksPerS, s.draw, memory)
	s.own = 2.0 * ownSigmaBp * basis * s.draw.bell()
	s.price = s.base
	return s
}

// generate makes the ticks whose exchange time lies in [startNs, endNs), a part of one minute.
func (s *smokeSymbol) generate(phase market.Phase, startNs, endNs int64, gaps []gap) {
	if phase.Day != s.day {
		s.openDay(phase.Day)
	}
	if !s.entered || phase != s.phase {
		s.enter(phase, startNs)
	}
	s.minute = minuteOfDay(startNs)
	before := len(s.rows)
	switch phase.Name {
	case market.Continuous:
		s.continuous(startNs, endNs)
	case market.PreOpen, market.ClosingAuction:
		s.auction(startNs, endNs)
	case market.PostClose:
		s.postClose(endNs)
	}
	for _, each := range gaps {
		if each.startNs < endNs+lateMaxNs && startNs < each.endNs {
			for _, row := range s.rows[before:] {
				each.hold(row)
			}
		}
	}
}

// take appends the ticks received before a time, in order of receipt, each at a time of its own.
// The time is at most the end of what was generated, or of the time without trading after it.
func (s *smokeSymbol) take(out []stage.Output, limitNs int64) []stage.Output {
	slices.SortFunc(s.rows, compareRows)
	end := len(s.rows)
	for end > 0 && s.rows[end-1].AtNs >= limitNs {
		end--
	}
	symbol := s.book.instrument.Symbol
	for _, row := range s.rows[:end] {
		s.sentNs = max(row.AtNs, s.sentNs+1)
		row.AtNs, row.Seq = s.sentNs, s.seq
		s.seq++
		out = append(out, stage.Output{Topic: ticksTopic, Key: symbol, Message: row})
	}
	s.rows = slices.Delete(s.rows, 0, end)
	return out
}

// compareRows orders rows by receipt, and then by everything else that they hold.
func compareRows(a, b *contracts.Tick) int {
	if c := cmp.Compare(a.AtNs, b.AtNs); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.EventNs, b.EventNs),
		cmp.Compare(a.LastPriceE4, b.LastPriceE4),
		cmp.Compare(a.LastQty, b.LastQty),
		cmp.Compare(a.DayVolume.Value, b.DayVolume.Value),
		compareBool(a.Trade, b.Trade),
		slices.Compare(a.Bids, b.Bids),
		slices.Compare(a.Asks, b.Asks),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// openDay carries the close over the night; volume and sequence start again.
func (s *smokeSymbol) openDay(day int64) {
	if len(s.rows) > 0 {
		panic("ticks of a day must be taken before the next one begins")
	}
	if s.day >= 0 {
		s.base *= 1.0 + s.market.level(s.sector, s.beta, s.day, s.minute+1)
	}
	s.base *= 1.0 + s.market.overnight(s.sector, s.beta, day)
	s.day = day
	s.seq = 0
	s.book.volume = 0
}

func (s *smokeSymbol) enter(phase market.Phase, startNs int64) {
	s.phase, s.entered = phase, true
	s.price = s.fair(minuteOfDay(startNs))
	s.nextNs = startNs + int64(s.draw.float()*20*float64(market.SecondNs))
	s.auctionNs = auctionNs(phase, s.draw.float())
	s.auctionShare = closeAuctionShare
	if phase.Name == market.PreOpen {
		s.auctionShare = openAuctionShare
	}
}

// fair is the price at a minute of the day, 1/10,000 rupee.
func (s *smokeSymbol) fair(minute int64) float64 {
	shared := s.market.level(s.sector, s.beta, s.day, minute)
	return s.book.within(s.base * (1.0 + shared) * (1.0 + s.own))
}

func (s *smokeSymbol) continuous(startNs, endNs int64) {
	s.own += float64(ownSigmaBp*basis*s.draw.bell()) - float64(ownPull*s.own)
	if s.draw.float() < kick {
		by := (20.0 + float64(30.0*s.draw.float())) * basis
		if s.draw.float() < 0.5 {
			s.own += by
		} else {
			s.own -= by
		}
	}
	times := s.timesOf(startNs, endNs)
	s.trades(times, s.fair(s.minute+1))
}

// timesOf are the exchange times of the ticks in a part of a minute, whole milliseconds, ascending.
func (s *smokeSymbol) timesOf(startNs, endNs int64) []int64 {
	if s.book.illiquid {
		return s.sparse(endNs, 20, 120)
	}
	times, r := s.times[:0], s.draw.float
	spanMs := (endNs - startNs) / market.MsNs
	mean := s.book.ticksPerS * intensity(s.minute) * float64(spanMs) / 1000.0
	share := 0.75 + float64(0.5*r())
	count := int64(float64(mean*share) + r())
	step := 0.0
	if count > 0 {
		step = float64(spanMs) / float64(count)
	}
	for i := range count {
		times = append(times, startNs+int64((float64(i)+r())*step)*market.MsNs)
	}
	if r() < burst && spanMs > 20_000 {
		firstMs := int64(r() * float64(spanMs-10_000))
		lengthMs := 4_000 + int64(r()*6_000)
		for range lengthMs / 200 {
			times = append(times, startNs+(firstMs+int64(r()*float64(lengthMs)))*market.MsNs)
		}
		slices.Sort(times)
	}
	s.times = times
	return times
}

// sparse are times every leastS to mostS seconds, carried on from the part before.
func (s *smokeSymbol) sparse(endNs int64, leastS, mostS float64) []int64 {
	times := s.times[:0]
	for s.nextNs < endNs {
		times = append(times, s.nextNs/market.MsNs*market.MsNs)
		waitS := leastS + float64((mostS-leastS)*s.draw.float())
		s.nextNs += int64(waitS * float64(market.SecondNs))
	}
	s.times = times
	return times
}

// trades makes a tick at each time, on a bridge from the present price to the target.
func (s *smokeSymbol) trades(times []int64, target float64) {
	draw, price := s.draw, s.price
	left := float64(len(times))
	scale := price * minuteNoiseBp * basis * math.Sqrt(6.0/left)
	late := 1.0 - float64(s.source.LateBp)/bp
	faulty := 1.0 - float64(s.source.LateBp+s.source.DuplicateBp)/bp
	for _, eventNs := range times {
		wander := draw.float() + draw.float() - 1.0
		price += (target-price)/left + float64(scale*wander)
		left--
		kind := draw.float()
		trade := kind >= depthOnly || !s.book.hasDepth
		if trade {
			s.book.trade(price, draw.float())
		}
		delay := draw.float()
		us := latencyMinUs + float64(latencySpanUs*delay*delay)
		row := s.book.row(eventNs+int64(us)*market.UsNs, eventNs, trade, draw.bits(7))
		switch {
		case kind >= late:
			row.AtNs = s.delayed(row.AtNs)
		case kind >= faulty:
			again := s.book.memory.tick()
			*again = *row
			again.AtNs += int64(draw.float()*500_000) * market.UsNs
			s.rows = append(s.rows, again)
		}
		s.rows = append(s.rows, row)
	}
	s.price = price
}

// delayed is the time of receipt of a late tick; at the latest when the heartbeats of its day end.
func (s *smokeSymbol) delayed(atNs int64) int64 {
	var lateS float64
	if s.draw.float() < beyond {
		lateS = 60.0 + float64(540.0*s.draw.float())
	} else {
		lateS = 1.0 + float64(19.0*s.draw.float())
	}
	return min(atNs+int64(lateS*1e6)*market.UsNs, s.closeNs[s.day])
}

// auction makes depth until the auction matches, then its one print.
func (s *smokeSymbol) auction(startNs, endNs int64) {
	for _, eventNs := range s.sparse(endNs, 2, 8) {
		if eventNs < s.auctionNs && s.book.hasDepth {
			atNs := s.soon(eventNs) // Drawn before the depth; the print's is drawn after it.
			s.rows = append(s.rows, s.book.row(atNs, eventNs, false, s.draw.bits(7)))
		}
	}
	if startNs <= s.auctionNs && s.auctionNs < endNs {
		s.book.auction(s.fair(s.minute), s.auctionShare)
		drawn := s.draw.bits(7)
		s.rows = append(s.rows, s.book.row(s.soon(s.auctionNs), s.auctionNs, true, drawn))
	}
}

// postClose makes a few trades, all at the last price.
func (s *smokeSymbol) postClose(endNs int64) {
	for _, eventNs := range s.sparse(endNs, 10, 60) {
		s.book.trade(float64(s.book.priceE4), s.draw.float())
		drawn := s.draw.bits(7)
		s.rows = append(s.rows, s.book.row(s.soon(eventNs), eventNs, true, drawn))
	}
}

// soon is the time of receipt of a tick in quiet times.
func (s *smokeSymbol) soon(eventNs int64) int64 {
	us := latencyMinUs + float64(latencySpanUs*s.draw.float())
	return eventNs + int64(us)*market.UsNs
}

// auctionNs is the exchange time at which an auction phase matches, whole milliseconds. The phase,
// pre_open or closing_auction, may be clipped to the session's window; place is a draw in [0, 1).
func auctionNs(phase market.Phase, place float64) int64 {
	lengthNs := phase.EndNs - phase.StartNs
	firstNs, spanNs := lengthNs*3/4, lengthNs/5
	if phase.Name == market.PreOpen {
		firstNs = max(0, min(matchingNs, lengthNs-market.MinuteNs))
		spanNs = min(market.MinuteNs, lengthNs-firstNs)
	}
	withinNs := firstNs + int64(place*float64(spanNs))
	return phase.StartNs + withinNs/market.MsNs*market.MsNs
}

// hold moves a tick behind the gap when it would have come within it.
func (g gap) hold(row *contracts.Tick) {
	if row.AtNs < g.startNs || row.AtNs >= g.endNs {
		return
	}
	// 20 s times 600 ms do not fit into 64 bits.
	high, low := bits.Mul64(uint64(row.AtNs-g.startNs), gapFlushNs)
	shareNs, _ := bits.Div64(high, low, uint64(g.endNs-g.startNs))
	row.AtNs = g.endNs + int64(shareNs)
}
