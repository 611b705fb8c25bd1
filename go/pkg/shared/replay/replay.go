// Package replay is the ndjson shell: a stage as a filter from lines to lines, for debugging and
// parity. It is the twin of services/tapeline/runner/replay.py.
//
// A line in: {"topic": "ticks", "key": "INFY", "value": {...}}. Instead of "value" there may be
// "value_b64", the bytes of a record as they stand in the log; when they are no record, the stage's
// dead letter comes out. Optional are "at_ns", when the stage takes it (default: the record's own
// time; for bytes that are no record, that of the line before), and "offset" (default: the number
// of the line, from 0). Lines are taken in the order of the file.
// A line out: {"topic": "bars.1s", "key": "INFY", "value": {...}}.
//
// The state comes and goes as lines under schemas/state_entry.schema.json.
package replay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	// timersInARowMax: a stage that asks for this many timers without an event between them is
	// stuck: a bug.
	timersInARowMax = 100_000
	// bufferBytes of input and output: a few hundred lines.
	bufferBytes = 256 * 1024
)

// Options of a replay.
type Options struct {
	// UntilNs: timers fire up to here after the last line.
	UntilNs int64
	// StateIn are the entries that the stage starts with; nil = a new state. The last of several
	// entries with one key counts.
	StateIn io.Reader
	// StateOut takes all entries of the final state, sorted by key; may be nil.
	StateOut io.Writer
	// StateLog takes, after every StateEvery lines and at the end, the entries that changed, sorted
	// by key: what the state topic would get. May be nil.
	StateLog   io.Writer
	StateEvery int
}

// Run replays lines through a stage and returns the hash of its final state.
func Run(app stage.App, in io.Reader, out io.Writer, options Options) (string, error) {
	s := &shell{app: app, state: app.NewState(), nowNs: -1, lastNs: -1, options: options}
	s.out = bufio.NewWriterSize(out, bufferBytes)
	if options.StateIn != nil {
		if err := s.load(options.StateIn); err != nil {
			return "", err
		}
	}
	err := eachLine(in, s.take)
	if err == nil {
		err = s.finish()
	}
	if flushed := s.out.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		return "", err
	}
	return s.app.StateHash(s.state), nil
}

// shell is one replay.
type shell struct {
	app     stage.App
	state   stage.State
	options Options
	out     *bufio.Writer
	outputs []stage.Output
	line    []byte
	lines   *lines
	taken   int
	// nowNs is the time of the last event or timer, lastNs that of the last line.
	nowNs  int64
	lastNs int64
	dirty  map[string]struct{}
}

// take handles one line.
func (s *shell) take(text []byte, number int) error {
	if s.lines == nil {
		s.lines = newLines()
	}
	event, dead, err := s.lines.event(text, number, s.lastNs)
	if err != nil {
		return &InputError{number + 1, err.Error()}
	}
	s.outputs = s.outputs[:0]
	if dead != nil {
		dead.Stage = s.app.Name
		output := stage.Output{Topic: dead.Topic + contracts.DeadSuffix, Message: dead}
		s.outputs = append(s.outputs, output)
	} else {
		if err := s.timers(event.AtNs); err != nil {
			return err
		}
		s.nowNs, s.lastNs = event.AtNs, event.AtNs
		s.outputs = s.state.Step(&event, s.outputs)
	}
	s.write()
	s.taken++
	if s.options.StateLog != nil && s.taken%s.options.StateEvery == 0 {
		return s.log()
	}
	return nil
}

// timers fires what is due up to a time, as the runner does: never before the present.
func (s *shell) timers(untilNs int64) error {
	for range timersInARowMax {
		due, set := s.state.TimerNs()
		if !set || due > untilNs {
			return nil
		}
		s.nowNs = max(due, s.nowNs)
		event := stage.TimerAt(s.nowNs)
		s.outputs = s.state.Step(&event, s.outputs)
	}
	return fmt.Errorf("%s: timers do not advance past %d", s.app.Name, s.nowNs)
}

// write prints the outputs; what goes wrong shows when the writer is flushed.
func (s *shell) write() {
	for i := range s.outputs {
		s.line = AppendLine(s.line[:0], &s.outputs[i])
		s.out.Write(s.line)
	}
}

// AppendLine appends the line of an output, with its line feed.
func AppendLine(dst []byte, output *stage.Output) []byte {
	dst = append(dst, `{"topic":`...)
	dst = wire.AppendString(dst, output.Topic)
	dst = append(dst, `,"key":`...)
	dst = wire.AppendString(dst, output.Key)
	dst = append(dst, `,"value":`...)
	dst = output.Message.AppendJSON(dst)
	return append(dst, '}', '\n')
}

func (s *shell) finish() error {
	s.outputs = s.outputs[:0]
	if err := s.timers(s.options.UntilNs); err != nil {
		return err
	}
	s.write()
	if s.options.StateLog != nil {
		if err := s.log(); err != nil {
			return err
		}
	}
	if s.options.StateOut == nil {
		return nil
	}
	return s.entries(s.options.StateOut, slices.Sorted(s.state.Keys()))
}

// eachLine calls take for every line that is not blank, with its number from 0. The bytes are valid
// during the call.
func eachLine(in io.Reader, take func(text []byte, number int) error) error {
	reader := bufio.NewReaderSize(in, bufferBytes)
	var long []byte
	for number := 0; ; number++ {
		text, err := reader.ReadSlice('\n')
		long = long[:0]
		for errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, text...)
			text, err = reader.ReadSlice('\n')
		}
		if len(long) > 0 {
			long = append(long, text...)
			text = long
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if err := take(text, number); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}
