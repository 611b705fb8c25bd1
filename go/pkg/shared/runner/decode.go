package runner

import (
	"bytes"
	"encoding/base64"
	"errors"
	"log/slog"
	"unicode/utf8"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// detailMax bounds the text of a dead letter.
const detailMax = 1000

// badRecord stands in its place for bytes that are no record of their topic, so that its offset and
// its burial commit together.
type badRecord struct {
	from  *buffer
	value []byte
	why   *contracts.BadRecord
}

func (r *badRecord) At() int64 { return 0 }

func (r *badRecord) AppendJSON(dst []byte) []byte { return dst }

func (r *badRecord) dead(app string, event *stage.Event) *contracts.Dead {
	detail := r.why.Detail
	return &contracts.Dead{
		AtNs: event.AtNs, Topic: event.Topic, Partition: event.Partition(),
		Offset: event.Offset(), Stage: app, Reason: r.why.Reason,
		Detail: detail[:min(len(detail), detailMax)],
		// The bytes as they came, since nobody knows what they are.
		PayloadB64: base64.StdEncoding.EncodeToString(r.value),
	}
}

// decoder turns records into events: step 2.
type decoder struct {
	names wire.Names
	codec *contracts.Decoder
}

func newDecoder() *decoder { return &decoder{codec: contracts.NewDecoder()} }

// recycle takes back the messages of events that were handled, when what they caused is encoded.
func (d *decoder) recycle(events []stage.Event) {
	for n := range events {
		d.codec.Recycle(events[n].Message)
	}
}

// records adds the events of the records to the buffer they were polled for.
func (d *decoder) records(b *buffer, records []Record) error {
	first := int64(b.place.Partition) << stage.PartitionShift
	for n := range records {
		record := &records[n]
		b.fetched = record.Offset + 1
		if ns, isMark := watermarkOf(record); isMark {
			b.mark(ns, record.Offset)
			continue
		}
		event := stage.Event{
			Rank: b.rank, Place: first + record.Offset, Topic: b.place.Topic,
		}
		message, err := d.codec.Decode(b.place.Topic, record.Value)
		if err != nil {
			var why *contracts.BadRecord
			if !errors.As(err, &why) {
				return err
			}
			b.bad++
			event.AtNs = max(b.lastNs, 0)
			event.Message = &badRecord{b, bytes.Clone(contracts.Buried(record.Value)), why}
			b.markedAt = -1
			b.events = append(b.events, event)
			slog.Warn("record.refused", "topic", b.place.Topic, "partition", b.place.Partition,
				"offset", record.Offset, "why", why.Why)
			continue
		}
		// at_ns never goes back within a partition.
		b.lastNs = max(b.lastNs, message.At()+b.latencyNs)
		if len(record.Key) > 0 || b.broadcasts {
			event.AtNs, event.Key, event.Message = b.lastNs, d.key(record.Key), message
			b.events = append(b.events, event)
			// To go on at the watermark would be to handle this event twice.
			b.markedAt = -1
		}
	}
	return nil
}

// key of a record as text. Any other bytes count as none: the key only routes, and the record itself
// says whom it is of.
func (d *decoder) key(key []byte) string {
	if !utf8.Valid(key) {
		return ""
	}
	return d.names.Of(key)
}

func (b *buffer) mark(ns, offset int64) {
	b.ended = ns == EndOfTimeNs
	b.markedAt = offset
	// The end of time is already the largest number: a latency cannot be added to it.
	b.watermarkNs = max(b.watermarkNs, min(ns, EndOfTimeNs-b.latencyNs)+b.latencyNs)
}
