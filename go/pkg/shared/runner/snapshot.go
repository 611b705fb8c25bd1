package runner

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

const (
	// SnapshotKey is the entry of the state topic that says up to where the other entries reach.
	SnapshotKey = "@snapshot"
	// HorizonKey is the entry in which a source keeps how far it has come.
	HorizonKey = "@horizon"
	// commitKey is an entry that never exists: to remove it is the record that a transaction needs.
	commitKey = "@commit"
)

// StateError: the saved state cannot be used; the message says what to do.
type StateError struct{ Message string }

func (e *StateError) Error() string { return e.Message }

// appendPosition appends the bytes of the entry SnapshotKey, partitions in the order of the inputs.
func appendPosition(dst []byte, buffers []*buffer, position Committed) []byte {
	dst = append(dst, `{"offsets":[`...)
	for n, b := range buffers {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		dst = wire.AppendString(dst, b.place.Topic)
		dst = append(dst, ',')
		dst = strconv.AppendInt(dst, int64(b.place.Partition), 10)
		dst = append(dst, ',')
		dst = strconv.AppendInt(dst, position.Offsets[b.place], 10)
		dst = append(dst, ']')
	}
	dst = append(dst, `],"horizon_ns":`...)
	dst = strconv.AppendInt(dst, position.HorizonNs, 10)
	return append(dst, '}')
}

// snapshotPosition reads the entry SnapshotKey.
func snapshotPosition(value []byte) (Committed, error) {
	var saved struct {
		Offsets   [][]json.RawMessage `json:"offsets"`
		HorizonNs int64               `json:"horizon_ns"`
	}
	position := Committed{Offsets: map[Place]int64{}}
	if err := json.Unmarshal(value, &saved); err != nil {
		return position, &StateError{fmt.Sprintf("%s: %v; reset the stage", SnapshotKey, err)}
	}
	for _, row := range saved.Offsets {
		var place Place
		var offset int64
		if len(row) != 3 || json.Unmarshal(row[0], &place.Topic) != nil ||
			json.Unmarshal(row[1], &place.Partition) != nil || json.Unmarshal(row[2], &offset) != nil {
			return position, &StateError{
				fmt.Sprintf("%s: %s is no position; reset the stage", SnapshotKey, value)}
		}
		position.Offsets[place] = offset
	}
	position.HorizonNs = saved.HorizonNs
	return position, nil
}

// saveState is step 5: the entries that changed, and up to where they reach.
func (t *Task) saveState(position Committed, transaction Transaction, now bool) {
	t.state.Dirty(t.unsaved)
	if !now {
		return
	}
	keys := make([]string, 0, len(t.unsaved))
	for key := range t.unsaved {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		transaction.PutState(key, t.entry(key))
	}
	clear(t.unsaved)
	t.sinceSnapshot = 0
	if t.snapshots {
		start := len(t.publish.arena)
		t.publish.arena = appendPosition(t.publish.arena, t.order.all(), position)
		transaction.PutState(SnapshotKey, t.publish.arena[start:])
	}
}

func (t *Task) entry(key string) []byte {
	start := len(t.publish.arena)
	arena, exists := t.app.AppendStateEntry(t.publish.arena, t.state, key)
	t.publish.arena = arena
	if !exists {
		return nil
	}
	return arena[start:len(arena):len(arena)]
}

// position that a commit records. In real time only the last one reaches the session's end: that is
// how a restart knows that nothing is left to do.
func (t *Task) position(horizonNs int64, last bool) Committed {
	offsets := make(map[Place]int64, len(t.order.all()))
	for _, b := range t.order.all() {
		offsets[b.place] = b.nextOffset(horizonNs)
	}
	if t.plan.Clock == config.Real {
		horizonNs = min(horizonNs, t.plan.EndNs-1)
		if last {
			horizonNs = t.plan.EndNs
		}
	}
	return Committed{Offsets: offsets, HorizonNs: horizonNs}
}
