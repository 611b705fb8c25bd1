package ws_bridge

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

func tickOf(symbol string, seq, atNs int64) stage.Output {
	message := &contracts.Tick{AtNs: atNs, Symbol: symbol, Seq: seq, EventNs: atNs, LastPriceE4: 1}
	return stage.Output{Topic: ticksTopic, Key: symbol, Message: message}
}

func seqs(records []stage.Output) []int64 {
	var found []int64
	for _, each := range records {
		found = append(found, each.Message.(*contracts.Tick).Seq)
	}
	return found
}

func TestWhatAFullQueueDrops(t *testing.T) {
	for name, row := range map[string]struct {
		capacity int
		names    string
		left     []int64
		dropped  map[string]int64
	}{
		"room for all":                       {3, "ABA", []int64{0, 1, 2}, map[string]int64{}},
		"the oldest of the same symbol goes": {3, "BAAA", []int64{0, 2, 3}, map[string]int64{"A": 1}},
		"else the oldest that is not the last of its symbol": {
			3, "ABBC", []int64{0, 2, 3}, map[string]int64{"B": 1},
		},
		"else the oldest of all": {2, "ABC", []int64{1, 2}, map[string]int64{"A": 1}},
		"a queue of one":         {1, "ABAB", []int64{3}, map[string]int64{"A": 2, "B": 1}},
	} {
		queue := NewQueue(row.capacity)
		for seq, symbol := range row.names {
			queue.Put(tickOf(string(symbol), int64(seq), 0))
		}
		stats := queue.Stats()
		if stats.Put != int64(len(row.names)) || stats.Depth != len(row.left) ||
			!maps.Equal(stats.Dropped, row.dropped) ||
			stats.HighWater != min(row.capacity, len(row.names)) {
			t.Errorf("%s: %+v", name, stats)
		}
		if left := seqs(queue.Drain(0, 0)); !slices.Equal(left, row.left) {
			t.Errorf("%s: %v", name, left)
		}
		if stats := queue.Stats(); stats.Taken != int64(len(row.left)) || stats.Depth != 0 {
			t.Errorf("%s: %+v", name, stats)
		}
	}
}

func TestHeartbeatsAndControlsAreNeverDroppedAndDoNotCount(t *testing.T) {
	queue := NewQueue(1)
	control := stage.Output{Topic: "control", Key: "PAPER1", Message: &contracts.Control{}}
	sent := []stage.Output{
		beat(0, "live"), tickOf("A", 0, 0), control, beat(0, "live"), tickOf("A", 1, 0),
	}
	for _, each := range sent {
		queue.Put(each)
	}
	if depth := queue.Stats().Depth; depth != 1 {
		t.Errorf("depth %d", depth)
	}
	if found := queue.Drain(0, 0); !slices.Equal(found, slices.Delete(sent, 1, 2)) {
		t.Errorf("%v", found)
	}
}

func TestADrainTakesNoMoreThanItsLimit(t *testing.T) {
	queue := NewQueue(5)
	for seq := range int64(5) {
		queue.Put(tickOf("A", seq, 0))
	}
	if found := seqs(queue.Drain(2, 0)); !slices.Equal(found, []int64{0, 1}) {
		t.Errorf("%v", found)
	}
	if depth := queue.Stats().Depth; depth != 3 {
		t.Errorf("depth %d", depth)
	}
}

func TestAConsumerWaitsForAProducerInAnotherThread(t *testing.T) {
	queue := NewQueue(100)
	go func() {
		for seq := range int64(1000) {
			queue.Put(tickOf("A", seq, 0))
		}
		queue.Close()
	}()
	var found []int64
	for !queue.Finished() {
		found = append(found, seqs(queue.Drain(0, time.Minute))...)
	}
	dropped := queue.Stats().Dropped["A"]
	if !slices.IsSorted(found) || found[len(found)-1] != 999 || len(found)+int(dropped) != 1000 {
		t.Errorf("%d found, %d dropped", len(found), dropped)
	}
}

func TestAClosedQueueTakesNothing(t *testing.T) {
	queue := NewQueue(1)
	queue.Close()
	if !queue.Finished() || len(queue.Drain(0, time.Minute)) != 0 {
		t.Error("it is closed and empty")
	}
	defer func() {
		if recover() == nil {
			t.Error("it took a record")
		}
	}()
	queue.Put(tickOf("A", 0, 0))
}

// ledger is what a test has put into a queue and taken from it.
type ledger struct {
	puts, taken       map[string][]int64
	beats, takenBeats int
}

func (l *ledger) take(records []stage.Output) {
	for _, each := range records {
		if tick, isTick := each.Message.(*contracts.Tick); isTick {
			l.taken[each.Key] = append(l.taken[each.Key], tick.Seq)
		} else {
			l.takenBeats++
		}
	}
}

// What the bounded queue promises, under any order of puts and drains.
func TestOrderLastTickDepthAndCounts(t *testing.T) {
	const symbols = 3
	for seed := range uint64(300) {
		draw := rand.New(rand.NewPCG(seed, 0))
		capacity := 1 + draw.IntN(8)
		queue := NewQueue(capacity)
		l := &ledger{puts: map[string][]int64{}, taken: map[string][]int64{}}
		for number := range int64(draw.IntN(80)) {
			switch kind := draw.IntN(10); {
			case kind < 7:
				symbol := string(rune('A' + draw.IntN(symbols)))
				queue.Put(tickOf(symbol, number, 0))
				l.puts[symbol] = append(l.puts[symbol], number)
			case kind < 8:
				queue.Put(beat(0, "live"))
				l.beats++
			default:
				l.take(queue.Drain(1+draw.IntN(5), 0))
			}
			if depth := queue.Stats().Depth; depth > capacity {
				t.Fatalf("seed %d: depth %d of %d", seed, depth, capacity)
			}
		}
		l.take(queue.Drain(0, 0))
		l.check(t, queue.Stats(), capacity, symbols)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func (l *ledger) check(t *testing.T, stats QueueStats, capacity, symbols int) {
	t.Helper()
	lost := int64(0)
	for _, count := range stats.Dropped {
		lost += count
	}
	if l.takenBeats != l.beats || stats.Put != stats.Taken+lost || stats.HighWater > capacity {
		t.Errorf("%d of %d beats, %+v", l.takenBeats, l.beats, stats)
	}
	for symbol, put := range l.puts {
		taken := l.taken[symbol]
		if !slices.IsSorted(taken) || len(taken)+int(stats.Dropped[symbol]) != len(put) {
			t.Errorf("%s: put %v, taken %v", symbol, put, taken)
		}
		if capacity >= symbols && taken[len(taken)-1] != put[len(put)-1] {
			t.Errorf("%s: its last tick was lost", symbol)
		}
	}
}
