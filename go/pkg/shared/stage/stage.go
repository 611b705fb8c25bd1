// Package stage says what a stage is: pure logic that any shell can drive.
//
// The shell (runner, replay) merges the inputs, hands the state one event after the other,
// publishes what it returns, and saves the entries that changed. Nothing that implements State
// reads a clock, an environment, a network or a random source. It is the twin of
// services/tapeline/runner/stage.py.
package stage

import (
	"iter"

	"tapeline.dev/tapeline/pkg/shared/contracts"
)

const (
	// Timer is the topic of a timer event; its message is nil.
	Timer = ""
	// TimerRank sorts a timer before the records of its time.
	TimerRank = -1
	// Broadcast is the key of a record that goes to every partition of its topic.
	Broadcast = ""
	// PartitionShift: a place holds the offset in its low 40 bits (10^12 records) and the partition
	// above them.
	PartitionShift = 40
)

// Event is one input of a stage, in the order of the merge: (AtNs, Rank, Key, Place).
type Event struct {
	// AtNs is when the stage takes it: the record's own AtNs, plus feedback latency on feedback
	// edges. The logic uses this as the present time. UTC nanoseconds.
	AtNs int64
	Rank int
	Key  string
	// Place is partition and offset in one number, so that records of two writers with the same
	// time and key are ordered by writer. For the merge and for dead letters only.
	Place int64
	// Topic without prefix; Timer for a timer.
	Topic   string
	Message contracts.Message
}

// Offset of the record.
func (e *Event) Offset() int64 { return e.Place & (1<<PartitionShift - 1) }

// Partition of the record.
func (e *Event) Partition() int64 { return e.Place >> PartitionShift }

// TimerAt is a timer event.
func TimerAt(ns int64) Event { return Event{AtNs: ns, Rank: TimerRank, Topic: Timer} }

// Output is one record that a stage wants published. The message's AtNs must be that of the event
// plus App.LatencyNs, or later.
type Output struct {
	Topic   string
	Key     string
	Message contracts.Message
}

// State is the state of a stage and its logic: named entries, each a JSON object under its schema
// in schemas/state/. It is used by one goroutine at a time.
type State interface {
	// Step takes one event, changes the state in place, and appends to out what to publish. The
	// state keeps no reference to the event or its message, but an output may: the shell uses their
	// memory again only after it has encoded the outputs.
	Step(event *Event, out []Output) []Output
	// Dirty adds the keys of the entries that changed since its last call to a set.
	Dirty(keys map[string]struct{})
	// AppendEntry appends the present content of an entry as JSON; false when it no longer exists (a
	// tombstone is written) and nothing was appended.
	AppendEntry(dst []byte, key string) ([]byte, bool)
	// Load restores one entry from its JSON; the order of the entries does not matter. What it
	// restores counts as saved: it is not dirty.
	Load(key string, entry []byte) error
	// Keys of all entries that exist, in any order.
	Keys() iter.Seq[string]
	// TimerNs is when the stage wants a timer event, UTC nanoseconds; false when never.
	TimerNs() (int64, bool)
}

// App is a stage, wired for one session.
type App struct {
	Name     string
	NewState func() State
	// EntryVersion is the version of the state schema; an entry with a newer one stops the stage.
	EntryVersion int64
	// LatencyNs is the modelled processing time: an output exists this long after its cause.
	LatencyNs int64
}
