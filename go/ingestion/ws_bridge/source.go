package ws_bridge

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	// chunkRecords are taken at a time from a stream.
	chunkRecords = 2048
	controlTopic = "control"
	deadTopic    = ticksTopic + ".dead"
)

// Source is a stage without inputs: a pure function of its settings, read in the order of at_ns.
// After a crash the shell makes a new one and skips what was committed.
type Source struct {
	chunks chunks
	ready  []stage.Output
	lastNs int64
	// failed is why no more can be read; io.EOF at the end.
	failed error
}

// chunks gives lists of records; each list, and the lists one after another, in at_ns order; io.EOF
// when there are no more.
type chunks func() ([]stage.Output, error)

// stream gives records one by one, io.EOF when there are no more.
type stream func() (stage.Output, error)

// Open makes the source that the settings name, with the session's drills merged in. A file that
// cannot be played is an error that names the file, the line and what to do.
func Open(settings *Settings) (*Source, error) {
	var found chunks
	var err error
	switch {
	case settings.Smoke != nil:
		found = smokeChunks(settings)
	case settings.Replay.Format == formatTicks:
		found, err = tickChunks(settings)
	default:
		found, err = barChunks(settings)
	}
	if err != nil {
		return nil, err
	}
	return &Source{chunks: withDrills(found, settings)}, nil
}

// Slice is all records with at_ns <= untilNs that were not yet returned, in at_ns order. They are
// the caller's to keep, but not to change. A file that can no longer be read is an error.
func (s *Source) Slice(untilNs int64) ([]stage.Output, error) {
	var found []stage.Output
	for s.refill() {
		end := sort.Search(len(s.ready), func(n int) bool { return s.ready[n].Message.At() > untilNs })
		found = append(found, s.ready[:end]...)
		s.ready = s.ready[end:]
		if len(s.ready) > 0 {
			break
		}
	}
	if s.failed != nil && !errors.Is(s.failed, io.EOF) {
		return nil, s.failed
	}
	return found, nil
}

// NextNs is at_ns of the next record, false when the source is exhausted. UTC nanoseconds. Where no
// record can be read it is that of the last one, so that the next slice tells why.
func (s *Source) NextNs() (int64, bool) {
	if !s.refill() {
		return s.lastNs, !errors.Is(s.failed, io.EOF)
	}
	return s.ready[0].Message.At(), true
}

// refill fetches the next chunk when needed, and says whether a record waits.
func (s *Source) refill() bool {
	for len(s.ready) == 0 {
		if s.failed != nil {
			return false
		}
		chunk, err := s.chunks()
		if err != nil {
			s.failed = err
			return false
		}
		if len(chunk) == 0 {
			continue
		}
		if firstNs := chunk[0].Message.At(); firstNs < s.lastNs {
			panic(fmt.Sprintf("a source's time must not go back: %d after %d", firstNs, s.lastNs))
		}
		s.ready, s.lastNs = chunk, chunk[len(chunk)-1].Message.At()
	}
	return true
}

// inChunks are lists of chunkRecords records of a stream.
func inChunks(records stream) chunks {
	return func() ([]stage.Output, error) {
		chunk := make([]stage.Output, 0, chunkRecords)
		for len(chunk) < chunkRecords {
			record, err := records()
			if errors.Is(err, io.EOF) && len(chunk) > 0 {
				break
			}
			if err != nil {
				return nil, err
			}
			chunk = append(chunk, record)
		}
		return chunk, nil
	}
}

// withDrills are the chunks with the session's planned control commands, each before the ticks of
// its time, those of one time in the order of the settings.
func withDrills(from chunks, settings *Settings) chunks {
	var drills []stage.Output
	for _, drill := range settings.Drills {
		drills = append(drills, control(drill, settings.Account))
	}
	return func() ([]stage.Output, error) {
		chunk, err := from()
		if errors.Is(err, io.EOF) && len(drills) > 0 {
			chunk, drills = drills, nil
			return chunk, nil
		}
		if err != nil {
			return nil, err
		}
		merged := chunk[:0:0]
		for len(drills) > 0 && len(chunk) > 0 {
			atNs := drills[0].Message.At()
			if atNs > chunk[len(chunk)-1].Message.At() {
				break
			}
			end := sort.Search(len(chunk), func(n int) bool { return chunk[n].Message.At() >= atNs })
			merged = append(append(merged, chunk[:end]...), drills[0])
			chunk, drills = chunk[end:], drills[1:]
		}
		if len(merged) == 0 {
			return chunk, nil
		}
		return append(merged, chunk...), nil
	}
}

func control(drill Drill, account string) stage.Output {
	message := &contracts.Control{
		AtNs:    drill.AtNs,
		Command: drill.Command,
		By:      "drill",
		Reason:  contracts.ReasonOk,
		Key:     drill.Key,
		Value:   drill.Value,
	}
	return stage.Output{Topic: controlTopic, Key: account, Message: message}
}
