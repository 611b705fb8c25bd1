package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"tapeline.dev/tapeline/pkg/shared/runner"
)

// unit is a task that this process runs.
type unit struct {
	task     *runner.Task
	producer *producer
	queues   map[runner.Place]*queue
}

// queue holds the records of a partition that were fetched and not taken.
type queue struct {
	records []runner.Record
	first   int
	paused  bool
}

// Poll implements runner.Log.
func (u *unit) Poll(place runner.Place, limit int) []runner.Record {
	q := u.queues[place]
	waiting := q.records[q.first:]
	waiting = waiting[:min(len(waiting), limit)]
	q.first += len(waiting)
	return waiting
}

// Begin implements runner.Log.
func (u *unit) Begin() (runner.Transaction, error) { return u.producer.begin() }

// owned are the tasks as they are now.
func (m *member) owned() ([]*unit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.units), m.failed
}

// turn fetches what has come and runs each task until it has nothing to do.
func (m *member) turn(ctx context.Context, wait time.Duration) (runner.Progress, error) {
	defer m.client.AllowRebalance()
	if m.postponed() {
		wait = min(wait, catchUpWait)
	}
	polling, cancel := context.WithTimeout(ctx, wait)
	fetches := m.client.PollRecords(polling, fetchedMax)
	cancel()
	if len(fetches) == 0 {
		// The client was waked for nothing. It then does not hold the group back, which may take a
		// task away while it runs.
		return runner.None, nil
	}
	units, err := m.owned()
	if err != nil {
		return runner.None, err
	}
	if err := fetchError(fetches); err != nil {
		return runner.None, err
	}
	if fetches.NumRecords() == 0 {
		for _, u := range units {
			if err := u.task.CatchUp(context.WithoutCancel(ctx)); err != nil {
				return runner.None, fmt.Errorf("task %d: %w", u.task.Number(), err)
			}
		}
	}
	progress := runner.None
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		if len(p.Records) > 0 {
			progress = runner.Work
			m.enqueue(units, m.place(p.Topic, p.Partition), p.Records)
		}
	})
	for _, u := range units {
		for {
			done, err := u.task.Cycle(context.WithoutCancel(ctx))
			if err != nil {
				return progress, fmt.Errorf("task %d: %w", u.task.Number(), err)
			}
			progress = max(progress, done)
			if done != runner.Work || ctx.Err() != nil {
				break
			}
		}
	}
	m.resume(units)
	return progress, nil
}

func (m *member) postponed() bool {
	units, _ := m.owned()
	return slices.ContainsFunc(units, func(u *unit) bool { return u.task.Postponed() })
}

func (m *member) enqueue(units []*unit, place runner.Place, records []*kgo.Record) {
	for _, u := range units {
		q, owned := u.queues[place]
		if !owned {
			continue
		}
		if q.first == len(q.records) {
			// What was taken must not hold the fetches that it came with.
			clear(q.records)
			q.records, q.first = q.records[:0], 0
		} else if q.first > len(q.records)/2 {
			waiting := copy(q.records, q.records[q.first:])
			clear(q.records[waiting:])
			q.records, q.first = q.records[:waiting], 0
		}
		for _, record := range records {
			q.records = append(q.records, runner.Record{
				Offset: record.Offset, Key: record.Key, Value: record.Value,
			})
			record.Recycle()
		}
		if len(q.records)-q.first > queuedMax && !q.paused {
			q.paused = true
			m.client.PauseFetchPartitions(m.named(place))
		}
	}
}

// resume lets partitions be fetched again whose records were taken.
func (m *member) resume(units []*unit) {
	for _, u := range units {
		for place, q := range u.queues {
			if q.paused && len(q.records)-q.first <= queuedMax/2 {
				q.paused = false
				m.client.ResumeFetchPartitions(m.named(place))
			}
		}
	}
}

func (m *member) named(place runner.Place) map[string][]int32 {
	return map[string][]int32{m.process.Plan.Topic(place.Topic): {place.Partition}}
}

// fetchError is the first error of a poll that will not pass by itself.
func fetchError(fetches kgo.Fetches) error {
	for _, failed := range fetches.Errors() {
		err := failed.Err
		switch {
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		case errors.Is(err, kerr.FencedInstanceID):
			return fmt.Errorf("%w: %w", runner.ErrFenced, err)
		case errors.Is(err, kgo.ErrClientClosed):
			return fmt.Errorf("%w: %w", errRebuild, err)
		case errors.As(err, new(*kgo.ErrDataLoss)):
			// Also after the restart of a broker that had the end of a transaction still to write.
			// Beginning anew at the committed offsets shows whether anything is gone.
			return fmt.Errorf("%w: %w", errRebuild, err)
		case errors.Is(err, kerr.OffsetOutOfRange):
			return &runner.StateError{Message: fmt.Sprintf(
				"%s[%d]: %v: records that are still needed are gone; reset the stage",
				failed.Topic, failed.Partition, err)}
		default:
			slog.Warn("kafka.fetch_failed", "topic", failed.Topic, "partition", failed.Partition,
				"why", err.Error())
		}
	}
	return nil
}
