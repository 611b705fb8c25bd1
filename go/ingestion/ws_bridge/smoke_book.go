package ws_bridge

import (
	"math/bits"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
)

const (
	bp = 10_000
	// croreE4 is a crore of rupees, 10 million, in 1/10,000 rupee.
	croreE4 = 10_000_000 * 10_000
	// illiquidTurnoverE4: below 50 crore rupees a day a symbol trades once in 20 to 120 s.
	illiquidTurnoverE4 = 50 * croreE4
	// liquidTurnoverE4: from 300 crore rupees a day a symbol has the manifest's ticks_per_s; between,
	// medium of it.
	liquidTurnoverE4 = 300 * croreE4
	// bandDefaultBp is for an instrument without a band, as an index: 20 %, the market-wide halt.
	bandDefaultBp = 2_000
	levels        = 3
	// depthTable: depth quantities are drawn once, in so many sets.
	depthTable = 64
)

var (
	medium           = 0.6
	illiquidTicksPer = 1.0 / 70 // A second.
	// depthOnly is the share of ticks that only change the depth.
	depthOnly = 0.15
	// bandUsed: prices stay within this share of the price band, so that the depth does too.
	bandUsed = 0.9
)

// book is the last trade and the depth of a symbol.
type book struct {
	instrument *market.Instrument
	memory     *arena
	hasDepth   bool
	illiquid   bool
	ticksPerS  float64
	meanLots   float64
	spread     int64
	depthQty   [depthTable][2 * levels]int64
	// floor and ceiling bound the price; gridLow and gridHigh bound where the tick size holds;
	// depthLow and depthHigh where it does for the whole depth.
	floor, ceiling      float64
	gridLow, gridHigh   float64
	depthLow, depthHigh int64
	tick                int64

	priceE4 int64
	qty     int64
	volume  int64
}

// newBook makes the book of a symbol; ticksPerS is the mean rate of a liquid one, draw the
// generator of the symbol.
func newBook(
	instrument *market.Instrument, ticksPerS float64, draw *random, memory *arena,
) *book {
	b := &book{instrument: instrument, memory: memory, hasDepth: instrument.HasVolume()}
	b.illiquid = b.hasDepth && turnsOverLess(instrument, illiquidTurnoverE4)
	b.ticksPerS, b.spread = ticksPerS, 1
	if b.hasDepth && turnsOverLess(instrument, liquidTurnoverE4) {
		b.ticksPerS, b.spread = ticksPerS*medium, 2
	}
	if b.illiquid {
		b.ticksPerS, b.spread = illiquidTicksPer, 4
	}
	trades := b.ticksPerS * continuousMin * 60 * (1.0 - depthOnly)
	b.meanLots = float64(instrument.AdvShares) / trades / float64(instrument.Lot)
	for set := range b.depthQty {
		for place := range b.depthQty[set] {
			lots := 1 + int64(b.meanLots*(0.3+float64(6.0*draw.float())))
			b.depthQty[set][place] = instrument.Lot * lots
		}
	}
	bandBp := instrument.BandBp
	if bandBp == 0 {
		bandBp = bandDefaultBp
	}
	band := float64(bandBp) * bandUsed / bp
	before := float64(instrument.PrevCloseE4)
	b.floor = max(1.0, before*(1.0-band))
	b.ceiling = before * (1.0 + band)
	b.regrid(instrument.PrevCloseE4)
	b.priceE4 = instrument.RoundUp(instrument.PrevCloseE4)
	return b
}

// turnsOverLess says whether a usual day's turnover is below a limit; it may exceed 64 bits.
func turnsOverLess(instrument *market.Instrument, limitE4 uint64) bool {
	high, low := bits.Mul64(uint64(instrument.AdvShares), uint64(instrument.PrevCloseE4))
	return high == 0 && low < limitE4
}

// within is the price, or the nearest that the band allows.
func (b *book) within(price float64) float64 { return min(b.ceiling, max(b.floor, price)) }

// trade is a trade near a price, and those since the snapshot before; size is a draw in [0, 1).
func (b *book) trade(price, size float64) {
	if !(b.gridLow <= price && price < b.gridHigh) {
		price = b.within(price)
		b.regrid(int64(price))
		// The lowest price of the band may lie between two of the grid.
		price = max(price, b.gridLow)
	}
	b.priceE4 = int64(price) / b.tick * b.tick
	lots := 1 + int64(b.meanLots*3.0*size*size)
	b.qty = (1 + lots/3) * b.instrument.Lot
	b.volume += lots * b.instrument.Lot
}

// auction is one trade of a share of a usual day's volume.
func (b *book) auction(price, share float64) {
	b.trade(price, 0.0)
	lot := b.instrument.Lot
	b.qty = lot * (1 + int64(float64(b.instrument.AdvShares)*share/float64(lot)))
	b.volume += b.qty - lot
}

// row is a snapshot of the book as a tick, without its place in the order of receipt; bits is a
// draw of 7 bits that sets side and sizes.
func (b *book) row(atNs, eventNs int64, trade bool, bits uint32) *contracts.Tick {
	row := b.memory.tick()
	*row = contracts.Tick{
		AtNs:        atNs,
		Symbol:      b.instrument.Symbol,
		EventNs:     eventNs,
		LastPriceE4: b.priceE4,
		Trade:       trade,
	}
	if !b.hasDepth {
		return row
	}
	row.LastQty, row.DayVolume = b.qty, contracts.Int64(b.volume)
	bid, ask := b.priceE4, b.priceE4
	if bits&1 == 1 {
		bid -= b.spread * b.tick
	} else {
		ask += b.spread * b.tick
	}
	qty := &b.depthQty[bits>>1]
	if b.depthLow < b.priceE4 && b.priceE4 < b.depthHigh {
		row.Bids, row.Asks = b.memory.depth(), b.memory.depth()
		for n := range int64(levels) {
			row.Bids = append(row.Bids, bid-n*b.tick, qty[n])
			row.Asks = append(row.Asks, ask+n*b.tick, qty[levels+n])
		}
		return row
	}
	row.Bids = b.side(bid, qty[:levels], -b.tick, b.instrument.RoundDown)
	row.Asks = b.side(ask, qty[levels:], b.tick, b.instrument.RoundUp)
	return row
}

// side is the depth near a price where the tick size changes: each level on its own grid.
func (b *book) side(priceE4 int64, sizes []int64, step int64, round func(int64) int64) []int64 {
	side := b.memory.depth()
	for _, size := range sizes {
		if priceE4 < 1 {
			break
		}
		priceE4 = round(priceE4)
		side = append(side, priceE4, size)
		priceE4 += step
	}
	return side
}

// regrid takes the tick size that holds at a price, and the prices between which it does.
func (b *book) regrid(priceE4 int64) {
	var low, below int64
	for _, step := range b.instrument.TickTable {
		low, below, b.tick = below, step.BelowE4(), step.TickE4()
		if priceE4 < below {
			break
		}
	}
	margin := (b.spread + levels) * b.tick
	b.depthLow, b.depthHigh = low+margin, below-margin
	lowest := (int64(b.floor) + b.tick - 1) / b.tick * b.tick
	b.gridLow = float64(max(low, lowest, b.tick))
	b.gridHigh = min(float64(below), b.ceiling)
}
