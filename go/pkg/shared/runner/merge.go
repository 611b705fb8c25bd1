package runner

import (
	"cmp"
	"slices"
	"sort"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// buffer holds the decoded, unhandled events of one partition.
type buffer struct {
	place      Place
	rank       int
	feedback   bool
	latencyNs  int64
	broadcasts bool
	events     []stage.Event
	// first is the place of the first event in events that was not handed out.
	first   int
	fetched int64
	lastNs  int64
	// watermarkNs: the partition is complete up to this time.
	watermarkNs int64
	// markedAt is the offset of the record that carried the watermark; -1 when events came behind it.
	markedAt int64
	// ended: the watermark says that no other record will come.
	ended bool
	// bad counts events whose bytes are no record.
	bad int
}

func buffers(inputs []config.Input, feedbackNs int64) []*buffer {
	var all []*buffer
	for _, input := range inputs {
		for n, partition := range input.Partitions {
			latency := int64(0)
			if input.Feedback {
				latency = feedbackNs
			}
			all = append(all, &buffer{
				place: Place{input.Topic, partition}, rank: input.Rank, feedback: input.Feedback,
				// Broadcasts are in every partition; a task takes them from its last one.
				latencyNs: latency, broadcasts: n == len(input.Partitions)-1,
				lastNs: -1, watermarkNs: -1, markedAt: -1,
			})
		}
	}
	return all
}

func (b *buffer) waiting() []stage.Event { return b.events[b.first:] }

// nextOffset is what a commit records: the first offset that was not handed out. A watermark that
// reaches further than the commit is read again by the next owner, who would not know it otherwise.
func (b *buffer) nextOffset(horizonNs int64) int64 {
	if waiting := b.waiting(); len(waiting) > 0 {
		return waiting[0].Offset()
	}
	if b.markedAt >= 0 && b.watermarkNs > horizonNs {
		return b.markedAt
	}
	return b.fetched
}

// isFull: polling must wait; one session time is never split, however many records.
func (b *buffer) isFull(limit int) bool {
	waiting := b.waiting()
	return len(waiting) >= limit && waiting[0].AtNs < b.lastNs
}

func (b *buffer) completeNs() int64 { return max(b.lastNs-1, b.watermarkNs) }

func (b *buffer) drop() {
	b.events, b.first = b.events[:0], 0
}

// until takes the leading events up to a time.
func (b *buffer) until(horizonNs int64) []stage.Event {
	waiting := b.waiting()
	if len(waiting) == 0 || waiting[0].AtNs > horizonNs {
		return nil
	}
	count := len(waiting)
	if waiting[count-1].AtNs > horizonNs {
		count = sort.Search(count, func(n int) bool { return waiting[n].AtNs > horizonNs })
	}
	b.first += count
	return waiting[:count]
}

// before takes the leading events below an offset.
func (b *buffer) before(offset int64) []stage.Event {
	waiting := b.waiting()
	count := sort.Search(len(waiting), func(n int) bool { return waiting[n].Offset() >= offset })
	b.first += count
	return waiting[:count]
}

// compact makes room behind events that were handed out.
func (b *buffer) compact() {
	if b.first == len(b.events) {
		b.drop()
	} else if b.first > len(b.events)/2 {
		count := copy(b.events, b.events[b.first:])
		b.events, b.first = b.events[:count], 0
	}
}

// order is how a task takes its inputs: merge in virtual time, arrival in real time.
type order interface {
	all() []*buffer
	// replays: the same records give the same order again.
	replays() bool
	// take returns the next events in order, and the time up to which everything is then handled.
	// The events stay as they are until the next call.
	take(limit int) ([]stage.Event, int64)
	// below takes what was handled before a commit: as take does, but only events that the commit's
	// position leaves behind. With all, no further record will come.
	below(position Committed, limit int, all bool) []stage.Event
	// lift moves time to the session's end when no record may be left to bring it there.
	lift(untilNs int64)
}

// merge is the order of virtual time: by (at_ns, topic rank, key, place within the key). An event
// is handed out only when every input is complete to its time. That order depends on the data alone.
type merge struct {
	buffers []*buffer
	endNs   int64
	taken   []stage.Event
}

func newMerge(inputs []config.Input, plan *config.Plan) *merge {
	m := &merge{buffers: buffers(inputs, plan.FeedbackLatencyNs), endNs: plan.EndNs}
	for _, b := range m.buffers {
		if b.feedback {
			// No record exists before the session's start. Without this, loops would walk there from
			// the year 1970, one feedback latency at a time.
			b.watermarkNs = plan.StartNs - 1 + plan.FeedbackLatencyNs
		}
	}
	return m
}

func (m *merge) all() []*buffer { return m.buffers }

func (m *merge) replays() bool { return true }

func (m *merge) lift(int64) {}

func (m *merge) below(position Committed, limit int, all bool) []stage.Event {
	if !all {
		endNs := m.endNs
		m.endNs = min(endNs, position.HorizonNs)
		events, _ := m.take(limit)
		m.endNs = endNs
		return events
	}
	m.taken = m.taken[:0]
	for _, b := range m.buffers {
		m.taken = append(m.taken, b.before(position.Offsets[b.place])...)
	}
	sortEvents(m.taken)
	return m.taken
}

// horizonNs: every input is complete up to this time.
func (m *merge) horizonNs() int64 {
	horizon := m.endNs
	for _, b := range m.buffers {
		horizon = min(horizon, b.completeNs())
	}
	return horizon
}

// take never splits one session time, so that a commit never does.
func (m *merge) take(limit int) ([]stage.Event, int64) {
	horizon := m.horizonNs()
	for _, b := range m.buffers {
		if waiting := b.waiting(); len(waiting) > limit {
			horizon = min(horizon, max(waiting[limit].AtNs-1, waiting[0].AtNs))
		}
	}
	if len(m.buffers) == 1 {
		events := m.buffers[0].until(horizon)
		sortEvents(events)
		return events, horizon
	}
	m.taken = m.taken[:0]
	for _, b := range m.buffers {
		m.taken = append(m.taken, b.until(horizon)...)
	}
	sortEvents(m.taken)
	return m.taken, horizon
}

func sortEvents(events []stage.Event) {
	if !slices.IsSortedFunc(events, compareEvents) {
		slices.SortFunc(events, compareEvents)
	}
}

func compareEvents(a, b stage.Event) int {
	if a.AtNs != b.AtNs {
		return cmp.Compare(a.AtNs, b.AtNs)
	}
	if a.Rank != b.Rank {
		return cmp.Compare(a.Rank, b.Rank)
	}
	if a.Key != b.Key {
		return cmp.Compare(a.Key, b.Key)
	}
	return cmp.Compare(a.Place, b.Place)
}

// arrival is the order of real time: as polled, at the clock's time, which never goes back. A task
// with one input keeps the records' own times, so that their order alone replays it.
type arrival struct {
	buffers []*buffer
	clockNs func() int64
	nowNs   int64
	taken   []stage.Event
}

func newArrival(inputs []config.Input, clockNs func() int64) *arrival {
	return &arrival{buffers: buffers(inputs, 0), clockNs: clockNs, nowNs: -1}
}

func (a *arrival) all() []*buffer { return a.buffers }

func (a *arrival) replays() bool { return false }

// below: a task with several inputs has no order that could be had again, and saves its state with
// each commit.
func (a *arrival) below(position Committed, _ int, _ bool) []stage.Event {
	return a.buffers[0].before(position.Offsets[a.buffers[0].place])
}

func (a *arrival) lift(untilNs int64) { a.nowNs = max(a.nowNs, untilNs) }

func (a *arrival) take(int) ([]stage.Event, int64) {
	single := len(a.buffers) == 1
	if !single {
		a.nowNs = max(a.nowNs, a.clockNs())
	}
	a.taken = a.taken[:0]
	for _, b := range a.buffers {
		for _, event := range b.waiting() {
			if single {
				a.nowNs = max(a.nowNs, event.AtNs)
			}
			event.AtNs = a.nowNs
			a.taken = append(a.taken, event)
		}
		b.drop()
	}
	return a.taken, a.nowNs
}
