// Package market holds dated facts of the market that a stage gets with its settings. It is the
// twin of services/tapeline/market/phases.py and of the durations in contracts/clock.py.
package market

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
)

// Durations in nanoseconds, the unit of all times.
const (
	MsNs     int64 = 1_000_000
	SecondNs       = 1_000 * MsNs
	MinuteNs       = 60 * SecondNs
)

// Names of phases that a stage treats in a way of their own.
const (
	PreOpen        = "pre_open"
	ClosingAuction = "closing_auction"
)

// Phase is one phase of one trading day: [StartNs, EndNs), UTC nanoseconds.
type Phase struct {
	StartNs int64
	EndNs   int64
	// Name: pre_open, continuous, closing_auction, closing_price or post_close.
	Name string
	// Day is the Indian calendar day, days since 1970-01-01; cumulative volume restarts when it
	// changes.
	Day int64
}

// UnmarshalJSON reads a phase as settings hold it: [start_ns, end_ns, name, day].
func (p *Phase) UnmarshalJSON(data []byte) error {
	var fields []json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("a phase is a list: %w", err)
	}
	targets := []any{&p.StartNs, &p.EndNs, &p.Name, &p.Day}
	if len(fields) != len(targets) {
		return fmt.Errorf("a phase has %d values, not %d", len(targets), len(fields))
	}
	for i, target := range targets {
		if bytes.Equal(fields[i], []byte("null")) {
			return fmt.Errorf("value %d of a phase is null", i)
		}
		if err := json.Unmarshal(fields[i], target); err != nil {
			return fmt.Errorf("value %d of a phase: %w", i, err)
		}
	}
	return nil
}

// PhaseClock finds the phase that holds a time, fast when times mostly advance.
type PhaseClock struct {
	phases []Phase
	at     int
}

// NewPhaseClock makes a clock of phases that CheckPhases accepts: all days of the session.
func NewPhaseClock(phases []Phase) *PhaseClock { return &PhaseClock{phases: phases} }

// CheckPhases refuses phases that overlap or are out of order.
func CheckPhases(phases []Phase) error {
	for i := 1; i < len(phases); i++ {
		before, after := phases[i-1], phases[i]
		if before.StartNs >= before.EndNs || before.EndNs > after.StartNs {
			return fmt.Errorf("phases overlap or are out of order: %v, %v", before, after)
		}
	}
	return nil
}

// Phases of the clock, in time order.
func (c *PhaseClock) Phases() []Phase { return c.phases }

// At is the phase that holds a time, nil when the market is closed then.
func (c *PhaseClock) At(ns int64) *Phase {
	if len(c.phases) == 0 {
		return nil
	}
	if phase := &c.phases[c.at]; phase.holds(ns) {
		return phase
	}
	i := sort.Search(len(c.phases), func(i int) bool { return ns < c.phases[i].EndNs })
	if i == len(c.phases) || ns < c.phases[i].StartNs {
		return nil
	}
	c.at = i
	return &c.phases[i]
}

func (p *Phase) holds(ns int64) bool { return p.StartNs <= ns && ns < p.EndNs }
