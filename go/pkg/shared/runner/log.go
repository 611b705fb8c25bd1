// Package runner runs a task of a stage: the numbered commit steps of docs/delivery.md.
//
// It is the twin of services/tapeline/runner: a process of either may take over from the other at
// any commit. It knows no broker: what it needs of one is the interface Log.
package runner

import (
	"context"
	"errors"
	"hash/crc32"
	"math"
)

// EndOfTimeNs is the watermark of an input that will never hold another record.
const EndOfTimeNs = math.MaxInt64

var (
	// ErrFenced: a newer producer with the same transactional id exists; this one must stop at once.
	ErrFenced = errors.New("a newer process has taken over")
	// ErrAborted: the transaction left nothing behind, or nobody knows; the task must be built again
	// from the last commit.
	ErrAborted = errors.New("the transaction was aborted")
)

// Place is a partition of a topic; the topic without prefix.
type Place struct {
	Topic     string
	Partition int32
}

// Record is one record of a partition.
type Record struct {
	Offset int64
	Key    []byte
	// Value is nil for a record without a value: a watermark, or a key that is gone.
	Value []byte
}

// Committed is how far a task has come.
type Committed struct {
	// Offsets are the next ones to read.
	Offsets map[Place]int64
	// HorizonNs: every event and timer up to this session time has been handled.
	HorizonNs int64
}

// Claim is what a new owner of a task finds.
type Claim struct {
	// Entries is the saved state: the last value of each key.
	Entries map[string][]byte
	// Committed is nil before the first commit.
	Committed *Committed
}

// Log is the log as one task sees it.
type Log interface {
	// Poll takes up to max records of a partition that have arrived, in order. They stay as they are
	// until the next commit.
	Poll(place Place, max int) []Record
	// Begin starts the transaction of a commit; it is abandoned unless committed.
	Begin() (Transaction, error)
}

// Transaction is everything that a commit makes visible, at once or not at all. Values stay
// untouched until it has ended.
type Transaction interface {
	// Produce adds a record; a nil value writes none.
	Produce(topic string, partition int32, key string, value []byte)
	// PutState adds an entry of the state; a nil value removes it.
	PutState(key string, value []byte)
	// Save adds the position of the inputs.
	Save(position Committed)
	// Commit returns ErrFenced or ErrAborted, wrapped, when nothing became visible.
	Commit(ctx context.Context) error
}

// LaneOf is the partition of a key among lanes: CRC-32, as librdkafka's consistent partitioner.
func LaneOf(key string, lanes int32) int32 {
	if lanes <= 1 {
		return 0
	}
	return int32(crc32.ChecksumIEEE([]byte(key)) % uint32(lanes))
}
