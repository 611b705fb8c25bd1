package replay

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func command(t *testing.T, text string, args ...string) (out, messages string, err error) {
	t.Helper()
	var files Files
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	files.Register(flags)
	if err := flags.Parse(args); err != nil {
		return "", "", err
	}
	var stdout, stderr bytes.Buffer
	err = files.Run(toy(), 900, strings.NewReader(text), &stdout, &stderr)
	return stdout.String(), stderr.String(), err
}

func TestACommandReadsAndWritesFiles(t *testing.T) {
	folder := t.TempDir()
	first, second := filepath.Join(folder, "first"), filepath.Join(folder, "second")
	log := filepath.Join(folder, "log")

	whole, _, err := command(t, valueLine("A", 10, 1))
	if err != nil {
		t.Fatal(err)
	}
	before, messages, err := command(t, valueLine("A", 10, 1),
		"--until-ns", "0", "--state-out", first, "--state-log", log, "--state-every", "2")
	if err != nil {
		t.Fatal(err)
	}
	after, _, err := command(t, "", "--state-in", first, "--state-out", second)
	if err != nil || before+after != whole || !strings.HasPrefix(messages, "state hash ") {
		t.Errorf("%s%s, want %s; %s; %v", before, after, whole, messages, err)
	}
	state, _ := os.ReadFile(first)
	logged, _ := os.ReadFile(log)
	if len(state) == 0 || !bytes.Equal(state, logged) {
		t.Errorf("state %s, log %s", state, logged)
	}
}

func TestACommandNamesWhatIsWrong(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no", "such")
	for want, args := range map[string][]string{
		"must be at least 1":             {"--state-every", "0"},
		"such: no such file":             {"--state-in", missing},
		missing + ": no such file":       {"--state-out", missing},
		`invalid value "x" for flag`:     {"--until-ns", "x"},
		"flag provided but not defined:": {"--no-such-flag"},
	} {
		_, _, err := command(t, "", args...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}
