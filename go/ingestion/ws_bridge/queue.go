package ws_bridge

import (
	"container/list"
	"maps"
	"sync"
	"time"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// Queue is between a feed and the session: first in, first out; at most `capacity` ticks wait, and
// the newest tick of a symbol wins.
//
// A websocket whose callback blocks is cut off by the broker, so Put never waits: when the queue is
// full, it drops the oldest waiting tick of the same symbol. When that symbol has none, it drops
// the oldest tick that is not the last of its symbol; only when every symbol has but one (more
// symbols than capacity), the oldest of all. So with a capacity of at least the number of symbols, the last
// tick of each symbol is never lost. Snapshots carry the cumulative volume, so that a dropped one
// costs detail and no volume. Control records and heartbeats are never dropped and do not count:
// they are a few a second.
//
// It is safe for several producers and one consumer.
type Queue struct {
	capacity int
	// filled wakes the consumer; one token is enough, since it looks again.
	filled chan struct{}

	lock    sync.Mutex
	records *list.List // Of queued, in the order of their places.
	symbols map[string]*waiting
	stats   QueueStats
	closed  bool
}

// QueueStats is what a queue has seen so far.
type QueueStats struct {
	// Put and Taken count records of all kinds.
	Put, Taken int64
	// Depth is the number of ticks that wait, HighWater the most that ever waited.
	Depth, HighWater int
	// Dropped ticks by symbol.
	Dropped map[string]int64
}

// queued is a record with its place in the order of arrival.
type queued struct {
	output stage.Output
	place  int64
}

// waiting are the ticks of a symbol in the queue, oldest first.
type waiting []*list.Element

func (w waiting) place() int64 { return w[0].Value.(queued).place }

// NewQueue makes a queue for at least one tick; usually 50 for each symbol.
func NewQueue(capacity int) *Queue {
	if capacity < 1 {
		panic("a queue holds at least one tick")
	}
	return &Queue{
		capacity: capacity,
		filled:   make(chan struct{}, 1),
		records:  list.New(),
		symbols:  map[string]*waiting{},
		stats:    QueueStats{Dropped: map[string]int64{}},
	}
}

// Put adds a record; it never blocks for longer than another Put or Drain takes.
func (q *Queue) Put(output stage.Output) {
	q.lock.Lock()
	defer q.lock.Unlock()
	if q.closed {
		panic("a closed queue takes no records")
	}
	_, isTick := output.Message.(*contracts.Tick)
	if isTick && q.stats.Depth == q.capacity {
		q.drop(q.victim(output.Key))
	}
	element := q.records.PushBack(queued{output, q.stats.Put})
	q.stats.Put++
	if isTick {
		if q.symbols[output.Key] == nil {
			q.symbols[output.Key] = &waiting{}
		}
		of := q.symbols[output.Key]
		*of = append(*of, element)
		q.stats.Depth++
		q.stats.HighWater = max(q.stats.HighWater, q.stats.Depth)
	}
	q.wake()
}

// Drain takes what waits, oldest first: at most limit records, 0 = all. It waits for the first one
// at most so long, 0 = not at all.
func (q *Queue) Drain(limit int, wait time.Duration) []stage.Output {
	if wait > 0 {
		q.await(wait)
	}
	q.lock.Lock()
	defer q.lock.Unlock()
	count := q.records.Len()
	if limit > 0 {
		count = min(count, limit)
	}
	found := make([]stage.Output, 0, count)
	for range count {
		output := q.records.Remove(q.records.Front()).(queued).output
		if _, isTick := output.Message.(*contracts.Tick); isTick {
			q.forget(output.Key)
		}
		found = append(found, output)
	}
	q.stats.Taken += int64(count)
	return found
}

// Close says that no more will be put; it wakes the consumer.
func (q *Queue) Close() {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.closed = true
	q.wake()
}

// Finished says whether it is closed and empty.
func (q *Queue) Finished() bool {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.closed && q.records.Len() == 0
}

// Stats are counts so far, all of one moment.
func (q *Queue) Stats() QueueStats {
	q.lock.Lock()
	defer q.lock.Unlock()
	stats := q.stats
	stats.Dropped = maps.Clone(stats.Dropped)
	return stats
}

func (q *Queue) wake() {
	select {
	case q.filled <- struct{}{}:
	default:
	}
}

// await returns when a record waits, when the queue is closed, or after so long.
func (q *Queue) await(wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		q.lock.Lock()
		ready := q.closed || q.records.Len() > 0
		q.lock.Unlock()
		if ready {
			return
		}
		select {
		case <-q.filled:
		case <-timer.C:
			return
		}
	}
}

// victim is the symbol whose oldest tick makes room for a tick of a symbol.
func (q *Queue) victim(symbol string) string {
	if q.symbols[symbol] != nil {
		return symbol
	}
	oldest, crowded := "", ""
	for name, of := range q.symbols {
		if oldest == "" || of.place() < q.symbols[oldest].place() {
			oldest = name
		}
		if len(*of) > 1 && (crowded == "" || of.place() < q.symbols[crowded].place()) {
			crowded = name
		}
	}
	if crowded != "" {
		return crowded
	}
	return oldest
}

func (q *Queue) drop(symbol string) {
	q.records.Remove((*q.symbols[symbol])[0])
	q.forget(symbol)
	q.stats.Dropped[symbol]++
}

// forget takes the oldest tick of a symbol out of the count.
func (q *Queue) forget(symbol string) {
	of := q.symbols[symbol]
	(*of)[0] = nil
	*of = (*of)[1:]
	q.stats.Depth--
	if len(*of) == 0 {
		delete(q.symbols, symbol)
	}
}
