package runner

import (
	"context"
	"slices"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

var (
	lateInput = config.Input{Topic: "ticks.late", Rank: 5, Partitions: []int32{0, 1}}
	backInput = config.Input{Topic: "ticks.late", Rank: 2, Partitions: []int32{0}, Feedback: true}
)

func echoOf(task *Task) *echo { return task.state.(*echo) }

func TestInputsAreMergedByTimeRankAndKey(t *testing.T) {
	log := newMemoryLog()
	log.write(Place{"ticks.late", 0}, "B", tick(20, "B"))
	log.write(Place{"ticks.late", 1}, "A", tick(20, "A"))
	log.write(ticksPlace, "Z", tick(20, "Z"))
	log.write(ticksPlace, "C", tick(30, "C"))
	p := plan(config.Virtual, ticksInput, lateInput)
	task := start(t, log, p, nil)
	turn(t, task)
	if len(echoOf(task).seen) > 0 {
		t.Fatal("an event was taken before every input was complete to its time")
	}
	log.write(Place{"ticks.late", 0}, watermarkKey(25), nil)
	log.write(Place{"ticks.late", 1}, "A", tick(28, "A"))
	turn(t, task)
	want := []string{`20 4 "Z"`, `20 5 "A"`, `20 5 "B"`}
	if !slices.Equal(echoOf(task).seen, want) {
		t.Errorf("got %q", echoOf(task).seen)
	}
	if task.horizonNs != 25 {
		t.Errorf("horizon %d", task.horizonNs)
	}
}

func TestAFeedbackEdgeAddsItsLatency(t *testing.T) {
	log := newMemoryLog()
	log.write(Place{"ticks.late", 0}, "A", tick(20, "A"))
	log.write(Place{"ticks.late", 0}, watermarkKey(60), nil)
	log.write(ticksPlace, "B", tick(130, "B"))
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	task := start(t, log, plan(config.Virtual, ticksInput, backInput), nil)
	turn(t, task)
	if want := []string{`120 2 "A"`, `130 4 "B"`}; !slices.Equal(echoOf(task).seen, want) ||
		task.horizonNs != 160 {
		t.Errorf("got %q, horizon %d", echoOf(task).seen, task.horizonNs)
	}
}

func TestTheEndOfAnInputIsReadAgainByTheNextOwner(t *testing.T) {
	log := newMemoryLog()
	late := config.Input{Topic: "ticks.late", Rank: 5, Partitions: []int32{0}}
	log.write(ticksPlace, "TCS", tick(5, "TCS"))
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	log.write(Place{"ticks.late", 0}, "A", tick(10, "A"))
	p := plan(config.Virtual, ticksInput, late)
	turn(t, start(t, log, p, nil))
	if log.position == nil || log.position.HorizonNs != 9 {
		t.Fatalf("%+v", log.position)
	}
	log.write(Place{"ticks.late", 0}, watermarkKey(EndOfTimeNs), nil)
	task := start(t, log, p, nil)
	for range 4 {
		turn(t, task)
	}
	if !task.Done() {
		t.Errorf("stands still at %d", task.horizonNs)
	}
}

func TestBroadcastsAreTakenFromTheLastPartitionOnly(t *testing.T) {
	log := newMemoryLog()
	for partition := range int32(2) {
		log.write(Place{"ticks.late", partition}, "", tick(5, "x"))
		log.write(Place{"ticks.late", partition}, watermarkKey(EndOfTimeNs), nil)
	}
	task := play(t, log, plan(config.Virtual, lateInput), nil)
	if events := task.stats.Read().Events; events != 1 {
		t.Errorf("%d events", events)
	}
}

func TestRealTimeWithOneInputEndsWithItsLastTimers(t *testing.T) {
	log := newMemoryLog()
	p := plan(config.Real, ticksInput)
	log.write(ticksPlace, "TCS", tick(5, "TCS"))
	task := start(t, log, p, nil)
	for range 3 {
		turn(t, task)
	}
	if task.Done() || len(outputs(log, "echo")) != 1 {
		t.Fatal("it ended although more may come")
	}
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	turn(t, task)
	if !task.Done() || !slices.Equal(echoOf(task).seen, []string{`5 4 "TCS"`, `45 -1 ""`}) {
		t.Errorf("got %q", echoOf(task).seen)
	}
	records := log.partitions[Place{"echo", 0}]
	if last := records[len(records)-1]; string(last.Key) != watermarkKey(EndOfTimeNs) {
		t.Errorf("last record %q", last.Key)
	}
	next := start(t, log, p, nil)
	for range 3 {
		turn(t, next)
	}
	if !next.Done() {
		t.Error("the next owner does not know that all is done")
	}
}

func TestRealTimeWritesNoWatermarkButTheLast(t *testing.T) {
	log := newMemoryLog()
	p := plan(config.Real, ticksInput)
	p.EndNs = 1 << 62
	log.write(ticksPlace, "TCS", []byte("{"))
	turn(t, start(t, log, p, nil))
	for partition := range int32(2) {
		if records := log.partitions[Place{"echo", partition}]; len(records) > 0 {
			t.Errorf("%v", records)
		}
	}
	if log.position == nil || len(log.entries) > 0 {
		t.Errorf("%v %v", log.position, log.entries)
	}
}

func TestRealTimeEventsThatCauseNothingWaitForOthersButNotLong(t *testing.T) {
	log := newMemoryLog()
	p := plan(config.Real, ticksInput)
	p.EndNs = 1 << 62
	task := start(t, log, p, nil)
	log.write(ticksPlace, quiet, tick(5, quiet))
	turn(t, task)
	if log.position != nil || task.stats.Read().Commits != 0 {
		t.Fatal("a commit that nobody waits for")
	}
	log.write(ticksPlace, "TCS", tick(6, "TCS"))
	turn(t, task)
	if at := log.position.Offsets[ticksPlace]; at != 2 {
		t.Errorf("it goes on at %d", at)
	}
	log.write(ticksPlace, quiet, tick(7, quiet))
	turn(t, task)
	task.work.since = task.work.since.Add(-patience)
	turn(t, task)
	if at := log.position.Offsets[ticksPlace]; at != 4 {
		t.Errorf("after its patience it goes on at %d", at)
	}
	log.write(ticksPlace, quiet, tick(8, quiet))
	turn(t, task)
	if err := task.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if at := log.position.Offsets[ticksPlace]; at != 5 || task.stats.Read().Commits != 3 {
		t.Errorf("closed at %d after %d commits", at, task.stats.Read().Commits)
	}
	if next := start(t, log, p, nil); next.StateHash() != task.StateHash() {
		t.Error("another state")
	}
}

func TestRealTimeWithSeveralInputsWritesItsOrderDown(t *testing.T) {
	log := newMemoryLog()
	p := plan(config.Real, ticksInput, lateInput)
	log.write(Place{"ticks.late", 1}, "A", tick(8, "A"))
	log.write(ticksPlace, "TCS", tick(5, "TCS"))
	task := start(t, log, p, nil)
	turn(t, task)
	journal := outputs(log, "journal.echo")
	want := []string{
		`0  {"at_ns":10000,"topic":"ticks","partition":0,"offset":0}`,
		`0  {"at_ns":10000,"topic":"ticks.late","partition":1,"offset":0}`,
	}
	if !slices.Equal(journal, want) {
		t.Errorf("got %q", journal)
	}
	if len(log.entries) != 3 || log.entries[SnapshotKey] != nil {
		t.Errorf("entries %v", log.entries)
	}
	next := start(t, log, p, nil)
	if next.StateHash() != task.StateHash() {
		t.Error("another state")
	}
}

func TestWhatCameBehindAWatermarkIsNotHandledAgain(t *testing.T) {
	log := newMemoryLog()
	log.write(ticksPlace, watermarkKey(200), nil)
	log.write(ticksPlace, "TCS", tick(150, "TCS"))
	p := plan(config.Real, ticksInput)
	p.EndNs = 1 << 62
	turn(t, start(t, log, p, nil))
	if at := log.position.Offsets[ticksPlace]; at != 2 {
		t.Errorf("it goes on at %d", at)
	}
}

func TestKeysThatAreNoTextAndWatermarksThatAreNoNumberAreNone(t *testing.T) {
	log := newMemoryLog()
	log.write(ticksPlace, "\xff", tick(5, "TCS"))
	for _, key := range []string{"@+7", "@-7", "@7x", "@"} {
		log.write(ticksPlace, key, nil)
	}
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	task := play(t, log, plan(config.Virtual, ticksInput), nil)
	if seen := echoOf(task).seen; seen[0] != `5 4 ""` {
		t.Errorf("%q", seen)
	}
	if dead := task.stats.Read().Dead["SCHEMA"]; dead != 4 {
		t.Errorf("%d dead letters", dead)
	}
}

// list is a source of ticks at given times.
type list []int64

func (l *list) Slice(untilNs int64) ([]stage.Output, error) {
	var found []stage.Output
	for len(*l) > 0 && (*l)[0] <= untilNs {
		message := &contracts.Tick{AtNs: (*l)[0], Symbol: "TCS"}
		found = append(found, stage.Output{Topic: "echo", Key: "TCS", Message: message})
		*l = (*l)[1:]
	}
	return found, nil
}

func (l *list) NextNs() (int64, bool) {
	if len(*l) == 0 {
		return 0, false
	}
	return (*l)[0], true
}

// live is a feed that hands out what came after the clock was read.
type live struct{ list }

func (l *live) Slice(int64) ([]stage.Output, error) {
	return l.list.Slice(EndOfTimeNs)
}

func TestALiveSourceSavesTheTimeOfItsLastRecord(t *testing.T) {
	for atNs, want := range map[int64]string{4: "5", 8: "8", endNs: "9999", endNs + 5: "9999"} {
		log := newMemoryLog()
		p := plan(config.Real)
		source, err := NewSourceTask(Options{
			Plan: p, Task: p.Tasks[0], Log: &owner{log, 0}, Stats: NewStats(),
			ClockNs: func() int64 { return 5 },
		}, &live{list{atNs}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Cycle(context.Background()); err != nil {
			t.Fatal(err)
		}
		if saved := string(log.entries[HorizonKey]); saved != want {
			t.Errorf("%d: %s", atNs, saved)
		}
		records := log.partitions[Place{"echo", LaneOf("TCS", 2)}]
		if len(records) != 1 || records[0].Value == nil || source.Done() {
			t.Errorf("%d: %v", atNs, records)
		}
	}
}

func TestASourceGoesOnBehindItsLastCommit(t *testing.T) {
	p := plan(config.Virtual)
	p.EndNs = 3 * sliceNs
	log := newMemoryLog()
	for turns := 0; ; turns++ {
		times := list{1, 2, sliceNs + 5, 2*sliceNs + 9}
		claim := log.claim()
		source, err := NewSourceTask(Options{
			Plan: p, Task: p.Tasks[0], Log: &owner{log, log.epoch}, Claim: claim, Stats: NewStats(),
		}, &times)
		if err != nil {
			t.Fatal(err)
		}
		if source.Done() {
			break
		}
		if _, err := source.Cycle(context.Background()); err != nil || turns > 5 {
			t.Fatal(turns, err)
		}
	}
	if found := outputs(log, "echo"); len(found) != 4 {
		t.Errorf("got %q", found)
	}
	records := log.partitions[Place{"echo", 1}]
	if last := records[len(records)-1]; string(last.Key) != watermarkKey(EndOfTimeNs) {
		t.Errorf("last record %q", last.Key)
	}
}
