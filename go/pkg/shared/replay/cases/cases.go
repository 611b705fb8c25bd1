// Package cases replays the case files of tests/parity/cases in the tests of a stage.
package cases

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/replay"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// folder of the cases, seen from the package of a stage, where its tests run.
const folder = "../../../tests/parity/cases"

// nothingFiresNs: a replay up to here fires no timers after its last line.
const nothingFiresNs = -1

// Check replays every case of a stage: whole, and parted at every line.
func Check(t *testing.T, name string, newApp func(settings []byte) (stage.App, error)) {
	t.Helper()
	plans, err := filepath.Glob(filepath.Join(folder, name, "*", "plan.json"))
	if err != nil || len(plans) == 0 {
		t.Fatalf("%s has no cases: %v", name, err)
	}
	for _, path := range plans {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			plan, err := config.ReadPlan(path, name)
			if err != nil {
				t.Fatal(err)
			}
			app, err := newApp(plan.Settings)
			if err != nil {
				t.Fatal(err)
			}
			c := testCase{app, plan.EndNs, filepath.Dir(path)}
			c.whole(t)
			c.parted(t)
		})
	}
}

type testCase struct {
	app    stage.App
	endNs  int64
	folder string
}

func (c *testCase) whole(t *testing.T) {
	var out, state, log bytes.Buffer
	options := replay.Options{
		UntilNs: c.endNs, StateOut: &state, StateLog: &log, StateEvery: 1,
	}
	if _, err := replay.Run(c.app, bytes.NewReader(c.read(t, "in")), &out, options); err != nil {
		t.Fatal(err)
	}
	same(t, "out", out.Bytes(), c.read(t, "out"))
	same(t, "log", log.Bytes(), c.read(t, "log"))
	same(t, "state", state.Bytes(), c.read(t, "state"))
}

// parted goes on from its own state at every line but those that take the time of the line before.
func (c *testCase) parted(t *testing.T) {
	lines := bytes.SplitAfter(c.read(t, "in"), []byte("\n"))
	for cut, line := range lines {
		if bytes.Contains(line, []byte(`"value_b64"`)) {
			continue
		}
		var out, between, state bytes.Buffer
		c.run(t, lines[:cut], &out, replay.Options{UntilNs: nothingFiresNs, StateOut: &between})
		c.run(t, lines[cut:], &out, replay.Options{
			UntilNs: c.endNs, StateIn: &between, StateOut: &state,
		})
		same(t, "out, parted", out.Bytes(), c.read(t, "out"))
		same(t, "state, parted", state.Bytes(), c.read(t, "state"))
	}
}

func (c *testCase) run(t *testing.T, lines [][]byte, out io.Writer, options replay.Options) {
	t.Helper()
	_, err := replay.Run(c.app, bytes.NewReader(bytes.Join(lines, nil)), out, options)
	if err != nil {
		t.Fatal(err)
	}
}

func (c *testCase) read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.folder, name+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// same names the first line that differs.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	mine, theirs := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for n := range min(len(mine), len(theirs)) {
		if !bytes.Equal(mine[n], theirs[n]) {
			t.Fatalf("%s, line %d:\n%s\nwant\n%s", what, n+1, mine[n], theirs[n])
		}
	}
	t.Fatalf("%s: %d lines, want %d", what, len(mine), len(theirs))
}
