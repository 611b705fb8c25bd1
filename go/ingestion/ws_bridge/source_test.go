package ws_bridge

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

func mustOpen(t *testing.T, document map[string]any) *Source {
	t.Helper()
	source, err := Open(mustRead(t, document))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func slice(t *testing.T, source *Source, untilNs int64) []stage.Output {
	t.Helper()
	found, err := source.Slice(untilNs)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func all(t *testing.T, document map[string]any) []stage.Output {
	t.Helper()
	return slice(t, mustOpen(t, document), math.MaxInt64)
}

func TestAnySlicesGiveTheSameRecords(t *testing.T) {
	want := all(t, document())
	draw := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		source := mustOpen(t, document())
		var found []stage.Output
		untilNs := at(10, 0, 0) - 1
		for {
			nextNs, more := source.NextNs()
			if !more {
				break
			}
			untilNs += draw.Int64N(200 * market.SecondNs)
			part := slice(t, source, untilNs)
			if (len(part) > 0) != (nextNs <= untilNs) {
				t.Fatalf("%d records up to %d, the next one is at %d", len(part), untilNs, nextNs)
			}
			if len(part) > 0 && part[0].Message.At() != nextNs {
				t.Fatalf("the next record was at %d, not %d", part[0].Message.At(), nextNs)
			}
			found = append(found, part...)
		}
		if !reflect.DeepEqual(found, want) {
			t.Fatal("other records than in one slice")
		}
	}
}

func TestDrillsComeBeforeTheTicksOfTheirTimeAndInTheirOrder(t *testing.T) {
	from := document()
	from["drills"] = []any{
		drill(at(9, 0, 0), "PAUSE", nil, nil),
		drill(at(10, 30, 0), "SET", "a.b", 3),
		drill(at(10, 30, 0), "KILL", nil, nil),
		drill(at(10, 30, 1), "RESUME", nil, nil),
		drill(at(23, 0, 0), "PAUSE", nil, nil),
	}
	found := all(t, from)
	var commands []string
	for n, record := range found {
		message, isControl := record.Message.(*contracts.Control)
		if !isControl {
			continue
		}
		commands = append(commands, message.Command)
		if record.Topic != "control" || record.Key != "PAPER1" || message.By != "drill" ||
			message.Reason != "OK" {
			t.Errorf("%v, %v", record, message)
		}
		if n > 0 && found[n-1].Topic == "ticks" && found[n-1].Message.At() >= message.AtNs {
			t.Errorf("a record of %d comes before the drill", message.AtNs)
		}
	}
	if !slices.Equal(commands, []string{"PAUSE", "SET", "KILL", "RESUME", "PAUSE"}) {
		t.Errorf("%v", commands)
	}
	inOrder(t, found)
}

func inOrder(t *testing.T, records []stage.Output) {
	t.Helper()
	for n := 1; n < len(records); n++ {
		if records[n].Message.At() < records[n-1].Message.At() {
			t.Fatalf("record %d goes back", n)
		}
	}
}

func TestDrillsArePlayedWhereThereIsNothingElse(t *testing.T) {
	settings := mustRead(t, document())
	settings.Drills = []Drill{{AtNs: 5, Command: "KILL"}}
	nothing := func() ([]stage.Output, error) { return nil, io.EOF }
	source := &Source{chunks: withDrills(nothing, settings)}
	if nextNs, more := source.NextNs(); nextNs != 5 || !more {
		t.Errorf("%d %v", nextNs, more)
	}
	if found := slice(t, source, 5); len(found) != 1 {
		t.Errorf("%v", found)
	}
	if _, more := source.NextNs(); more {
		t.Error("there is no more")
	}
}

func TestASourceWhoseTimeGoesBackIsABug(t *testing.T) {
	parts := [][]stage.Output{appendBeats(nil, 2e9, 3e9, nil), appendBeats(nil, 1e9, 2e9, nil)}
	source := &Source{chunks: func() ([]stage.Output, error) {
		part := parts[0]
		parts = parts[1:]
		return part, nil
	}}
	defer func() {
		if recover() == nil {
			t.Error("it went back without a word")
		}
	}()
	_, _ = source.Slice(math.MaxInt64)
}

func TestAFailureIsToldByTheNextSlice(t *testing.T) {
	broken := errors.New("broken")
	parts := [][]stage.Output{appendBeats(nil, 2e9, 3e9, nil)}
	source := &Source{chunks: func() ([]stage.Output, error) {
		if len(parts) == 0 {
			return nil, broken
		}
		part := parts[0]
		parts = nil
		return part, nil
	}}
	if found := slice(t, source, 2e9-1); len(found) != 0 {
		t.Error("nothing is due")
	}
	for range 2 {
		if _, err := source.Slice(math.MaxInt64); !errors.Is(err, broken) {
			t.Errorf("%v", err)
		}
		if nextNs, more := source.NextNs(); nextNs != 2e9 || !more {
			t.Errorf("%d %v", nextNs, more)
		}
	}
}

func TestMergedStreamsKeepTheOrderOfEqualRecords(t *testing.T) {
	of := func(keys ...string) stream {
		return func() (stage.Output, error) {
			if len(keys) == 0 {
				return stage.Output{}, io.EOF
			}
			record := stage.Output{Topic: "ticks", Key: keys[0], Message: &contracts.Tick{AtNs: 1}}
			keys = keys[1:]
			return record, nil
		}
	}
	records := inChunks(merged(of("B", "D"), of(), of("A", "D", "E")))
	found, err := records()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, each := range found {
		keys = append(keys, each.Key)
	}
	if strings.Join(keys, "") != "ABDDE" {
		t.Errorf("%v", keys)
	}
	if _, err := records(); !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
}

func TestSpans(t *testing.T) {
	of := func(startS, endS int64) market.Phase {
		return market.Phase{
			StartNs: startS * market.SecondNs, EndNs: endS * market.SecondNs, Name: "continuous",
		}
	}
	type pairs [][2]int64
	for name, row := range map[string]struct {
		phases map[string][]market.Phase
		gaps   pairs
		want   pairs
	}{
		"phases of classes are merged": {
			map[string][]market.Phase{"a": {of(0, 10), of(60, 70)}, "b": {of(5, 20)}},
			nil, pairs{{0, 26}, {60, 76}},
		},
		"phases that touch are one": {
			map[string][]market.Phase{"a": {of(0, 10), of(10, 20)}}, nil, pairs{{0, 26}},
		},
		"a gap within changes nothing": {
			map[string][]market.Phase{"a": {of(0, 60)}}, pairs{{10, 20}}, pairs{{0, 66}},
		},
		"a gap over the end keeps the feed on after it": {
			map[string][]market.Phase{"a": {of(0, 60)}}, pairs{{58, 75}}, pairs{{0, 81}},
		},
		"and may join what follows": {
			map[string][]market.Phase{"a": {of(0, 60), of(75, 90)}}, pairs{{58, 75}}, pairs{{0, 96}},
		},
	} {
		var gaps []gap
		for _, each := range row.gaps {
			gaps = append(gaps, gap{each[0] * market.SecondNs, each[1] * market.SecondNs, true})
		}
		var found pairs
		for _, each := range spansOf(row.phases, 5, gaps) {
			found = append(found, [2]int64{each.startNs / market.SecondNs, each.endNs / market.SecondNs})
		}
		if !reflect.DeepEqual(found, row.want) {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestBeatsOfAGap(t *testing.T) {
	for silent, want := range map[bool]string{true: "1l5l6l", false: "1l2s3s4s5l6l"} {
		gaps := []gap{{market.SecondNs, 4 * market.SecondNs, silent}}
		var found strings.Builder
		for _, each := range appendBeats(nil, 1, 7*market.SecondNs, gaps) {
			message := each.Message.(*contracts.Heartbeat)
			found.WriteByte('0' + byte(message.AtNs/market.SecondNs))
			found.WriteByte(message.Feed[0])
		}
		if found.String() != want {
			t.Errorf("silent %v: %s", silent, found.String())
		}
	}
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := t.TempDir() + "/" + name
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
