package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"tapeline.dev/tapeline/pkg/shared/runner"
)

const (
	retryFirst = 100 * time.Millisecond
	retryMax   = 5 * time.Second
	// writeDeadline: a database that stays away this long stops the stage; nothing is lost, since
	// nothing was committed. A restart of PostgreSQL takes seconds.
	writeDeadline = 60 * time.Second
)

// Store is what a Writer needs of a database.
type Store interface {
	Own(ctx context.Context, stage string) (int64, error)
	Offsets(ctx context.Context, stage string) (map[runner.Place]int64, error)
	Write(ctx context.Context, stage string, epoch int64, batch *Batch) error
}

// Writer is the place of one stage in a database: its epoch, and how long it waits.
type Writer struct {
	store Store
	stage string
	epoch int64
	// now and sleep are the clock of the deadline; tests bring their own.
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
}

// NewWriter takes the stage's place over: a former owner can write no more.
func NewWriter(ctx context.Context, store Store, stage string) (*Writer, error) {
	w := &Writer{store: store, stage: stage, now: time.Now, sleep: pause}
	err := w.patiently(ctx, func(bool) (err error) {
		w.epoch, err = store.Own(ctx, stage)
		return err
	})
	return w, err
}

// Offsets are where the stage goes on.
func (w *Writer) Offsets(ctx context.Context) (offsets map[runner.Place]int64, err error) {
	err = w.patiently(ctx, func(bool) (err error) {
		offsets, err = w.store.Offsets(ctx, w.stage)
		return err
	})
	return offsets, err
}

// Write writes a batch until it is known to have happened, once, or the deadline is over.
func (w *Writer) Write(ctx context.Context, batch *Batch) error {
	return w.patiently(ctx, func(unknown bool) error {
		if unknown {
			// After a broken connection the offsets tell whether the commit had happened.
			if happened, err := w.happened(ctx, batch); happened || err != nil {
				return err
			}
		}
		return w.store.Write(ctx, w.stage, w.epoch, batch)
	})
}

func (w *Writer) happened(ctx context.Context, batch *Batch) (bool, error) {
	stored, err := w.store.Offsets(ctx, w.stage)
	if err != nil {
		return false, err
	}
	for place, offset := range batch.Offsets {
		if stored[place] < offset {
			return false, nil
		}
	}
	return true, nil
}

// patiently repeats what fails because the database is away; do learns whether it failed before.
func (w *Writer) patiently(ctx context.Context, do func(unknown bool) error) error {
	started, wait := w.now(), retryFirst
	for tries := 0; ; tries++ {
		err := do(tries > 0)
		if !errors.Is(err, ErrAway) {
			return err
		}
		if waited := w.now().Sub(started); waited >= writeDeadline {
			return fmt.Errorf("%s: PostgreSQL away for %.0f s, giving up; nothing is lost, start the "+
				"session again when it is back: %w", w.stage, waited.Seconds(), err)
		}
		slog.Warn("postgres.away", "why", err.Error())
		if err := w.sleep(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, retryMax)
	}
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// connectionLost: the network broke off in the middle.
func connectionLost(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
