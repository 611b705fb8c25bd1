package market

import (
	"encoding/json"
	"testing"
)

var twoPhases = []Phase{{10, 20, PreOpen, 1}, {20, 30, "continuous", 1}, {40, 50, "continuous", 2}}

func TestAClockFindsThePhaseThatHoldsATime(t *testing.T) {
	clock := NewPhaseClock(twoPhases)
	for _, ns := range []int64{9, 10, 19, 20, 29, 30, 39, 40, 49, 50, 15, 45, 10} {
		var want *Phase
		for i := range twoPhases {
			if twoPhases[i].StartNs <= ns && ns < twoPhases[i].EndNs {
				want = &twoPhases[i]
			}
		}
		if got := clock.At(ns); got != want {
			t.Errorf("%d: %v, want %v", ns, got, want)
		}
	}
	if len(clock.Phases()) != 3 {
		t.Errorf("%v", clock.Phases())
	}
	if got := NewPhaseClock(nil).At(5); got != nil {
		t.Errorf("%v in no phases", got)
	}
}

func TestPhasesInDisorderAreRefused(t *testing.T) {
	if err := CheckPhases(twoPhases); err != nil {
		t.Error(err)
	}
	for _, phases := range [][]Phase{
		{twoPhases[1], twoPhases[0]},
		{twoPhases[0], twoPhases[0]},
		{{20, 20, "x", 1}, twoPhases[2]},
		{{10, 41, "x", 1}, twoPhases[2]},
	} {
		if CheckPhases(phases) == nil {
			t.Errorf("%v is accepted", phases)
		}
	}
}

func TestAPhaseIsReadFromAList(t *testing.T) {
	var phase Phase
	err := json.Unmarshal([]byte(`[10, 20, "pre_open", 1]`), &phase)
	if err != nil || phase != twoPhases[0] {
		t.Errorf("%v, %v", phase, err)
	}
	for _, text := range []string{
		`{}`, `null`, `[1,2]`, `[1,2,"x",1,1]`, `[1,2,3,4]`, `[1,2,"x",null]`,
	} {
		if json.Unmarshal([]byte(text), &phase) == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}
