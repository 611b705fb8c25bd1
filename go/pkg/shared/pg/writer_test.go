package pg

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tapeline.dev/tapeline/pkg/shared/runner"
)

var place = runner.Place{Topic: "fills", Partition: 0}

// shaky is a store that fails as planned.
type shaky struct {
	offsets map[runner.Place]int64
	writes  int
	// answers are those of the next calls of Write; nil = it works.
	answers []answer
}

type answer struct {
	err     error
	happens bool
}

func (s *shaky) Own(context.Context, string) (int64, error) { return 7, nil }

func (s *shaky) Offsets(context.Context, string) (map[runner.Place]int64, error) {
	return s.offsets, nil
}

func (s *shaky) Write(_ context.Context, _ string, epoch int64, batch *Batch) error {
	now := answer{happens: true}
	if len(s.answers) > 0 {
		now, s.answers = s.answers[0], s.answers[1:]
	}
	if now.happens && epoch == 7 {
		s.writes++
		s.offsets = batch.Offsets
	}
	return now.err
}

func writer(t *testing.T, store Store) (*Writer, *[]time.Duration) {
	t.Helper()
	w, err := NewWriter(context.Background(), store, "s.store")
	if err != nil {
		t.Fatal(err)
	}
	clock, waits := time.Unix(0, 0), &[]time.Duration{}
	w.now = func() time.Time { return clock }
	w.sleep = func(_ context.Context, wait time.Duration) error {
		clock, *waits = clock.Add(wait), append(*waits, wait)
		return nil
	}
	return w, waits
}

func TestALostAnswerNeitherLosesNorDoubles(t *testing.T) {
	for name, happens := range map[string]bool{"it had happened": true, "it had not": false} {
		t.Run(name, func(t *testing.T) {
			store := &shaky{answers: []answer{{ErrAway, happens}}}
			w, _ := writer(t, store)
			batch := &Batch{Offsets: map[runner.Place]int64{place: 12}}
			if err := w.Write(context.Background(), batch); err != nil || store.writes != 1 {
				t.Errorf("%v, %d writes", err, store.writes)
			}
		})
	}
}

func TestADatabaseThatStaysAwayStopsTheWriterWithARemedy(t *testing.T) {
	store := &shaky{}
	for range 100 {
		store.answers = append(store.answers, answer{ErrAway, false})
	}
	w, waits := writer(t, store)
	err := w.Write(context.Background(), &Batch{Offsets: map[runner.Place]int64{place: 12}})
	if !errors.Is(err, ErrAway) || !strings.Contains(err.Error(), "start the session again") {
		t.Errorf("%v", err)
	}
	if first, last := (*waits)[0], (*waits)[len(*waits)-1]; first != retryFirst || last != retryMax {
		t.Errorf("waits %v", *waits)
	}
}

func TestAFencedWriterStopsAtOnce(t *testing.T) {
	store := &shaky{answers: []answer{{runner.ErrFenced, false}}}
	w, waits := writer(t, store)
	if err := w.Write(context.Background(), &Batch{}); !errors.Is(err, runner.ErrFenced) ||
		len(*waits) > 0 {
		t.Errorf("%v %v", err, *waits)
	}
}

func TestTheQueriesOfTheStoreAreRead(t *testing.T) {
	queries, err := ReadQueries(storeQueries())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(queries["hold_epoch"], "stage = @stage AND epoch = @epoch FOR UPDATE") {
		t.Errorf("%q", queries["hold_epoch"])
	}
	if _, err := NewDatabase("", []string{"apples"}, queries); err == nil ||
		!strings.Contains(err.Error(), "merge_apples") {
		t.Errorf("%v", err)
	}
	if _, err := parseQueries("x.sql", "SELECT 1"); err == nil {
		t.Error("a file without statements was taken")
	}
	if _, err := parseQueries("x.sql", "-- name: a\n1\n-- name: a\n2"); err == nil {
		t.Error("two statements of one name were taken")
	}
}

func storeQueries() string {
	return filepath.Join("..", "..", "..", "..", "sql", "queries", "store.sql")
}
