package windows

import (
	"maps"
	"slices"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
)

func TestWindowsAreAnchoredAtThePhaseAndCutAtItsEnd(t *testing.T) {
	phase := &market.Phase{StartNs: 105, EndNs: 128}
	for ns, want := range map[int64][2]int64{
		105: {105, 115}, 114: {105, 115}, 115: {115, 125}, 125: {125, 128}, 127: {125, 128},
	} {
		if startNs, endNs := Of(phase, ns, 10); [2]int64{startNs, endNs} != want {
			t.Errorf("%d: [%d, %d), want %v", ns, startNs, endNs, want)
		}
	}
}

func TestVolumesAreNeverNegativeAndNullForAnIndex(t *testing.T) {
	for cum, want := range map[[2]int64]contracts.OptInt64{
		{3, 10}:              contracts.Int64(7),
		{10, 3}:              contracts.Int64(0),
		{NoVolume, 3}:        {},
		{3, NoVolume}:        {},
		{0, 0}:               contracts.Int64(0),
		{NoVolume, NoVolume}: {},
	} {
		if got := Traded(cum[0], cum[1]); got != want {
			t.Errorf("%v: %v, want %v", cum, got, want)
		}
	}
	for _, cum := range []contracts.OptInt64{{}, contracts.Int64(0), contracts.Int64(7)} {
		if got := Unpacked(Packed(cum)); got != cum {
			t.Errorf("%v, want %v", got, cum)
		}
	}
}

func TestChangesAreNamedOnceAndForgotten(t *testing.T) {
	c := Changes{Own: true}
	for _, minute := range []int64{5, 5, 6, 5} {
		c.Minute(minute)
	}
	keys := map[string]struct{}{}
	c.MoveTo(keys, "AAA")
	if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, []string{"AAA", "AAA/5", "AAA/6"}) {
		t.Errorf("%v", got)
	}
	clear(keys)
	c.MoveTo(keys, "AAA")
	if len(keys) != 0 {
		t.Errorf("%v", keys)
	}
}
