package replay

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

func control(atNs, value int64) []byte {
	return (&contracts.Control{
		AtNs: atNs, Command: "SET", By: "test", Reason: "OK",
		Key: contracts.String("k"), Value: contracts.Int64(value),
	}).AppendJSON(nil)
}

func valueLine(key string, atNs, value int64) string {
	return fmt.Sprintf(`{"topic":"control","key":%q,"value":%s}`, key, control(atNs, value)) + "\n"
}

func logLine(value []byte, more string) string {
	encoded := base64.StdEncoding.EncodeToString(value)
	return fmt.Sprintf(`{"topic":"control","key":"A","value_b64":%q%s}`, encoded, more) + "\n"
}

func run(t *testing.T, text string, options Options) (string, string) {
	t.Helper()
	var out bytes.Buffer
	hash, err := Run(toy(), strings.NewReader(text), &out, options)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), hash
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

func TestAStageAnswersLinesWithLines(t *testing.T) {
	text := valueLine("A", 10, 1) + "\n \n" + valueLine("A", 20, 2)
	out, _ := run(t, text, Options{UntilNs: 119})
	want := `{"topic":"recon","key":"A","value":{"at_ns":10,"account":"A","run":0,` +
		`"finding":"SUMMARY","symbol":null,"order_id":null,"expected":1,"actual":0,"breaks":0,` +
		`"detail":"control at 0"}}` + "\n"
	if !strings.HasPrefix(out, want) || strings.Count(out, "\n") != 2 {
		t.Errorf("%s", out)
	}
	contains(t, out, `"detail":"control at 3"`)
	out, _ = run(t, text, Options{UntilNs: 120})
	contains(t, out, `"at_ns":120`, `"detail":"alarm"`)
}

func TestALineMaySayWhenAndWhereItIsTaken(t *testing.T) {
	text := strings.Replace(valueLine("A", 10, 1), "{", `{"at_ns":500,"offset":7,"new":[{}],`, 1)
	out, _ := run(t, text, Options{})
	contains(t, out, `"at_ns":500`, `"control at 7"`)
}

func TestAVeryLongLineIsOneLine(t *testing.T) {
	blanks := strings.Repeat(" ", 3*bufferBytes)
	out, _ := run(t, blanks+"\n"+blanks+valueLine("A", 10, 1), Options{})
	contains(t, out, `"control at 1"`)
}

func TestBytesOfTheLogAreTakenLikeAValue(t *testing.T) {
	want, _ := run(t, valueLine("A", 10, 1), Options{UntilNs: 500})
	out, _ := run(t, logLine(control(10, 1), ""), Options{UntilNs: 500})
	if out != want {
		t.Errorf("%s, want %s", out, want)
	}
}

func TestBytesThatAreNoRecordMakeADeadLetter(t *testing.T) {
	text := logLine([]byte("junk"), "") + valueLine("A", 10, 1) + logLine(nil, `,"offset":77`) +
		logLine(bytes.Repeat([]byte("x"), 70_000), `,"at_ns":5`)
	out, _ := run(t, text, Options{})
	contains(t, out,
		`{"topic":"control.dead","key":"","value":{"at_ns":0,"topic":"control","partition":0,`+
			`"offset":0,"stage":"adder","reason":"SCHEMA","detail":"these bytes are no record of `+
			`control","payload_b64":"anVuaw=="}}`,
		`"at_ns":10,"topic":"control","partition":0,"offset":77,`,
		`"at_ns":5,"topic":"control","partition":0,"offset":3,"stage":"adder","reason":"OVERSIZED",`,
		`"payload_b64":"`+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), 65_536))+`"}}`)
}

func TestAStateGoesOnWhereItWasWritten(t *testing.T) {
	var lines []string
	for n := range int64(12) {
		line := valueLine(fmt.Sprintf("K%d", n%3), n*10, n)
		lines = append(lines, strings.Replace(line, "{", fmt.Sprintf(`{"offset":%d,`, n), 1))
	}
	want, wantHash := run(t, strings.Join(lines, ""), Options{UntilNs: 900})
	for _, cut := range []int{0, 1, 7, 12} {
		var state bytes.Buffer
		before, _ := run(t, strings.Join(lines[:cut], ""), Options{UntilNs: -1, StateOut: &state})
		options := Options{UntilNs: 900, StateIn: &state}
		after, hash := run(t, strings.Join(lines[cut:], ""), options)
		if before+after != want || hash != wantHash {
			t.Errorf("cut at %d: %s%s, want %s", cut, before, after, want)
		}
	}
}

func TestTheLogOfAStateHoldsWhatChanged(t *testing.T) {
	text := valueLine("A", 1, 1) + valueLine("GONE", 2, 1) + valueLine("B", 3, 1)
	for every, want := range map[int]string{
		1: "A GONE B A B GONE", 2: "A GONE A B GONE", 9: "A B GONE",
	} {
		var log bytes.Buffer
		run(t, text, Options{UntilNs: 900, StateLog: &log, StateEvery: every})
		var keys []string
		for line := range strings.Lines(log.String()) {
			keys = append(keys, strings.Split(line, `"`)[7])
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("every %d lines: %s, want %s", every, got, want)
		}
		contains(t, log.String(), `{"stage":"adder","key":"GONE","version":1,"entry":null}`+"\n")
		var state bytes.Buffer
		run(t, "", Options{StateIn: &log, StateOut: &state})
		if strings.Count(state.String(), "\n") != 2 {
			t.Errorf("every %d lines: %s", every, state.String())
		}
	}
}

func TestWhatIsNoInputIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		`{oops`:               "line 2: ",
		`{"value":{}}`:        "line 2: the field topic is missing",
		`{"topic":"control"}`: "line 2: exactly one of value and value_b64",
		`{"topic":"c","value":{},"value_b64":"e30="}`: "line 2: exactly one of value and value_b64",
		`{"topic":"control","value_b64":"e3"}`:        "line 2: value_b64: illegal base64",
		`{"topic":"orderz","value":{}}`:               `names no topic "orderz"`,
		`{"topic":"control","value":{}}`:              "line 2: SCHEMA: these bytes are no record",
		`{"topic":"control","value":{}} x`:            "line 2: ",
	} {
		var out bytes.Buffer
		_, err := Run(toy(), strings.NewReader(valueLine("A", 10, 1)+text), &out, Options{})
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		contains(t, out.String(), `"control at 0"`)
	}
}

func TestAStateThatCannotBeUsedIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"oops":              "line 1: state: ",
		`{"stage":"adder"}`: "line 1: state: stage, key or entry is missing",
		`{"stage":"oms","key":"A","version":1,"entry":{}}`:   "line 1: state: of stage oms, not adder",
		`{"stage":"adder","key":"A","version":2,"entry":{}}`: "version 2, this code reads up to 1",
		`{"stage":"adder","key":"A","entry":{}}`:             "version or entry is missing",
		`{"stage":"adder","key":"A","version":1,"entry":{}}`: "state.adder: ",
	} {
		options := Options{StateIn: strings.NewReader(text)}
		_, err := Run(toy(), strings.NewReader(""), io.Discard, options)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

type stuck struct{ stage.State }

func (s stuck) TimerNs() (int64, bool) { return 1, true }

func TestTimersThatDoNotAdvanceAreAnError(t *testing.T) {
	app := toy()
	app.NewState = func() stage.State { return stuck{toy().NewState()} }
	_, err := Run(app, strings.NewReader(""), io.Discard, Options{UntilNs: 9})
	if err == nil || !strings.Contains(err.Error(), "adder: timers do not advance past 1") {
		t.Error(err)
	}
}
