package ws_bridge

import (
	"encoding/base64"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// recorded is a tick of INFY, so many seconds after ten.
func recorded(afterS int64) *contracts.Tick {
	atNs := at(10, 0, afterS)
	return &contracts.Tick{
		AtNs: atNs, Symbol: "INFY", EventNs: atNs - 50*market.MsNs, LastPriceE4: 14_800_000,
		LastQty: 1, DayVolume: contracts.Int64(1), Trade: true,
	}
}

func text(message contracts.Message) string { return string(message.AppendJSON(nil)) }

func recordingOf(t *testing.T, lines ...string) map[string]any {
	t.Helper()
	path := write(t, "ticks.ndjson", strings.Join(lines, "\n")+"\n")
	from := document()
	from["source"] = replay("ticks", map[string]string{"ticks": path})
	return from
}

func texts(records []stage.Output) []string {
	var found []string
	for _, each := range records {
		found = append(found, text(each.Message))
	}
	return found
}

func TestTicksArePlayedAsTheyWereWithHeartbeatsAdded(t *testing.T) {
	lines := []string{text(recorded(1)), text(recorded(1)), "", " \t", text(recorded(90))}
	found := all(t, recordingOf(t, lines...))
	ticks := ticksOf(found)
	if len(ticks) != 3 || len(found) != 3+3606 || text(ticks[2]) != lines[4] {
		t.Errorf("%d ticks among %d records", len(ticks), len(found))
	}
	inOrder(t, found)
	if _, isBeat := found[1].Message.(*contracts.Heartbeat); !isBeat || found[2].Key != "INFY" {
		t.Error("a heartbeat comes before the ticks of its time")
	}
}

func TestARecordingThatBeginsWithAHeartbeatBringsItsOwn(t *testing.T) {
	beat := `{"kind":"heartbeat","at_ns":1795149000000000000,` +
		`"complete_ns":1795149000000000000,"feed":"live"}`
	found := all(t, recordingOf(t, "junk", beat, text(recorded(1))))
	if got := texts(found[1:]); len(got) != 2 || got[0] != beat || got[1] != text(recorded(1)) {
		t.Errorf("%v", got)
	}
}

func TestABadLineIsADeadLetterWithItsBytes(t *testing.T) {
	other, outside := recorded(2), "received outside the session's time"
	other.Symbol = "TCS"
	for line, want := range map[string][2]string{
		"{oops":                             {"SCHEMA", "these bytes are no record of ticks"},
		"{\"kind\":\"\xff\"}":               {"SCHEMA", "these bytes are no record of ticks"},
		strings.Repeat(" ", 70_000) + "x":   {"OVERSIZED", "70001 bytes, at most 65536"},
		text(other):                         {"UNKNOWN_SYMBOL", "TCS is not in spec.symbols"},
		text(recorded(-5)):                  {"TICK_OUTSIDE_SESSION", outside},
		text(recorded(9999)):                {"TICK_OUTSIDE_SESSION", outside},
		text(recorded(0)):                   {"SCHEMA", "at_ns goes back from 1795149001000000000;"},
		strings.Repeat("ä", 10) + "\v \r\r": {"SCHEMA", "these bytes are no record of ticks"},
	} {
		found := all(t, recordingOf(t, text(recorded(1)), line, text(recorded(3))))
		var dead []*contracts.Dead
		for _, each := range found {
			if letter, isDead := each.Message.(*contracts.Dead); isDead {
				dead = append(dead, letter)
				if each.Topic != "ticks.dead" || each.Key != "ticks.ndjson" {
					t.Errorf("%v", each)
				}
			}
		}
		if len(dead) != 1 || len(ticksOf(found)) != 2 {
			t.Fatalf("%.40s: %d dead letters", line, len(dead))
		}
		letter := dead[0]
		payload, err := base64.StdEncoding.DecodeString(letter.PayloadB64)
		if err != nil || string(payload) != strings.TrimRight(line, "\r") {
			t.Errorf("%.40s: %v", payload, err)
		}
		if letter.Reason != want[0] || letter.Offset != 2 || letter.AtNs != at(10, 0, 1) ||
			!strings.HasPrefix(letter.Detail, "ticks.ndjson:2: "+want[1]) {
			t.Errorf("%.40s: %+v", line, letter)
		}
	}
}

func TestAnEmptyRecordingPlaysHeartbeatsOnly(t *testing.T) {
	for _, each := range all(t, recordingOf(t, "", "  ")) {
		if each.Key != stage.Broadcast {
			t.Errorf("%v", each)
		}
	}
}

func TestTheRecordingMustBeThere(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"takes one entry, `ticks: FILE`": {"INFY": "a"},
		"cannot be read (No such file":   {"ticks": "a"},
	} {
		from := document()
		from["source"] = replay("ticks", files)
		if _, err := Open(mustRead(t, from)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestLongDetailsAreCutByCharacters(t *testing.T) {
	if found := firstChars("äöüß", 2); found != "äö" {
		t.Error(found)
	}
	if found := firstChars("äö", 2); found != "äö" {
		t.Error(found)
	}
}
