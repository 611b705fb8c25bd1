package pg

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

// connectTimeout: a host that does not answer counts as away; a local connection takes
// milliseconds.
const connectTimeout = 5 * time.Second

// ErrAway: the database did not answer, or broke off: a write may or may not have happened.
var ErrAway = errors.New("PostgreSQL is away")

// Message is a record that is published once its transaction is committed.
type Message struct {
	Topic   string
	Key     string
	Payload []byte
}

// Batch is what one transaction writes.
type Batch struct {
	// Rows are lines of COPY's text format, by table.
	Rows    map[string][]string
	Offsets map[runner.Place]int64
	Outbox  []Message
}

// Database is one connection to PostgreSQL, made anew after it broke. One goroutine at a time.
type Database struct {
	conninfo string
	tables   []string
	queries  Queries
	conn     *pgx.Conn
}

// NewDatabase connects at its first use. Each table needs a statement merge_<table>.
func NewDatabase(conninfo string, tables []string, queries Queries) (*Database, error) {
	names := []string{"own_epoch", "hold_epoch", "read_offsets", "save_offset", "outbox_add"}
	for _, table := range tables {
		names = append(names, "merge_"+table)
	}
	for _, name := range names {
		if _, found := queries[name]; !found {
			return nil, fmt.Errorf("the queries lack a statement %s", name)
		}
	}
	return &Database{conninfo: conninfo, tables: tables, queries: queries}, nil
}

// Own takes over a stage's place: a zombie's epoch no longer counts. Returns the new epoch.
func (d *Database) Own(ctx context.Context, stage string) (epoch int64, err error) {
	err = d.within(ctx, func(tx pgx.Tx) error {
		row := tx.QueryRow(ctx, d.queries["own_epoch"], pgx.NamedArgs{"stage": stage})
		return row.Scan(&epoch)
	})
	return epoch, err
}

// Offsets are the next ones of each partition that the stage has written.
func (d *Database) Offsets(ctx context.Context, stage string) (map[runner.Place]int64, error) {
	offsets := map[runner.Place]int64{}
	err := d.within(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, d.queries["read_offsets"], pgx.NamedArgs{"stage": stage})
		if err != nil {
			return err
		}
		var place runner.Place
		var next int64
		_, err = pgx.ForEachRow(rows, []any{&place.Topic, &place.Partition, &next}, func() error {
			offsets[place] = next
			return nil
		})
		return err
	})
	return offsets, err
}

// Write writes rows, outbox and offsets in one transaction. It returns runner.ErrFenced when a
// newer writer owns the place, and ErrAway when nobody knows whether it happened.
func (d *Database) Write(ctx context.Context, stage string, epoch int64, batch *Batch) error {
	return d.within(ctx, func(tx pgx.Tx) error {
		var held int64
		args := pgx.NamedArgs{"stage": stage, "epoch": epoch}
		err := tx.QueryRow(ctx, d.queries["hold_epoch"], args).Scan(&held)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%s epoch %d: %w", stage, epoch, runner.ErrFenced)
		}
		if err != nil {
			return err
		}
		for _, table := range d.tables {
			if err := d.merge(ctx, tx, table, batch.Rows[table]); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return d.tail(ctx, tx, stage, batch)
	})
}

func (d *Database) merge(ctx context.Context, tx pgx.Tx, table string, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	text := strings.NewReader(strings.Join(lines, "\n") + "\n")
	into := pgx.Identifier{"batch_" + table}.Sanitize()
	if _, err := tx.Conn().PgConn().CopyFrom(ctx, text, "COPY "+into+" FROM STDIN"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, d.queries["merge_"+table]); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "TRUNCATE "+into)
	return err
}

// tail adds outbox and offsets, in the order of the batch and of the partitions.
func (d *Database) tail(ctx context.Context, tx pgx.Tx, stage string, batch *Batch) error {
	all := &pgx.Batch{}
	for _, message := range batch.Outbox {
		all.Queue(d.queries["outbox_add"], pgx.NamedArgs{
			"topic": message.Topic, "key": message.Key, "payload": message.Payload,
		})
	}
	places := slices.SortedFunc(maps.Keys(batch.Offsets), func(a, b runner.Place) int {
		return strings.Compare(
			fmt.Sprintf("%s %09d", a.Topic, a.Partition), fmt.Sprintf("%s %09d", b.Topic, b.Partition))
	})
	for _, place := range places {
		all.Queue(d.queries["save_offset"], pgx.NamedArgs{
			"stage": stage, "topic": place.Topic, "partition": place.Partition,
			"next_offset": batch.Offsets[place],
		})
	}
	return tx.SendBatch(ctx, all).Close()
}

// Close drops the connection; the next call makes a new one.
func (d *Database) Close(ctx context.Context) {
	if d.conn != nil {
		_ = d.conn.Close(ctx) // It may be broken already.
		d.conn = nil
	}
}

// within runs one transaction. A broken connection is dropped.
func (d *Database) within(ctx context.Context, do func(pgx.Tx) error) error {
	err := d.connect(ctx)
	if err == nil {
		err = pgx.BeginFunc(ctx, d.conn, do)
	}
	if err != nil && isAway(err) {
		d.Close(ctx)
		return fmt.Errorf("%w (%s): %w", ErrAway, config.Redacted(d.conninfo), err)
	}
	return err
}

func (d *Database) connect(ctx context.Context) error {
	if d.conn != nil {
		return nil
	}
	settings, err := pgx.ParseConfig(d.conninfo)
	if err != nil {
		return fmt.Errorf("POSTGRES: %s is no connection string", config.Redacted(d.conninfo))
	}
	settings.ConnectTimeout = connectTimeout
	conn, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return err
	}
	d.conn = conn
	for _, table := range d.tables {
		create := "CREATE TEMP TABLE " + pgx.Identifier{"batch_" + table}.Sanitize() +
			" (LIKE " + pgx.Identifier{table}.Sanitize() + " INCLUDING DEFAULTS)"
		if _, err := conn.Exec(ctx, create); err != nil {
			d.Close(ctx)
			return err
		}
	}
	return nil
}

// awayClasses are the classes of SQLSTATE after which the same write may work later: connection,
// rollback, resources, prerequisite state, operator intervention, system.
var awayClasses = []string{"08", "40", "53", "55", "57", "58"}

// isAway: the server is away, or gave up for a reason that passes. What it refuses is a bug.
func isAway(err error) bool {
	var refused *pgconn.PgError
	switch {
	case errors.Is(err, runner.ErrFenced):
		return false
	case errors.As(err, &refused):
		return slices.Contains(awayClasses, refused.Code[:min(2, len(refused.Code))])
	}
	var broken *pgconn.ConnectError
	return errors.As(err, &broken) || pgconn.Timeout(err) || connectionLost(err)
}
