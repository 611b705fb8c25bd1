package ws_bridge

import (
	"math"
	"sync/atomic"
	"time"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// queuedTicks is how many ticks of each symbol the queue holds: some ten seconds of a liquid share.
const queuedTicks = 50

// Feed is a source that plays at the speed of the session clock, for a session in real time. It is
// read as a Source is, by one goroutine; what is due when it is first read comes at once. As with
// any live feed, what waits in the queue when the process dies is lost.
type Feed struct {
	source *Source
	queue  *Queue
	pump   *Pump

	playing  bool
	stopping atomic.Bool
	ended    chan struct{}
	failed   error
	// doneNs is the time up to which records were handed out; what arrived while they were, but is
	// read later, gets the time after it, so that time does not go back.
	doneNs int64
}

// NewFeed makes a feed of a source with so many symbols. sleep waits for a span of session time.
func NewFeed(
	source *Source, symbols int, clockNs func() int64, sleep func(time.Duration),
) *Feed {
	queue := NewQueue(queuedTicks * max(symbols, 1))
	return &Feed{
		source: source,
		queue:  queue,
		pump:   NewPump(source, queue, clockNs, sleep, 0),
		ended:  make(chan struct{}),
		doneNs: math.MinInt64,
	}
}

// Slice is what has arrived since the last call, oldest first. The first call takes what is due up
// to untilNs; a restart passes over it with that.
func (f *Feed) Slice(untilNs int64) ([]stage.Output, error) {
	if !f.playing {
		return f.begin(untilNs)
	}
	finished := f.queue.Finished()
	found := f.queue.Drain(0, 0)
	if finished {
		<-f.ended
		return found, f.failed
	}
	for n := range found {
		f.notBefore(f.doneNs+1, found[n].Message)
	}
	if len(found) > 0 {
		untilNs = max(untilNs, found[len(found)-1].Message.At())
	}
	f.doneNs = max(f.doneNs, untilNs)
	return found, nil
}

func (f *Feed) begin(untilNs int64) ([]stage.Output, error) {
	due, err := f.source.Slice(untilNs)
	if err != nil {
		return nil, err
	}
	for n := range due {
		due[n] = f.pump.arrived(&due[n], untilNs)
	}
	f.playing, f.doneNs = true, untilNs
	go func() {
		defer close(f.ended)
		f.failed = f.pump.Run(func() bool { return !f.stopping.Load() })
	}()
	return due, nil
}

// NextNs is not known to a feed: it says only whether there may be more, or a failure to tell.
func (f *Feed) NextNs() (int64, bool) {
	if !f.queue.Finished() {
		return f.doneNs, true
	}
	<-f.ended
	return f.doneNs, f.failed != nil
}

// Close stops the feed and waits for it.
func (f *Feed) Close() {
	f.stopping.Store(true)
	if f.playing {
		<-f.ended
	}
}

// notBefore moves a record that the feed owns to a time, when it lies before it.
func (f *Feed) notBefore(ns int64, message contracts.Message) {
	if message.At() >= ns {
		return
	}
	switch message := message.(type) {
	case *contracts.Tick:
		message.AtNs = ns
	case *contracts.Heartbeat:
		message.AtNs = ns
	case *contracts.Control:
		message.AtNs = ns
	case *contracts.Dead:
		message.AtNs = ns
	}
}
