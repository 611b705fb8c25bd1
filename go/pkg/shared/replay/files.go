package replay

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/stage"
)

// Files are the flags of a replay command, the same as those of `tapeline replay`.
type Files struct {
	stateIn    string
	stateOut   string
	stateLog   string
	stateEvery int
	untilNs    *int64
}

// Register adds the flags to those of a command.
func (f *Files) Register(flags *flag.FlagSet) {
	flags.StringVar(&f.stateIn, "state-in", "",
		"`file` with the state to start with: ndjson, as --state-out writes it")
	flags.StringVar(&f.stateOut, "state-out", "",
		"`file` that gets the state after the last line; its hash goes to stderr")
	flags.StringVar(&f.stateLog, "state-log", "",
		"`file` that gets the entries that changed: what the state topic would get")
	flags.IntVar(&f.stateEvery, "state-every", 1, "`lines` after which --state-log is written")
	flags.Func("until-ns",
		"`time` up to which timers fire after the last line; default: the session's end",
		func(text string) error {
			ns, err := strconv.ParseInt(text, 10, 64)
			f.untilNs = &ns
			return err
		})
}

// Run replays with these files; endNs is the session's end.
func (f *Files) Run(
	app stage.App, endNs int64, in io.Reader, out, messages io.Writer,
) (err error) {
	if f.stateEvery < 1 {
		return errors.New("--state-every must be at least 1")
	}
	options := Options{UntilNs: endNs, StateEvery: f.stateEvery}
	if f.untilNs != nil {
		options.UntilNs = *f.untilNs
	}
	if f.stateIn != "" {
		file, err := os.Open(f.stateIn)
		if err != nil {
			return err
		}
		defer file.Close()
		options.StateIn = file
	}
	for path, to := range map[string]*io.Writer{
		f.stateOut: &options.StateOut, f.stateLog: &options.StateLog,
	} {
		if path == "" {
			continue
		}
		file, created := os.Create(path)
		if created != nil {
			return created
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		*to = file
	}
	hash, err := Run(app, in, out, options)
	if err == nil && f.stateOut != "" {
		_, err = fmt.Fprintln(messages, "state hash", hash)
	}
	return err
}
