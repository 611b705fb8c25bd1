package ws_bridge

import (
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/market"
)

const (
	dayMin = 1440
	// openMin is the minute of the Indian day at which factor paths pass through zero: the pre-open
	// session.
	openMin           = 9 * 60
	continuousOpenMin = 9*60 + 15
	// continuousMin: 09:15 to 15:30, over which the U shape is laid.
	continuousMin = 375
	gapMinS       = 5
	gapMaxS       = 20
)

// basis is one basis point. A variable, as are all factors here: Go computes with constants
// exactly, Python rounds after each operation.
var basis = 1e-4

// factor says how a shared price factor moves; per minute, basis points.
type factor struct {
	sigmaBp float64
	// trendBp is the drift while a trend lasts; trendShare the share of regimes that are trends.
	trendBp, trendShare float64
	// pull is the share of the distance from zero that is taken back each minute.
	pull float64
	// regimeMin and regimeMax: shortest and longest regime, minutes.
	regimeMin, regimeMax int64
	// gapBp is the standard deviation of the overnight gap.
	gapBp float64
}

var (
	marketFactor = factor{2.5, 1.2, 0.5, 0.004, 20, 60, 25.0}
	sectorFactor = factor{3.0, 2.6, 0.6, 0.006, 15, 45, 20.0}
)

// intensity is the U shape of activity over the continuous phase, mean 1: 1.8 at the ends, 0.6 at
// midday. The minute is that of the Indian day.
func intensity(minute int64) float64 {
	place := min(1.0, max(0.0, float64(minute-continuousOpenMin)/continuousMin))
	off := float64(2.0*place) - 1.0
	return 0.6 + float64(1.2*float64(off*off))
}

// minuteOfDay is the minute of the Indian day, 0 to 1439.
func minuteOfDay(ns int64) int64 { return market.IstNsOfDay(ns) / market.MinuteNs }

// path is the relative level of a factor at each minute of a day, 0 at openMin; 1441 values.
func (f *factor) path(seed int64, name string, day int64) []float64 {
	draw := seeded(seed, "factor", name, strconv.FormatInt(day, 10))
	level, drift, left := 0.0, 0.0, int64(0)
	path := make([]float64, 1, dayMin+1)
	for minute := range int64(dayMin) {
		if left == 0 {
			left = draw.between(f.regimeMin, f.regimeMax)
			up := -1.0
			if draw.float() < 0.5 {
				up = 1.0
			}
			drift = 0.0
			if draw.float() < f.trendShare {
				drift = f.trendBp * basis * up
			}
		}
		left--
		noise := f.sigmaBp * basis * draw.bell() * intensity(minute)
		level += float64(drift+noise) - float64(f.pull*level)
		path = append(path, level)
	}
	zero := path[openMin]
	for n := range path {
		path[n] -= zero
	}
	return path
}

// overnight is the relative change from the previous close to the open of a day.
func (f *factor) overnight(seed int64, name string, day int64) float64 {
	bell := seeded(seed, "overnight", name, strconv.FormatInt(day, 10)).bell()
	return bell * f.gapBp * basis
}

// gapsOf are the feed gaps of a day, of gapMinS to gapMaxS seconds, ascending. They are everyMin
// minutes apart in the mean, at least half of it; 0 = none.
func gapsOf(seed, day, everyMin int64) []gap {
	draw := seeded(seed, "gaps", strconv.FormatInt(day, 10))
	midnightNs := day*market.DayNs - market.IstOffsetNs
	var gaps []gap
	atS := int64(0)
	for everyMin > 0 {
		atS += gapMaxS + int64(float64(everyMin*60)*(0.5+draw.float()))
		lengthS := draw.between(gapMinS, gapMaxS)
		if atS+lengthS >= market.DayNs/market.SecondNs {
			break
		}
		startNs := midnightNs + atS*market.SecondNs
		silent := draw.float() < 0.5
		gaps = append(gaps, gap{startNs, startNs + lengthS*market.SecondNs, silent})
	}
	return gaps
}

// sharedMarket holds the shared factors of the days of a session, made when first asked for.
type sharedMarket struct {
	seed  int64
	paths map[pathOf][]float64
}

type pathOf struct {
	name string
	day  int64
}

func newMarket(seed int64) *sharedMarket {
	return &sharedMarket{seed: seed, paths: map[pathOf][]float64{}}
}

// level is the relative change since the open of a day that the symbols of a sector share; beta is
// the sector's sensitivity to the market, minute that of the day, 0 to 1440.
func (m *sharedMarket) level(sector string, beta float64, day, minute int64) float64 {
	all := m.path("market", day, &marketFactor)[minute]
	return float64(beta*all) + m.path("sector "+sector, day, &sectorFactor)[minute]
}

// overnight is the relative overnight gap that the symbols of a sector share.
func (m *sharedMarket) overnight(sector string, beta float64, day int64) float64 {
	all := marketFactor.overnight(m.seed, "market", day)
	return float64(beta*all) + sectorFactor.overnight(m.seed, "sector "+sector, day)
}

// beta is the sensitivity of a sector to the market, 0.7 to 1.3; the index sector is 1.
func (m *sharedMarket) beta(sector string) float64 {
	if sector == "INDEX" {
		return 1.0
	}
	return 0.7 + float64(0.6*seeded(m.seed, sector).float())
}

func (m *sharedMarket) path(name string, day int64, f *factor) []float64 {
	key := pathOf{name, day}
	if path, found := m.paths[key]; found {
		return path
	}
	for each := range m.paths {
		if each.day < day {
			delete(m.paths, each)
		}
	}
	m.paths[key] = f.path(m.seed, name, day)
	return m.paths[key]
}
