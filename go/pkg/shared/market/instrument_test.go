package market

import (
	"encoding/json"
	"strings"
	"testing"
)

func share(t *testing.T, table string) *Instrument {
	t.Helper()
	made := &Instrument{Symbol: "INFY", InstrumentClass: "cash_fno"}
	if err := json.Unmarshal([]byte(table), &made.TickTable); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestPricesAreRoundedToTheGridThatHoldsThere(t *testing.T) {
	made := share(t, "[[2500000, 100], [10000000, 500], [10000000000000, 1000]]")
	for _, each := range []struct{ price, down, up int64 }{
		{0, 0, 0},
		{1, 0, 100},
		{100, 100, 100},
		{-1, -100, 0},
		{-100, -100, -100},
		{2_499_999, 2_499_900, 2_500_000},
		{2_500_001, 2_500_000, 2_500_500},
		{10_000_001, 10_000_000, 10_001_000},
	} {
		if down, up := made.RoundDown(each.price), made.RoundUp(each.price); down != each.down ||
			up != each.up {
			t.Errorf("%d: down %d, up %d, want %v", each.price, down, up, each)
		}
	}
}

func TestAnIndexHasNoVolume(t *testing.T) {
	made := share(t, "[]")
	if !made.HasVolume() {
		t.Error("a share has volume")
	}
	made.InstrumentClass = "index"
	if made.HasVolume() {
		t.Error("an index has none")
	}
}

func TestATickTableOfAnotherShapeIsRefused(t *testing.T) {
	for _, table := range []string{"[1]", "[[1, 2, 3]]", "[[1, 0]]", `[["1", 2]]`} {
		var steps []TickStep
		err := json.Unmarshal([]byte(table), &steps)
		if err == nil || !strings.Contains(err.Error(), "step of a tick table") {
			t.Errorf("%s: %v", table, err)
		}
	}
}

func TestDaysBeginAtMidnightInIndia(t *testing.T) {
	midnight := 20_000*DayNs - IstOffsetNs
	for _, each := range []struct{ ns, day, within int64 }{
		{midnight - 1, 19_999, DayNs - 1},
		{midnight, 20_000, 0},
		{midnight + 9*60*MinuteNs, 20_000, 9 * 60 * MinuteNs},
	} {
		if day, within := IstDay(each.ns), IstNsOfDay(each.ns); day != each.day ||
			within != each.within {
			t.Errorf("%d: day %d, %d within it", each.ns, day, within)
		}
	}
}
