// Package bar_aggregator_multi makes bars of 1, 3, 5 and 15 minutes of 1-second bars: what a bar, a
// heartbeat and the session's end do.
//
// What happens to a symbol depends only on its own bars and on the heartbeats. It is the twin of
// services/tapeline/compute/bar_aggregator_multi, file by file; the rules and their reasons are in
// the README there.
package bar_aggregator_multi

import (
	"encoding/base64"
	"fmt"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	barsTopic = "bars.1s"
	deadTopic = "bars.1s.dead"
)

// Step says what one bar, heartbeat or timer causes; see stage.State.
func (s *State) Step(event *stage.Event, out []stage.Output) []stage.Output {
	if bar, isBar := event.Message.(*contracts.Bar); isBar {
		return s.bar(event, bar, out)
	}
	if event.Topic == stage.Timer {
		return s.end(event, out)
	}
	return s.beat(event, out)
}

// bar is a 1s bar: it joins its minute, then closes what ends with it or before.
func (s *State) bar(event *stage.Event, bar *contracts.Bar, out []stage.Output) []stage.Output {
	f := s.symbols[bar.Symbol]
	if f == nil {
		if _, known := s.settings.Symbols[bar.Symbol]; !known {
			detail := bar.Symbol + " is not traded here"
			return s.dead(event, bar, contracts.ReasonUnknownSymbol, detail, out)
		}
		f = s.add(bar.Symbol)
	}
	phase := f.phaseOf(bar)
	if phase == nil {
		detail := fmt.Sprintf("start_ns %d", bar.StartNs)
		return s.dead(event, bar, contracts.ReasonBarOutsideSession, detail, out)
	}
	f.dirty.Own = true
	if bar.EndNs <= max(s.completeNs, f.completeNs)-s.horizonNs {
		detail := fmt.Sprintf("start_ns %d", bar.StartNs)
		return s.dead(event, bar, contracts.ReasonBarTooLate, detail, out)
	}
	minute := f.minuteAt(bar.StartNs, phase)
	if at, known := minute.find(bar.StartNs); known && minute.seconds[at].rev >= bar.Rev {
		detail := fmt.Sprintf("revision %d after %d", bar.Rev, minute.seconds[at].rev)
		return s.dead(event, bar, contracts.ReasonStaleRevision, detail, out)
	}
	f.dirty.Minute(minute.startNs)
	second := partOf(bar)
	s.changed = f.take(minute, &second, s.closedNs(f), s.changed[:0])
	out = s.issue(f, event, s.changed, out)
	if bar.Final && bar.EndNs > f.completeNs {
		f.completeNs = bar.EndNs
		if f.dueNs <= bar.EndNs {
			out = s.close(f, event, bar.EndNs, contracts.BarCauseWatermark, out)
		}
	}
	s.dueNs = min(s.dueNs, f.dueNs)
	return out
}

// beat closes what it completes: the bars that it speaks of came before it.
func (s *State) beat(event *stage.Event, out []stage.Output) []stage.Output {
	beat, isBeat := event.Message.(*contracts.Heartbeat)
	if !isBeat {
		panic(fmt.Sprintf("%s holds a %T", barsTopic, event.Message))
	}
	if beat.CompleteNs <= s.completeNs {
		return out
	}
	s.completeNs = beat.CompleteNs
	s.feedDirty = true
	if s.dueNs > s.completeNs {
		return out
	}
	s.dueNs = neverNs
	for _, f := range s.byName {
		if f.dueNs <= s.completeNs {
			out = s.close(f, event, s.completeNs, contracts.BarCauseWatermark, out)
		}
		s.dueNs = min(s.dueNs, f.dueNs)
	}
	return out
}

// end is the session's: whatever no watermark has closed goes out, marked as not final.
func (s *State) end(event *stage.Event, out []stage.Output) []stage.Output {
	if s.ended {
		panic("the session ended twice")
	}
	for _, f := range s.byName {
		out = s.close(f, event, neverNs-1, contracts.BarCauseFeedEnd, out)
	}
	s.dueNs = neverNs
	s.ended = true
	s.feedDirty = true
	return out
}

// close issues what ends at or before a limit, then forgets what is beyond correction.
func (s *State) close(
	f *symbolFrames, event *stage.Event, limitNs int64, cause string, out []stage.Output,
) []stage.Output {
	s.changed = f.close(limitNs, cause, s.changed[:0])
	out = s.issue(f, event, s.changed, out)
	f.prune(max(s.completeNs, f.completeNs))
	return out
}

// issue publishes bars of windows that closed or changed, in their order.
func (s *State) issue(
	f *symbolFrames, event *stage.Event, all []changed, out []stage.Output,
) []stage.Output {
	for _, c := range all {
		if c.window.frame == minutesFrame {
			f.dirty.Minute(c.window.startNs)
		}
		f.dirty.Own = true
		bar := &contracts.Bar{}
		f.fillBar(bar, c.window, event.AtNs+s.settings.LatencyNs, c.cause)
		topic := frames[c.window.frame].topic
		out = append(out, stage.Output{Topic: topic, Key: f.symbol, Message: bar})
	}
	return out
}

// dead sends a bar that cannot be used to bars.1s.dead, with its bytes and the reason.
func (s *State) dead(
	event *stage.Event, bar *contracts.Bar, reason, detail string, out []stage.Output,
) []stage.Output {
	record := &contracts.Dead{
		AtNs:       event.AtNs + s.settings.LatencyNs,
		Topic:      barsTopic,
		Partition:  event.Partition(),
		Offset:     event.Offset(),
		Stage:      Stage,
		Reason:     reason,
		Detail:     detail,
		PayloadB64: base64.StdEncoding.EncodeToString(bar.AppendJSON(nil)),
	}
	return append(out, stage.Output{Topic: deadTopic, Key: bar.Symbol, Message: record})
}
