// Command barloop is a bare franz-go loop: ticks in, 1-second bars out, and nothing else. It is the
// yardstick of `make bench` for the Go runner.
//
// It keeps its open windows in memory, so that a crash loses them, and knows no late, doubled or
// wrong ticks, no phases, no revisions. It reads and writes the same bytes as bar_builder_1s. Its
// decoder is that of the contracts or, to show that it is no handicap, one on a fast JSON library.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"tapeline.dev/tapeline/pkg/shared/contracts"
)

const (
	// batch is how many records a transaction takes at most; the runner's are as large.
	batch = 10_000
	// fetchBytes bounds one fetch; two of them are on their way while one is worked on.
	fetchBytes = 4 << 20
	// bufferedMax are records that wait for the broker: more than a batch makes.
	bufferedMax = 100_000
)

func main() {
	log.SetFlags(0)
	brokers := flag.String("kafka", "", "`host:port` of a broker")
	prefix := flag.String("prefix", "", "first part of topic names")
	transactions := flag.Bool("transactions", false, "commit bars and offsets in transactions")
	generic := flag.Bool("fastjson", false, "decode with a JSON library, not with the contracts")
	records := flag.Int("batch", batch, "`records` of a transaction")
	flag.Parse()

	l := &loop{bars: newBars(*prefix + ".bars.1s"), decoder: newTypedDecoder(), batch: *records}
	if *generic {
		l.decoder = &genericDecoder{}
	}
	run := l.plain
	if *transactions {
		run = l.transactional
	}
	if err := run(context.Background(), options(*brokers, *prefix), *prefix); err != nil {
		log.Fatal(err)
	}
}

func options(brokers, prefix string) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(brokers),
		kgo.ConsumerGroup(prefix + ".bare"),
		kgo.ConsumeTopics(prefix + ".ticks"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxBytes(fetchBytes),
		kgo.FetchMaxPartitionBytes(fetchBytes),
		kgo.FetchMaxWait(20 * time.Millisecond),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.ProducerLinger(0),
		kgo.MaxBufferedRecords(bufferedMax),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) {
			fmt.Println("partitions assigned")
		}),
	}
}

// decoder turns the bytes of a record into a tick; false for a heartbeat.
type decoder interface {
	tick(value []byte) (*contracts.Tick, bool, error)
}

type loop struct {
	bars    *bars
	decoder decoder
	batch   int
}

func (l *loop) plain(ctx context.Context, opts []kgo.Opt, _ string) error {
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return err
	}
	defer client.Close()
	for ended := false; !ended; {
		fetches := client.PollRecords(ctx, l.batch)
		if ended, err = l.take(fetches, client.Produce); err != nil {
			return err
		}
	}
	return client.Flush(ctx)
}

func (l *loop) transactional(ctx context.Context, opts []kgo.Opt, prefix string) error {
	opts = append(opts, kgo.TransactionalID(prefix+".bare"))
	session, err := kgo.NewGroupTransactSession(opts...)
	if err != nil {
		return err
	}
	defer session.Close()
	for ended := false; !ended; {
		fetches := session.PollRecords(ctx, l.batch)
		if err := session.Begin(); err != nil {
			return err
		}
		if ended, err = l.take(fetches, session.Produce); err != nil {
			return err
		}
		committed, err := session.End(ctx, kgo.TryCommit)
		if err != nil {
			return err
		}
		if !committed {
			return fmt.Errorf("a commit was given up: something else ran on these topics")
		}
	}
	return nil
}

type produce = func(context.Context, *kgo.Record, func(*kgo.Record, error))

// take makes bars of a fetch; true at the end of the ticks, which a record without value marks.
func (l *loop) take(fetches kgo.Fetches, send produce) (bool, error) {
	if err := fetches.Err(); err != nil {
		return false, err
	}
	l.bars.begin(send)
	for records := fetches.RecordIter(); !records.Done(); {
		record := records.Next()
		if record.Value == nil {
			l.bars.end()
			return true, nil
		}
		tick, isTick, err := l.decoder.tick(record.Value)
		if err != nil {
			return false, err
		}
		if isTick {
			l.bars.take(tick)
		}
	}
	return false, nil
}
