package ws_bridge

import (
	"math"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
)

func TestSmokeTicksAreNumberedAndHaveTimesOfTheirOwn(t *testing.T) {
	from := document()
	from["instruments"] = []any{share("HDFCBANK"), share("INFY")}
	from["source"].(map[string]any)["duplicate_bp"] = 1000
	found := all(t, from)
	inOrder(t, found)
	type when struct {
		key  string
		atNs int64
	}
	count, seen := map[string]int64{}, map[when]bool{}
	for _, each := range found {
		if place := (when{each.Key, each.Message.At()}); seen[place] {
			t.Fatalf("%v has two records", place)
		} else {
			seen[place] = true
		}
		tick, isTick := each.Message.(*contracts.Tick)
		if !isTick {
			continue
		}
		if tick.Seq != count[each.Key] || tick.AtNs < tick.EventNs {
			t.Fatalf("%+v after %d", tick, count[each.Key])
		}
		count[each.Key]++
	}
	if len(count) != 2 || count["INFY"] < 1000 {
		t.Errorf("%v", count)
	}
}

func TestASymbolChangesNothingForTheOthers(t *testing.T) {
	both := document()
	both["instruments"] = []any{share("HDFCBANK"), share("INFY")}
	of := func(d map[string]any) []byte {
		var bytes []byte
		for _, each := range all(t, d) {
			if each.Key == "INFY" {
				bytes = each.Message.AppendJSON(bytes)
			}
		}
		return bytes
	}
	alone, together := of(document()), of(both)
	if len(alone) == 0 || string(alone) != string(together) {
		t.Error("ticks of INFY depend on HDFCBANK")
	}
}

func bookOf(changes map[string]any) *book {
	from := share("AAA")
	for key, value := range changes {
		from[key] = value
	}
	d := document()
	d["instruments"] = []any{from}
	settings, err := read(d)
	if err != nil {
		panic(err)
	}
	return newBook(&settings.Instruments[0], 0.75, seeded(1, "AAA"), &arena{})
}

func TestTheBookOfAShareNearZeroHasFewerBidsAndStaysOnTheGrid(t *testing.T) {
	b := bookOf(map[string]any{
		"prev_close_e4": 500, "band_bp": 9_000, "adv_shares": int64(10_000_000_000),
	})
	for drawn := range uint32(2) {
		b.trade(200.0, 0.5)
		row := b.row(1, 1, true, drawn)
		for n := 0; n < len(row.Bids); n += 2 {
			if row.Bids[n] < 100 {
				t.Errorf("bid of %d", row.Bids[n])
			}
		}
		if len(row.Asks) != 6 || len(row.Bids) >= 6 {
			t.Errorf("%v %v", row.Bids, row.Asks)
		}
	}
}

func TestTheBookChangesItsGridWhereTheTickSizeDoes(t *testing.T) {
	b := bookOf(map[string]any{"prev_close_e4": 2_500_500})
	for price, want := range map[float64]int64{2_499_950.0: 2_499_900, 2_500_950.0: 2_500_500} {
		b.trade(price, 0.0)
		row := b.row(1, 1, true, 1)
		if row.LastPriceE4 != want {
			t.Errorf("%v gave %d", price, row.LastPriceE4)
		}
		for _, side := range [][]int64{row.Bids, row.Asks} {
			for n := 0; n < len(side); n += 2 {
				if side[n] != b.instrument.RoundUp(side[n]) {
					t.Errorf("%d is not on the grid", side[n])
				}
			}
		}
	}
}

func TestATurnoverBeyond64BitsIsLiquid(t *testing.T) {
	b := bookOf(map[string]any{"prev_close_e4": int64(1e12), "adv_shares": int64(1e12)})
	if b.illiquid || b.spread != 1 {
		t.Errorf("spread %d", b.spread)
	}
}

func TestTimeOfAnAuction(t *testing.T) {
	for name, row := range map[string]struct {
		phase         string
		endS          int64
		firstS, lastS int64
	}{
		"the eighth minute of the pre-open":   {market.PreOpen, 900, 420, 480},
		"its last minute when it ends there":  {market.PreOpen, 480, 420, 480},
		"what is left of a clipped one":       {market.PreOpen, 30, 0, 30},
		"the matching of the closing auction": {market.ClosingAuction, 1200, 900, 1140},
	} {
		phase := market.Phase{EndNs: row.endS * market.SecondNs, Name: row.phase}
		first, last := auctionNs(phase, 0.0), auctionNs(phase, 0.999)
		if first != row.firstS*market.SecondNs || last < first || last >= row.lastS*market.SecondNs {
			t.Errorf("%s: %d to %d", name, first, last)
		}
	}
}

func TestWhatAGapHeldBackArrivesAfterItInOrder(t *testing.T) {
	held := gap{10 * market.SecondNs, 30 * market.SecondNs, false}
	for before, after := range map[int64]int64{
		held.startNs - 1: held.startNs - 1,
		held.startNs:     held.endNs,
		// 20 s times 600 ms do not fit into 64 bits.
		held.endNs - 1: held.endNs + 600*market.MsNs - 1,
		held.endNs:     held.endNs,
	} {
		row := &contracts.Tick{AtNs: before}
		if held.hold(row); row.AtNs != after {
			t.Errorf("%d became %d, not %d", before, row.AtNs, after)
		}
	}
}

func TestIntensityHasItsPeaksAtTheEnds(t *testing.T) {
	sum := 0.0
	for minute := int64(555); minute <= 930; minute++ {
		sum += intensity(minute)
	}
	if mean := sum / 376; math.Abs(mean-1) > 0.01 {
		t.Errorf("mean %v", mean)
	}
	for _, minute := range []int64{0, 555, 930, 1100} {
		if math.Abs(intensity(minute)-1.8) > 1e-12 {
			t.Errorf("minute %d: %v", minute, intensity(minute))
		}
	}
}

func TestGapsCanBeTurnedOffAndAreAWhileApart(t *testing.T) {
	if gaps := gapsOf(3, 1, 0); len(gaps) != 0 {
		t.Errorf("%v", gaps)
	}
	gaps := gapsOf(3, dayOfTests, 90)
	for n, each := range gaps {
		lengthS := (each.endNs - each.startNs) / market.SecondNs
		if lengthS < gapMinS || lengthS > gapMaxS || each.startNs%market.SecondNs != 0 ||
			market.IstDay(each.startNs) != dayOfTests {
			t.Errorf("%v", each)
		}
		if n > 0 && each.startNs-gaps[n-1].endNs < 45*market.MinuteNs {
			t.Errorf("%v follows %v", each, gaps[n-1])
		}
	}
	if len(gaps) == 0 {
		t.Error("no gaps")
	}
}
