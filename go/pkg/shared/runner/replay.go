package runner

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// lineBytesMax is the longest line of a replay: a record, and its topic and key.
const lineBytesMax = 2 * contracts.RecordBytesMax

// InputError: a line is no replay record; the message names the line and what is wrong.
type InputError struct{ Message string }

func (e *InputError) Error() string { return e.Message }

// Replay is the ndjson shell: a stage as a filter from lines to lines, for debugging and parity. The
// lines are those of services/tapeline/runner/replay.py. It begins with the given state entries.
type Replay struct {
	app     *stage.App
	state   stage.State
	codec   *contracts.Decoder
	nowNs   int64
	outputs []stage.Output
	line    []byte
}

// NewReplay loads the state that an earlier replay, in either language, has saved.
func NewReplay(app *stage.App, entries map[string][]byte) (*Replay, error) {
	r := &Replay{app: app, state: app.NewState(), codec: contracts.NewDecoder(), nowNs: -1}
	if err := app.LoadEntries(r.state, entries); err != nil {
		return nil, &StateError{err.Error()}
	}
	return r, nil
}

// Run takes the lines in the order of the input.
func (r *Replay) Run(input io.Reader, output *bufio.Writer) error {
	lines := bufio.NewScanner(input)
	lines.Buffer(make([]byte, 0, lineBytesMax), lineBytesMax)
	number := 0
	for lines.Scan() {
		if text := bytes.TrimSpace(lines.Bytes()); len(text) > 0 {
			event, err := r.event(text, number)
			if err == nil {
				err = r.step(&event, output)
			}
			if err != nil {
				return err
			}
		}
		number++
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return &InputError{fmt.Sprintf("line %d: longer than %d bytes", number+1, lineBytesMax)}
	}
	return lines.Err()
}

// Finish fires the timers up to a time.
func (r *Replay) Finish(untilNs int64, output *bufio.Writer) error {
	r.outputs = r.outputs[:0]
	if err := r.timers(untilNs); err != nil {
		return err
	}
	return r.write(output)
}

// Entries are the bytes of all entries of the state, by key.
func (r *Replay) Entries() (keys []string, entries map[string][]byte) {
	entries = map[string][]byte{}
	for key := range r.state.Keys() {
		if entry, exists := r.app.AppendStateEntry(nil, r.state, key); exists {
			entries[key] = entry
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, entries
}

func (r *Replay) event(text []byte, number int) (stage.Event, error) {
	var line struct {
		Topic string          `json:"topic"`
		Key   string          `json:"key"`
		AtNs  *int64          `json:"at_ns"`
		Value json.RawMessage `json:"value"`
	}
	wrong := func(why any) error { return &InputError{fmt.Sprintf("line %d: %v", number+1, why)} }
	if err := json.Unmarshal(text, &line); err != nil {
		return stage.Event{}, wrong(err)
	}
	if line.Topic == "" || line.Value == nil {
		return stage.Event{}, wrong("a line needs a topic and a value")
	}
	message, err := r.codec.Decode(line.Topic, line.Value)
	if err != nil {
		var bad *contracts.BadRecord
		if errors.As(err, &bad) {
			return stage.Event{}, wrong(fmt.Sprintf("%v (%s)", bad, bad.Why))
		}
		return stage.Event{}, wrong(err)
	}
	event := stage.Event{
		AtNs: message.At(), Key: line.Key, Place: int64(number), Topic: line.Topic, Message: message,
	}
	if line.AtNs != nil {
		event.AtNs = *line.AtNs
	}
	return event, nil
}

func (r *Replay) step(event *stage.Event, output *bufio.Writer) error {
	r.outputs = r.outputs[:0]
	if err := r.timers(event.AtNs); err != nil {
		return err
	}
	r.nowNs = event.AtNs
	r.outputs = r.state.Step(event, r.outputs)
	return r.write(output)
}

func (r *Replay) timers(untilNs int64) error {
	for range timersInARowMax {
		due, wants := r.state.TimerNs()
		if !wants || due > untilNs {
			return nil
		}
		r.nowNs = max(due, r.nowNs)
		event := stage.TimerAt(r.nowNs)
		r.outputs = r.state.Step(&event, r.outputs)
	}
	return fmt.Errorf("%s: timers do not advance past %d", r.app.Name, r.nowNs)
}

func (r *Replay) write(output *bufio.Writer) error {
	for n := range r.outputs {
		out := &r.outputs[n]
		r.line = append(r.line[:0], `{"topic":`...)
		r.line = wire.AppendString(r.line, out.Topic)
		r.line = append(r.line, `,"key":`...)
		r.line = wire.AppendString(r.line, out.Key)
		r.line = append(r.line, `,"value":`...)
		r.line = out.Message.AppendJSON(r.line)
		r.line = append(r.line, "}\n"...)
		if _, err := output.Write(r.line); err != nil {
			return err
		}
	}
	return nil
}
