package ws_bridge

import (
	"sync/atomic"
	"time"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// napMax is the longest sleep, so that a stop is noticed at once.
const napMax = 250 * time.Millisecond

// Pump plays a source at the speed of a clock into a queue, as a live feed would: each record goes
// in when the clock reaches its time.
//
// A record's AtNs becomes the time of its arrival by that clock; the exchange time of a tick and
// the time of a heartbeat are shifted by shiftNs and no more, so that lags stay true.
type Pump struct {
	source *Source
	queue  *Queue
	// clockNs is the present time: the session clock (shiftNs = 0), or the wall clock, with
	// ShiftToNow. UTC nanoseconds.
	clockNs func() int64
	sleep   func(time.Duration)
	shiftNs int64

	arrivedNs atomic.Int64
	lagNs     atomic.Int64
}

// NewPump makes a pump. It closes the queue when the source is exhausted or the pump is stopped.
func NewPump(
	source *Source, queue *Queue, clockNs func() int64, sleep func(time.Duration), shiftNs int64,
) *Pump {
	return &Pump{source: source, queue: queue, clockNs: clockNs, sleep: sleep, shiftNs: shiftNs}
}

// ShiftToNow is the shift that makes a source's first record due now, nanoseconds; 0 when it has
// none.
func ShiftToNow(source *Source, clockNs func() int64) int64 {
	firstNs, more := source.NextNs()
	if !more {
		return 0
	}
	return clockNs() - firstNs
}

// ArrivedNs is when the last record came, by the clock; 0 = none did. UTC nanoseconds.
func (p *Pump) ArrivedNs() int64 { return p.arrivedNs.Load() }

// LagNs is the time from exchange to arrival of the last tick, nanoseconds.
func (p *Pump) LagNs() int64 { return p.lagNs.Load() }

// Run plays until the source is exhausted or keepOn says false. A source that cannot be read is an
// error.
func (p *Pump) Run(keepOn func() bool) error {
	defer p.queue.Close()
	for keepOn() {
		nextNs, more := p.source.NextNs()
		if !more {
			return nil
		}
		wait := time.Duration(nextNs + p.shiftNs - p.clockNs())
		if wait > 0 {
			p.sleep(min(wait, napMax))
			continue
		}
		if err := p.Deliver(); err != nil {
			return err
		}
	}
	return nil
}

// Deliver puts everything into the queue that is due by the clock now.
func (p *Pump) Deliver() error {
	nowNs := max(p.clockNs(), p.arrivedNs.Load())
	outputs, err := p.source.Slice(nowNs - p.shiftNs)
	if err != nil {
		return err
	}
	p.arrivedNs.Store(nowNs)
	for n := range outputs {
		p.queue.Put(p.arrived(&outputs[n], nowNs))
	}
	return nil
}

// arrived is a copy of a record as it arrives at a time.
func (p *Pump) arrived(output *stage.Output, nowNs int64) stage.Output {
	found := *output
	switch message := output.Message.(type) {
	case *contracts.Tick:
		tick := *message
		tick.AtNs, tick.EventNs = nowNs, message.EventNs+p.shiftNs
		p.lagNs.Store(nowNs - tick.EventNs)
		found.Message = &tick
	case *contracts.Heartbeat:
		beat := *message
		beat.AtNs, beat.CompleteNs = nowNs, message.CompleteNs+p.shiftNs
		found.Message = &beat
	case *contracts.Control:
		control := *message
		control.AtNs = nowNs
		found.Message = &control
	case *contracts.Dead:
		dead := *message
		dead.AtNs = nowNs
		found.Message = &dead
	default:
		panic("a source plays no records of another kind")
	}
	return found
}
