package replay

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// InputError: a line is no replay record; the message names the line and what is wrong.
type InputError struct {
	Line int
	Why  string
}

func (e *InputError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// line is one line of the input. Its bytes are valid until the next line is read.
type line struct {
	topic   string
	key     string
	value   []byte
	encoded contracts.OptString
	atNs    contracts.OptInt64
	offset  contracts.OptInt64
}

// lines decodes lines into records.
type lines struct {
	reader  wire.Reader
	decoder *contracts.Decoder
}

func newLines() *lines {
	return &lines{wire.Reader{Names: new(wire.Names)}, contracts.NewDecoder()}
}

// event reads a line as the event that the stage takes. Bytes of value_b64 that are no record of
// their topic make a dead letter instead, as in the runner; any other fault is an error.
func (l *lines) event(text []byte, number int, nowNs int64) (stage.Event, *contracts.Dead, error) {
	in, err := l.line(text)
	if err != nil {
		return stage.Event{}, nil, err
	}
	offset := int64(number)
	if in.offset.Valid {
		offset = in.offset.Value
	}
	message, err := l.decoder.Decode(in.topic, in.value)
	if bad, ok := errors.AsType[*contracts.BadRecord](err); ok {
		if !in.encoded.Valid {
			return stage.Event{}, nil, fmt.Errorf("%s (%s)", bad, bad.Why)
		}
		dead := &contracts.Dead{
			AtNs:       max(nowNs, 0),
			Topic:      in.topic,
			Offset:     offset,
			Reason:     bad.Reason,
			Detail:     bad.Detail,
			PayloadB64: base64.StdEncoding.EncodeToString(contracts.Buried(in.value)),
		}
		if in.atNs.Valid {
			dead.AtNs = in.atNs.Value
		}
		return stage.Event{}, dead, nil
	}
	if err != nil {
		return stage.Event{}, nil, err
	}
	event := stage.Event{
		AtNs: message.At(), Key: in.key, Place: offset, Topic: in.topic, Message: message,
	}
	if in.atNs.Valid {
		event.AtNs = in.atNs.Value
	}
	return event, nil, nil
}

func (l *lines) line(text []byte) (line, error) {
	var in line
	if !l.fields(text, &in) || !l.reader.End() {
		return in, errors.New(l.reader.Why())
	}
	if in.topic == "" {
		return in, errors.New("the field topic is missing")
	}
	if in.encoded.Valid == (in.value != nil) {
		return in, errors.New("exactly one of value and value_b64 must be there")
	}
	if in.encoded.Valid {
		value, err := base64.StdEncoding.DecodeString(in.encoded.Value)
		if err != nil {
			return in, fmt.Errorf("value_b64: %w", err)
		}
		in.value = value
	}
	return in, nil
}

func (l *lines) fields(text []byte, in *line) bool {
	r := &l.reader
	r.Reset(text)
	if !r.Object() {
		return false
	}
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return false
		}
		switch string(key) {
		case "topic":
			ok = r.Str(&in.topic, 0, -1)
		case "key":
			ok = r.Str(&in.key, 0, -1)
		case "value":
			in.value, ok = r.Any()
		case "value_b64":
			ok = r.OptStr(&in.encoded, 0, -1)
		case "at_ns":
			ok = r.OptInt(&in.atNs, math.MinInt64, math.MaxInt64)
		case "offset":
			ok = r.OptInt(&in.offset, 0, math.MaxInt64)
		default:
			ok = r.Skip()
		}
		if !ok {
			return false
		}
	}
	return r.Good()
}
