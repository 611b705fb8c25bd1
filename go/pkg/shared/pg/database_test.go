//go:build postgres

package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tapeline.dev/tapeline/pkg/shared/runner"
)

// stageName is the place that these tests own.
const stageName = "test.store"

// The tests of this file need a migrated database in POSTGRES;
// tests/integration/test_go_postgres.py brings one.
func open(t *testing.T) *Database {
	t.Helper()
	conninfo := os.Getenv("POSTGRES")
	if conninfo == "" {
		t.Fatal("POSTGRES is not set: run tests/integration/test_go_postgres.py")
	}
	queries, err := ReadQueries(storeQueries())
	if err != nil {
		t.Fatal(err)
	}
	database, err := NewDatabase(conninfo, []string{"bars_1s"}, queries)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { database.Close(context.Background()) })
	return database
}

func bar(symbol string, rev int, closing int) string {
	row := []any{
		symbol, 10, 20, "continuous", 1, 9, 1, closing, 5, 2, 0, 5, 11, 19, rev, "t", "f", 20 + rev,
	}
	texts := make([]string, len(row))
	for n, value := range row {
		texts[n] = fmt.Sprint(value)
	}
	return strings.Join(texts, "\t")
}

func one[T any](t *testing.T, database *Database, query string) (value T) {
	t.Helper()
	err := database.within(context.Background(), func(tx pgx.Tx) error {
		return tx.QueryRow(context.Background(), query).Scan(&value)
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestRowsOutboxAndOffsetsAreOneTransaction(t *testing.T) {
	ctx, database := context.Background(), open(t)
	w, err := NewWriter(ctx, database, stageName)
	if err != nil {
		t.Fatal(err)
	}
	good := &Batch{
		Rows:    map[string][]string{"bars_1s": {bar("TCS", 1, 4), bar("TCS", 0, 3)}},
		Offsets: map[runner.Place]int64{{Topic: "bars.1s", Partition: 0}: 12, {Topic: "control"}: 3},
		Outbox:  []Message{{"fills.dead", "k", []byte("\x00\xff")}},
	}
	if err := w.Write(ctx, good); err != nil {
		t.Fatal(err)
	}
	bad := &Batch{
		Rows:    map[string][]string{"bars_1s": {bar("INFY", 0, 3), "no row"}},
		Offsets: map[runner.Place]int64{{Topic: "bars.1s", Partition: 0}: 15},
	}
	if err := w.Write(ctx, bad); err == nil || errors.Is(err, ErrAway) {
		t.Errorf("a row that is none: %v", err)
	}
	offsets, err := w.Offsets(ctx)
	if err != nil || len(offsets) != 2 || offsets[runner.Place{Topic: "bars.1s"}] != 12 {
		t.Errorf("%v %v", offsets, err)
	}
	bars := one[string](t, database, "SELECT string_agg(symbol || close, ',') FROM bars_1s")
	if !strings.HasPrefix(bars, "TCS4") {
		t.Errorf("bars %s", bars)
	}
	if count := one[int64](t, database, "SELECT count(*) FROM outbox"); count != 1 {
		t.Errorf("%d messages", count)
	}
}

func TestOnlyAHigherRevReplacesABar(t *testing.T) {
	ctx, database := context.Background(), open(t)
	w, err := NewWriter(ctx, database, stageName)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range []string{bar("SBIN", 1, 4), bar("SBIN", 0, 8), bar("SBIN", 2, 6)} {
		batch := &Batch{
			Rows:    map[string][]string{"bars_1s": {row}},
			Offsets: map[runner.Place]int64{{Topic: "revs"}: int64(n + 1)},
		}
		if err := w.Write(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	if rev := one[int64](t, database, "SELECT rev FROM bars_1s WHERE symbol = 'SBIN'"); rev != 2 {
		t.Errorf("rev %d", rev)
	}
}

func TestAZombieCannotWrite(t *testing.T) {
	ctx := context.Background()
	zombie, err := NewWriter(ctx, open(t), stageName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewWriter(ctx, open(t), stageName); err != nil {
		t.Fatal(err)
	}
	batch := &Batch{Offsets: map[runner.Place]int64{{Topic: "zombie"}: 1}}
	if err := zombie.Write(ctx, batch); !errors.Is(err, runner.ErrFenced) {
		t.Errorf("%v", err)
	}
}

func TestALostConnectionIsMadeAnew(t *testing.T) {
	ctx, database := context.Background(), open(t)
	w, err := NewWriter(ctx, database, stageName)
	if err != nil {
		t.Fatal(err)
	}
	before := database.conn.PgConn().PID()
	other := open(t)
	one[bool](t, other, fmt.Sprintf("SELECT pg_terminate_backend(%d)", before))
	batch := &Batch{Offsets: map[runner.Place]int64{{Topic: "lost"}: 5}}
	if err := w.Write(ctx, batch); err != nil {
		t.Fatal(err)
	}
	offsets, err := w.Offsets(ctx)
	if err != nil || offsets[runner.Place{Topic: "lost"}] != 5 ||
		database.conn.PgConn().PID() == before {
		t.Errorf("%v %v", offsets, err)
	}
}

func TestAPasswordIsInNoMessage(t *testing.T) {
	queries, err := ReadQueries(storeQueries())
	if err != nil {
		t.Fatal(err)
	}
	database, err := NewDatabase("postgres://me:geheim@127.0.0.1:1/none", nil, queries)
	if err != nil {
		t.Fatal(err)
	}
	_, err = database.Own(context.Background(), stageName)
	if !errors.Is(err, ErrAway) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("%v", err)
	}
}
