package runner

import (
	"slices"

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
		return nil
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

func (t *Task) reached(committed Committed) {
	t.target = nil
	t.horizonNs = committed.HorizonNs
	t.stats.setHorizon(t.Number(), committed.HorizonNs)
	t.done = committed.HorizonNs >= t.plan.EndNs
	t.stats.publish()
}

// replay feeds what was handled since the snapshot; outputs were published before: discarded. It
// waits until everything below the committed offsets has been read.
func (t *Task) replay() (Progress, error) {
	progress := None
	for _, b := range t.order.all() {
		if b.fetched >= t.target.Offsets[b.place] {
			continue
		}
		if records := t.log.Poll(b.place, PollRecordsMax); len(records) > 0 {
			if err := t.decode.records(b, records); err != nil {
				return None, err
			}
			progress = Work
		}
		if b.fetched < t.target.Offsets[b.place] {
			return progress, nil
		}
	}
	return Work, t.replayed(*t.target)
}

func (t *Task) replayed(committed Committed) error {
	var handled []stage.Event
	for _, b := range t.order.all() {
		stop := committed.Offsets[b.place]
		ahead := slices.IndexFunc(b.events, func(e stage.Event) bool { return e.Offset() >= stop })
		if ahead < 0 {
			ahead = len(b.events)
		}
		handled = append(handled, b.events[:ahead]...)
		b.first = ahead
		b.compact()
	}
	events := t.bury(t.order.sorted(handled), nil)
	if err := t.logic(events, committed.HorizonNs); err != nil {
		return err
	}
	t.outputs = t.outputs[:0]
	t.stats.current.Replayed += int64(len(events))
	t.sinceSnapshot = len(events)
	t.state.Dirty(t.unsaved)
	t.reached(committed)
	return nil
}
