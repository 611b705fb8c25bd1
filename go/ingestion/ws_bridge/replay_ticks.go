package ws_bridge

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const detailChars = 1000

// tickChunks makes the records of the whole session in at_ns order.
//
// A recording of the topic ticks begins with a heartbeat and brings its own; when the first record
// is a tick, heartbeats are added for each second.
func tickChunks(settings *Settings) (chunks, error) {
	path, found := settings.Replay.Files[formatTicks]
	if !found || len(settings.Replay.Files) != 1 {
		return nil, wrong("spec.source.files: format ticks takes one entry, `ticks: FILE`")
	}
	hasBeats, err := beginsWithBeat(path)
	if err != nil {
		return nil, err
	}
	lines, err := openLines(path)
	if err != nil {
		return nil, err
	}
	recorded := newRecording(lines, settings)
	if hasBeats {
		return inChunks(recorded.next), nil
	}
	beats := beating(spansOf(settings.Phases, settings.BeatTailS, nil))
	return inChunks(merged(beats, recorded.next)), nil
}

// lineFile reads the lines of a file with their numbers from 1, without line ends and blank lines.
type lineFile struct {
	path   string
	file   *os.File
	text   *bufio.Reader
	number int64
	done   bool
}

func openLines(path string) (*lineFile, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	return &lineFile{path: path, file: file, text: bufio.NewReader(file)}, nil
}

// next is the next line, nil after the last one; the file is closed then.
func (f *lineFile) next() ([]byte, error) {
	for !f.done {
		line, err := f.text.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			f.close()
			return nil, unreadable(f.path, err)
		}
		if err != nil && len(line) == 0 {
			f.done = true
			f.close()
			break
		}
		f.number++
		if len(bytes.Trim(line, " \t\n\r\v\f")) > 0 {
			return bytes.TrimRight(line, "\r\n"), nil
		}
	}
	return nil, nil
}

// close ignores the error of a file that was only read.
func (f *lineFile) close() { _ = f.file.Close() }

// beginsWithBeat says whether the first good record of a file is a heartbeat.
func beginsWithBeat(path string) (bool, error) {
	lines, err := openLines(path)
	if err != nil {
		return false, err
	}
	defer lines.close()
	for {
		line, err := lines.next()
		if line == nil {
			return false, err
		}
		if message, err := contracts.Decode(ticksTopic, line); err == nil {
			_, isBeat := message.(*contracts.Heartbeat)
			return isBeat, nil
		}
	}
}

// recording is one pass over a file of recorded ticks.
type recording struct {
	lines          *lineFile
	decoder        *contracts.Decoder
	name           string
	startNs, endNs int64
	symbols        map[string]bool
	atNs           int64
}

func newRecording(lines *lineFile, settings *Settings) *recording {
	r := &recording{
		lines:   lines,
		decoder: contracts.NewDecoder(),
		name:    filepath.Base(lines.path),
		startNs: settings.StartNs,
		endNs:   settings.EndNs,
		symbols: map[string]bool{},
		atNs:    settings.StartNs,
	}
	for _, each := range settings.Instruments {
		r.symbols[each.Symbol] = true
	}
	return r
}

// next is a record for each line, in the order of the file.
func (r *recording) next() (stage.Output, error) {
	line, err := r.lines.next()
	if err != nil {
		return stage.Output{}, err
	}
	if line == nil {
		return stage.Output{}, io.EOF
	}
	return r.record(line)
}

func (r *recording) record(line []byte) (stage.Output, error) {
	message, err := r.decoder.Decode(ticksTopic, line)
	if bad := (*contracts.BadRecord)(nil); errors.As(err, &bad) {
		return r.dead(line, bad.Reason, bad.Detail), nil
	} else if err != nil {
		return stage.Output{}, err
	}
	key := stage.Broadcast
	if tick, isTick := message.(*contracts.Tick); isTick {
		key = tick.Symbol
		if !r.symbols[key] {
			return r.dead(line, contracts.ReasonUnknownSymbol, key+" is not in spec.symbols"), nil
		}
	}
	atNs := message.At()
	switch {
	case atNs < r.startNs || atNs > r.endNs:
		detail := "received outside the session's time"
		return r.dead(line, contracts.ReasonTickOutsideSession, detail), nil
	case atNs < r.atNs:
		detail := fmt.Sprintf("at_ns goes back from %d; sort the recording by at_ns", r.atNs)
		return r.dead(line, contracts.ReasonSchema, detail), nil
	}
	r.atNs = atNs
	return stage.Output{Topic: ticksTopic, Key: key, Message: message}, nil
}

func (r *recording) dead(line []byte, reason, detail string) stage.Output {
	dead := &contracts.Dead{
		AtNs:       r.atNs,
		Topic:      ticksTopic,
		Offset:     r.lines.number,
		Stage:      Stage,
		Reason:     reason,
		Detail:     firstChars(fmt.Sprintf("%s:%d: %s", r.name, r.lines.number, detail), detailChars),
		PayloadB64: base64.StdEncoding.EncodeToString(line),
	}
	return stage.Output{Topic: deadTopic, Key: r.name, Message: dead}
}

func firstChars(text string, count int) string {
	for place := range text {
		if count == 0 {
			return text[:place]
		}
		count--
	}
	return text
}
