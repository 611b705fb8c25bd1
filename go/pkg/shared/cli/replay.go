package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

// replay is the command of the same name. With --state-out the input is a part of a session: no
// timer fires after its last line, and the state goes to the file, one entry a line, in key order.
// Without it timers fire up to the session's end.
func (p Program) replay(args []string, in io.Reader, out, errs io.Writer) error {
	flags := flag.NewFlagSet(p.Name+" replay", flag.ContinueOnError)
	planPath := flags.String("plan", "", "plan of the stage, a JSON file that tapeline writes")
	stateIn := flags.String("state-in", "", "state to begin with, as --state-out writes it")
	stateOut := flags.String("state-out", "", "where to write the state after the last line")
	if err := parse(flags, args, errs); err != nil {
		return err
	}
	if *planPath == "" {
		return usage("--plan FILE is missing")
	}
	plan, err := config.ReadPlan(*planPath, p.Name)
	if err != nil {
		return err
	}
	output := bufio.NewWriterSize(out, 1<<16)
	if p.App == nil {
		return p.replaySource(plan, output)
	}
	app, err := p.App(plan.Settings)
	if err != nil {
		return usage("%s: %v", *planPath, err)
	}
	entries, err := readState(*stateIn)
	if err != nil {
		return err
	}
	replay, err := runner.NewReplay(&app, entries)
	if err != nil {
		return err
	}
	if err := replay.Run(in, output); err != nil {
		return err
	}
	if *stateOut == "" {
		if err := replay.Finish(plan.EndNs, output); err != nil {
			return err
		}
	} else if err := writeState(*stateOut, replay); err != nil {
		return err
	}
	return output.Flush()
}

func readState(path string) (map[string][]byte, error) {
	entries := map[string][]byte{}
	if path == "" {
		return entries, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("--state-in: %v", err)
	}
	for number, line := range bytes.Split(data, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var head struct {
			Key string `json:"key"`
		}
		if err := json.Unmarshal(line, &head); err != nil || head.Key == "" {
			return nil, usage("--state-in %s, line %d: no state entry", path, number+1)
		}
		entries[head.Key] = line
	}
	return entries, nil
}

func writeState(path string, replay *runner.Replay) error {
	var all bytes.Buffer
	keys, entries := replay.Entries()
	for _, key := range keys {
		all.Write(entries[key])
		all.WriteByte('\n')
	}
	if err := os.WriteFile(path, all.Bytes(), 0o644); err != nil {
		return fmt.Errorf("--state-out: %w", err)
	}
	return nil
}

// replaySource writes every record of a source; it reads no input.
func (p Program) replaySource(plan *config.Plan, output *bufio.Writer) error {
	source, err := p.Source(plan.Settings)
	if err != nil {
		return usage("%v", err)
	}
	if err := runner.WriteSource(source, plan.EndNs, output); err != nil {
		return err
	}
	return output.Flush()
}
