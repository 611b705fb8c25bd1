package cli

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/replay"
)

// replay is the command of the same name: see package replay. A source reads no lines.
func (p Program) replay(args []string, in io.Reader, out, errs io.Writer) error {
	flags := flag.NewFlagSet(p.Name+" replay", flag.ContinueOnError)
	planPath := flags.String("plan", "", "plan of the stage, a JSON `file` that tapeline writes")
	var files replay.Files
	files.Register(flags)
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
	if p.App == nil {
		return p.replaySource(plan, out)
	}
	app, err := p.App(plan.Settings)
	if err != nil {
		return usage("%s: %v", *planPath, err)
	}
	err = files.Run(app, plan.EndNs, in, out, errs)
	var bad *replay.InputError
	if errors.As(err, &bad) {
		return usage("%v", err)
	}
	return err
}

// replaySource writes every record of a source as lines.
func (p Program) replaySource(plan *config.Plan, out io.Writer) error {
	source, err := p.Source(plan.Settings)
	if err != nil {
		return usage("%v", err)
	}
	output := bufio.NewWriterSize(out, 1<<16)
	var line []byte
	for {
		next, more := source.NextNs()
		if !more || next > plan.EndNs {
			return output.Flush()
		}
		outputs, err := source.Slice(next)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		for n := range outputs {
			line = replay.AppendLine(line[:0], &outputs[n])
			if _, err := output.Write(line); err != nil {
				return err
			}
		}
	}
}
