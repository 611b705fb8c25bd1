package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/runner"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const planText = `{"version":1,"session":"s","prefix":"s","stage":"beats","clock":"virtual",
"start_ns":1,"end_ns":90,"feedback_latency_ns":3,"latency_ns":0,"settings":{},
"tasks":[{"task":0,"inputs":[],"targets":[{"topic":"ticks","first":0,"lanes":1,"own":[0]}]}]}`

// beats is a source of three heartbeats, the last after the session's end.
type beats struct{ next int64 }

func (b *beats) Slice(untilNs int64) ([]stage.Output, error) {
	var found []stage.Output
	for ; b.next <= untilNs && b.next <= 100; b.next += 40 {
		message := &contracts.Heartbeat{AtNs: b.next, CompleteNs: b.next, Feed: "live"}
		found = append(found, stage.Output{Topic: "ticks", Message: message})
	}
	return found, nil
}

func (b *beats) NextNs() (int64, bool) { return b.next, b.next <= 100 }

func program() Program {
	return Program{Name: "beats", Source: func([]byte) (runner.Source, error) {
		return &beats{next: 20}, nil
	}}
}

func call(env config.Env, args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = program().Run(
		context.Background(), args, strings.NewReader(""), &stdout, &stderr, env)
	return code, stdout.String(), stderr.String()
}

func planFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func none(string) (string, bool) { return "", false }

func TestASourceIsWrittenAsLines(t *testing.T) {
	code, out, errs := call(none, "replay", "--plan", planFile(t, planText))
	want := `{"topic":"ticks","key":"","value":{"kind":"heartbeat","at_ns":20,` +
		`"complete_ns":20,"feed":"live"}}`
	if lines := strings.Split(out, "\n"); code != 0 || len(lines) != 3 || lines[0] != want {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

func TestWrongCallsEndWith2AndAWordOnWhatToDo(t *testing.T) {
	path := planFile(t, planText)
	crash := func(name string) (string, bool) { return "9:9", name == config.EnvCrash }
	for want, row := range map[string]struct {
		env  config.Env
		args []string
	}{
		"usage: beats run|replay":    {none, nil},
		"--plan FILE is missing":     {none, []string{"run"}},
		"no broker: pass --kafka":    {none, []string{"run", "--plan", path}},
		"no such file":               {none, []string{"run", "--plan", path + "x"}},
		"--replica: -1":              {none, []string{"run", "--plan", path, "--replica", "-1"}},
		"--speed: 0":                 {none, []string{"run", "--plan", path, "--speed", "0"}},
		"unexpected argument \"x\"":  {none, []string{"run", "x"}},
		"not defined: -apples":       {none, []string{"replay", "--apples"}},
		config.EnvCrash + `: "9:9",`: {crash, []string{"run", "--plan", path}},
		`this program is "beats"`: {none, []string{
			"run", "--plan", planFile(t, strings.Replace(planText, "beats", "oms", 1)),
		}},
	} {
		if code, _, errs := call(row.env, row.args...); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %s", row.args, code, errs)
		}
	}
}

func TestExitCodesSayWhetherStartingAgainHelps(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		code int
	}{
		"done":    {nil, 0},
		"config":  {&config.Error{Message: "x"}, 2},
		"state":   {fmt.Errorf("task 1: %w", &runner.StateError{Message: "x"}), 2},
		"fenced":  {fmt.Errorf("task 1: %w", runner.ErrFenced), 1},
		"other":   {errors.New("x"), 1},
		"drained": {errDrained, 3},
	} {
		if code := exitCode(row.err, &bytes.Buffer{}); code != row.code {
			t.Errorf("%s: %d", name, code)
		}
	}
}

func TestAskedToStopBeforeTheEndItSaysSo(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, errs bytes.Buffer
	code := program().Run(ctx, []string{
		"run", "--plan", planFile(t, planText), "--kafka", "127.0.0.1:1",
	}, strings.NewReader(""), &out, &errs, none)
	if code != exitDrained {
		t.Errorf("%d %s", code, errs.String())
	}
}

func TestAGateThatCannotBeWaitedAtIsAFailure(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "no-such-folder", "gate")
	err := waitAt(context.Background(), gate, 0)
	if err == nil || exitCode(err, &bytes.Buffer{}) != exitUsage ||
		!strings.HasPrefix(err.Error(), startGate) {
		t.Errorf("%v", err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := waitAt(stopped, filepath.Join(t.TempDir(), "gate"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	open := filepath.Join(t.TempDir(), "gate")
	if err := os.WriteFile(open, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := waitAt(context.Background(), open, 0); err != nil {
		t.Error(err)
	}
}

func TestTheSessionClockRunsAtItsSpeed(t *testing.T) {
	plan := &config.Plan{StartNs: 1_000}
	clock := sessionClock(plan, &runFlags{speed: 1e6})
	first := clock()
	if second := clock(); first < 1_000 || second <= first {
		t.Errorf("%d %d", first, second)
	}
}
