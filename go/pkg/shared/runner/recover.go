package runner

import (
	"fmt"
	"log/slog"
	"strings"

	"tapeline.dev/tapeline/pkg/shared/stage"
)

// recover loads the saved state; a silent replay of what was handled since it was saved follows.
func (t *Task) recover(claim Claim) error {
	if err := t.app.LoadEntries(t.state, claim.Entries); err != nil {
		return &StateError{err.Error()}
	}
	for _, b := range t.order.all() {
		t.start[b.place] = 0
	}
	if claim.Committed == nil {
		return t.fresh(claim.Entries)
	}
	start := *claim.Committed
	if t.snapshots {
		start = Committed{HorizonNs: -1}
		if value, found := claim.Entries[SnapshotKey]; found {
			var err error
			if start, err = snapshotPosition(value); err != nil {
				return err
			}
		}
		t.target = claim.Committed
	}
	for _, b := range t.order.all() {
		t.start[b.place] = start.Offsets[b.place]
		b.fetched = start.Offsets[b.place]
	}
	t.horizonNs = start.HorizonNs
	if !t.snapshots {
		t.reached(*claim.Committed)
	}
	return nil
}

// fresh: without committed offsets there can be no state. To begin with it at the first record would
// count what it holds twice.
func (t *Task) fresh(entries map[string][]byte) error {
	for key := range entries {
		if !strings.HasPrefix(key, stage.RunnerPrefix) {
			return &StateError{fmt.Sprintf(
				"state.%s holds entries, but the group has no offsets: they were deleted or have "+
					"expired; start the session anew with --fresh", t.app.Name)}
		}
	}
	return nil
}

func (t *Task) reached(committed Committed) {
	t.target = nil
	t.horizonNs = committed.HorizonNs
	t.stats.setHorizon(t.Number(), committed.HorizonNs)
	t.done = committed.HorizonNs >= t.plan.EndNs
	t.stats.publish()
}

// replay feeds what was handled since the snapshot; outputs were published before: discarded. It
// ends when everything below the committed offsets has been read.
func (t *Task) replay() (Progress, error) {
	progress, all := None, true
	for _, b := range t.order.all() {
		b.compact()
		stop := t.target.Offsets[b.place]
		if b.fetched < stop && !b.isFull(portion) {
			records := t.log.Poll(b.place, portion)
			if err := t.decode.records(b, records); err != nil {
				return None, err
			}
			if len(records) > 0 {
				progress = Work
			}
		}
		all = all && b.fetched >= stop
	}
	events := t.order.below(*t.target, portion, false)
	if len(events) == 0 && all {
		return Work, t.replayed(*t.target)
	}
	if len(events) > 0 {
		progress = Work
	}
	return progress, t.again(events, -1)
}

// again handles events without publishing anything.
func (t *Task) again(events []stage.Event, horizonNs int64) error {
	events = t.bury(events, nil)
	if err := t.logic(events, horizonNs); err != nil {
		return err
	}
	t.outputs = t.outputs[:0]
	t.decode.recycle(events)
	t.stats.current.Replayed += int64(len(events))
	t.sinceSnapshot += len(events)
	return nil
}

func (t *Task) replayed(committed Committed) error {
	events := t.order.below(committed, portion, true)
	if err := t.again(events, committed.HorizonNs); err != nil {
		return err
	}
	t.state.Dirty(t.unsaved)
	t.reached(committed)
	slog.Info("task.restored", "task", t.Number(), "replayed", t.sinceSnapshot,
		"horizon_ns", t.horizonNs, "state_hash", t.StateHash())
	return nil
}
