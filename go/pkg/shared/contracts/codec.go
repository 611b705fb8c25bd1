package contracts

import (
	"fmt"
	"strings"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// RecordBytesMax is the largest record of a topic, dead letters excepted: see contracts/codec.py.
const RecordBytesMax = 64 * 1024

// DeadSuffix is what the name of a dead-letter topic ends with.
const DeadSuffix = ".dead"

const journalPrefix = "journal."

// BadRecord says that bytes are no record of their topic; they go to `<topic>.dead`.
type BadRecord struct {
	// Reason is SCHEMA or OVERSIZED.
	Reason string
	// Detail is the same in every language, since it stands in the dead letter.
	Detail string
	// Why is for the log.
	Why string
}

func (e *BadRecord) Error() string { return e.Reason + ": " + e.Detail }

// Buried are the bytes of a bad record that its dead letter keeps, the first ones: the whole of a big
// one would be more than the brokers take, and its stage would stand still for ever.
func Buried(value []byte) []byte { return value[:min(len(value), RecordBytesMax)] }

// Decoder decodes records. It shares the strings of short texts such as symbols, and is not safe
// for use by several goroutines at once.
type Decoder struct {
	reader wire.Reader
	ticks  spare[Tick]
	bars   spare[Bar]
}

// spare holds messages that nobody uses any more, for the next ones: ticks and bars come in such
// numbers that they would keep the garbage collector busy.
type spare[T any] struct {
	free []*T
}

func (s *spare[T]) take() *T {
	n := len(s.free)
	if n == 0 {
		return new(T)
	}
	message := s.free[n-1]
	s.free = s.free[:n-1]
	return message
}

// Recycle takes back a message of Decode that nobody uses any more; a later one gets its memory.
func (d *Decoder) Recycle(message Message) {
	switch used := message.(type) {
	case *Tick:
		d.ticks.free = append(d.ticks.free, used)
	case *Bar:
		d.bars.free = append(d.bars.free, used)
	}
}

// NewDecoder makes a Decoder.
func NewDecoder() *Decoder {
	return &Decoder{reader: wire.Reader{Names: new(wire.Names)}}
}

// Decode returns the message in the bytes of a record of a topic, named without its prefix.
//
// The error is a *BadRecord when the bytes are at fault; any other is a topic that nobody knows.
func (d *Decoder) Decode(topic string, value []byte) (Message, error) {
	read := readerOf(topic)
	if read == nil {
		return nil, fmt.Errorf("configs/pipeline.yaml names no topic %q", topic)
	}
	if len(value) > RecordBytesMax && !strings.HasSuffix(topic, DeadSuffix) {
		return nil, &BadRecord{
			Reason: ReasonOversized,
			Detail: fmt.Sprintf("%d bytes, at most %d", len(value), RecordBytesMax),
		}
	}
	d.reader.Reset(value)
	message := read(d)
	if message == nil || !d.reader.End() {
		return nil, &BadRecord{
			Reason: ReasonSchema,
			Detail: "these bytes are no record of " + topic,
			Why:    d.reader.Why(),
		}
	}
	return message, nil
}

// Decode is Decoder.Decode for one record.
func Decode(topic string, value []byte) (Message, error) {
	return new(Decoder).Decode(topic, value)
}

// DecodeInto reads bytes of which the type is known into a message, whose lists it reuses.
func (d *Decoder) DecodeInto(value []byte, into wire.Readable) error {
	return decodeInto(&d.reader, value, into)
}

// DecodeInto is Decoder.DecodeInto for one value; it serves the entries of a state too.
func DecodeInto(value []byte, into wire.Readable) error {
	return decodeInto(new(wire.Reader), value, into)
}

func decodeInto(reader *wire.Reader, value []byte, into wire.Readable) error {
	if !reader.Read(value, into) {
		return fmt.Errorf("no %T: %s", into, reader.Why())
	}
	return nil
}

// readerOf says how the records of a topic are read; nil for a topic that nobody knows.
func readerOf(topic string) func(*Decoder) Message {
	switch topic {
	case "ticks":
		return readTickOrHeartbeat
	case "bars.1s":
		return readBarOrHeartbeat
	case "ticks.late":
		return readOne[Tick]
	case "bars.1m", "bars.3m", "bars.5m", "bars.15m":
		return readOne[Bar]
	case "orders":
		return readOne[Order]
	case "orders.sized":
		return readOne[Sized]
	case "orders.allowed":
		return readOne[Allowed]
	case "live_orders":
		return readOne[LiveOrder]
	case "broker.reports":
		return readOne[BrokerReport]
	case "fills":
		return readOne[Fill]
	case "recon":
		return readOne[Recon]
	case "control":
		return readOne[Control]
	}
	switch {
	case strings.HasSuffix(topic, DeadSuffix):
		return readOne[Dead]
	case strings.HasPrefix(topic, journalPrefix):
		return readOne[Journal]
	}
	return nil
}

type readable[T any] interface {
	*T
	Message
	wire.Readable
}

func readOne[T any, P readable[T]](d *Decoder) Message {
	return readInto(d, P(new(T)))
}

// readInto returns nil when the bytes are not such a message: an interface that holds a nil pointer
// would not be nil.
func readInto[T any, P readable[T]](d *Decoder, m P) Message {
	if m.Read(&d.reader) {
		return m
	}
	return nil
}

func readTickOrHeartbeat(d *Decoder) Message {
	tag, ok := d.reader.FindTag("kind")
	if !ok {
		return nil
	}
	switch string(tag) {
	case "tick":
		return readInto(d, d.ticks.take())
	case "heartbeat":
		return readOne[Heartbeat](d)
	}
	d.reader.Unknown()
	return nil
}

func readBarOrHeartbeat(d *Decoder) Message {
	tag, ok := d.reader.FindTag("kind")
	if !ok {
		return nil
	}
	switch string(tag) {
	case "bar":
		return readInto(d, d.bars.take())
	case "heartbeat":
		return readOne[Heartbeat](d)
	}
	d.reader.Unknown()
	return nil
}
