package replay

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// adder is the toy of tests/unit/runner/toy.py: it sums control values by key, and publishes the
// sum again 100 ns after each.
type adder struct {
	totals map[string]int64
	alarms map[string]int64
	dirty  map[string]struct{}
}

func toy() stage.App {
	return stage.App{Name: "adder", EntryVersion: 1, NewState: func() stage.State {
		return &adder{map[string]int64{}, map[string]int64{}, map[string]struct{}{}}
	}}
}

func (a *adder) Step(event *stage.Event, out []stage.Output) []stage.Output {
	if event.Topic == stage.Timer {
		for _, key := range slices.Sorted(maps.Keys(a.alarms)) {
			if a.alarms[key] <= event.AtNs {
				delete(a.alarms, key)
				a.dirty[key] = struct{}{}
				out = append(out, a.sum(event, key, "alarm"))
			}
		}
		return out
	}
	control := event.Message.(*contracts.Control)
	a.totals[event.Key] = a.totals[event.Key]*3 + control.Value.Value
	a.alarms[event.Key] = event.AtNs + 100
	a.dirty[event.Key] = struct{}{}
	return append(out, a.sum(event, event.Key, fmt.Sprintf("%s at %d", event.Topic, event.Offset())))
}

func (a *adder) sum(event *stage.Event, key, detail string) stage.Output {
	return stage.Output{Topic: "recon", Key: key, Message: &contracts.Recon{
		AtNs: event.AtNs, Account: key, Finding: "SUMMARY", Expected: a.totals[key], Detail: detail,
	}}
}

func (a *adder) Dirty(keys map[string]struct{}) {
	maps.Copy(keys, a.dirty)
	clear(a.dirty)
}

func (a *adder) AppendEntry(dst []byte, key string) ([]byte, bool) {
	total, exists := a.totals[key]
	if !exists || key == "GONE" {
		return dst, false
	}
	alarm := "null"
	if ns, set := a.alarms[key]; set {
		alarm = strconv.FormatInt(ns, 10)
	}
	return fmt.Appendf(dst, `{"total":%d,"alarm_ns":%s}`, total, alarm), true
}

func (a *adder) Load(key string, entry []byte) error {
	var total, alarm int64
	if _, err := fmt.Sscanf(string(entry), `{"total":%d,"alarm_ns":%d}`, &total, &alarm); err == nil {
		a.alarms[key] = alarm
	} else if _, err := fmt.Sscanf(string(entry), `{"total":%d,"alarm_ns":null}`, &total); err != nil {
		return err
	}
	a.totals[key] = total
	return nil
}

func (a *adder) Keys() iter.Seq[string] { return maps.Keys(a.totals) }

func (a *adder) TimerNs() (int64, bool) {
	if len(a.alarms) == 0 {
		return 0, false
	}
	return slices.Min(slices.Collect(maps.Values(a.alarms))), true
}
