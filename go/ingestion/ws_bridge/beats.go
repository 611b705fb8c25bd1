package ws_bridge

import (
	"cmp"
	"io"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const ticksTopic = "ticks"

// gap is a time [startNs, endNs) in which the feed delivers nothing; whole seconds.
type gap struct {
	startNs, endNs int64
	// silent: heartbeats stop as well; otherwise they say stale.
	silent bool
}

// span is a time [startNs, endNs) in which heartbeats are sent; ends a second after the last.
type span struct{ startNs, endNs int64 }

// spansOf are the spans of all phases of all classes, merged and ascending. The feed stays on for
// tailS seconds after a phase, and after a gap in which one ends; gaps ascend.
func spansOf(phases map[string][]market.Phase, tailS int64, gaps []gap) []span {
	tailNs := (tailS + 1) * market.SecondNs
	var merged []span
	for _, phase := range sorted(phases) {
		endNs := phase.EndNs + tailNs
		for _, each := range gaps {
			if each.startNs <= endNs && endNs < each.endNs+tailNs {
				endNs = each.endNs + tailNs
			}
		}
		if last := len(merged) - 1; last >= 0 && phase.StartNs <= merged[last].endNs {
			merged[last].endNs = max(merged[last].endNs, endNs)
		} else {
			merged = append(merged, span{phase.StartNs, endNs})
		}
	}
	return merged
}

func sorted(phases map[string][]market.Phase) []market.Phase {
	var all []market.Phase
	for _, each := range phases {
		all = append(all, each...)
	}
	slices.SortFunc(all, func(a, b market.Phase) int {
		return cmp.Or(
			cmp.Compare(a.StartNs, b.StartNs),
			cmp.Compare(a.EndNs, b.EndNs),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Day, b.Day),
		)
	})
	return all
}

// appendBeats appends a heartbeat for each whole second of [startNs, endNs).
func appendBeats(out []stage.Output, startNs, endNs int64, gaps []gap) []stage.Output {
	firstNs := (startNs + market.SecondNs - 1) / market.SecondNs * market.SecondNs
	for atNs := firstNs; atNs < endNs; atNs += market.SecondNs {
		within := slices.IndexFunc(gaps, func(g gap) bool { return g.startNs < atNs && atNs <= g.endNs })
		if within < 0 {
			out = append(out, beat(atNs, contracts.HeartbeatFeedLive))
		} else if !gaps[within].silent {
			out = append(out, beat(atNs, contracts.HeartbeatFeedStale))
		}
	}
	return out
}

// beating is the stream of heartbeats of all spans.
func beating(spans []span) stream {
	var ready []stage.Output
	return func() (stage.Output, error) {
		for len(ready) == 0 {
			if len(spans) == 0 {
				return stage.Output{}, io.EOF
			}
			// A minute at a time, so that the beats of a day need no memory.
			first := &spans[0]
			endNs := min(first.endNs, first.startNs+market.MinuteNs)
			ready = appendBeats(ready[:0], first.startNs, endNs, nil)
			if first.startNs = endNs; endNs == first.endNs {
				spans = spans[1:]
			}
		}
		next := ready[0]
		ready = ready[1:]
		return next, nil
	}
}

func beat(atNs int64, feed string) stage.Output {
	return stage.Output{
		Topic:   ticksTopic,
		Key:     stage.Broadcast,
		Message: &contracts.Heartbeat{AtNs: atNs, CompleteNs: atNs, Feed: feed},
	}
}
