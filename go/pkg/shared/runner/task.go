package runner

import (
	"context"
	"fmt"
	"time"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	// portion are the records of one poll of one partition, and the events that are handled at a time:
	// few enough to stay in a processor's cache, decoded, until they have been handled.
	portion = 1_000
	// eventsMax are the events of one commit, about: a portion is not divided.
	eventsMax = 10_000
	// snapshotEvents: state is saved after so many events; neither language needs to know the other's
	// number. A restart replays at most so many and those of one commit, which takes well under a
	// second.
	snapshotEvents = 100_000
	// patience: in real time events that caused nothing wait so long for some that do. Nobody sees
	// their commit, and it costs the brokers as much as any other.
	patience = 50 * time.Millisecond
	// timersInARowMax: a stage that asks for more timers without an event between them is stuck.
	timersInARowMax = 100_000
)

// Options are what a task is made of.
type Options struct {
	Plan *config.Plan
	Task config.Task
	App  *stage.App
	Log  Log
	// Claim is what the former owner left.
	Claim Claim
	// ClockNs is the session clock of a real-time session.
	ClockNs func() int64
	Stats   *Stats
	// AfterStep is called after each numbered step: fault injection.
	AfterStep func(step int)
	// SnapshotEvents are the events after which state is saved; 0 = the usual number.
	SnapshotEvents int
}

// Task runs one task of a stage. It is used by one goroutine at a time.
type Task struct {
	options Options
	app     *stage.App
	plan    *config.Plan
	log     Log
	order   order
	state   stage.State
	publish *publisher
	decode  *decoder
	stats   *Stats
	after   func(int)

	horizonNs int64
	nowNs     int64
	// written is the last watermark that was written.
	written int64
	outputs []stage.Output
	// work is what was handled and not committed; between cycles only in real time: see patience.
	work *work
	// snapshots: state is saved now and then; otherwise with each commit.
	snapshots     bool
	sinceSnapshot int
	unsaved       map[string]struct{}
	// target is the commit that a silent replay leads to; nil when it is reached.
	target *Committed
	start  map[Place]int64
	done   bool
	// saved: nothing was committed since Close.
	saved bool
}

// work is what the next commit will hold.
type work struct {
	transaction Transaction
	since       time.Time
	horizonNs   int64
	// taken counts events, good those of them that were records of their topic.
	taken, good, outputs int
	last                 bool
}

// NewTask takes a task over from where its last commit ended. StateError: its state cannot be used.
func NewTask(options Options) (*Task, error) {
	t := &Task{
		options: options, app: options.App, plan: options.Plan, log: options.Log,
		state: options.App.NewState(), stats: options.Stats, after: options.AfterStep,
		horizonNs: -1, nowNs: -1, written: -1, unsaved: map[string]struct{}{}, start: map[Place]int64{},
	}
	if t.options.SnapshotEvents == 0 {
		t.options.SnapshotEvents = snapshotEvents
	}
	if t.after == nil {
		t.after = func(int) {}
	}
	t.publish = newPublisher(options.Task.Targets, t.stats)
	t.decode = newDecoder()
	if t.plan.Clock == config.Real {
		t.order = newArrival(options.Task.Inputs, options.ClockNs)
	} else {
		t.order = newMerge(options.Task.Inputs, t.plan)
	}
	t.snapshots = t.order.replays() || len(t.order.all()) == 1
	if err := t.recover(options.Claim); err != nil {
		return nil, err
	}
	return t, nil
}

// Start is where reading begins, by partition.
func (t *Task) Start() map[Place]int64 { return t.start }

// Done says that the session has ended for this task.
func (t *Task) Done() bool { return t.done }

// Restoring says that the task is still on its silent way back to its last commit.
func (t *Task) Restoring() bool { return t.target != nil }

// Number of the task in the plan.
func (t *Task) Number() int { return t.options.Task.Task }

// StateHash is that of the present state: see stage.App.
func (t *Task) StateHash() string { return t.app.StateHash(t.state) }

// Cycle runs the seven steps once.
func (t *Task) Cycle(ctx context.Context) (Progress, error) {
	if t.done {
		return None, nil
	}
	if t.target != nil {
		return t.replay()
	}
	started := time.Now()
	fetched, err := t.poll()
	if err != nil {
		return None, err
	}
	last := t.isLast()
	if last {
		t.order.lift(t.plan.EndNs)
	}
	events, horizonNs := t.order.take(portion)
	if len(events) == 0 && !last && !t.isDue(horizonNs) {
		return t.pass(ctx, fetched > 0, horizonNs)
	}
	if t.work == nil {
		transaction, err := t.log.Begin()
		if err != nil {
			return None, err
		}
		t.publish.begin()
		t.work = &work{transaction: transaction, since: started}
	}
	t.work.last = last
	if err := t.handle(events, horizonNs); err != nil {
		return None, err
	}
	// What else waits joins the commit, a portion at a time.
	for max(fetched, len(events)) >= portion && t.work.taken < eventsMax {
		if fetched, err = t.poll(); err != nil {
			return None, err
		}
		events, horizonNs = t.order.take(portion)
		if err := t.handle(events, horizonNs); err != nil {
			return None, err
		}
	}
	if !t.mayWait() {
		err = t.commit(ctx)
	}
	t.stats.current.Busy += time.Since(started)
	t.stats.publish()
	return Work, err
}

// mayWait: nothing that was handled shows outside.
func (t *Task) mayWait() bool {
	w := t.work
	return t.plan.Clock == config.Real && w.outputs == 0 && !w.last && w.taken < eventsMax &&
		time.Since(w.since) < patience
}

// commit is steps 5 to 7.
func (t *Task) commit(ctx context.Context) error {
	w := t.work
	t.work = nil
	t.advance(w.horizonNs, w)
	position := t.position(w.horizonNs, w.last)
	t.sinceSnapshot += w.taken
	t.saveState(position, w.transaction, !t.snapshots || t.sinceSnapshot >= t.options.SnapshotEvents)
	t.after(5)
	w.transaction.Save(position)
	t.after(6)
	if err := w.transaction.Commit(ctx); err != nil {
		return err
	}
	t.after(7)
	t.stats.current.Events += int64(w.good)
	t.stats.current.Commits++
	t.committed(w.horizonNs, w.last)
	t.stats.publish()
	return nil
}

// handle is steps 3 and 4.
func (t *Task) handle(events []stage.Event, horizonNs int64) error {
	w := t.work
	w.horizonNs = horizonNs
	w.taken += len(events)
	events = t.bury(events, w)
	if err := t.logic(events, horizonNs); err != nil {
		return err
	}
	t.after(3)
	t.journal(events, w.transaction)
	if err := t.publish.publish(t.outputs, w.transaction); err != nil {
		return fmt.Errorf("%s: %w", t.app.Name, err)
	}
	t.after(4)
	w.good += len(events)
	w.outputs += len(t.outputs)
	t.decode.recycle(events)
	return nil
}

func (t *Task) committed(horizonNs int64, last bool) {
	t.horizonNs, t.saved = horizonNs, false
	t.stats.setHorizon(t.Number(), horizonNs)
	t.done = last || t.plan.Clock == config.Virtual && horizonNs >= t.plan.EndNs
}

// Close saves the state once more, so that the next owner has nothing to replay.
func (t *Task) Close(ctx context.Context) error {
	if t.work != nil {
		if err := t.commit(ctx); err != nil {
			return err
		}
	}
	if !t.snapshots || t.target != nil || t.horizonNs < 0 || t.saved {
		return nil
	}
	transaction, err := t.log.Begin()
	if err != nil {
		return err
	}
	t.publish.begin()
	if t.Postponed() {
		t.advance(t.horizonNs, &work{transaction: transaction})
	}
	position := t.position(t.horizonNs, t.done)
	t.saveState(position, transaction, true)
	transaction.Save(position)
	err = transaction.Commit(ctx)
	t.saved = err == nil
	return err
}

// Steps 1 and 2

// poll returns the most records that came of one partition.
func (t *Task) poll() (int, error) {
	fetched := 0
	for _, b := range t.order.all() {
		b.compact()
		if b.isFull(portion) {
			continue
		}
		records := t.log.Poll(b.place, portion)
		if len(records) == 0 {
			continue
		}
		if fetched == 0 {
			t.after(1)
		}
		fetched = max(fetched, len(records))
		if err := t.decode.records(b, records); err != nil {
			return 0, err
		}
	}
	if fetched > 0 {
		t.after(2)
	}
	return fetched, nil
}

// bury sends bytes that fail their schema to the dead-letter topic, but in a replay (w is nil); it
// returns the other events.
func (t *Task) bury(events []stage.Event, w *work) []stage.Event {
	bad := 0
	for _, b := range t.order.all() {
		bad += b.bad
	}
	if bad == 0 {
		return events
	}
	good := make([]stage.Event, 0, len(events))
	for n := range events {
		event := &events[n]
		record, isBad := event.Message.(*badRecord)
		if !isBad {
			good = append(good, *event)
			continue
		}
		record.from.bad--
		dead := record.dead(t.app.Name, event)
		if w != nil {
			w.transaction.Produce(event.Topic+deadSuffix, 0, "", t.publish.encode(dead))
			w.outputs++
			t.stats.addDead(dead.Reason)
		}
	}
	return good
}

// Step 3

func (t *Task) isDue(horizonNs int64) bool {
	due, wants := t.state.TimerNs()
	return wants && due <= horizonNs && horizonNs > t.horizonNs
}

func (t *Task) logic(events []stage.Event, horizonNs int64) error {
	t.outputs = t.outputs[:0]
	for n := range events {
		event := &events[n]
		if due, wants := t.state.TimerNs(); wants && due <= event.AtNs {
			if err := t.timers(event.AtNs); err != nil {
				return err
			}
		}
		t.nowNs = event.AtNs
		t.outputs = t.state.Step(event, t.outputs)
	}
	return t.timers(horizonNs)
}

// timers fires what is due; a timer comes before records of the same time.
func (t *Task) timers(untilNs int64) error {
	for range timersInARowMax {
		due, wants := t.state.TimerNs()
		if !wants || due > untilNs {
			return nil
		}
		t.nowNs = max(due, t.nowNs)
		event := stage.TimerAt(t.nowNs)
		t.outputs = t.state.Step(&event, t.outputs)
	}
	return fmt.Errorf("%s: timers do not advance past %d", t.app.Name, t.nowNs)
}

// isLast: real time has come to its end, and so have the inputs; what is left are timers.
func (t *Task) isLast() bool {
	if t.plan.Clock != config.Real || t.options.ClockNs() < t.plan.EndNs {
		return false
	}
	for _, b := range t.order.all() {
		if !b.feedback && !b.ended || len(b.waiting()) > 0 {
			return false
		}
	}
	return true
}

// Step 4

// journal: real time with several inputs writes down the order in which they were taken.
func (t *Task) journal(events []stage.Event, transaction Transaction) {
	if t.snapshots {
		return
	}
	topic := "journal." + t.app.Name
	for n := range events {
		event := &events[n]
		entry := contracts.Journal{
			AtNs: event.AtNs, Topic: event.Topic, Partition: event.Partition(),
			Offset: event.Offset(),
		}
		transaction.Produce(topic, 0, "", t.publish.encode(&entry))
	}
}
