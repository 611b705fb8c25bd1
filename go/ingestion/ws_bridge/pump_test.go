package ws_bridge

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// manualClock is a clock that only sleeping moves.
type manualClock struct {
	now   atomic.Int64
	slept []time.Duration
}

func clockAt(ns int64) *manualClock {
	clock := &manualClock{}
	clock.now.Store(ns)
	return clock
}

func (c *manualClock) sleep(span time.Duration) {
	c.slept = append(c.slept, span)
	c.now.Add(int64(span))
}

func always() bool { return true }

// sourceOf plays records, and then gives an error; io.EOF for none.
func sourceOf(end error, records ...stage.Output) *Source {
	return &Source{chunks: func() ([]stage.Output, error) {
		if len(records) == 0 {
			return nil, end
		}
		chunk := records
		records = nil
		return chunk, nil
	}}
}

const s = market.SecondNs

func TestThePumpDeliversEachRecordAtItsTimeShiftedToNow(t *testing.T) {
	source := sourceOf(io.EOF, tickOf("A", 0, 5*s), tickOf("B", 0, 5*s+400*market.MsNs),
		beat(6*s, "live"))
	clock, queue := clockAt(1000*s), NewQueue(10)
	shiftNs := ShiftToNow(source, clock.now.Load)
	if err := NewPump(source, queue, clock.now.Load, clock.sleep, shiftNs).Run(always); err != nil {
		t.Fatal(err)
	}
	found := queue.Drain(0, 0)
	want := []int64{1000 * s, 1000*s + 400*market.MsNs, 1001 * s}
	for n, each := range found {
		if each.Message.At() != want[n] {
			t.Errorf("%d: %v", n, each.Message)
		}
		if tick, isTick := each.Message.(*contracts.Tick); isTick && tick.EventNs != want[n] {
			t.Errorf("exchange time %v", tick)
		}
	}
	if last := found[2].Message.(*contracts.Heartbeat); last.CompleteNs != 1001*s {
		t.Errorf("%v", last)
	}
	if slices.Max(clock.slept) != napMax || !queue.Finished() {
		t.Errorf("slept %v", clock.slept)
	}
	if ShiftToNow(source, clock.now.Load) != 0 {
		t.Error("an empty source needs no shift")
	}
}

func TestALatePumpStampsTheArrivalAndKeepsTheExchangeTime(t *testing.T) {
	dead := stage.Output{Topic: deadTopic, Key: "f", Message: &contracts.Dead{AtNs: 6 * s}}
	control := stage.Output{Topic: "control", Key: "P", Message: &contracts.Control{AtNs: 6 * s}}
	source := sourceOf(io.EOF, tickOf("A", 0, 5*s), dead, control, tickOf("A", 1, 100*s))
	clock, queue := clockAt(8*s), NewQueue(10)
	pump := NewPump(source, queue, clock.now.Load, clock.sleep, 0)
	if err := pump.Deliver(); err != nil {
		t.Fatal(err)
	}
	found := queue.Drain(0, 0)
	for _, each := range found {
		if each.Message.At() != 8*s {
			t.Errorf("%v", each.Message)
		}
	}
	if tick := found[0].Message.(*contracts.Tick); len(found) != 3 || tick.EventNs != 5*s {
		t.Errorf("%v", found)
	}
	if pump.ArrivedNs() != 8*s || pump.LagNs() != 3*s {
		t.Errorf("arrived %d, lag %d", pump.ArrivedNs(), pump.LagNs())
	}
	clock.now.Store(7 * s)
	if err := pump.Deliver(); err != nil || pump.ArrivedNs() != 8*s {
		t.Errorf("a clock that is set back moved the arrivals to %d, %v", pump.ArrivedNs(), err)
	}
}

func TestAPumpThatIsStoppedOrFailsClosesTheQueue(t *testing.T) {
	broken := errors.New("broken")
	for name, row := range map[string]struct {
		keepOn func() bool
		want   error
	}{"stopped": {func() bool { return false }, nil}, "failed": {always, broken}} {
		clock, queue := clockAt(s), NewQueue(1)
		pump := NewPump(sourceOf(broken), queue, clock.now.Load, clock.sleep, 0)
		if err := pump.Run(row.keepOn); !errors.Is(err, row.want) || !queue.Finished() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// played reads a feed whose pump may run as fast as it can until it has ended.
func played(t *testing.T, feed *Feed, clock *manualClock) ([]stage.Output, error) {
	t.Helper()
	var all []stage.Output
	for {
		found, err := feed.Slice(clock.now.Load())
		all = append(all, found...)
		if _, more := feed.NextNs(); err != nil || !more {
			return all, err
		}
	}
}

func TestAFeedHandsOutEverythingWithTimesThatNeverGoBack(t *testing.T) {
	var records []stage.Output
	for n := range int64(40) {
		records = append(records, tickOf("A", n, n*s))
	}
	clock := clockAt(3 * s)
	feed := NewFeed(sourceOf(io.EOF, records...), 1, clock.now.Load, clock.sleep)
	defer feed.Close()
	found, err := played(t, feed, clock)
	if err != nil || len(found) != len(records) {
		t.Fatalf("%d records, %v", len(found), err)
	}
	inOrder(t, found)
	for n, each := range found {
		tick := each.Message.(*contracts.Tick)
		if tick.Seq != int64(n) || tick.EventNs != int64(n)*s || tick.AtNs < tick.EventNs {
			t.Errorf("%+v", tick)
		}
	}
}

func TestARestartedFeedPassesOverWhatWasCommitted(t *testing.T) {
	clock := clockAt(9 * s)
	source := sourceOf(io.EOF, tickOf("A", 0, s), tickOf("A", 1, 2*s), tickOf("A", 2, 12*s))
	feed := NewFeed(source, 1, clock.now.Load, clock.sleep)
	defer feed.Close()
	if skipped, err := feed.Slice(s); err != nil || len(skipped) != 1 {
		t.Fatalf("%v %v", skipped, err)
	}
	found, err := played(t, feed, clock)
	if err != nil || !slices.Equal(seqs(found), []int64{1, 2}) {
		t.Errorf("%v %v", seqs(found), err)
	}
}

func TestAFeedTellsWhyItsSourceFailed(t *testing.T) {
	broken := errors.New("broken")
	clock := clockAt(s)
	feed := NewFeed(sourceOf(broken, tickOf("A", 0, 2*s)), 1, clock.now.Load, clock.sleep)
	defer feed.Close()
	for {
		if _, err := feed.Slice(clock.now.Load()); err != nil {
			if !errors.Is(err, broken) {
				t.Error(err)
			}
			return
		}
	}
}

func TestWhatIsReadLateGetsATimeBehindWhatWasHandedOut(t *testing.T) {
	clock := clockAt(s)
	feed := NewFeed(sourceOf(io.EOF), 1, clock.now.Load, clock.sleep)
	feed.playing, feed.doneNs = true, 9*s
	feed.queue.Put(tickOf("A", 0, 3*s))
	feed.queue.Put(beat(4*s, "live"))
	for _, message := range []contracts.Message{&contracts.Control{}, &contracts.Dead{}} {
		feed.queue.Put(stage.Output{Message: message})
	}
	found, err := feed.Slice(9 * s)
	if err != nil || len(found) != 4 {
		t.Fatalf("%v %v", found, err)
	}
	for _, each := range found {
		if each.Message.At() != 9*s+1 {
			t.Errorf("%v", each.Message)
		}
	}
	if feed.doneNs != 9*s+1 {
		t.Errorf("done up to %d", feed.doneNs)
	}
	feed.playing = false
}

func TestMetricsOfAFeed(t *testing.T) {
	clock := clockAt(8 * s)
	feed := NewFeed(sourceOf(io.EOF, tickOf("A", 0, 5*s), tickOf("A", 1, 6*s)), 1, clock.now.Load,
		clock.sleep)
	feed.queue.capacity = 1
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(NewCollector("test", feed))
	if text := gathered(t, registry); strings.Contains(text, "age") {
		t.Errorf("nothing has come: %s", text)
	}
	if err := feed.pump.Deliver(); err != nil {
		t.Fatal(err)
	}
	clock.now.Store(9 * s)
	text := gathered(t, registry)
	for _, want := range []string{
		"tapeline_feed_queue_depth[test] 1", "tapeline_feed_queue_high_water[test] 1",
		"tapeline_feed_records_total[test] 2", "tapeline_feed_dropped_ticks_total[test A] 1",
		"tapeline_feed_age_seconds[test] 1", "tapeline_feed_lag_seconds[test] 2",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// gathered is every metric as a line: name, values of its labels, value.
func gathered(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			value := metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
			fmt.Fprintln(&out, family.GetName()+fmt.Sprint(labels), value)
		}
	}
	return out.String()
}
