package runner

import (
	"sync"
	"time"
)

// Progress is what a turn of a task came to.
type Progress int

// None: nothing to do. Time: only its time moved on. Work: records were read or published.
const (
	None Progress = iota
	Time
	Work
)

// Stats is what a process has done; the exporter of its metrics reads it from another goroutine.
type Stats struct {
	mu sync.Mutex
	// totals are replaced under the mutex once a commit. The maps of current and horizons need it as
	// well: callbacks of the group claim tasks and give them away.
	totals  Totals
	current Totals
	// horizons are those of the tasks; the process is as far as the last of them.
	horizons map[int]int64
}

// Totals are the figures of Stats.
type Totals struct {
	Events, Commits, Replayed int64
	Busy                      time.Duration
	HorizonNs                 int64
	Outputs, Dead             map[string]int64
}

// NewStats counts from zero.
func NewStats() *Stats {
	fresh := func() Totals {
		return Totals{HorizonNs: -1, Outputs: map[string]int64{}, Dead: map[string]int64{}}
	}
	return &Stats{totals: fresh(), current: fresh(), horizons: map[int]int64{}}
}

func (s *Stats) addOutput(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Outputs[topic]++
}

func (s *Stats) addDead(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Dead[reason]++
}

// setHorizon says how far a task has come.
func (s *Stats) setHorizon(task int, ns int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.horizons[task] = ns
	lowest := ns
	for _, other := range s.horizons {
		lowest = min(lowest, other)
	}
	s.current.HorizonNs = lowest
}

// Drop forgets the horizons of tasks that were given away.
func (s *Stats) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.horizons)
}

// publish shows what was counted to readers.
func (s *Stats) publish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	outputs, dead := s.totals.Outputs, s.totals.Dead
	for topic, count := range s.current.Outputs {
		outputs[topic] = count
	}
	for reason, count := range s.current.Dead {
		dead[reason] = count
	}
	s.totals = s.current
	s.totals.Outputs, s.totals.Dead = outputs, dead
}

// Read returns a copy that the caller may keep.
func (s *Stats) Read() Totals {
	s.mu.Lock()
	defer s.mu.Unlock()
	totals := s.totals
	totals.Outputs, totals.Dead = map[string]int64{}, map[string]int64{}
	for topic, count := range s.totals.Outputs {
		totals.Outputs[topic] = count
	}
	for reason, count := range s.totals.Dead {
		totals.Dead[reason] = count
	}
	return totals
}
