// Package cli is the command line of a stage's binary:
//
//	<stage> run --plan FILE --kafka BROKERS [--replica N] [--http PORT]
//	<stage> replay --plan FILE [--state-in FILE] [--state-out FILE] ... < in.ndjson > out.ndjson
//
// It ends with 0 when the session has ended; with 3 when it was asked to stop before that and has
// saved everything; with 2 when it was called or configured wrongly, or its saved state is not for
// it, so that starting it again does not help; with 1 for any other failure.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// Exit codes.
const (
	exitDone    = 0
	exitFail    = 1
	exitUsage   = 2
	exitDrained = 3
)

// errDrained: the process was asked to stop, and has saved everything.
var errDrained = errors.New("asked to stop before the session's end")

// Program is a binary.
type Program struct {
	Name string
	// App makes the stage from its settings; nil for a source.
	App func(settings []byte) (stage.App, error)
	// Source makes the source from its settings; nil for a stage with inputs.
	Source func(settings []byte) (runner.Source, error)
	// Live makes the source of a real-time session, which plays at the speed of a clock, with the
	// metrics of its feed; nil for a stage with inputs.
	Live func(settings []byte, live Live) (runner.Source, prometheus.Collector, error)
}

// Live is what a source needs to play in real time.
type Live struct {
	Session string
	// ClockNs is session time, UTC nanoseconds.
	ClockNs func() int64
	// Sleep waits for a span of session time.
	Sleep func(time.Duration)
}

// Main runs the program with the process's arguments; it does not return.
func Main(program Program) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	limitMemory(ctx)
	code := program.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, config.OSEnv)
	stop()
	os.Exit(code)
}

// Run is Main with its surroundings as arguments; it returns the exit code.
func (p Program) Run(
	ctx context.Context, args []string, in io.Reader, out, errs io.Writer, env config.Env,
) int {
	slog.SetDefault(slog.New(logHandler(errs)))
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	var err error
	switch command {
	case "run":
		err = p.run(ctx, args[1:], errs, env)
	case "replay":
		err = p.replay(args[1:], in, out, errs)
	default:
		err = usage("usage: %s run|replay --plan FILE ...; %s run --help shows all", p.Name, p.Name)
	}
	return exitCode(err, errs)
}

func exitCode(err error, errs io.Writer) int {
	var wrong *config.Error
	var state *runner.StateError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errDrained):
		return exitDrained
	case errors.As(err, &wrong), errors.As(err, &state):
		fmt.Fprintln(errs, err)
		return exitUsage
	case errors.Is(err, runner.ErrFenced):
		fmt.Fprintf(errs, "%v: stop the other one, or leave this one stopped\n", err)
	default:
		fmt.Fprintln(errs, err)
	}
	return exitFail
}

func usage(format string, args ...any) error {
	return &config.Error{Message: fmt.Sprintf(format, args...)}
}

// parse reads flags; a wrong one is a usage error.
func parse(flags *flag.FlagSet, args []string, errs io.Writer) error {
	flags.SetOutput(errs)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usage("%v", err)
	}
	if flags.NArg() > 0 {
		return usage("unexpected argument %q", flags.Arg(0))
	}
	return nil
}

// logHandler writes the events of the log as those of Python: one JSON object a line with
// timestamp, level and event.
func logHandler(errs io.Writer) slog.Handler {
	return slog.NewJSONHandler(errs, &slog.HandlerOptions{
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			if len(groups) > 0 {
				return attr
			}
			switch attr.Key {
			case slog.TimeKey:
				attr.Key = "timestamp"
				attr.Value = slog.StringValue(
					attr.Value.Time().UTC().Format("2006-01-02T15:04:05.000000Z"))
			case slog.LevelKey:
				attr.Value = slog.StringValue(strings.ToLower(attr.Value.String()))
			case slog.MessageKey:
				attr.Key = "event"
			}
			return attr
		},
	})
}
