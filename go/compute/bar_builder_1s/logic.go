// Package bar_builder_1s makes 1-second bars of ticks: what a tick, a heartbeat and the session's
// end do.
//
// What happens to a symbol depends only on its own ticks and on the heartbeats, so that neither the
// batches nor the partitions that a replica happens to get show in the result. It is the twin of
// services/tapeline/compute/bar_builder_1s, file by file; the rules and their reasons are in the
// README there.
package bar_builder_1s

import (
	"encoding/base64"
	"fmt"
	"slices"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	ticksTopic = "ticks"
	deadTopic  = "ticks.dead"
	lateTopic  = "ticks.late"
	barsTopic  = "bars.1s"
)

// Step says what one tick, heartbeat or timer causes; see stage.State.
func (s *State) Step(event *stage.Event, out []stage.Output) []stage.Output {
	tick, isTick := event.Message.(*contracts.Tick)
	if !isTick {
		if event.Topic == stage.Timer {
			return s.end(event, out)
		}
		return s.beat(event, out)
	}
	bars := s.symbols[tick.Symbol]
	if bars == nil {
		if _, known := s.settings.Symbols[tick.Symbol]; !known {
			detail := tick.Symbol + " is not traded here"
			return s.dead(event, tick, contracts.ReasonUnknownSymbol, detail, out)
		}
		if !tick.Trade {
			return out
		}
		bars = s.add(tick.Symbol)
		bars.firstNs = event.AtNs
	} else if !tick.Trade {
		return out
	}
	bars.dirty.Own = true
	volume := windows.Packed(tick.DayVolume)
	if tick.EventNs > event.AtNs+s.maxAheadNs || tick.DayVolume.Valid != bars.hasVolume {
		if tick.EventNs > event.AtNs+s.maxAheadNs {
			ahead := (tick.EventNs - event.AtNs) / market.MsNs
			detail := fmt.Sprintf("%d ms ahead of its receipt", ahead)
			return s.dead(event, tick, contracts.ReasonTickFromFuture, detail, out)
		}
		if bars.hasVolume {
			detail := "day_volume is null"
			return s.dead(event, tick, contracts.ReasonTickWithoutVolume, detail, out)
		}
		volume = windows.NoVolume
	}
	return s.trade(bars, event, tick, trade{tick.EventNs, volume, tick.LastPriceE4, tick.LastQty}, out)
}

// trade closes what is due of the symbol of a trade tick, then adds the trade to its window.
//
// The hottest code of the stage: the common case, a good tick, calls next to nothing.
func (s *State) trade(
	bars *symbolBars, event *stage.Event, tick *contracts.Tick, t trade, out []stage.Output,
) []stage.Output {
	watermarkNs := max(event.AtNs-s.graceNs, bars.watermarkNs)
	bars.watermarkNs = watermarkNs
	if bars.dueNs <= watermarkNs {
		by := issue{s.issueNs(event), contracts.BarCauseWatermark, true}
		out = s.close(bars, watermarkNs, by, out)
	}
	phase := bars.phase
	if t.eventNs < phase.StartNs || t.eventNs >= phase.EndNs {
		if phase = bars.phaseAt(t.eventNs); phase == nil {
			detail := fmt.Sprintf("event_ns %d", t.eventNs)
			return s.dead(event, tick, contracts.ReasonTickOutsideSession, detail, out)
		}
	}
	inBand := bars.baseLowE4 <= t.priceE4 && t.priceE4 <= bars.baseHighE4
	if !inBand && !bars.believes(t.priceE4, phase) {
		detail := fmt.Sprintf("price %d e4", t.priceE4)
		return s.dead(event, tick, contracts.ReasonPriceOutOfBand, detail, out)
	}
	var isNew bool
	newest := bars.newest
	if newest != nil && newest.startNs <= t.eventNs && t.eventNs < newest.endNs {
		isNew = newest.add(t)
	} else {
		startNs, endNs := windows.Of(phase, t.eventNs, widthNs)
		switch {
		case endNs <= watermarkNs || endNs <= s.watermarkNs || s.ended:
			return s.late(bars, event, tick, late{startNs, endNs, phase, t}, out)
		case newest != nil && startNs > newest.startNs:
			bars.newest = s.pool.window(startNs, endNs, phase, t)
			bars.open = append(bars.open, bars.newest)
			return out
		}
		isNew = bars.place(startNs, endNs, phase, t)
	}
	if isNew {
		return out
	}
	return s.duplicate(event, tick, out)
}

// close issues the open windows of a symbol that end at or before a limit, oldest first.
func (s *State) close(
	bars *symbolBars, limitNs int64, by issue, out []stage.Output,
) []stage.Output {
	due := 0
	for due < len(bars.open) && bars.open[due].endNs <= limitNs {
		w := bars.open[due]
		due++
		bars.closed = append(bars.closed, w)
		out = s.issue(bars, len(bars.closed)-1, by, out)
		if minute := minuteOf(w.startNs); minute != bars.minute {
			bars.minute = minute
			bars.prune(s.completeNs(bars) - s.horizonNs)
		}
		bars.dirty.Minute(bars.minute)
	}
	bars.open = slices.Delete(bars.open, 0, due)
	if len(bars.open) > 0 {
		bars.dueNs = bars.open[0].endNs
	} else {
		bars.dueNs = neverNs
		bars.newest = nil
	}
	return out
}

// late is a trade of a closed window, and that window's bounds.
type late struct {
	startNs int64
	endNs   int64
	phase   *market.Phase
	trade   trade
}

// late makes a revision within the horizon, and ticks.late beyond it.
//
// The window's bar is issued again (or for the first time), and so is the next one when the volume
// before it changed.
func (s *State) late(
	bars *symbolBars, event *stage.Event, tick *contracts.Tick, l late, out []stage.Output,
) []stage.Output {
	completeNs := s.completeNs(bars)
	if l.endNs <= completeNs-s.horizonNs {
		record := *tick
		record.AtNs = event.AtNs + s.settings.LatencyNs
		return append(out, stage.Output{Topic: lateTopic, Key: bars.symbol, Message: &record})
	}
	first, changed := bars.correct(l, s.feedFirstNs)
	if changed == 0 {
		return s.duplicate(event, tick, out)
	}
	for at := first; at < first+changed; at++ {
		w := bars.closed[at]
		by := issue{s.issueNs(event), contracts.BarCauseLateTick, w.endNs <= completeNs}
		out = s.issue(bars, at, by, out)
		bars.dirty.Minute(minuteOf(w.startNs))
	}
	return out
}

// beat closes what is due of every symbol, when it is live; a stale one only passes on.
//
// The beat that is passed on says that every bar up to its complete_ns has been issued. It comes a
// nanosecond after the bars that it closed: of records with one at_ns a broadcast is the first.
func (s *State) beat(event *stage.Event, out []stage.Output) []stage.Output {
	beat, isBeat := event.Message.(*contracts.Heartbeat)
	if !isBeat {
		panic(fmt.Sprintf("ticks holds a %T", event.Message))
	}
	atNs := s.issueNs(event)
	if s.feedFirstNs == neverNs {
		s.feedFirstNs = event.AtNs
	}
	if beat.Feed == contracts.HeartbeatFeedLive {
		s.watermarkNs = max(s.watermarkNs, event.AtNs-s.graceNs)
		by := issue{atNs, contracts.BarCauseWatermark, true}
		for _, bars := range s.byName {
			if bars.dueNs <= s.watermarkNs {
				bars.dirty.Own = true
				out = s.close(bars, s.watermarkNs, by, out)
			}
		}
	}
	s.beatNs = atNs + 1
	s.feedDirty = true
	passedOn := &contracts.Heartbeat{AtNs: s.beatNs, CompleteNs: s.watermarkNs, Feed: beat.Feed}
	return append(out, stage.Output{Topic: barsTopic, Key: stage.Broadcast, Message: passedOn})
}

// end is the session's: whatever no watermark has closed goes out, marked as not final.
func (s *State) end(event *stage.Event, out []stage.Output) []stage.Output {
	if s.ended {
		panic("the session ended twice")
	}
	by := issue{s.issueNs(event), contracts.BarCauseFeedEnd, false}
	for _, bars := range s.byName {
		if n := len(bars.open); n > 0 {
			bars.dirty.Own = true
			out = s.close(bars, bars.open[n-1].endNs, by, out)
		}
	}
	s.ended = true
	s.feedDirty = true
	return out
}

// issueNs is the at_ns of the bars that an event causes. UTC nanoseconds.
//
// A heartbeat is passed on a nanosecond after its bars; what comes at its own time comes then.
func (s *State) issueNs(event *stage.Event) int64 {
	return max(event.AtNs+s.settings.LatencyNs, s.beatNs)
}

// completeNs: windows of a symbol that end at or before this are closed.
func (s *State) completeNs(bars *symbolBars) int64 { return max(bars.watermarkNs, s.watermarkNs) }

// issue publishes the present revision of a closed window's bar.
func (s *State) issue(bars *symbolBars, at int, by issue, out []stage.Output) []stage.Output {
	bar := s.bars.next()
	fillBar(bar, bars.symbol, bars.closed[at], bars.baseline(at, s.feedFirstNs), by)
	return append(out, stage.Output{Topic: barsTopic, Key: bars.symbol, Message: bar})
}

func (s *State) duplicate(
	event *stage.Event, tick *contracts.Tick, out []stage.Output,
) []stage.Output {
	detail := fmt.Sprintf("event_ns %d", tick.EventNs)
	return s.dead(event, tick, contracts.ReasonDuplicateTick, detail, out)
}

// dead sends a tick that cannot be used to ticks.dead, with its bytes and the reason.
func (s *State) dead(
	event *stage.Event, tick *contracts.Tick, reason, detail string, out []stage.Output,
) []stage.Output {
	record := &contracts.Dead{
		AtNs:       event.AtNs + s.settings.LatencyNs,
		Topic:      ticksTopic,
		Partition:  event.Partition(),
		Offset:     event.Offset(),
		Stage:      Stage,
		Reason:     reason,
		Detail:     detail,
		PayloadB64: base64.StdEncoding.EncodeToString(tick.AppendJSON(nil)),
	}
	return append(out, stage.Output{Topic: deadTopic, Key: tick.Symbol, Message: record})
}
