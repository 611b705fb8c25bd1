package ws_bridge

import (
	"cmp"
	"container/heap"
	"errors"
	"io"

	"tapeline.dev/tapeline/pkg/shared/stage"
)

// merged is one stream of several: by time, topic and key, so that heartbeats (key "") come before
// ticks; what is equal in all three comes in the order of the streams. Each stream must be in this
// order itself.
func merged(streams ...stream) stream {
	var waiting heads
	begun := false
	begin := func() error {
		for n, each := range streams {
			record, err := each()
			if err == nil {
				waiting = append(waiting, head{record, n, each})
			} else if !errors.Is(err, io.EOF) {
				return err
			}
		}
		heap.Init(&waiting)
		begun = true
		return nil
	}
	return func() (stage.Output, error) {
		if !begun {
			if err := begin(); err != nil {
				return stage.Output{}, err
			}
		}
		if len(waiting) == 0 {
			return stage.Output{}, io.EOF
		}
		found := waiting[0].record
		return found, waiting.advance()
	}
}

// head is the next record of a stream, with the stream's number and what follows.
type head struct {
	record stage.Output
	number int
	rest   stream
}

type heads []head

// advance replaces the first record by the next one of its stream.
func (h *heads) advance() error {
	record, err := (*h)[0].rest()
	switch {
	case err == nil:
		(*h)[0].record = record
		heap.Fix(h, 0)
	case errors.Is(err, io.EOF):
		heap.Pop(h)
	default:
		return err
	}
	return nil
}

func (h heads) Len() int { return len(h) }

func (h heads) Less(i, j int) bool {
	a, b := &h[i], &h[j]
	return cmp.Or(
		cmp.Compare(a.record.Message.At(), b.record.Message.At()),
		cmp.Compare(a.record.Topic, b.record.Topic),
		cmp.Compare(a.record.Key, b.record.Key),
		cmp.Compare(a.number, b.number),
	) < 0
}

func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *heads) Push(x any) { *h = append(*h, x.(head)) }

func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
