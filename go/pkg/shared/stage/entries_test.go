package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"
)

// notes is a state whose entries are texts.
type notes map[string]string

func (n notes) Step(*Event, []Output) []Output { return nil }
func (n notes) Dirty(map[string]struct{})      {}
func (n notes) Keys() iter.Seq[string]         { return maps.Keys(n) }
func (n notes) TimerNs() (int64, bool)         { return 0, false }

func (n notes) AppendEntry(dst []byte, key string) ([]byte, bool) {
	text, exists := n[key]
	if !exists {
		return append(dst, "rubbish"...), false
	}
	return fmt.Appendf(dst, `{"text":%q}`, text), true
}

func (n notes) Load(key string, entry []byte) error {
	if string(entry) == "{}" {
		return errors.New("no text")
	}
	n[key] = strings.TrimSuffix(strings.TrimPrefix(string(entry), `{"text":"`), `"}`)
	return nil
}

var app = App{Name: "notes", NewState: func() State { return notes{} }, EntryVersion: 2}

func TestAnEntryIsWrittenUnderItsSchema(t *testing.T) {
	text, exists := app.AppendStateEntry([]byte(">"), notes{`Q"`: "x"}, `Q"`)
	want := `>{"stage":"notes","key":"Q\"","version":2,"entry":{"text":"x"}}`
	if !exists || string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	text, exists = app.AppendStateEntry([]byte(">"), notes{}, "gone")
	if exists || string(text) != ">" {
		t.Errorf("%s", text)
	}
}

func TestTheHashIsThatOfTheEntriesInTheOrderOfTheirKeys(t *testing.T) {
	want := sha256.Sum256([]byte(`{"stage":"notes","key":"a","version":2,"entry":{"text":"1"}}` +
		`{"stage":"notes","key":"b","version":2,"entry":{"text":"2"}}`))
	if got := app.StateHash(notes{"b": "2", "a": "1"}); got != hex.EncodeToString(want[:]) {
		t.Errorf("%s", got)
	}
}

func TestEntriesAreLoadedButForThoseOfTheRunner(t *testing.T) {
	state := notes{}
	err := app.LoadEntries(state, map[string][]byte{
		"a":         []byte(`{"stage":"notes","key":"a","version":1,"entry":{"text":"old"}}`),
		"@snapshot": []byte(`{}`),
	})
	if err != nil || len(state) != 1 || state["a"] != "old" {
		t.Errorf("%v, %v", state, err)
	}
}

func TestEntriesThatCannotBeUsedAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"oops":                     "state.notes entry a: ",
		`{"entry":{}}`:             "state.notes entry a: version or entry is missing",
		`{"version":1}`:            "state.notes entry a: version or entry is missing",
		`{"version":1,"entry":{}}`: "state.notes: no text",
		`{"version":3,"entry":{}}`: "version 3, this code reads up to 2; start the newer release",
	} {
		err := app.LoadEntries(notes{}, map[string][]byte{"a": []byte(text)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestAPlaceHoldsPartitionAndOffset(t *testing.T) {
	event := Event{Place: 3<<PartitionShift + 17}
	if event.Partition() != 3 || event.Offset() != 17 {
		t.Errorf("%d, %d", event.Partition(), event.Offset())
	}
	if timer := TimerAt(5); timer.AtNs != 5 || timer.Topic != Timer || timer.Rank != TimerRank {
		t.Errorf("%+v", timer)
	}
}
