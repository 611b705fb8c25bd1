package runner

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
)

var ticksPlace = Place{"ticks", 0}

const testSnapshotEvents = 1_000

// crash is what a test's AfterStep panics with.
type crash struct{}

// start makes the next owner of the task.
func start(t *testing.T, log *memoryLog, p *config.Plan, after func(int)) *Task {
	t.Helper()
	claim := log.claim()
	task, err := NewTask(Options{
		Plan: p, Task: p.Tasks[0], App: echoApp(), Log: &owner{log, log.epoch}, Claim: claim,
		Stats:     NewStats(),
		AfterStep: after, SnapshotEvents: testSnapshotEvents, ClockNs: func() int64 { return endNs },
	})
	if err != nil {
		t.Fatal(err)
	}
	log.seek(task.Start())
	return task
}

// turn is one cycle; false when it crashed.
func turn(t *testing.T, task *Task) (progress Progress, alive bool) {
	t.Helper()
	defer func() {
		if what := recover(); what != nil {
			if _, planned := what.(crash); !planned {
				panic(what)
			}
		}
	}()
	progress, err := task.Cycle(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return progress, true
}

// outputs are the records of a topic but for watermarks, with their partition.
func outputs(log *memoryLog, topic string) []string {
	var all []string
	for partition := range int32(2) {
		for _, record := range log.partitions[Place{topic, partition}] {
			if record.Value != nil {
				all = append(all, fmt.Sprintf("%d %s %s", partition, record.Key, record.Value))
			}
		}
	}
	return all
}

// day is a log with ticks of two symbols, watermarks between them, and its end.
func day(count int) *memoryLog {
	log := newMemoryLog()
	for n := range count {
		atNs := int64(1 + n*9_000/count)
		log.write(ticksPlace, []string{"TCS", "INFY"}[n%2], tick(atNs, "x"))
		if n%7 == 6 {
			log.write(ticksPlace, watermarkKey(atNs-1), nil)
		}
	}
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	return log
}

// play runs tasks to the session's end, a new one after each crash.
func play(t *testing.T, log *memoryLog, p *config.Plan, after func(int)) *Task {
	t.Helper()
	task := start(t, log, p, after)
	for turns := 0; !task.Done(); turns++ {
		if turns > 200_000 {
			t.Fatalf("stuck at %d", task.horizonNs)
		}
		if _, alive := turn(t, task); !alive {
			task = start(t, log, p, after)
		}
	}
	return task
}

func TestACrashAfterAStepLosesNothingAndDoublesNothing(t *testing.T) {
	p := plan(config.Virtual, ticksInput)
	calm := day(300)
	calm.pollMax = 11
	want := play(t, calm, p, nil)
	for step := 1; step <= 7; step++ {
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			log := day(300)
			log.pollMax = 11
			seen := 0
			got := play(t, log, p, func(s int) {
				if s == step {
					if seen++; seen%3 == 2 && seen < 20 {
						panic(crash{})
					}
				}
			})
			if !slices.Equal(outputs(log, "echo"), outputs(calm, "echo")) {
				t.Error("other outputs than without crashes")
			}
			if got.StateHash() != want.StateHash() {
				t.Error("another state than without crashes")
			}
		})
	}
}

func TestRestartsAtRandomPlacesGiveTheSameBytes(t *testing.T) {
	p := plan(config.Virtual, ticksInput)
	const count = 5 * testSnapshotEvents
	calm := day(count)
	want := play(t, calm, p, nil)
	if _, found := calm.entries[SnapshotKey]; !found {
		t.Fatal("no snapshot was taken")
	}
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 1))
		log := day(count)
		log.pollMax = 150
		got := play(t, log, p, func(int) {
			if random.IntN(20) == 0 {
				panic(crash{})
			}
		})
		if !slices.Equal(outputs(log, "echo"), outputs(calm, "echo")) {
			t.Errorf("seed %d: other outputs", seed)
		}
		if got.StateHash() != want.StateHash() {
			t.Errorf("seed %d: another state", seed)
		}
	}
}

func TestTheLastSaveLeavesNothingToReplay(t *testing.T) {
	p := plan(config.Virtual, ticksInput)
	log := day(100)
	log.pollMax = 30
	task := start(t, log, p, nil)
	turn(t, task)
	turn(t, task)
	if err := task.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	hash := task.StateHash()
	next := start(t, log, p, nil)
	if task.Restoring() || !next.Restoring() {
		t.Error("only the next owner has a state to restore")
	}
	turn(t, next)
	if next.Restoring() {
		t.Error("it is still restoring its state")
	}
	if next.StateHash() != hash || next.stats.Read().Replayed != 0 || next.horizonNs < 0 {
		t.Errorf("replayed %d, horizon %d", next.stats.Read().Replayed, next.horizonNs)
	}
}

func TestAZombieIsFencedAndLeavesNothing(t *testing.T) {
	p := plan(config.Virtual, ticksInput)
	log := day(10)
	zombie := start(t, log, p, nil)
	start(t, log, p, nil)
	log.seek(nil)
	if _, err := zombie.Cycle(context.Background()); !errors.Is(err, ErrFenced) {
		t.Errorf("got %v", err)
	}
	if len(outputs(log, "echo")) > 0 || log.position != nil {
		t.Error("it left something")
	}
}

func TestBadBytesAreBuriedInTheirPlace(t *testing.T) {
	log := newMemoryLog()
	log.write(ticksPlace, "TCS", tick(50, "TCS"))
	log.write(ticksPlace, "TCS", []byte("{"))
	log.write(ticksPlace, "TCS", nil)
	log.write(ticksPlace, "TCS", make([]byte, contracts.RecordBytesMax+1))
	log.write(ticksPlace, "TCS", tick(60, "TCS"))
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	task := play(t, log, plan(config.Virtual, ticksInput), nil)
	dead := outputs(log, "ticks.dead")
	if len(dead) != 3 || len(outputs(log, "echo")) != 3 {
		t.Fatalf("dead %v, outputs %v", dead, outputs(log, "echo"))
	}
	for n, want := range []string{
		`"at_ns":50,"topic":"ticks","partition":0,"offset":1,"stage":"echo","reason":"SCHEMA",` +
			`"detail":"these bytes are no record of ticks","payload_b64":"ew=="`,
		`"payload_b64":""`, `"reason":"OVERSIZED"`,
	} {
		if !strings.Contains(dead[n], want) {
			t.Errorf("%s lacks %s", dead[n], want)
		}
	}
	if counts := task.stats.Read().Dead; counts["SCHEMA"] != 2 || counts["OVERSIZED"] != 1 {
		t.Errorf("%v", counts)
	}
}

func TestADeadLetterKeepsNoMoreThanARecordMayHave(t *testing.T) {
	log := newMemoryLog()
	log.write(ticksPlace, "TCS", make([]byte, 3<<20))
	log.write(ticksPlace, watermarkKey(EndOfTimeNs), nil)
	play(t, log, plan(config.Virtual, ticksInput), nil)
	dead, err := contracts.Decode("ticks.dead", log.partitions[Place{"ticks.dead", 0}][0].Value)
	if err != nil {
		t.Fatal(err)
	}
	letter := dead.(*contracts.Dead)
	if want := base64.StdEncoding.EncodedLen(contracts.RecordBytesMax); len(letter.PayloadB64) != want ||
		letter.Detail != "3145728 bytes, at most 65536" {
		t.Errorf("%d, %s", len(letter.PayloadB64), letter.Detail)
	}
}

func TestTimeAloneWritesWatermarksOnly(t *testing.T) {
	log := newMemoryLog()
	log.write(ticksPlace, watermarkKey(500), nil)
	task := start(t, log, plan(config.Virtual, ticksInput), nil)
	if progress, _ := turn(t, task); progress != Work {
		t.Errorf("progress %v", progress)
	}
	records := log.partitions[Place{"echo", 1}]
	if len(records) != 1 || string(records[0].Key) != "@507" || records[0].Value != nil {
		t.Errorf("%v", records)
	}
	if log.position != nil || len(log.entries) > 0 {
		t.Error("offsets or state were written")
	}
	if progress, _ := turn(t, task); progress != None {
		t.Errorf("progress %v", progress)
	}
}

func TestAStateOfNewerCodeIsRefused(t *testing.T) {
	log := newMemoryLog()
	log.entries["TCS"] = []byte(`{"stage":"echo","key":"TCS","version":2,"entry":{"count":1}}`)
	p := plan(config.Virtual, ticksInput)
	_, err := NewTask(Options{
		Plan: p, Task: p.Tasks[0], App: echoApp(), Log: &owner{log, 0}, Claim: log.claim(),
		Stats: NewStats(),
	})
	var state *StateError
	if !errors.As(err, &state) || !strings.Contains(err.Error(),
		"state.echo entry TCS: version 2, this code reads up to 1; start the newer release") {
		t.Errorf("got %v", err)
	}
}

func TestAStateWithoutOffsetsIsRefused(t *testing.T) {
	log := day(50)
	turn(t, start(t, log, plan(config.Virtual, ticksInput), nil))
	log.entries["TCS"] = []byte(`{"stage":"echo","key":"TCS","version":1,"entry":{"count":1}}`)
	log.position = nil
	p := plan(config.Virtual, ticksInput)
	options := Options{
		Plan: p, Task: p.Tasks[0], App: echoApp(), Log: &owner{log, 0}, Claim: log.claim(),
		Stats: NewStats(),
	}
	_, err := NewTask(options)
	var state *StateError
	if !errors.As(err, &state) || !strings.Contains(err.Error(),
		"state.echo holds entries, but the group has no offsets: they were deleted or have expired; "+
			"start the session anew with --fresh") {
		t.Errorf("got %v", err)
	}
	delete(options.Claim.Entries, "TCS")
	if _, err := NewTask(options); err != nil {
		t.Error(err)
	}
}

func TestRecordsOfOneTimeAreNeverSplit(t *testing.T) {
	log := newMemoryLog()
	for range portion + 10 {
		log.write(ticksPlace, "TCS", tick(5, "TCS"))
	}
	log.write(ticksPlace, "TCS", tick(6, "TCS"))
	task := start(t, log, plan(config.Virtual, ticksInput), nil)
	for range 3 {
		turn(t, task)
	}
	if task.stats.Read().Commits != 1 || task.stats.Read().Events != portion+10 {
		t.Errorf("%+v", task.stats.Read())
	}
}

func TestKeysGoToTheLanesOfPython(t *testing.T) {
	// zlib.crc32(key) % 4 of Python.
	for key, want := range map[string]int32{"INFY": 2, "TCS": 2, "NIFTY": 0, "M&M": 0} {
		if lane := LaneOf(key, 4); lane != want {
			t.Errorf("%s: %d, want %d", key, lane, want)
		}
	}
	if LaneOf("INFY", 1) != 0 {
		t.Error("one lane is lane 0")
	}
}
