package runner

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// sliceNs is the session time of one commit of a source: some hundred ticks, so that the first
// results show at once.
const sliceNs = 10 * int64(time.Second)

// Source is a stage without inputs: a pure function of its settings.
type Source interface {
	// Slice returns all records with at_ns up to a time that were not yet returned, in that order.
	Slice(untilNs int64) ([]stage.Output, error)
	// NextNs is the time of the next record; false when there is none.
	NextNs() (int64, bool)
}

// SourceTask publishes a source slice by slice; a restart skips what was committed. In real time a
// record goes out when the clock reaches its time.
type SourceTask struct {
	plan      *config.Plan
	source    Source
	log       Log
	publish   *publisher
	stats     *Stats
	clockNs   func() int64
	after     func(int)
	horizonNs int64
}

// NewSourceTask takes a source over from where its last commit ended.
func NewSourceTask(options Options, source Source) (*SourceTask, error) {
	s := &SourceTask{
		plan: options.Plan, source: source, log: options.Log, stats: options.Stats,
		clockNs: options.ClockNs, after: options.AfterStep, horizonNs: -1,
	}
	if s.after == nil {
		s.after = func(int) {}
	}
	s.publish = newPublisher(options.Task.Targets, s.stats)
	if saved, found := options.Claim.Entries[HorizonKey]; found {
		horizonNs, err := strconv.ParseInt(string(saved), 10, 64)
		if err != nil {
			return nil, &StateError{fmt.Sprintf("state.%s entry %s: %q is no time; reset the stage",
				s.plan.Stage, HorizonKey, saved)}
		}
		if _, err := source.Slice(horizonNs); err != nil {
			return nil, err
		}
		s.horizonNs = horizonNs
	}
	s.stats.setHorizon(0, s.horizonNs)
	s.stats.publish()
	return s, nil
}

// Start: a source reads nothing.
func (s *SourceTask) Start() map[Place]int64 { return nil }

// Done says that everything has been published.
func (s *SourceTask) Done() bool { return s.horizonNs >= s.plan.EndNs }

// Number of the task in the plan.
func (s *SourceTask) Number() int { return 0 }

// Close has nothing to save: each commit did.
func (s *SourceTask) Close(context.Context) error { return nil }

// Cycle publishes the next slice.
func (s *SourceTask) Cycle(ctx context.Context) (Progress, error) {
	if s.Done() {
		return None, nil
	}
	started := time.Now()
	untilNs := s.until()
	outputs, err := s.source.Slice(untilNs)
	if err != nil {
		return None, err
	}
	if s.plan.Clock == config.Real && len(outputs) == 0 && untilNs < s.plan.EndNs {
		return None, nil
	}
	s.after(3)
	transaction, err := s.log.Begin()
	if err != nil {
		return None, err
	}
	last := untilNs >= s.plan.EndNs
	if !last && len(outputs) > 0 {
		// A live feed hands out what came since the clock was read; a restart must not begin before it.
		untilNs = min(max(untilNs, outputs[len(outputs)-1].Message.At()), s.plan.EndNs-1)
	}
	s.publish.begin()
	if err := s.publish.publish(outputs, transaction); err != nil {
		return None, fmt.Errorf("%s: %w", s.plan.Stage, err)
	}
	if last {
		s.publish.advance(EndOfTimeNs, transaction)
	} else if s.plan.Clock == config.Virtual {
		s.publish.advance(untilNs, transaction)
	}
	s.after(4)
	transaction.PutState(HorizonKey, strconv.AppendInt(nil, untilNs, 10))
	s.after(6)
	if err := transaction.Commit(ctx); err != nil {
		return None, err
	}
	s.after(7)
	s.horizonNs = untilNs
	s.stats.current.Events += int64(len(outputs))
	s.stats.current.Commits++
	s.stats.current.Busy += time.Since(started)
	s.stats.setHorizon(0, untilNs)
	s.stats.publish()
	return Work, nil
}

// until is the session time up to which the next commit publishes.
func (s *SourceTask) until() int64 {
	if s.plan.Clock == config.Real {
		return min(max(s.clockNs(), s.horizonNs), s.plan.EndNs)
	}
	if next, more := s.source.NextNs(); more {
		return min(next+sliceNs, s.plan.EndNs)
	}
	return s.plan.EndNs
}
